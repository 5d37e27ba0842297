from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .ticket_case import FRIDAY, TicketCase

MONDAY = datetime(2026, 3, 9, 1, 0)


@tagged("post_install", "-at_install")
@freeze_time(FRIDAY)
class TestTicketDesk(TicketCase):
    """What an agent does between two steps."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = cls._create_user("ka_colleague", "key_account.group_member")
        cls.south = cls.env["key.account.ticket.team"].create(
            {
                "name": "Service South",
                "company_id": cls.company.id,
                "leader_id": cls.chair.id,
                "member_ids": [Command.set(cls.colleague.ids)],
            }
        )

    def _step(self, ticket, step, **vals):
        """The small form of a step, filled in and confirmed."""
        action = getattr(ticket, f"action_{step}")()
        form = Form(
            self.env["key.account.ticket.step"]
            .with_user(ticket.env.user)
            .with_context(**action["context"])
        )
        for name, value in vals.items():
            setattr(form, name, value)
        return form.save().action_confirm()

    def _messages(self, ticket):
        return ticket.sudo().message_ids

    # --- Reply ---

    def test_a_reply_takes_it_on(self):
        """R095: whoever replies to a new enquiry has taken it on; the reply stops the
        clock and reaches the customer, and may be all there is to do."""
        ticket = self._create_ticket(channel="email", email_from=self.contact.email)
        self._step(ticket, "reply", words="Gate 3.\nAsk for Li.", is_settled=True)
        self.assertEqual(ticket.state, "answered")
        self.assertEqual(ticket.user_id, self.agent)
        self.assertEqual(self._clock(ticket, "first_reply").state, "met")
        message = self._messages(ticket).filtered(
            lambda message: message.message_type == "comment"
        )
        self.assertEqual(message.partner_ids, self.contact)
        self.assertIn("Gate 3.<br", message.body)
        self.assertFalse(message.subtype_id.internal)

    def test_a_reply_that_is_not_all(self):
        ticket = self._create_ticket()
        self._step(ticket, "reply", words="I ask the workshop.")
        self.assertEqual(ticket.state, "assigned")
        ticket.action_withdraw("Not needed.")
        with self.assertRaisesRegex(UserError, "has ended"):
            ticket.action_reply("Too late.")

    # --- Hand over ---

    def test_to_a_colleague(self):
        """R087: the new handler is named and told why; what was promised runs on."""
        ticket = self._create_ticket()
        ticket.action_accept()
        due = self._clock(ticket, "resolve").due_at
        ticket.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.agent.id, summary="Look"
        )
        with freeze_time(MONDAY):
            self._step(
                ticket, "hand_over", to_user_id=self.colleague, words="He speaks German"
            )
        self.assertEqual(ticket.user_id, self.colleague)
        self.assertEqual(ticket.state, "assigned")
        self.assertEqual(self._clock(ticket, "resolve").due_at, due)
        self.assertEqual(self._clock(ticket, "resolve").start_at, FRIDAY)
        told = self._messages(ticket).filtered(
            lambda message: self.colleague.partner_id in message.notified_partner_ids
        )
        self.assertEqual(len(told), 1, "one message, not two")
        self.assertIn("He speaks German", told.body)
        self.assertTrue(told.subtype_id.internal, "the customer does not read it")
        self.assertEqual(ticket.sudo().activity_ids.user_id, self.colleague)
        ticket.with_user(self.colleague).check_access("write")

    def test_to_another_team(self):
        """Somebody of the team takes it; its leader hears of it. Whoever gave it away
        does not see it any more and is led back to his inbox."""
        ticket = self._create_ticket()
        action = self._step(ticket, "hand_over", to_team_id=self.south)
        self.assertEqual(action["path"], "key-account-inbox")
        self.env.invalidate_all()
        self.assertFalse(ticket._filtered_access("read"))
        ticket = ticket.with_user(self.colleague)
        self.assertEqual((ticket.team_id, ticket.user_id.id), (self.south, False))
        told = self._messages(ticket).notified_partner_ids
        self.assertEqual(told, self.chair.partner_id)
        ticket.action_accept()
        self.assertEqual(ticket.user_id, self.colleague)

    def test_nobody_who_could_not_work_on_it(self):
        """Not to an employee without a role, a stranger, or whom it is about."""
        ticket = self._create_ticket("complaint", responsible_user_id=self.chair.id)
        stranger = self._create_user(
            "ka_stranger", "key_account.group_member", self._create_company("Other")
        )
        for user in (self.builder, stranger, self.chair):
            with self.subTest(user.login), self.assertRaises(UserError):
                ticket.action_hand_over(user_id=user.id)
        with self.assertRaisesRegex(UserError, "colleague or a team"):
            self._step(ticket, "hand_over")
        with self.assertRaises(AccessError):
            ticket.with_user(self.reviewer).action_hand_over(user_id=self.agent.id)

    def test_an_ended_one_stays(self):
        ticket = self._create_ticket()
        ticket.action_withdraw("Not needed.")
        with self.assertRaisesRegex(UserError, "has ended"):
            ticket.action_hand_over(user_id=self.colleague.id)

    # --- Holds ---

    def test_a_hold_is_decided_on_the_form(self):
        """The leader approves the hold that runs now, on the ticket itself."""
        ticket = self._create_ticket()
        ticket.action_accept()
        with self.assertRaisesRegex(UserError, "no hold"):
            ticket.with_user(self.leader).action_approve_hold()
        ticket.action_hold("organiser", "The drawing of the hall")
        self.assertFalse(ticket.may_decide_hold, "not of who asked for it")
        seen = ticket.with_user(self.leader)
        self.assertTrue(seen.may_decide_hold)
        self.assertEqual(
            seen.current_hold_id.display_name, "Waiting for the Organiser or the Venue"
        )
        seen.action_approve_hold()
        self.assertEqual(ticket.current_hold_id.state, "approved")
        self.assertTrue(ticket.hold_approved)
        self.assertFalse(seen.may_decide_hold)

    def test_a_refused_hold(self):
        ticket = self._create_ticket()
        ticket.action_accept()
        ticket.action_hold("customer", "A drawing")
        ticket.with_user(self.leader).action_refuse_hold()
        self.assertFalse(ticket.current_hold_id)
        self.assertEqual(self._clock(ticket, "resolve").state, "running")

    # --- Who hears of what he is to do ---

    def test_a_question_to_a_whole_department(self):
        """Where nobody is named, everybody of the department is told."""
        self.workshop.manager_id = False
        ticket = self._create_ticket()
        ticket.action_accept()
        consult = (
            self.env["key.account.ticket.consult"]
            .with_user(self.agent)
            .create(
                {
                    "ticket_id": ticket.id,
                    "department_id": self.workshop.id,
                    "question": "Which screws?",
                }
            )
        )
        self.assertFalse(consult.user_id)
        message = self.env["mail.message"].search(
            [("partner_ids", "in", self.builder.partner_id.ids)], limit=1
        )
        self.assertIn("Which screws?", message.body)
        self.assertIn(f"/odoo/{consult._name}/{consult.id}", message.body)

    def test_an_investigation_is_told(self):
        ticket = self._create_ticket("complaint")
        ticket.action_accept()
        line = (
            self.env["key.account.ticket.investigation"]
            .with_user(self.agent)
            .create(
                {
                    "ticket_id": ticket.id,
                    "department_id": self.workshop.id,
                    "user_id": self.builder.id,
                    "question": "Who cut it?",
                }
            )
        )
        message = self.env["mail.message"].search(
            [("partner_ids", "in", self.builder.partner_id.ids)], limit=1
        )
        self.assertIn(f"/odoo/{line._name}/{line.id}", message.body)

    def test_measures_reach_their_owners(self):
        """R090: once the customer agrees, each owner finds his measure on his list, and
        once it is done, no more."""
        ticket = self._create_ticket("complaint")
        self._plan_complaint(ticket)
        ticket.action_submit()
        ticket.with_user(self.reviewer).action_approve()
        measure = ticket.measure_ids
        self.assertFalse(measure.sudo().activity_ids)
        ticket.action_customer_accept("All right.")
        activity = measure.sudo().activity_ids
        self.assertEqual(activity.user_id, self.builder)
        self.assertEqual(activity.date_deadline, measure.due_on)
        measure.with_user(self.builder).action_done()
        self.assertFalse(measure.sudo().activity_ids.filtered("active"))
        other = self._create_ticket("complaint")
        containment = self._add_measure(other, "containment")
        self.assertEqual(containment.sudo().activity_ids.user_id, self.builder)
        other.action_withdraw("Never mind.")
        self.assertFalse(containment.sudo().activity_ids)

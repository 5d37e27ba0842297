# pylint: disable=translation-required
"""What must hold of every ticket (tickets I6 to I9): answers, ratings, and who sees and
does what."""

from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .invariant_case import InvariantCase
from .ticket_case import FRIDAY


@tagged("post_install", "-at_install")
@freeze_time(FRIDAY)
class TestInvariantsOfPeople(InvariantCase):
    # --- I6: enquiries ---

    def test_an_enquiry_is_answered_before_it_is_closed(self):
        """R095, I6: after the customer's last word, and with a word on whether he has
        anything else."""
        ticket = self._create_ticket()
        ticket.action_accept()
        self.assertRefused(lambda: ticket.action_close(nothing_else="said"), "")
        ticket.action_log_call("Hall 3.")
        ticket.action_done()
        self.assertEqual(ticket.action_close()["res_model"], "key.account.ticket.step")
        with freeze_time(FRIDAY + timedelta(minutes=5)):
            ticket.message_post(
                body="And the power?",
                message_type="email",
                author_id=self.contact.id,
                subtype_xmlid="mail.mt_comment",
            )
            self.assertRefused(lambda: ticket.action_close(nothing_else="said"))
            self.assertRefused(ticket.action_done)
            ticket.action_log_call("32 A.")
            ticket.action_done()
            ticket.action_close(nothing_else="said")
        self.assertEqual(ticket.state, "closed")

    # --- I7: what a reply is ---

    def test_only_a_word_to_the_customer_is_a_reply(self):
        """R087, I7: a note, an automatic mail and accepting are none."""
        ticket = self._create_ticket()
        ticket.action_accept()
        ticket.message_post(body="A note", message_type="comment")
        ticket.message_post(
            body="We are closed today",
            message_type="auto_comment",
            subtype_xmlid="mail.mt_comment",
        )
        ticket.message_post(body="Done", subtype_xmlid="mail.mt_comment")
        self.assertEqual(self._clock(ticket, "first_reply").state, "running")
        self.assertEqual(self._clock(ticket, "acknowledge").state, "met")
        ticket.message_post(
            body="Hall 3", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertEqual(self._clock(ticket, "first_reply").state, "met")

    def test_the_next_reply_begins_with_the_first_question(self):
        """I7: what the customer adds does not begin it anew."""
        ticket = self._create_ticket()
        ticket.action_accept()
        ticket.action_log_call("Hall 3.")
        asked = FRIDAY + timedelta(minutes=10)
        for minutes in (10, 20, 30):
            with freeze_time(FRIDAY + timedelta(minutes=minutes)):
                ticket.message_post(
                    body="Which gate?",
                    message_type="email",
                    author_id=self.contact.id,
                    subtype_xmlid="mail.mt_comment",
                )
        clock = self._clock(ticket, "next_reply")
        self.assertRecordValues(clock, [{"start_at": asked, "run": 1}])
        with freeze_time(FRIDAY + timedelta(minutes=40)):
            ticket.action_log_call("Gate 5.")
        self.assertEqual(clock.state, "met")

    # --- I8: nobody rates himself ---

    def test_nobody_rates_his_own_work(self):
        """R113, I8: the handler notes what was said on the phone, marked so, and a
        colleague checks it; the customer's own word stays."""
        ticket = self._followed_up()
        for source in ("rating", "portal", "interview", "external"):
            self.assertRefused(
                lambda s=source: ticket.action_record_satisfaction("satisfied", s)
            )
        self.assertRefused(lambda: ticket.write({"satisfaction": "satisfied"}))
        self.assertRefused(lambda: ticket.rating_apply(5, token="x"))
        ticket.action_record_satisfaction("satisfied", attitude=5)
        self.assertEqual(ticket.satisfaction_source, "phone")
        self.assertRefused(lambda: ticket.action_sample("same"))
        ticket.with_user(self.leader).action_sample("differs")
        self.assertRecordValues(
            ticket, [{"sampled_by_id": self.leader.id, "sample_result": "differs"}]
        )

    def test_what_the_customer_said_stays(self):
        """I8: nobody here overwrites it."""
        ticket = self._followed_up()
        rating = ticket.sudo()._rating_get_access_token()
        ticket.sudo().rating_apply(3, token=rating, feedback="So so")
        self.assertRecordValues(
            ticket, [{"satisfaction": "neutral", "satisfaction_source": "rating"}]
        )
        for user in (self.agent, self.leader, self.manager):
            self.assertRefused(
                lambda u=user: ticket.with_user(u).action_record_satisfaction(
                    "satisfied"
                )
            )

    # --- I9: who sees and does what ---

    def test_whom_it_is_about_only_reads(self):
        """I9: he sees the complaint and changes nothing of it, be he its handler's
        colleague or a manager."""
        for user in (self.builder, self.leader, self.manager):
            ticket = self._create_ticket("complaint")
            self._plan_complaint(ticket)
            ticket.responsible_user_id = user
            mine = ticket.with_user(user)
            with self.subTest(user.login):
                self.assertEqual(mine.read(["name"])[0]["name"], ticket.name)
                with self.assertRaises(AccessError):
                    mine.write({"name": "Nothing happened"})
                with self.assertRaises(UserError):
                    mine.action_submit()
                with self.assertRaises(UserError):
                    mine.action_withdraw("Never mind")
                with self.assertRaises(UserError):
                    ticket.investigation_ids.with_user(user).write({"finding": "No"})

    def test_a_department_sees_its_lines_only(self):
        """I9: the question and its answer, not the ticket, not others' lines."""
        ticket = self._create_ticket()
        ticket.action_accept()
        consult = (
            self.env["key.account.ticket.consult"]
            .with_user(self.agent)
            .create(
                {
                    "ticket_id": ticket.id,
                    "department_id": self.workshop.id,
                    "question": "When?",
                }
            )
        )
        other = self.workshop.copy({"manager_id": False})
        theirs = consult.sudo().copy({"department_id": other.id, "user_id": False})
        mine = consult.with_user(self.builder)
        self.assertEqual(mine.question, "When?")
        self.assertEqual(mine.search([]), mine)
        for record in (ticket, theirs):
            with self.assertRaises(AccessError):
                record.with_user(self.builder).read(["display_name"])
        with self.assertRaises(AccessError):
            mine.write({"question": "Nothing"})
        self.assertEqual(ticket.state, "consulting")
        mine.action_answer("On Tuesday")
        self.assertRecordValues(
            consult, [{"state": "answered", "answer": "On Tuesday"}]
        )
        self.assertEqual(consult.sudo().clock_ids.state, "met")

    def test_a_stranger_sees_nothing(self):
        """A member who neither works on a ticket nor serves its customer, a reader and
        an employee; a colleague of another company."""
        ticket = self._create_ticket()
        strangers = (self.chair, self.reader, self.employee, self.steward)
        for user in strangers:
            with self.subTest(user.login), self.assertRaises(AccessError):
                ticket.with_user(user).read(["name"])
        self.assertEqual(ticket.with_user(self.seller).name, ticket.name)
        elsewhere = self._create_company("Elsewhere")
        boss = self._create_user("boss", "key_account.group_manager", elsewhere)
        theirs = ticket.with_user(boss).with_context(allowed_company_ids=elsewhere.ids)
        with self.assertRaises(AccessError):
            theirs.read(["name"])
        self.assertFalse(theirs.search([("name", "!=", "")]))

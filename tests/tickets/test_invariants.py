"""What must hold of every ticket, whoever tries to break it (tickets I1 to I9)."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .ticket_case import FRIDAY, TicketCase


@tagged("post_install", "-at_install")
@freeze_time(FRIDAY)
class TestInvariants(TicketCase):
    def _followed_up(self, **vals):
        """A complaint that is carried out, before anybody asked the customer."""
        ticket = self._create_ticket("complaint", **vals)
        self._plan_complaint(ticket)
        self._solve_complaint(ticket)
        return ticket

    def assertRefused(self, call, *words):
        """The call is refused, with a sentence that holds these words."""
        with self.assertRaises(UserError) as caught:
            call()
        for word in words:
            self.assertIn(word, str(caught.exception))

    # --- I1: what closing a complaint takes ---

    def test_a_state_is_not_written(self):
        """R093, I1: no role, no import, no program and not the system itself writes a
        state, from any state to any other."""
        ticket = self._create_ticket("complaint")
        for user in (self.agent, self.leader, self.manager, self.env.user):
            mine = ticket.with_user(user)
            for state in ("closed", "executing", "unjustified"):
                with self.subTest(user=user.login, state=state):
                    self.assertRefused(lambda r=mine, s=state: r.write({"state": s}))
        self.assertRefused(lambda: self._create_ticket("complaint", state="closed"))
        messages = self.env["key.account.ticket"].load(
            ["name", "kind", "state"], [["Fascia", "Complaint", "Closed"]]
        )["messages"]
        self.assertTrue(messages)
        forged = ticket.with_context(default_state="closed", key_account_authority=True)
        self.assertRefused(lambda: forged.write({"state": "closed"}))

    def test_closing_takes_all_of_it(self):
        """R093, I1: a complaint that lacks any of its conditions stays open."""
        lacks = {
            "cause": lambda t: t.sudo().write({"cause_id": False}),
            "department": lambda t: t.sudo().write(
                {"responsible_department_id": False}
            ),
            "satisfied": lambda t: None,
        }
        for words, take_away in lacks.items():
            ticket = self._followed_up()
            if words != "satisfied":
                ticket.action_record_satisfaction("satisfied")
            take_away(ticket)
            with self.subTest(words):
                self.assertRefused(ticket.action_close, words)
                self.assertEqual(ticket.state, "follow_up")

    def test_no_way_round_the_road(self):
        """I1: in no state but follow-up can a complaint be closed, by whomever."""
        ticket = self._create_ticket("complaint")
        road = [
            ("new", lambda: None),
            ("accepted", ticket.action_accept),
            ("investigating", ticket.action_investigate),
        ]
        for state, step in road:
            step()
            self.assertEqual(ticket.state, state)
            for user in (self.agent, self.leader, self.manager):
                with self.subTest(state=state, user=user.login):
                    self.assertRefused(ticket.with_user(user).action_close)

    def test_a_severe_complaint_is_prevented(self):
        """I1: justified and important: it takes a corrective measure whose effect is
        checked on a date."""
        ticket = self._create_ticket("complaint", importance="high")
        self._plan_complaint(ticket)
        measure = self._add_measure(ticket, "corrective")
        self._solve_complaint(ticket)
        ticket.action_record_satisfaction("satisfied")
        self.assertRefused(ticket.action_close, "effect")
        measure.with_user(self.agent).write({"effect_due": "2026-06-01"})
        ticket.action_close()
        self.assertEqual(ticket.state, "closed")

    def test_unreachable_takes_two_days(self):
        """I1: who could not be reached was tried twice, on two days."""
        ticket = self._followed_up()
        ticket.action_record_satisfaction("unreachable", comment="Engaged")
        self.assertRefused(ticket.action_close, "two attempts")
        ticket.action_record_satisfaction("unreachable", comment="Engaged again")
        self.assertRefused(ticket.action_close, "two attempts")
        with freeze_time(FRIDAY + timedelta(days=3)):
            ticket.action_record_satisfaction("unreachable", comment="No answer")
            ticket.action_close()
        self.assertEqual(ticket.state, "closed")
        with self.assertRaises(UserError):
            ticket.round_ids[0].write({"date": "2026-01-01"})

    def test_agreement_or_the_general_manager(self):
        """I1: without the customer's yes only the general manager goes on."""
        self.company.key_account_general_manager_id = self.manager
        ticket = self._create_ticket("complaint")
        self._plan_complaint(ticket)
        ticket.action_submit()
        ticket.with_user(self.reviewer).action_approve()
        self.assertRefused(ticket.action_done)
        self.assertRefused(lambda: ticket.action_override("We know better"))
        self.assertRefused(
            lambda: ticket.with_user(SUPERUSER_ID).sudo().action_override("Root")
        )
        ticket.with_user(self.manager).action_override("The hall opens tomorrow.")
        self.assertEqual(ticket.state, "executing")
        self.assertEqual(ticket.overridden_by_id, self.manager)

    # --- I2: who is dissatisfied ---

    def test_dissatisfied_does_not_close(self):
        """R093, I2: it goes back to planning, without its approval; only the general
        manager refuses for good."""
        ticket = self._followed_up()
        ticket.action_record_satisfaction("dissatisfied", comment="Still wrong")
        self.assertEqual(ticket.state, "planning")
        self.assertFalse(ticket.plan_approved_at)
        self.assertFalse(ticket.customer_accepted_at)
        self.assertRefused(ticket.action_close)
        self._solve_complaint(ticket)
        for user in (self.agent, self.leader):
            mine = ticket.with_user(user)
            self.assertRefused(lambda r=mine: r.action_refuse_finally("Enough"))
        ticket.with_user(self.manager).action_refuse_finally("Beyond the contract.")
        self.assertRecordValues(
            ticket,
            [
                {
                    "state": "closed",
                    "outcome": "refused",
                    "satisfaction": "dissatisfied",
                    "final_reason": "Beyond the contract.",
                }
            ],
        )

    # --- I3: review ---

    def test_who_reviews(self):
        """R090, I3: neither author, handler, responsible person nor the system."""
        group = self.env.ref("key_account.group_reviewer")
        group.user_ids |= self.agent | self.builder | self.leader
        ticket = self._create_ticket("complaint")
        self._plan_complaint(ticket)
        ticket.sudo().responsible_user_id = self.builder
        ticket.with_user(self.leader).action_submit()
        for user in (self.agent, self.leader, self.builder, self.manager):
            mine = ticket.with_user(user)
            with self.subTest(user.login):
                self.assertRefused(mine.action_approve)
                self.assertRefused(lambda r=mine: r.action_reject("No"))
                self.assertFalse(mine.may_review)
        self.assertRefused(ticket.sudo().action_approve)
        self.assertRefused(ticket.with_user(SUPERUSER_ID).action_approve)
        self.assertEqual(ticket.state, "review")
        ticket.with_user(self.reviewer).action_approve()
        self.assertEqual(ticket.plan_approved_by_id, self.reviewer)

    def test_much_money_takes_a_manager(self):
        """I3: above the limit of the company the next level decides."""
        self.company.key_account_plan_limit = 1000
        ticket = self._create_ticket("complaint")
        self._plan_complaint(ticket)
        ticket.amount_granted = 1000.01
        ticket.action_submit()
        mine = ticket.with_user(self.reviewer)
        self.assertRefused(mine.action_approve, "manager")
        self.reviewer.group_ids |= self.env.ref("key_account.group_manager")
        mine.action_approve()
        self.assertEqual(ticket.state, "negotiating")

    def test_an_approved_plan_that_changes_is_reviewed_again(self):
        """I3: by any change of what was approved, up to the customer's yes; after it,
        what was agreed stays."""
        ticket = self._create_ticket("complaint")
        self._plan_complaint(ticket)
        measure = ticket.measure_ids.with_user(self.agent)
        changes = (
            lambda: ticket.write({"amount_granted": 50}),
            lambda: ticket.write({"plan": "<p>Another one</p>"}),
            lambda: measure.write({"due_on": "2026-04-01"}),
            lambda: self._add_measure(ticket, "compensation"),
        )
        for change in changes:
            ticket.action_submit()
            self.assertRefused(change)
            ticket.with_user(self.reviewer).action_approve()
            change()
            self.assertEqual(ticket.state, "planning")
            self.assertFalse(ticket.plan_approved_by_id)
            ticket.write({"amount_granted": 0, "plan": False})
            measure.write({"due_on": "2026-03-20"})
        self._solve_complaint(ticket)
        for change in changes[:3]:
            self.assertRefused(change)
        self.assertRefused(ticket.measure_ids[-1].with_user(self.agent).unlink)

    # --- I4: does it work? ---

    def test_effect_is_checked_later_by_somebody_else(self):
        """R091, I4: closing does not wait for it; its owner does not judge it; what
        does not work begins another measure and counts as a recurrence."""
        ticket = self._create_ticket("complaint", importance="high")
        self._plan_complaint(ticket)
        measure = self._add_measure(
            ticket, "corrective", effect_due="2026-06-01", verifier_id=self.leader.id
        )
        with self.assertRaises(UserError):
            measure.write({"verifier_id": self.builder.id})
        self._solve_complaint(ticket)
        ticket.action_record_satisfaction("satisfied")
        ticket.action_close()
        self.assertFalse(measure.effect_result)
        with self.assertRaises(UserError):
            measure.with_user(self.builder).action_effective("It does.")
        with self.assertRaises(UserError):
            measure.with_user(self.agent).action_effective("It does.")
        measure.with_user(self.leader).action_ineffective("Again at the next show.")
        successor = ticket.measure_ids.filtered("replaces_id")
        self.assertRecordValues(
            successor,
            [{"replaces_id": measure.id, "done_at": False, "effect_result": False}],
        )
        self.assertTrue(ticket.is_repeat)
        self.assertEqual(ticket.state, "closed")
        with self.assertRaises(UserError):
            measure.with_user(self.leader).action_effective("Or not?")

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
            ticket.action_log_call("32 A.")
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

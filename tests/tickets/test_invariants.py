"""What must hold of every ticket, whoever tries to break it (tickets I1 to I4)."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import SUPERUSER_ID
from odoo.exceptions import UserError
from odoo.tests import tagged

from .invariant_case import InvariantCase
from .ticket_case import FRIDAY


@tagged("post_install", "-at_install")
@freeze_time(FRIDAY)
class TestInvariants(InvariantCase):
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

    def test_no_step_reopens_by_the_way(self):
        """R093, I1: what has ended is taken up again by Reopen, with a reason, and by
        no other button, though it leads to the same state."""
        enquiry = self._create_ticket()
        enquiry.action_close(answer="Hall 3.", nothing_else="said")
        withdrawn = self._create_ticket("complaint")
        withdrawn.action_withdraw("Never mind.")
        closed = self._followed_up()
        self.assertRefused(closed.action_plan, "Following Up")
        closed.action_record_satisfaction("satisfied")
        closed.action_close()
        for ticket, step in (
            (enquiry, enquiry.action_accept),
            (withdrawn, withdrawn.action_accept),
            (closed, closed.action_plan),
        ):
            state = ticket.state
            with self.subTest(state=state, kind=ticket.kind):
                self.assertRefused(step, "This step belongs to")
                self.assertEqual((ticket.state, ticket.reopen_count), (state, 0))
                ticket.action_reopen("It was hall 4.")
                self.assertEqual(ticket.reopen_count, 1)

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

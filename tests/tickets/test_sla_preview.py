from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .ticket_case import FRIDAY, TicketCase


@tagged("post_install", "-at_install")
@freeze_time(FRIDAY)
class TestSlaPreview(TicketCase):
    """Which promise would hold, and why (R018, R087)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scheme = cls._create_scheme()
        cls.best = cls.scheme.tier_ids[0]
        cls.best.ticket_priority = "2"
        cls.show = cls._create_policy(
            {"first_reply": 1, "resolve": 4},
            name="Show",
            sequence=1,
            phase="show",
            around_the_clock=True,
        )
        cls.key = cls._create_policy(
            {"acknowledge": 1, "first_reply": 1, "next_reply": 2, "plan": 8},
            name="Key",
            sequence=2,
            kind="complaint",
            tier_ids=[Command.set(cls.best.ids)],
        )

    def preview(self, user=None, **vals):
        Preview = self.env["key.account.sla.preview"].with_user(user or self.manager)
        form = Form(Preview)
        form.team_id = self.team
        for name, value in vals.items():
            setattr(form, name, value)
        return form

    def counts(self):
        models = ("ticket", "sla.clock", "sla.event")
        return [
            self.env[f"key.account.{name}"].sudo().search_count([]) for name in models
        ]

    def test_as_a_real_ticket(self):
        """R087: for every case, the preview says what a real ticket gets: the same
        policy, priority and due times."""
        self.account._set_tier(self.best, "evaluation")
        cases = [
            ("enquiry", "low", "low", False, FRIDAY),
            ("complaint", "medium", "high", "before", FRIDAY),
            ("complaint", "high", "high", "show", datetime(2026, 3, 7, 20)),
            ("enquiry", "high", "medium", "show", datetime(2026, 2, 14, 2)),
        ]
        for kind, urgency, importance, phase, received in cases:
            with self.subTest(kind=kind, phase=phase):
                form = self.preview(
                    kind=kind,
                    urgency=urgency,
                    importance=importance,
                    account_id=self.account,
                    event_phase=phase,
                    received_at=received,
                )
                ticket = self._create_ticket(
                    kind,
                    urgency=urgency,
                    importance=importance,
                    event_phase=phase,
                    received_at=received,
                ).sudo()
                self.assertEqual(form.policy_id, ticket.policy_id)
                self.assertEqual(form.priority, ticket.priority)
                self.assertEqual(
                    {
                        line.metric: line.due_at
                        for line in form.save().line_ids
                        if line.due_at
                    },
                    {clock.metric: clock.due_at for clock in ticket.clock_ids},
                )

    def test_says_why(self):
        """Each policy above the one that holds is named, with the conditions that kept
        it from holding."""
        preview = self.preview(kind="enquiry").save()
        reasons = {reason.policy_id: reason.why for reason in preview.reason_ids}
        self.assertEqual(list(reasons), [self.show, self.key, self.policy])
        self.assertEqual(
            reasons[self.show], "Phase of the Event: During the Show, not empty"
        )
        self.assertEqual(
            reasons[self.key], "Kind: Complaint, not Enquiry; Tiers: Tier A, not empty"
        )
        self.assertEqual(reasons[self.policy], "Holds: Everything else")
        self.assertEqual(preview.reason_ids.filtered("holds").policy_id, self.policy)

    def test_what_comes_below_is_not_looked_at(self):
        """The list of reasons ends with the policy that holds."""
        preview = self.preview(event_phase="show").save()
        self.assertEqual(preview.reason_ids.policy_id, self.show)
        self.assertFalse(preview.calendar_id)

    def test_tier_without_a_customer(self):
        """One may ask for a tier in general; a customer brings his own."""
        self.assertEqual(
            self.preview(kind="complaint", tier_id=self.best).policy_id, self.key
        )
        form = self.preview(kind="complaint", account_id=self.account)
        self.assertEqual(form.policy_id, self.policy)
        self.assertFalse(form.tier_id)

    def test_nothing_holds(self):
        """That nothing is promised is said, with every reason."""
        self.policy.active = False
        preview = self.preview().save()
        self.assertFalse(preview.policy_id)
        self.assertFalse(preview.line_ids)
        self.assertEqual(len(preview.reason_ids), 2)

    def test_promises_of_the_kind(self):
        """What can be promised on complaints only does not show for an enquiry; what
        begins later has no due time yet."""
        self.key.kind = False
        lines = self.preview(kind="enquiry", tier_id=self.best).save().line_ids
        self.assertEqual(
            lines.mapped("metric"), ["acknowledge", "first_reply", "next_reply"]
        )
        lines = self.preview(kind="complaint", tier_id=self.best).save().line_ids
        self.assertEqual(lines[-1].metric, "plan")
        later = lines.filtered(lambda line: not line.due_at)
        self.assertEqual(later.mapped("metric"), ["next_reply", "plan"])

    def test_keeps_nothing(self):
        """No ticket, promise or event is made by asking."""
        before = self.counts()
        self.preview(kind="complaint", account_id=self.account).save()
        self.env.flush_all()
        self.assertEqual(self.counts(), before)

    def test_who_asks(self):
        """An agent may ask as well as a manager; an employee without a role may not."""
        self.assertEqual(self.preview(self.agent).policy_id, self.policy)
        with self.assertRaises(AccessError):
            self.preview(self.employee)

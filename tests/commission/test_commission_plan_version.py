from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .commission_case import SLABS, CommissionCase


@tagged("post_install", "-at_install")
class TestCommissionPlanVersion(CommissionCase):
    """key.account.commission.plan.version"""

    def test_somebody_else_approves(self):
        """R118: neither who wrote it nor who changed its ladder approves it, and only
        officers do."""
        draft = self._create_version(self.plan, approve=False, date_from="2027-01-01")
        with self.assertRaisesRegex(UserError, "Only commission officers approve"):
            draft.with_user(self.manager).action_approve()
        draft.with_user(self.officer).slab_ids[0].rate_new = 3.1
        with self.assertRaisesRegex(UserError, "You wrote"):
            draft.with_user(self.officer).action_approve()
        draft.with_user(self.second_officer).action_approve()
        self.assertEqual(draft.approved_by_id, self.second_officer)

    def test_approved_never_changes(self):
        """commission I4: neither the version nor its ladder, by nobody."""
        version = self.plan.version_ids
        for user in self.officer, self.env.user:
            mine = version.with_user(user)
            for attempt in (
                lambda mine=mine: mine.write({"slab_mode": "marginal"}),
                lambda mine=mine: mine.write({"date_to": "2026-12-31"}),
                lambda mine=mine: mine.write(
                    {"slab_ids": [Command.update(mine.slab_ids[0].id, {"lower": 1})]}
                ),
                lambda mine=mine: mine.slab_ids[0].write({"rate_new": 9}),
                lambda mine=mine: mine.slab_ids[0].unlink(),
                lambda mine=mine: mine.slab_ids.create(
                    {"version_id": mine.id, "lower": mine.env.uid}
                ),
                lambda mine=mine: mine.unlink(),
            ):
                with self.assertRaisesRegex(UserError, "is approved and never changes"):
                    attempt()
        with self.assertRaisesRegex(UserError, "were approved"):
            self.plan.unlink()

    def test_the_next_version_ends_the_one_before(self):
        """commission I5: a month has one version; a new one begins with the first open
        month, and what was signed before keeps its rate."""
        customer = self._create_customer("Orient Motors")
        order = self._sign(self.ann, customer, 50_000, day=date(2026, 3, 31))
        late = self._sign(self.ann, customer, 50_000, day=date(2026, 4, 1))
        self._close(date(2026, 3, 1))
        double = [(low, 2 * new, 2 * old, kept) for low, new, old, kept in SLABS]
        with self.assertRaisesRegex(UserError, "are closed already"):
            self._create_version(self.plan, double, date_from=date(2026, 3, 1))
        self._create_version(self.plan, double, date_from=date(2026, 4, 1))
        old = self.plan.version_ids.sorted("date_from")[:1]
        self.assertEqual(old.date_to, date(2026, 3, 31))
        for one in order, late:
            self._pay(self._bill(one, date(2026, 5, 5)), date(2026, 5, 5))
        run = self._compute()
        self.assertEqual(self._deal(order).rate, 3)
        self.assertEqual(self._deal(late).rate, 6)
        self.assertEqual(self.ledger(run)["earn"], 1_500 + 3_000)

    def test_a_rate_that_changes_later(self):
        """commission P9: after the rates have changed, an old contract that is touched
        keeps its own."""
        customer = self._create_customer("Orient Motors")
        order = self._earn(self.ann, customer, 50_000)
        self._settle()
        double = [(low, 2 * new, 2 * old, kept) for low, new, old, kept in SLABS]
        self._create_version(self.plan, double, date_from=date(2026, 7, 1))
        self._spend(order, 100, date(2026, 7, 5))
        third = self._settle(date(2026, 7, 1))
        self.assertEqual(self.ledger(third), {"clawback": -3, "retain": 0.15})

    def test_ladder_without_a_beginning(self):
        """commission P2: a ladder begins at nothing, so no amount falls between."""
        draft = self._create_version(
            self.plan, [(10_000, 3, 2, 0)], approve=False, date_from="2027-01-01"
        )
        with self.assertRaisesRegex(ValidationError, "a slab from 0"):
            draft.with_user(self.officer).action_approve()

    def test_retired(self):
        """A version that is retired ends with the month; after it nobody is paid."""
        version = self.plan.version_ids
        version.with_user(self.officer).action_retire()
        self.assertEqual(
            (version.state, version.date_to), ("retired", date(2026, 11, 30))
        )

    def test_warning_of_cliffs(self):
        """R118: the version says where one more yuan of sales pays less."""
        slabs = [(0, 5, 3, 0), (100_000, 4, 3, 0), (200_000, 4, 3, 30)]
        version = self._create_version(self.plan, slabs, False, date_from="2027-01-01")
        lines = version.warning.splitlines()
        self.assertEqual(len(lines), 3)
        self.assertIn("the rate for new customers falls from 5 % to 4 %", lines[0])
        self.assertIn("more is kept back", lines[1])
        marginal = version.copy({"slab_mode": "marginal", "date_from": "2028-01-01"})
        self.assertFalse(marginal.warning)

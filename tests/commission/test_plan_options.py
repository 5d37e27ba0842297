from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .commission_case import CommissionCase

MARCH = date(2026, 3, 12)
MAY = date(2026, 5, 20)


@tagged("post_install", "-at_install")
class TestPlanOptions(CommissionCase):
    """What the options of a version change in what is paid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer("Orient Motors")

    def hire(self, **options):
        plan = self._create_plan(**options)
        return self._hire(f"dee{plan.id}", plan=plan)

    def test_own_rate(self):
        """R122: with everybody's own rate, each has the rate of his own month."""
        dee = self.hire(pool_rate="own")
        order = self._sign(dee, self.customer, 120_000, day=MARCH)
        self._split(order, {dee: 75, self.bo: 25})
        self._pay(self._bill(order, MAY), MAY)
        run = self._compute()
        deal = self._deal(order)
        rates = {split.user_id: split.rate for split in deal.split_ids}
        # 90,000 of Dee and 30,000 of Bo lie in the lowest slab: new for Dee, and taken
        # over from her for Bo
        self.assertEqual(rates, {dee: 3, self.bo: 2})
        self.assert_statement(run, dee, gross=2_700)
        self.assert_statement(run, self.bo, gross=600)

    def test_full_credit(self):
        """R122: with full credit, each one's month counts all of a shared contract; the
        pool is one all the same."""
        plan = self._create_plan(credit="full")
        dee = self._hire("dee", plan=plan)
        eve = self._hire("eve", plan=plan)
        order = self._sign(dee, self.customer, 120_000, day=MARCH)
        self._split(order, {dee: 60, eve: 40})
        self._pay(self._bill(order, MAY), MAY)
        run = self._compute()
        months = self.env["key.account.commission.turnover"].search(
            [("user_id", "in", (dee | eve).ids)]
        )
        self.assertEqual(months.mapped("amount"), [120_000, 120_000])
        self.assert_statement(run, dee, gross=2_880)
        self.assert_statement(run, eve, gross=1_920)

    def test_measure_of_the_whole_contract(self):
        """R118: measured by the contract, what passes through counts for the slab; the
        profit is without it all the same."""
        dee = self.hire(measure="contract")
        order = self._sign(dee, self.customer, 110_000, pass_through=20_000, day=MARCH)
        self._pay(self._bill(order, MAY), MAY)
        run = self._compute()
        self.assertEqual(self._deal(order).rate, 4)
        self.assert_statement(run, dee, gross=3_600)

    def test_paid_after_signing(self):
        """R121: paid after signing of what is expected, and trued up by what really
        came once the final payment is in, at the rate that was fixed."""
        dee = self.hire(trigger="signed")
        order = self._sign(dee, self.customer, 120_000, day=MARCH)
        deal = self._deal(order)
        first = self._settle(date(2026, 1, 1))
        self.assertEqual(self.ledger(first), {"earn": 4_800, "retain": -480})
        self.assertFalse(deal.final_paid_on)
        self._spend(order, 40_000, MAY)
        self._pay(self._bill(order, MAY), MAY)
        second = self._settle()
        self.assertEqual(deal.final_paid_on, MAY)
        self.assertEqual(self.ledger(second), {"clawback": -1_600, "retain": 160})
        self.assertFalse(self._compute(date(2026, 7, 1)).entry_ids)

    def test_paid_after_signing_and_cancelled(self):
        """commission I7: what was paid of an order that never came comes back."""
        dee = self.hire(trigger="signed")
        order = self._sign(dee, self.customer, 120_000, day=MARCH)
        self._settle(date(2026, 1, 1))
        with freeze_time("2026-05-06 02:00:00"):
            order.action_cancel()
        second = self._settle()
        self.assertEqual(self.ledger(second), {"clawback": -4_800, "retain": 480})

    def test_loss_pays_nothing(self):
        """commission P13: a loss pays nothing, and is not taken off other contracts."""
        self._earn(self.ann, self.customer, -30_000, amount=50_000)
        self._earn(self.ann, self.customer, 40_000)
        run = self._settle(date(2026, 1, 1))
        self.assert_statement(run, self.ann, gross=40_000 * 0.03)
        self.assertEqual([*self.reasons(run).values()], ["loss"])
        self.assertEqual(run.left_out_ids.deal_id.state, "settled")

    def test_loss_is_carried(self):
        """commission P13: carried, it is taken off other contracts; nothing is kept of
        a loss, and what is left below nothing waits for the next period."""
        dee = self.hire(loss="carry")
        self._earn(dee, self.customer, -70_000, amount=50_000)
        self._earn(dee, self.customer, 40_000)
        first = self._settle(date(2026, 1, 1))
        self.assert_statement(
            first, dee, gross=-900, retained=60, net=-960, payable=0, brought_forward=0
        )
        first.with_user(self.officer).action_mark_paid()
        self._earn(dee, self.customer, 50_000, day=date(2026, 4, 9))
        second = self._compute()
        self.assert_statement(
            second, dee, gross=1_500, net=1_425, brought_forward=-960, payable=465
        )

    def test_by_month(self):
        """commission P8: settled by month, in the month of collection, and in no
        quarter's run."""
        dee = self.hire(period="month")
        order = self._sign(dee, self.customer, 60_000, day=date(2026, 1, 9))
        self._pay(self._bill(order, date(2026, 1, 20)), date(2026, 3, 20))
        january = self._settle(date(2026, 1, 1), period="month")
        self.assertEqual([*self.reasons(january).values()], ["unpaid"])
        quarter = self._settle(date(2026, 1, 1))
        self.assertFalse(quarter.entry_ids | quarter.left_out_ids.deal_id.entry_ids)
        march = self._settle(date(2026, 3, 1), period="month")
        self.assertEqual(self.ledger(march)["earn"], 1_800)
        self.assertEqual(march.entry_ids.mapped("date"), [date(2026, 3, 31)] * 2)

    def test_marginal(self):
        """commission I6: marginal, the contracts of a month fill the slabs by day of
        signing, whatever their numbers."""
        dee = self.hire(slab_mode="marginal")
        later = self._sign(dee, self.customer, 80_000, day=date(2026, 3, 20))
        early = self._sign(dee, self.customer, 60_000, day=date(2026, 3, 2))
        for order in later, early:
            self._pay(self._bill(order, MAY), MAY)
        run = self._compute()
        self.assertEqual(self._deal(early).rate, 3)
        # 40,000 in the lowest slab, 40,000 in the second one
        self.assertEqual(self._deal(later).rate, 3.5)
        self.assert_statement(run, dee, gross=1_800 + 2_800)

from datetime import date

from odoo.tests import tagged

from .commission_case import CommissionCase


@tagged("post_install", "-at_install")
class TestCommissionLeftOut(CommissionCase):
    """key.account.commission.left.out"""

    def test_every_contract_says_why(self):
        """R121: each contract of which nothing came has its reason, and is in the run
        once, either with rows or with a reason."""
        customer = self._create_customer("X")
        paid = self._earn(self.ann, customer, 10_000)
        unpaid = self._sign(self.ann, customer, 20_000, day=date(2026, 3, 3))
        self._bill(unpaid, date(2026, 3, 4))
        open_order = self._sign(self.ann, customer, 30_000, day=date(2026, 3, 5))
        stray = self._earn(self.cho, customer, 40_000)
        later = self._earn(self.ann, customer, 50_000, day=date(2026, 7, 3))
        free = self._create_plan(slabs=[(0, 0, 0, 0)])
        nothing = self._earn(self._hire("dee", plan=free), customer, 60_000)
        run = self._compute()
        self.assertEqual(
            self.reasons(run),
            {
                self._deal(unpaid): "unpaid",
                self._deal(open_order): "not_invoiced",
                self._deal(stray): "no_plan",
                self._deal(later): "month_open",
                self._deal(nothing): "no_rate",
            },
        )
        self.assertEqual(run.entry_ids.deal_id, self._deal(paid))
        self.assertEqual(run.left_out_count, 5)
        for row in run.left_out_ids:
            self.assertEqual(row.company_id, self.company)

    def test_mended_and_gone(self):
        """R121: what is mended counts in the first month after that."""
        stray = self._earn(self.cho, self._create_customer("X"), 40_000)
        run = self._compute()
        self.assertEqual(self.reasons(run), {self._deal(stray): "no_plan"})
        self._approve(run)
        self._assign(self.cho)
        third = self._compute(date(2026, 7, 1))
        self.assertFalse(third.left_out_ids)
        self.assertEqual(self._deal(stray).turnover_month, date(2026, 7, 1))
        self.assertEqual(self.ledger(third)["earn"], 1_200)

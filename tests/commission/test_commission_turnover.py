from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .commission_case import CommissionCase


@tagged("post_install", "-at_install")
class TestCommissionTurnover(CommissionCase):
    """key.account.commission.turnover"""

    def rows(self):
        return self.env["key.account.commission.turnover"].search(
            [("company_id", "=", self.company.id)]
        )

    def test_a_month_is_closed_once(self):
        """commission I4: the close fixes the month; closing it again, or changing what
        it was made of, leaves it as it is."""
        order = self._earn(self.ann, self._create_customer("X"), 50_000)
        self._close(date(2026, 3, 1))
        row = self.rows()
        self.assertRecordValues(row, [{"amount": 50_000, "deal_count": 1}])
        order.order_line.price_unit = 70_000
        self._close(date(2026, 3, 1))
        self.assertEqual(self.rows(), row)
        self.assertEqual(row.amount, 50_000)
        for attempt in (
            lambda: row.write({"amount": 1}),
            lambda: row.unlink(),
            lambda: row.copy({"month": date(2026, 1, 1)}),
        ):
            with self.assertRaises(UserError):
                attempt()

    def test_only_officers_close_a_month_that_is_over(self):
        """R118: not before the month is over, and nobody else."""
        Close = self.env["key.account.commission.close"]
        with self.assertRaises(UserError):
            Close.with_user(self.ann).create({"company_id": self.company.id})
        wizard = Close.with_user(self.officer).create(
            {"company_id": self.company.id, "month": date(2026, 11, 3)}
        )
        with self.assertRaisesRegex(UserError, "not over yet"):
            wizard.action_close()

    def test_what_cannot_be_credited_is_shown_before(self):
        """R118: the wizard shows what a month is made of, and what it lacks."""
        self._earn(self.ann, self._create_customer("X"), 50_000)
        stray = self._earn(self.cho, self._create_customer("Y"), 40_000)
        wizard = (
            self.env["key.account.commission.close"]
            .with_user(self.officer)
            .create({"company_id": self.company.id, "month": date(2026, 3, 3)})
        )
        self.assertEqual(wizard.deal_count, 2)
        self.assertEqual(wizard.problem_ids, self._deal(stray))

    def test_shares_count_for_each(self):
        """R122: the month of each counts his own share."""
        order = self._sign(
            self.ann, self._create_customer("X"), 100_000.01, day=date(2026, 3, 3)
        )
        self._split(order, {self.ann: 66.666667, self.bo: 33.333333})
        self._close(date(2026, 3, 3))
        amounts = {row.user_id: row.amount for row in self.rows()}
        self.assertEqual(amounts, {self.ann: 66_666.67, self.bo: 33_333.34})

from datetime import date

from odoo.tests import tagged

from .commission_case import CommissionCase


@tagged("post_install", "-at_install")
class TestCommissionRun(CommissionCase):
    """key.account.commission.run"""

    def test_the_worked_example(self):
        """R118, R119, R120, R121, R122: the example of the rules to the cent, through
        orders, invoices, payments and analytic lines, with the credit note of July."""
        x, y = self._create_customer("X"), self._create_customer("Y")
        self.env["key.account.origin"].create(
            {
                "partner_id": y.id,
                "user_id": self.ann.id,
                "company_id": self.company.id,
                "kind": "transferred",
                "first_contact_on": date(2026, 1, 5),
            }
        )
        march = date(2026, 3, 12)
        order_x = self._sign(self.ann, x, 180_000, 20_000, 10_000, march)
        order_y = self._sign(self.ann, y, 170_000, day=march)
        self._split(order_y, {self.ann: 70, self.bo: 30})
        may = date(2026, 5, 20)
        bill = self._bill(order_x, may)
        self._pay(bill, may)
        self._pay(self._bill(order_y, may), may)
        self._spend(order_x, 90_000, may)
        self._spend(order_y, 128_999.99, may)

        run = self._compute(date(2026, 4, 1))
        deal_x, deal_y = self._deal(order_x), self._deal(order_y)
        self.assertEqual(deal_x.measure_amount, 150_000)
        self.assertEqual(deal_y.measure_amount, 170_000)
        month = self.env["key.account.commission.turnover"].search(
            [("user_id", "=", self.ann.id), ("month", "=", date(2026, 3, 1))]
        )
        self.assertEqual(month.amount, 269_000)
        self.assertEqual(month.slab_id.lower, 100_000)
        self.assertEqual((deal_x.origin_class, deal_x.rate), ("new", 4))
        self.assertEqual((deal_y.origin_class, deal_y.rate), ("existing", 2.5))
        self.assertEqual(deal_x.net_profit, 60_000)
        self.assertEqual(deal_y.net_profit, 41_000.01)
        self.assertEqual(deal_x.pool_amount, 2_400)
        self.assertEqual(deal_y.pool_amount, 1_025)
        self.assert_statement(
            run, self.ann, gross="3117.50", retained="311.75", net="2805.75"
        )
        self.assert_statement(
            run, self.bo, gross="307.50", retained="30.75", net="276.75"
        )
        self._approve(run)
        self.assertEqual((deal_x | deal_y).mapped("state"), ["settled", "settled"])

        self._credit(bill, 10_000, date(2026, 7, 15))
        third = self._settle(date(2026, 7, 1))
        row = third.entry_ids.filtered(lambda entry: entry.kind == "clawback")
        self.assertEqual((row.user_id, row.amount), (self.ann, -400))
        self.assertEqual(row.deal_id, deal_x)
        self.assert_statement(
            third, self.ann, gross=0, clawed=-400, retained=-40, net=-360
        )
        self.assertFalse(self._statement(third, self.bo))
        self.assertEqual(self._statement(run, self.ann).net, 2805.75)

from datetime import date

from odoo.tests import tagged

from .commission_case import CommissionCase

MARCH = date(2026, 3, 10)


@tagged("post_install", "-at_install")
class TestOrderChanges(CommissionCase):
    """What happens to an order after its month was closed counts in a month of its own,
    and nothing is counted twice (R121)."""

    def _close(self, until):
        Turnover = self.env["key.account.commission.turnover"]
        Turnover._close_until(self.company, until)

    def _months(self, user):
        rows = self.env["key.account.commission.turnover"].search(
            [("user_id", "=", user.id)], order="month"
        )
        return {row.month.month: row.amount for row in rows}

    def _follow(self, order):
        order.key_account_deal_ids._follow_amendments()
        return order.key_account_deal_ids.sorted("id")

    def test_in_place_while_the_month_is_open(self):
        """R121: a change in the open month is a change of the contract itself."""
        order = self._sign(self.ann, self._create_customer("X"), 50_000, day=MARCH)
        order.order_line.price_unit = 60_000
        deals = self._follow(order)
        self.assertEqual(deals.mapped("contract_amount"), [60_000])

    def test_more_after_the_close(self):
        """R121: what is added later is an amendment in its own month, shared and rated
        as the contract: profit goes by turnover."""
        order = self._sign(self.ann, self._create_customer("X"), 50_000, day=MARCH)
        self._split(order, {self.ann: 60, self.bo: 40})
        self._close(date(2026, 3, 31))
        order.order_line.price_unit = 80_000
        first, more = self._follow(order)
        self.assertEqual((more.kind, more.contract_amount), ("amendment", 30_000))
        self.assertEqual(more.turnover_month, date(2026, 11, 1))
        self.assertEqual(more.split_ids.mapped("share"), [60, 40])
        self.assertEqual(more.split_state, "agreed")
        self._bill(order, date(2026, 11, 5))
        self._spend(order, 40_000, date(2026, 11, 5))
        (first | more)._refresh_figures()
        self.assertEqual((first.net_profit, more.net_profit), (25_000, 15_000))
        self.assertEqual(self._follow(order), first | more)

    def test_less_after_the_close(self):
        """R121: what is taken away later lessens the turnover of its month; all that
        is left of the profit belongs to the contract."""
        order = self._sign(self.ann, self._create_customer("X"), 50_000, day=MARCH)
        self._close(date(2026, 3, 31))
        order.order_line.price_unit = 30_000
        first, less = self._follow(order)
        self.assertEqual(less.contract_amount, -20_000)
        self._pay(self._bill(order, date(2026, 11, 5)), date(2026, 11, 5))
        (first | less)._refresh_figures()
        self.assertEqual((first.net_profit, less.net_profit), (30_000, 0))
        self.assertEqual(self._months(self.ann), {3: 50_000})
        self._close(date(2026, 11, 30))
        self.assertEqual(self._months(self.ann), {3: 50_000, 11: -20_000})
        self.assertEqual(less.rate, 3)

    def test_cancelled_before_the_close(self):
        """R121: as if it had never been signed."""
        order = self._sign(self.ann, self._create_customer("X"), 50_000, day=MARCH)
        order._action_cancel()
        self.assertEqual(order.key_account_deal_ids.mapped("state"), ["void"])
        self._close(date(2026, 3, 31))
        self.assertEqual(self._months(self.ann), {})

    def test_cancelled_after_the_close(self):
        """R121: the closed month stays; the month of the cancellation loses it."""
        order = self._sign(self.ann, self._create_customer("X"), 50_000, day=MARCH)
        self._close(date(2026, 3, 31))
        order._action_cancel()
        first, minus = order.key_account_deal_ids.sorted("id")
        self.assertEqual((first.state, minus.kind), ("void", "cancellation"))
        self._close(date(2026, 11, 30))
        self.assertEqual(self._months(self.ann), {3: 50_000, 11: -50_000})

    def test_confirmed_again(self):
        """R121: a cancelled order that is confirmed again counts once more, once."""
        order = self._sign(self.ann, self._create_customer("X"), 50_000, day=MARCH)
        self._close(date(2026, 3, 31))
        order._action_cancel()
        order.action_draft()
        order.action_confirm()
        deals = self._follow(order)
        alive = deals.filtered(lambda deal: deal.state == "draft")
        self.assertEqual(sum(alive.mapped("contract_amount")), 0)
        self.assertEqual(
            sorted(alive.mapped("kind")), ["cancellation", "order"], alive.read()
        )
        self._close(date(2026, 11, 30))
        self.assertEqual(self._months(self.ann), {3: 50_000, 11: 0})

    def test_cancelled_after_payout(self):
        """R121: what was paid comes back, less what was kept of it, and no more."""
        order = self._earn(self.ann, self._create_customer("X"), 60_000, 150_000)
        run = self._settle(date(2026, 1, 1))
        self.assert_statement(run, self.ann, gross=2_400, retained=240, net=2_160)
        order._action_cancel()
        second = self._settle(date(2026, 4, 1))
        self.assert_statement(
            second, self.ann, gross=0, clawed=-2_400, retained=-240, net=-2_160
        )
        run.with_user(self.officer).action_mark_paid()
        self.assertEqual(self._statement(second, self.ann).payable, 0)
        third = self._settle(date(2026, 7, 1))
        self.assertFalse(third.entry_ids)

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .commission_case import CommissionCase

MARCH = date(2026, 3, 12)
MAY = date(2026, 5, 20)
JULY = date(2026, 7, 15)


@tagged("post_install", "-at_install")
class TestContractChanges(CommissionCase):
    """What happens to orders after they were signed, and when (R121)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer("Orient Motors")

    def sign(self, amount=120_000, day=MARCH, **vals):
        order = self._sign(self.ann, self.customer, amount, day=day, **vals)
        return order, self._deal(order)

    def turnover(self, user=None):
        """``{month number: turnover}``"""
        rows = self.env["key.account.commission.turnover"].search(
            [("user_id", "=", (user or self.ann).id)], order="month"
        )
        return {row.month.month: row.amount for row in rows}

    def test_change_while_the_month_is_open(self):
        """R121: a change before the close changes the contract itself."""
        order, deal = self.sign()
        order.order_line.price_unit = 90_000
        self._close(MARCH)
        self.assertEqual((deal.contract_amount, deal.rate), (90_000, 3))
        self.assertEqual(order.key_account_deal_ids, deal)

    def test_amendment_after_the_close(self):
        """R121: a change after the close is an amendment that counts in its own month,
        at the rate of that month; the old one keeps what it has."""
        order, deal = self.sign()
        self._close(MARCH)
        with freeze_time("2026-05-06 02:00:00"):
            order.order_line.price_unit = 150_000
            deal.action_refresh()
        more = order.key_account_deal_ids - deal
        self.assertEqual((more.kind, more.contract_amount), ("amendment", 30_000))
        self.assertEqual(more.turnover_month, date(2026, 5, 1))
        self._pay(self._bill(order, MAY), MAY)
        run = self._compute()
        self.assertEqual(self.turnover(), {3: 120_000, 5: 30_000})
        self.assertEqual((deal.rate, more.rate), (4, 3))
        self.assertEqual((deal.net_profit, more.net_profit), (120_000, 30_000))
        self.assertEqual(self.ledger(run)["earn"], 4_800 + 900)

    def test_amendment_downwards(self):
        """R121: what an order loses after the close is a negative amendment."""
        order, deal = self.sign()
        self._close(MARCH)
        with freeze_time("2026-05-06 02:00:00"):
            order.order_line.price_unit = 90_000
            deal.action_refresh()
            deal.action_refresh()
        less = order.key_account_deal_ids - deal
        self.assertEqual(less.mapped("contract_amount"), [-30_000])
        self._pay(self._bill(order, MAY), MAY)
        run = self._compute()
        self.assertEqual(self.turnover(), {3: 120_000, 5: -30_000})
        self.assertEqual(self.ledger(run)["earn"], 90_000 * 0.04)

    def test_cancelled_before_the_close(self):
        """R121: an order that is cancelled in its month is no turnover."""
        order, deal = self.sign()
        order.action_cancel()
        self._close(MARCH)
        self.assertEqual(deal.state, "void")
        self.assertEqual(self.turnover(), {})

    def test_cancelled_before_the_settlement(self):
        """R121: after the close the cancellation counts in its own month; nothing is
        paid."""
        order, deal = self.sign()
        self._close(MARCH)
        with freeze_time("2026-05-06 02:00:00"):
            order.action_cancel()
        run = self._compute()
        self.assertEqual(deal.state, "void")
        self.assertEqual(self.turnover(), {3: 120_000, 5: -120_000})
        self.assertFalse(run.entry_ids)
        self.assertFalse(run.left_out_ids)

    def test_cancelled_after_the_settlement(self):
        """commission I7: all that was paid comes back, first what was kept of it."""
        order = self._earn(self.ann, self.customer, 120_000)
        deal = self._deal(order)
        self._settle()
        with freeze_time("2026-08-06 02:00:00"):
            order.action_cancel()
        third = self._settle(date(2026, 7, 1))
        self.assertEqual(self.ledger(third), {"clawback": -4_800, "retain": 480})
        self.assertEqual(
            self.ledger(deal), {"earn": 4_800, "clawback": -4_800, "retain": 0}
        )
        self.assertEqual(self.turnover(), {3: 120_000, 8: -120_000})
        self.assertEqual(deal.state, "settled")

    def test_confirmed_again(self):
        """R121: cancelled after the close, confirmed, cancelled and confirmed again:
        the turnover is what the order comes to in the end."""
        order, _deal = self.sign()
        self._close(MARCH)
        for month, again in ((5, True), (6, False), (7, True)):
            with freeze_time(f"2026-{month:02}-06 02:00:00"):
                if not again:
                    order.action_cancel()
                    order.action_cancel()
                    continue
                order.action_cancel()
                order.action_draft()
                order.action_confirm()
                order.key_account_deal_ids.action_refresh()
        self._close(date(2026, 9, 30))
        self.assertEqual(sum(self.turnover().values()), 120_000)
        alive = order.key_account_deal_ids.filtered(
            lambda deal: deal.kind == "order" and deal.state != "void"
        )
        self.assertEqual(len(alive), 1)

    def test_cancelled_twice_in_an_open_month(self):
        """R121: a second cancellation takes nothing out a second time, nor does it
        take the first one back."""
        order, _deal = self.sign()
        self._close(MARCH)
        with freeze_time("2026-05-06 02:00:00"):
            order.action_cancel()
            order.action_cancel()
        self._close(MAY)
        self.assertEqual(self.turnover(), {3: 120_000, 5: -120_000})

    def test_order_without_day_of_signing(self):
        """R121: what was never signed counts in the month of the final payment."""
        order, deal = self.sign()
        order.key_account_signed_on = False
        self.assertFalse(deal.turnover_month)
        self._pay(self._bill(order, MARCH), MAY)
        run = self._compute()
        self.assertEqual(deal.turnover_month, date(2026, 5, 1))
        self.assertEqual(self.turnover(), {5: 120_000})
        self.assertEqual(self.ledger(run)["earn"], 4_800)

    def test_neither_signed_nor_paid(self):
        """R121: until then it counts nowhere, and the run says so."""
        order, deal = self.sign()
        order.key_account_signed_on = False
        run = self._compute()
        self.assertEqual(self.reasons(run), {deal: "unsigned"})

    def test_late_contract(self):
        """R121: a contract that comes to light after its month was closed counts in
        the first open one; the closed month stays."""
        self.sign(60_000)
        self._close(MARCH)
        _order, late = self.sign(50_000, day=date(2026, 3, 30))
        self.assertEqual(late.turnover_month, date(2026, 4, 1))
        self._close(date(2026, 4, 30))
        self.assertEqual(self.turnover(), {3: 60_000, 4: 50_000})
        self.assertEqual(late.rate, 3)

    def test_day_of_signing_stays_after_the_close(self):
        """commission I4: nobody moves a contract into another month afterwards."""
        order, deal = self.sign()
        self._close(MARCH)
        with self.assertRaisesRegex(UserError, "its day of signing stays"):
            order.key_account_signed_on = MAY
        self.assertEqual(deal.signed_on, MARCH)

    def test_other_salesperson_while_the_month_is_open(self):
        """R121: as long as the month is open, the contract follows its order."""
        order, deal = self.sign()
        order.user_id = self.bo
        self.assertEqual(deal.user_id, self.bo)
        self.assertEqual(deal.split_ids.user_id, self.bo)
        self._close(MARCH)
        order.user_id = self.ann
        self.assertEqual(deal.user_id, self.bo)
        self.assertEqual(self.turnover(self.bo), {3: 120_000})
        self.assertEqual(self.turnover(), {})

    def test_nobody_leads_it(self):
        """R121: an order without a salesperson is left out with that reason, and counts
        once it has one."""
        order, deal = self.sign()
        order.user_id = False
        deal._authorized().write({"user_id": False})
        self._pay(self._bill(order, MAY), MAY)
        run = self._compute()
        self.assertEqual(self.reasons(run), {deal: "no_lead"})
        order.user_id = self.bo
        self.assertEqual(deal.turnover_month, JULY.replace(day=1))

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .commission_case import CommissionCase


@tagged("post_install", "-at_install")
class TestCommissionDeal(CommissionCase):
    """key.account.commission.deal"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._earn(cls.ann, cls._create_customer("X"), 50_000)
        cls.deal = cls._deal(cls.order)

    def test_states(self):
        """R121: signed, credited, collected, settled."""
        later = self._sign(
            self.ann, self._create_customer("Y"), 10_000, day=date(2026, 3, 9)
        )
        other = self._deal(later)
        self.assertEqual(self.deal.state, "draft")
        self._close(date(2026, 3, 3))
        self.assertEqual((self.deal.state, other.state), ("collected", "credited"))
        self._pay(self._bill(later, date(2026, 4, 3)), date(2026, 4, 3))
        other.action_refresh()
        self.assertEqual(other.state, "collected")
        self._settle()
        self.assertEqual((self.deal | other).mapped("state"), ["settled"] * 2)

    def test_nobody_writes_what_it_is_paid_by(self):
        """commission I4: amounts, rates and states are written by what happens, not by
        people; shares are all that is left to them."""
        for vals in (
            {"rate": 50},
            {"net_profit": 1},
            {"measure_amount": 1},
            {"split_state": "agreed"},
            {"state": "settled"},
            {"turnover_month": date(2026, 1, 1)},
            {"company_id": 1},
            {"user_id": self.bo.id},
        ):
            for user in self.ann, self.officer, self.env.user:
                with self.subTest(vals=vals), self.assertRaises(UserError):
                    self.deal.with_user(user).write(vals)
        with self.assertRaises(UserError):
            self.deal.with_user(self.ann).write({"analytic_account_id": False})
        with self.assertRaises(UserError):
            self.deal.unlink()
        with self.assertRaises(UserError):
            self.deal.copy()

    def test_profit_is_confirmed_by_others(self):
        """R121: an officer confirms the profit, none who has a share."""
        with self.assertRaisesRegex(UserError, "officers confirm"):
            self.deal.with_user(self.ann).action_confirm_profit()
        order = self._sign(
            self.officer, self._create_customer("Z"), 10_000, day=date(2026, 3, 9)
        )
        with self.assertRaisesRegex(UserError, "You have a share"):
            self._deal(order).with_user(self.officer).action_confirm_profit()

    def test_invoice_that_is_taken_away(self):
        """commission P5, P6, P18: an invoice that was paid and settled is reset, made
        larger, smaller or cancelled: exactly the difference is booked."""
        bill = self.order.invoice_ids
        self._settle()
        for month, price in ((7, 60_000), (8, 20_000), (9, 0)):
            bill.button_draft()
            if price:
                bill.invoice_line_ids.price_unit = price
                bill.date = date(2026, month, 3)
                bill.action_post()
            else:
                bill.button_cancel()
            with self.subTest(month=month):
                run = self._compute(date(2026, 7, 1))
                earned = self.ledger(run)
                total = earned.get("adjust", 0) + earned.get("clawback", 0)
                self.assertEqual(total, {7: 300, 8: -900, 9: -1_500}[month])
                run.with_user(self.officer).action_cancel()
        self.assertEqual(self.deal.state, "settled")

    def test_seen_by_its_people(self):
        """commission I10: who leads or shares it, and who led them then."""
        self.assertTrue(self.deal.with_user(self.ann).has_access("read"))
        for user in self.bo, self.cho, self.seller, self.manager:
            self.assertFalse(self.deal.with_user(user).has_access("read"))
            with self.assertRaises(AccessError):
                self.deal.with_user(user).read(["net_profit"])

    def test_booked_is_ones_own(self):
        """commission I10: of a shared contract each one sees what was booked for him,
        an officer all of it."""
        order = self._sign(
            self.ann, self._create_customer("Z"), 50_000, day=date(2026, 3, 9)
        )
        deal = self._split(order, {self.ann: 60, self.bo: 40})
        self._pay(self._bill(order, date(2026, 3, 9)), date(2026, 3, 9))
        self._settle(date(2026, 1, 1))
        booked = {
            user: deal.with_user(user).paid_amount
            for user in (self.ann, self.bo, self.officer)
        }
        self.assertEqual(
            booked, {self.ann: 900, self.bo: 600, self.officer: 1_500}, deal.rate
        )

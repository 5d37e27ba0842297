from datetime import date

from psycopg2.errors import CheckViolation, ExclusionViolation

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .commission_case import CommissionCase


@tagged("post_install", "-at_install")
class TestCommissionAssignment(CommissionCase):
    """key.account.commission.assignment"""

    def test_one_plan_at_a_time(self):
        """R118: a salesperson is paid by one plan at a time."""
        for error, attempt in (
            (ExclusionViolation, lambda: self._assign(self.ann, since="2026-05-01")),
            (
                CheckViolation,
                lambda: self._assign(self.cho, role="leader", team_id=False),
            ),
            (CheckViolation, lambda: self._assign(self.cho, date_to="2025-01-01")),
        ):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(error),
                self.cr.savepoint(),
            ):
                attempt()

    def test_closed_months_keep_it(self):
        """commission I5: what closed months were paid by stays; its end may be set
        after them, and another one begins then."""
        self._earn(self.ann, self._create_customer("X"), 50_000)
        self._close(date(2026, 3, 1))
        row = self.env["key.account.commission.assignment"].search(
            [("user_id", "=", self.ann.id)]
        )
        other = self._create_plan(slabs=[(0, 10, 10, 0)])
        for vals in (
            {"plan_id": other.id},
            {"date_from": date(2026, 2, 1)},
            {"date_to": date(2026, 3, 15)},
            {"user_id": self.bo.id},
        ):
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "closed"):
                row.write(vals)
        with self.assertRaisesRegex(UserError, "closed"):
            row.unlink()
        row.date_to = date(2026, 3, 31)
        self.env.flush_all()
        self._assign(self.ann, plan=other, since=date(2026, 4, 1))
        order = self._earn(
            self.ann, self._create_customer("Y"), 50_000, day=date(2026, 4, 1)
        )
        self._compute()
        self.assertEqual(self._deal(order).rate, 10)

    def test_plan_changes_within_a_month(self):
        """commission P10: each day, and each month, has one plan: that of the last day
        of the month."""
        self.env["key.account.commission.assignment"].search(
            [("user_id", "=", self.ann.id)]
        ).date_to = date(2026, 3, 14)
        self.env.flush_all()
        other = self._create_plan(slabs=[(0, 10, 10, 0)])
        self._assign(self.ann, plan=other, since=date(2026, 3, 15))
        orders = [
            self._earn(
                self.ann, self._create_customer(f"C{n}"), 10_000, day=date(2026, 3, day)
            )
            for n, day in enumerate((1, 14, 15, 31))
        ]
        self._compute()
        self.assertEqual([self._deal(order).rate for order in orders], [10] * 4)

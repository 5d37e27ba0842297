from datetime import date

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...tools.commission import pick_slab
from .commission_case import CommissionCase


@tagged("post_install", "-at_install")
class TestCommissionSlab(CommissionCase):
    """key.account.commission.slab"""

    def test_bounds(self):
        """commission P2, I6: a bound belongs to the slab above it, whatever the cents;
        between two slabs lies nothing."""
        ladder = self.plan.version_ids._as_ladder()
        for measure, lower in (
            ("0", 0),
            ("10000.50", 0),
            ("99999.99", 0),
            ("100000.00", 100_000),
            ("100000.01", 100_000),
            ("299999.99", 100_000),
            ("300000", 300_000),
            ("-5", 0),
        ):
            with self.subTest(measure=measure):
                self.assertEqual(
                    pick_slab(ladder, type(ladder[0].lower)(measure)).lower, lower
                )

    def test_same_money_same_slab(self):
        """commission P1: one line or two, one order or two: the month decides."""
        customer = self._create_customer("Orient Motors")
        day = date(2026, 3, 10)
        one = self._sign(self.ann, customer, 120_000, day=day)
        two = [
            self._sign(self.bo, self._create_customer(f"C{n}"), 60_000, day=day)
            for n in (1, 2)
        ]
        for order in (one, *two):
            self._pay(self._bill(order, day), day)
        run = self._compute()
        self.assert_statement(run, self.ann, gross=4_800)
        self.assert_statement(run, self.bo, gross=4_800)

    def test_constraints(self):
        """R118: no two slabs from the same amount, no percentage above a hundred."""
        draft = self._create_version(self.plan, approve=False, date_from="2027-01-01")
        Slab = self.env["key.account.commission.slab"]
        for vals, error in (
            ({"lower": 100_000}, UniqueViolation),
            ({"lower": 5, "rate_new": 101}, CheckViolation),
            ({"lower": 5, "retention_pct": -1}, CheckViolation),
            ({"lower": -5}, CheckViolation),
        ):
            with (
                self.subTest(vals=vals),
                mute_logger("odoo.sql_db"),
                self.assertRaises(error),
                self.cr.savepoint(),
            ):
                Slab.create({"version_id": draft.id, **vals})

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .commission_case import CommissionCase

APRIL = date(2026, 4, 9)
THIRD = date(2026, 7, 1)


@tagged("post_install", "-at_install")
class TestRetention(CommissionCase):
    """The risk fund: kept by the slab, dated, and always given back (R120)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer("Orient Motors")

    def test_release_on_the_due_day(self):
        """R120, I2: what is due on the last day of a period comes back in it."""
        dee = self._hire("dee", service_start=date(2025, 9, 30))
        self._earn(dee, self.customer, 120_000, day=APRIL)
        second = self._settle()
        row = second.entry_ids.filtered(lambda entry: entry.kind == "retain")
        self.assertEqual((row.amount, row.release_on), (-480, date(2026, 9, 30)))
        third = self._settle(THIRD)
        self.assertEqual(self.ledger(third), {"release": 480})
        self.assert_statement(third, dee, released=480, net=480, held_amount=0)

    def test_a_day_later_is_the_next_period(self):
        """R120: due a day after the period, it stays for another one."""
        dee = self._hire("dee", service_start=date(2025, 10, 1))
        self._earn(dee, self.customer, 120_000, day=APRIL)
        second = self._settle()
        self.assert_statement(second, dee, held_amount=480)
        self.assertFalse(self._settle(THIRD).entry_ids)

    def test_long_enough_here(self):
        """R120: who has been here as long as that is kept nothing from any more."""
        dee = self._hire("dee", service_start=date(2025, 6, 30))
        self._earn(dee, self.customer, 120_000, day=APRIL)
        self.assertEqual(self.ledger(self._settle()), {"earn": 4_800})

    def test_clock_of_the_payout(self):
        """R120: counted from the period in which it was kept."""
        plan = self._create_plan(retention_clock="payout", retention_months=3)
        dee = self._hire("dee", plan=plan, service_start=date(2020, 1, 1))
        self._earn(dee, self.customer, 120_000, day=APRIL)
        second = self._settle()
        row = second.entry_ids.filtered(lambda entry: entry.kind == "retain")
        self.assertEqual(row.release_on, date(2026, 9, 30))
        self.assertEqual(self.ledger(self._settle(THIRD)), {"release": 480})

    def test_refund_after_the_release(self):
        """commission I2, I7: once the fund is paid out, a refund takes back from the
        pay; the fund does not become negative."""
        dee = self._hire("dee", service_start=date(2025, 7, 15))
        order = self._earn(dee, self.customer, 120_000, day=date(2026, 1, 9))
        deal = self._deal(order)
        self._settle(date(2026, 1, 1))
        third = self._settle(THIRD)
        self.assertEqual(self.ledger(third), {"release": 480})
        self._credit(order.invoice_ids, 30_000, date(2026, 10, 5))
        self.patch_today("2027-01-20 02:00:00")
        fourth = self._settle(date(2026, 10, 1))
        self.assertEqual(self.ledger(fourth), {"clawback": -1_200})
        self.assert_statement(fourth, dee, net=-1_200, payable=0, held_amount=0)
        self.assertEqual(
            self.ledger(deal),
            {"earn": 4_800, "retain": -480, "release": 480, "clawback": -1_200},
        )

    def patch_today(self, moment):
        clock = freeze_time(moment)
        clock.start()
        self.addCleanup(clock.stop)

    def test_refund_and_release_in_one_period(self):
        """commission I2: a refund first lessens what is kept, and the rest is
        released; together never more than was kept."""
        dee = self._hire("dee", service_start=date(2025, 7, 15))
        order = self._earn(dee, self.customer, 120_000, day=date(2026, 1, 9))
        self._settle(date(2026, 1, 1))
        self._credit(order.invoice_ids, 30_000, date(2026, 7, 5))
        third = self._settle(THIRD)
        self.assertEqual(
            self.ledger(third), {"clawback": -1_200, "retain": 120, "release": 360}
        )

    def test_leaver(self):
        """R120: who leaves is given back all that is kept, and keeps what is still to
        come of his contracts; nothing of that is kept any more."""
        self._earn(self.ann, self.customer, 120_000, day=APRIL)
        open_order = self._sign(self.ann, self.customer, 50_000, day=date(2026, 5, 4))
        second = self._settle()
        self.assert_statement(second, self.ann, retained=480)
        wizard = (
            self.env["key.account.commission.leave"]
            .with_user(self.officer)
            .create(
                {
                    "company_id": self.company.id,
                    "user_id": self.ann.id,
                    "left_on": date(2026, 8, 15),
                    "note": "Resignation",
                }
            )
        )
        self.assertEqual((wizard.held_amount, wizard.open_deal_count), (480, 1))
        wizard.action_leave()
        rows = self.env["key.account.commission.assignment"].search(
            [("user_id", "=", self.ann.id)]
        )
        self.assertEqual(rows.mapped("date_to"), [date(2026, 8, 15)])
        self.assertTrue(rows.activity_ids)
        self._pay(self._bill(open_order, date(2026, 8, 3)), date(2026, 8, 3))
        third = self._settle(THIRD)
        self.assertEqual(self.ledger(third), {"earn": 1_500, "release": 480})
        self.assert_statement(third, self.ann, net=1_980, held_amount=0)

    def test_who_came_back(self):
        """R120: who left and came back is kept from again."""
        self.env["key.account.commission.leave"].with_user(self.officer).create(
            {
                "company_id": self.company.id,
                "user_id": self.ann.id,
                "left_on": date(2026, 2, 15),
            }
        ).action_leave()
        self.env.flush_all()
        self._assign(self.ann, since=date(2026, 4, 1))
        self._earn(self.ann, self.customer, 120_000, day=APRIL)
        self.assertEqual(self.ledger(self._settle()), {"earn": 4_800, "retain": -480})

    def test_nobody_lets_himself_go(self):
        """R120: an officer does it, for somebody else."""
        self._assign(self.officer)
        Leave = self.env["key.account.commission.leave"].with_user(self.officer)
        wizard = Leave.create(
            {"company_id": self.company.id, "user_id": self.officer.id}
        )
        with self.assertRaisesRegex(UserError, "for somebody else"):
            wizard.action_leave()

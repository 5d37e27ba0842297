from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests import tagged

from .commission_case import CommissionCase

AMOUNTS = {
    "earn": lambda f: Decimal(f["target"]) - Decimal(f["booked"]),
    "bonus": lambda f: Decimal(f["target"]) - Decimal(f["booked"]),
    "retain": lambda f: Decimal(f["kept"]) - Decimal(f["target"]),
    "release": lambda f: Decimal(f["held"]),
}


@tagged("post_install", "-at_install")
class TestCommissionEntry(CommissionCase):
    """key.account.commission.entry"""

    def earn(self):
        order = self._earn(self.ann, self._create_customer("X"), 120_000)
        self._split(order, {self.ann: 66.6, self.bo: 33.4})
        self._lead(self.cho, 2)
        run = self._settle()
        self._credit(order.invoice_ids, 30_000, "2026-07-05")
        return run, self._settle("2026-07-01")

    def test_nobody_changes_the_ledger(self):
        """commission I4, P12: rows of an approved run are neither written nor deleted
        nor made, by an officer, a manager or the superuser, nor through the run."""
        run, _third = self.earn()
        entry = run.entry_ids[0]
        run.with_user(self.officer).action_mark_paid()
        for user in self.officer, self.manager, self.ann, self.env.user:
            mine = entry.with_user(user).sudo(user == self.env.user)
            for attempt in (
                lambda mine=mine: mine.write({"amount": 99_999}),
                lambda mine=mine: mine.write({"explain": {}}),
                lambda mine=mine: mine.unlink(),
                lambda mine=mine: mine.copy({"source_key": "again"}),
            ):
                with self.assertRaises(UserError):
                    attempt()
        with self.assertRaises(UserError):
            run.write({"entry_ids": [(2, entry.id)]})
        with self.assertRaises(UserError):
            run.write({"state": "draft"})
        with self.assertRaises(UserError):
            run.write({"net": 1})
        with self.assertRaises(UserError):
            run.unlink()

    def test_rows_recompute_from_their_figures(self):
        """commission I12: the figures of every row come to its amount, and its words
        name them."""
        for run in self.earn():
            self.assertTrue(run.entry_ids)
            for row in run.entry_ids:
                with self.subTest(kind=row.kind, user=row.user_id.login):
                    amount = AMOUNTS[row.explain["how"]](row.explain)
                    self.assertEqual(Decimal(f"{row.amount:.2f}"), amount)
                    self.assertTrue(row.explain_text)

    def test_share_of_the_pool_recomputes(self):
        """commission I12: profit, rate and share of a row come to what it is part of,
        within the cent that is rounded."""
        for run in self.earn():
            for row in run.entry_ids.filtered("split_id"):
                figures = row.explain
                if figures["how"] != "earn":
                    continue
                pool = Decimal(figures["net_profit"]) * Decimal(figures["rate"]) / 100
                self.assertEqual(
                    Decimal(figures["pool"]), pool.quantize(Decimal("0.01"))
                )
                part = pool * Decimal(figures["share"]) / 100
                self.assertLess(abs(part - Decimal(figures["target"])), Decimal("0.01"))

    def test_amounts_are_exact(self):
        """commission P15: every amount and percentage is a numeric column."""
        self.env.cr.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
            " WHERE table_name LIKE 'key_account_commission%%'"
            " AND data_type IN ('double precision', 'real', 'money')"
        )
        self.assertEqual(self.env.cr.fetchall(), [])

    def test_a_correction_names_what_it_corrects(self):
        """commission I4: a row that takes back says which one."""
        run, third = self.earn()
        back = third.entry_ids.filtered(lambda row: row.kind == "clawback")
        for row in back:
            self.assertEqual(row.reverses_id.run_id, run)
            self.assertEqual(row.reverses_id.user_id, row.user_id)
        self.assertEqual(len(back), 2)

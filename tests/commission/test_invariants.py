from datetime import date

from odoo.tests import tagged

from .commission_case import CommissionCase

ROWS = (
    "SELECT id, kind, amount, user_id, deal_id, split_id, source_key"
    "  FROM key_account_commission_entry WHERE run_id = %s ORDER BY id"
)


@tagged("post_install", "-at_install")
class TestCommissionInvariants(CommissionCase):
    """The invariants of the ledger through real orders, invoices and payments."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer("Orient Motors")
        cls._lead(cls.cho, 2)
        cls.orders = []
        for number in range(4):
            day = date(2026, 3, 3 + number)
            order = cls._sign(cls.ann, cls.customer, 33_333.33 * (number + 1), day=day)
            cls._split(order, {cls.ann: 66.666667, cls.bo: 33.333333})
            cls._pay(cls._bill(order, date(2026, 5, 5)), date(2026, 5, 5))
            cls._spend(order, 1_111.11 * number, date(2026, 5, 5))
            cls.orders.append(order)
        cls.deals = cls.env["key.account.commission.deal"].union(
            *map(cls._deal, cls.orders)
        )

    def rows(self, run):
        self.env.cr.execute(ROWS, [run.id])
        return self.env.cr.fetchall()

    def test_shares_sum_to_the_pool(self):
        """commission I1: of every contract, what all have earned is its pool."""
        self._compute()
        for deal in self.deals:
            earned = sum(
                deal.entry_ids.filtered("split_id")
                .filtered(lambda r: r.kind == "earn")
                .mapped("amount")
            )
            self.assertAlmostEqual(earned, deal.pool_amount, 2)
            pool = round(deal.net_profit * deal.rate / 100 + 1e-9, 2)
            self.assertAlmostEqual(deal.pool_amount, pool, 2)

    def test_computed_again(self):
        """commission I3, P11: computed again without news, not a row is written: their
        numbers stay; with news, only what belongs to this run is replaced."""
        run = self._compute()
        before = self.rows(run)
        run.with_user(self.second_officer).action_compute()
        self.assertEqual(self.rows(run), before)
        run._authorized().write({"books_hash": False})
        run.with_user(self.officer).action_compute()
        self.assertEqual(self.rows(run), before)
        self._spend(self.orders[0], 100, date(2026, 5, 6))
        run.with_user(self.officer).action_compute()
        after = self.rows(run)
        self.assertEqual(len(after), len(before))
        self.assertFalse({row[0] for row in after} & {row[0] for row in before})
        self.assertEqual({row[6] for row in after}, {row[6] for row in before})

    def test_differences_sum_to_a_fresh_computation(self):
        """commission I7: refunds and late costs over several periods, and in the end
        each share has what its contract comes to."""
        self._settle(date(2026, 4, 1))
        self._credit(self.orders[0].invoice_ids, 10_000, date(2026, 7, 2))
        self._spend(self.orders[1], 5_000.55, date(2026, 7, 3))
        self._spend(self.orders[2], -300, date(2026, 8, 3))
        self._settle(date(2026, 7, 1))
        for deal in self.deals:
            booked = self.ledger(deal)
            earned = sum(booked.get(k, 0) for k in ("earn", "adjust", "clawback"))
            self.assertAlmostEqual(
                earned, round(deal.net_profit * deal.rate / 100, 2), 1
            )
            self.assertAlmostEqual(earned, deal.pool_amount, 2)
            for split in deal.split_ids:
                own = deal.entry_ids.filtered(lambda row, s=split: row.split_id == s)
                part = sum(
                    own.filtered(
                        lambda r: r.kind in ("earn", "adjust", "clawback")
                    ).mapped("amount")
                )
                self.assertLess(abs(part - deal.pool_amount * split.share / 100), 0.01)
                kept = -sum(own.filtered(lambda r: r.kind == "retain").mapped("amount"))
                self.assertAlmostEqual(
                    kept, round(part * split.retention_pct / 100, 2), 1
                )

    def test_two_companies(self):
        """commission I9: a run of one company books nothing of another one's."""
        run = self._compute()
        other = self._create_company("Far Events")
        self.env.user.company_ids |= other
        far = self.env["key.account.commission.run"].create(
            {"company_id": other.id, "date_from": date(2026, 4, 1)}
        )
        far.action_compute()
        self.assertFalse(far.entry_ids | far.left_out_ids.deal_id.entry_ids)
        self.assertEqual(run.entry_ids.company_id, self.company)
        self.assertEqual(run.entry_ids.deal_id.company_id, self.company)

    def test_held_is_recomputable(self):
        """commission I2: what is held is the sum of the rows, at any date."""
        run = self._settle()
        for user in self.ann, self.bo:
            statement = self._statement(run, user)
            rows = statement.entry_ids.filtered(lambda r: r.kind == "retain")
            self.assertAlmostEqual(
                statement.held_amount, -sum(rows.mapped("amount")), 2
            )
            self.assertAlmostEqual(
                statement.gross - statement.retained, statement.net, 2
            )

    def test_an_earlier_period_after_a_later_one(self):
        """commission I4: once a period is approved, no earlier one is computed; what
        belongs there is booked in the next one."""
        self._settle()
        run = self._create_run(date(2026, 1, 1))
        with self.assertRaisesRegex(Exception, "booked in the next one"):
            run.with_user(self.officer).action_compute()

    def test_periods_hold_every_day_once(self):
        """commission P10: each day of a year lies in exactly one quarter and month."""
        for period, months in (("quarter", 3), ("month", 1)):
            runs = self.env["key.account.commission.run"].create(
                [
                    {
                        "company_id": self.company.id,
                        "period": period,
                        "date_from": date(2024, month, 15),
                    }
                    for month in range(1, 13, months)
                ]
            )
            days = [
                (run.date_to - run.date_from).days + 1
                for run in runs.sorted("date_from")
            ]
            self.assertEqual(sum(days), 366)
            for one, two in zip(runs, runs[1:], strict=False):
                self.assertEqual((two.date_from - one.date_to).days, 1)

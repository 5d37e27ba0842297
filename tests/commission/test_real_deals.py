"""Deals of a public data set, booked as orders, invoices and payments."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path

from odoo.tests import tagged

from ...dev import benchmark_opportunities_plain as plain
from .commission_case import SELL, CommissionCase

DATA = Path(__file__).parents[1] / "data"
FIRST, NEXT = date(2017, 4, 1), date(2017, 7, 1)
PLAN = plain.Plan([(0, 3, 2, 5), (5_000, 4, 2.5, 10), (10_000, 5, 3, 10)], 2)
# what is kept of him is due within the third quarter
SINCE = date(2016, 9, 15)


@tagged("post_install", "-at_install")
class TestRealDeals(CommissionCase):
    """A quarter of real deals: what the file says is what is booked (R118 to R123)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deals = plain.won_deals(plain.read(DATA / "opportunities_extract.csv"))
        cls.manager_of = {
            row["sales_agent"]: row["manager"]
            for row in plain.read(DATA / "sales_teams_extract.csv")
        }
        names = sorted({*cls.manager_of, *cls.manager_of.values()})
        users = cls._create_users(dict.fromkeys(names, SELL))
        cls.users = dict(zip(names, users, strict=True))
        paid_by = cls._create_plan(
            slabs=PLAN.slabs, date_from=date(2017, 1, 1), team_bonus_pct=PLAN.bonus
        )
        since = date(2017, 1, 1)
        for manager in sorted({*cls.manager_of.values()}):
            team = cls.env["crm.team"].create(
                {"name": manager, "company_id": cls.company.id}
            )
            sellers = [s for s, m in cls.manager_of.items() if m == manager]
            people = [cls.users[seller] for seller in sellers]
            cls._assign(
                *people,
                plan=paid_by,
                since=since,
                service_start=SINCE,
                team_id=team.id,
            )
            cls._assign(
                cls.users[manager],
                plan=paid_by,
                since=since,
                team_id=team.id,
                role="leader",
            )
        customers = {
            name: cls._create_customer(name)
            for name in sorted({deal.customer for deal in cls.deals})
        }
        for deal in cls.deals:
            day = deal.day
            order = cls._sign(
                cls.users[deal.seller],
                customers[deal.customer],
                float(deal.value),
                day=day,
                client_order_ref=deal.number,
            )
            cls._pay(cls._bill(order, day), day)
        cls.run_ = cls._compute(FIRST)

    def test_every_deal_is_a_contract(self):
        """R118: what was won is a contract, what was lost is none."""
        self.assertEqual(len(self.run_.entry_ids.deal_id), len(self.deals))
        self.assertFalse(self.run_.left_out_ids)
        self.assertGreater(len(self.deals), 30)

    def test_turnover_of_managers(self):
        """R118, R123: the turnover of the people of each manager is the sum of the
        file, and so is each month of each seller."""
        rows = self.env["key.account.commission.turnover"].search(
            [("company_id", "=", self.company.id)]
        )
        found = {(row.user_id, row.month): Decimal(str(row.amount)) for row in rows}
        by_month = {
            (self.users[seller], month): amount
            for (seller, month), amount in plain.turnover_of_sellers(self.deals).items()
        }
        by_manager = plain.turnover_of_leaders(self.deals, self.manager_of)
        self.assertEqual(found, by_month)
        for (name, _quarter), total in by_manager.items():
            manager = self.users[name]
            led = rows.filtered(lambda row, m=manager: row.leader_ids == m)
            self.assertEqual(Decimal(str(sum(led.mapped("amount")))), total)
        self.assertGreater(len({row.slab_id for row in rows}), 2)

    def test_statements(self):
        """R118 to R123: the statement of each seller and manager, recomputed from the
        file, agrees to the cent."""
        expected = self.statements_of((2017, 2))
        self.assert_statements(self.run_, expected)
        self.assertGreater(sum(sums.retained for sums in expected.values()), 0)
        self.assertEqual(
            {statement.user_id for statement in self.run_.statement_ids},
            {*self.users.values()},
        )

    def test_what_was_kept_comes_back(self):
        """R120: in the next quarter all comes back that was kept in this one."""
        self._approve(self.run_)
        expected = self.statements_of((2017, 3))
        run = self._compute(NEXT)
        self.assert_statements(run, expected)
        self.assertGreater(sum(sums.released for sums in expected.values()), 0)
        self.assertEqual(
            {statement.user_id for statement in run.statement_ids},
            {self.users[name] for name in expected},
        )

    def statements_of(self, quarter):
        """``{person: Sums}`` of a quarter, from the file alone."""
        since = dict.fromkeys(self.manager_of, SINCE)
        every = plain.statements(
            self.deals, self.manager_of, since, PLAN, [(2017, 2), (2017, 3)]
        )
        return {name: sums for (name, when), sums in every.items() if when == quarter}

    def assert_statements(self, run, expected):
        for name, sums in expected.items():
            with self.subTest(person=name):
                self.assert_statement(run, self.users[name], **asdict(sums))

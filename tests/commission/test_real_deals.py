"""Deals of a public data set, booked as orders, invoices and payments."""

import csv
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from odoo.tests import tagged

from .commission_case import SELL, CommissionCase

DATA = Path(__file__).parents[1] / "data"
FIRST = date(2017, 4, 1)
LADDER = [(0, 3, 2, 5), (5_000, 4, 2.5, 10), (10_000, 5, 3, 10)]
BONUS = 2


def read(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cents(value):
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def expected(deals, manager_of):
    """``{person: (gross, kept)}``, computed from the file with nothing but Decimals."""
    total, seen = defaultdict(Decimal), {}
    for deal in deals:
        total[deal["sales_agent"], deal["close_date"][:7]] += Decimal(
            deal["close_value"]
        )
    gross, kept = defaultdict(Decimal), defaultdict(Decimal)
    for deal in deals:
        seller, value = deal["sales_agent"], Decimal(deal["close_value"])
        month = total[seller, deal["close_date"][:7]]
        slab = [slab for slab in LADDER if slab[0] <= month][-1]
        # who deals with a customer first has found him
        first = seen.setdefault(
            (deal["account"], seller),
            not any(account == deal["account"] for account, _seller in seen),
        )
        pay = cents(value * Decimal(str(slab[1 if first else 2])) / 100)
        gross[seller] += pay
        kept[seller] += cents(pay * slab[3] / 100)
        gross[manager_of[seller]] += cents(value * BONUS / 100)
    return {person: (gross[person], kept[person]) for person in gross}


@tagged("post_install", "-at_install")
class TestRealDeals(CommissionCase):
    """A quarter of real deals: what the file says is what is booked (R118 to R123)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        rows = read("opportunities_extract.csv")
        won = [row for row in rows if row["deal_stage"] == "Won"]
        cls.deals = sorted(won, key=lambda r: (r["close_date"], r["opportunity_id"]))
        cls.manager_of = {
            row["sales_agent"]: row["manager"]
            for row in read("sales_teams_extract.csv")
        }
        names = sorted({*cls.manager_of, *cls.manager_of.values()})
        users = cls._create_users(dict.fromkeys(names, SELL))
        cls.users = dict(zip(names, users, strict=True))
        plan = cls._create_plan(
            slabs=LADDER, date_from=date(2017, 1, 1), team_bonus_pct=BONUS
        )
        since = date(2017, 1, 1)
        for manager in sorted({*cls.manager_of.values()}):
            team = cls.env["crm.team"].create(
                {"name": manager, "company_id": cls.company.id}
            )
            sellers = [s for s, m in cls.manager_of.items() if m == manager]
            people = [cls.users[seller] for seller in sellers]
            cls._assign(*people, plan=plan, since=since, team_id=team.id)
            cls._assign(
                cls.users[manager],
                plan=plan,
                since=since,
                team_id=team.id,
                role="leader",
            )
        customers = {
            name: cls._create_customer(name)
            for name in sorted({deal["account"] for deal in cls.deals})
        }
        for deal in cls.deals:
            day = date.fromisoformat(deal["close_date"])
            order = cls._sign(
                cls.users[deal["sales_agent"]],
                customers[deal["account"]],
                float(deal["close_value"]),
                day=day,
                client_order_ref=deal["opportunity_id"],
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
        by_manager, by_month = defaultdict(Decimal), defaultdict(Decimal)
        for deal in self.deals:
            value, seller = Decimal(deal["close_value"]), deal["sales_agent"]
            by_manager[self.users[self.manager_of[seller]]] += value
            by_month[self.users[seller], deal["close_date"][:7]] += value
        found = {
            (row.user_id, str(row.month)[:7]): Decimal(str(row.amount)) for row in rows
        }
        self.assertEqual(found, dict(by_month))
        for manager, total in by_manager.items():
            led = rows.filtered(lambda row, m=manager: row.leader_ids == m)
            self.assertEqual(Decimal(str(sum(led.mapped("amount")))), total)
        self.assertGreater(len({row.slab_id for row in rows}), 2)

    def test_statements(self):
        """R118 to R123: the statement of each seller and manager, recomputed from the
        file, agrees to the cent."""
        for name, (gross, kept) in expected(self.deals, self.manager_of).items():
            with self.subTest(person=name):
                self.assert_statement(
                    self.run_,
                    self.users[name],
                    gross=gross,
                    retained=kept,
                    net=gross - kept,
                )
        self.assertEqual(
            {statement.user_id for statement in self.run_.statement_ids},
            {*self.users.values()},
        )

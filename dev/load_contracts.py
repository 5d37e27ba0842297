"""Contracts by the thousand for the benchmark of commissions: a few real ones, signed,
invoiced, paid and with costs, and copies of all their rows."""

from datetime import date

from odoo.fields import Command
from odoo.tools import SQL

from .benchmark_books import noise
from .load_orders import OrderBooks

FIRST = date(2026, 4, 1)
PAID = date(2026, 6, 20)
SLABS = [(0, 3, 2, 5), (1_000_000, 4, 2.5, 10), (3_000_000, 5, 3, 10)]
# The shares of each real contract, and whether it is paid.
SEEDS = [((100,), True), ((60, 40), True), ((50, 30, 20), True), ((100,), False)]


class Contracts(OrderBooks):
    """A company that sells, and what its contracts are made of."""

    def __init__(self, env, people):
        super().__init__(env)
        self.analytic_plan = env["account.analytic.plan"].create({"name": "Orders"})
        self.people = self.make_users([f"Seller {n}" for n in range(people)])
        self._make_plan()
        self.customers = env["res.partner"].create(
            [{"name": f"Customer {n}", "is_company": True} for n in range(200)]
        )
        self._make_origins()

    # --- Who sells what ---

    def _make_plan(self):
        names = ("lower", "rate_new", "rate_existing", "retention_pct")
        plan = self.env["key.account.commission.plan"].create({"name": "Bench"})
        version = self.env["key.account.commission.plan.version"].create(
            {
                "plan_id": plan.id,
                "date_from": date(2026, 1, 1),
                "team_bonus_pct": 1,
                "slab_ids": [
                    Command.create(dict(zip(names, slab, strict=True)))
                    for slab in SLABS
                ],
            }
        )
        version.action_approve()
        self.version = version
        teams = self.env["crm.team"].create([{"name": f"T{n}"} for n in range(5)])
        common = {"plan_id": plan.id, "date_from": "2026-01-01"}
        self.env["key.account.commission.assignment"].create(
            [
                {**common, "user_id": user.id, "team_id": teams[number % 5].id}
                for number, user in enumerate(self.people)
            ]
            + [
                {
                    **common,
                    "user_id": self.people[number].id,
                    "team_id": teams[number].id,
                    "role": "leader",
                }
                for number in range(5)
            ]
        )

    def _make_origins(self):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO key_account_origin (
                       partner_id, user_id, company_id, kind, origin_class,
                       first_contact_on)
                SELECT customer, person, %(company)s,
                       CASE WHEN mod(customer + person, 3) = 0
                            THEN 'transferred' ELSE 'self_found' END,
                       CASE WHEN mod(customer + person, 3) = 0
                            THEN 'existing' ELSE 'new' END, '2026-01-01'
                  FROM unnest(%(customers)s) customer, unnest(%(people)s) person
                """,
                company=self.company.id,
                customers=self.customers.ids,
                people=self.people.ids,
            )
        )

    # --- Contracts ---

    def make(self, count):
        """``count`` contracts, as many of each kind."""
        seeds = [self._make_one(*seed) for seed in SEEDS]
        self.env.flush_all()
        orders = self.env["sale.order"].union(*seeds)
        self._clone(orders, count // len(SEEDS) - 1)
        self.env.invalidate_all()

    def _make_one(self, shares, is_paid):
        env = self.env
        account = env["account.analytic.account"].create(
            {"name": "Order", "plan_id": self.analytic_plan.id}
        )
        line = {
            "price_unit": 20_000,
            "analytic_distribution": {str(account.id): 100},
        }
        order = self.sign(self.customers[0], self.people[0], FIRST, [line, line])
        deal = order.key_account_deal_ids
        people = {self.people[n].id: share for n, share in enumerate(shares)}
        deal._set_shares(people)
        deal.split_ids._authorized().write({"accepted_on": FIRST})
        self.bill(order, PAID, is_paid)
        env["account.analytic.line"].create(
            [
                {
                    "name": "Costs",
                    self.analytic_plan._column_name(): account.id,
                    "amount": -amount,
                    "date": PAID,
                }
                for amount in (8_000, 3_000)
            ]
        )
        return order

    def _clone(self, orders, times):
        """``times`` copies of all rows of ``orders``."""
        env, deals = self.env, orders.key_account_deal_ids
        accounts = deals.analytic_account_id
        column = self.analytic_plan._column_name()
        costs = env["account.analytic.line"].search([(column, "in", accounts.ids)])
        groups = [
            accounts,
            *self.documents_of(orders),
            costs,
            deals,
            deals.split_ids,
        ]
        links = {
            "account_analytic_line": {
                column: "account_analytic_account",
                "move_line_id": "account_move_line",
            },
            "key_account_commission_deal": {
                "order_id": "sale_order",
                "analytic_account_id": "account_analytic_account",
            },
            "key_account_commission_split": {"deal_id": "key_account_commission_deal"},
        }
        people, customers = self.people.ids, self.customers.ids
        customer = SQL("(%s::int[])[1 + mod(n * 11, %s)]", customers, len(customers))
        day = SQL("%s::date + mod(n, 91)", FIRST)
        special = {
            "sale_order": {"name": SQL("row.name || '/' || n")},
            "account_move": {"name": SQL("row.name || '/' || n")},
            "account_analytic_line": {
                "amount": SQL(
                    "CASE WHEN row.amount < 0"
                    " THEN round((row.amount * (0.6 + %s))::numeric, 2)"
                    " ELSE row.amount END",
                    noise("n", 1),
                )
            },
            "key_account_commission_deal": {
                "name": SQL("row.name || '/' || n"),
                "user_id": SQL("(%s::int[])[1 + mod(n, %s)]", people, len(people)),
                "partner_id": customer,
                "signed_on": day,
                "turnover_month": SQL("date_trunc('month', %s)::date", day),
                "origin_class": SQL(
                    "CASE WHEN mod(n, 3) = 0 THEN 'existing' ELSE 'new' END"
                ),
            },
            "key_account_commission_split": {
                "user_id": SQL(
                    "(%s::int[])[1 + mod(n + %s, %s)]",
                    people,
                    SQL("array_position(%s::int[], row.user_id) - 1", people),
                    len(people),
                )
            },
        }
        source = SQL("generate_series(1, %s) AS n", times)
        self.copy(groups, times, source, special, links)

"""Settles the deals of a sales pipeline, and compares what comes out with the file.

Each deal that was won is an order, signed on its day for its value, with a posted
invoice that is paid in full on the same day. The contracts are made of the orders by
the addon, which says who found a customer. Then every quarter is computed and approved
in its turn.
"""

from collections import defaultdict
from dataclasses import asdict
from datetime import date
from decimal import Decimal

from odoo import SUPERUSER_ID
from odoo.api import Environment
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tools import SQL

from . import benchmark_opportunities_plain as plain
from .benchmark_report import Report, measured, peak_megabytes
from .load_orders import OrderBooks

OFFICER = ("key_account.group_commission_officer",)
# From 0, from 100,000 and from 300,000: new, existing, kept, as in the tests.
PLAN = plain.Plan([(0, 3, 2, 5), (100_000, 4, 2.5, 10), (300_000, 5, 3, 10)], 2)
MEMORY = 1024
SHOWN = 20


class Pipeline(OrderBooks):
    """The deals as orders of a company with its sellers, their leaders and a plan."""

    def __init__(self, env, deals, leader_of, since):
        super().__init__(env)
        self.deals = deals
        names = sorted({*leader_of, *leader_of.values()})
        self.users = dict(zip(names, self.make_users(names), strict=True))
        self.officers = self.make_users(["Officer", "Second Officer"], OFFICER)
        names = sorted({deal.customer for deal in deals})
        customers = env["res.partner"].create(
            [{"name": name, "is_company": True} for name in names]
        )
        self.customers = dict(zip(names, customers, strict=True))
        self._assign(self._make_plan(), leader_of, since)

    # --- Who is paid by what ---

    def _make_plan(self):
        names = ("lower", "rate_new", "rate_existing", "retention_pct")
        plan = self.env["key.account.commission.plan"].create({"name": "Pipeline"})
        self.env["key.account.commission.plan.version"].create(
            {
                "plan_id": plan.id,
                "date_from": min(deal.day for deal in self.deals).replace(day=1),
                "team_bonus_pct": PLAN.bonus,
                "slab_ids": [
                    Command.create(dict(zip(names, slab, strict=True)))
                    for slab in PLAN.slabs
                ],
            }
        ).action_approve()
        return plan

    def _assign(self, plan, leader_of, since):
        leaders = sorted({*leader_of.values()})
        teams = self.env["crm.team"].create([{"name": name} for name in leaders])
        team_of = dict(zip(leaders, teams, strict=True))
        common = {"plan_id": plan.id, "date_from": min(since.values())}
        self.env["key.account.commission.assignment"].create(
            [
                {
                    **common,
                    "user_id": self.users[seller].id,
                    "team_id": team_of[leader].id,
                    "service_start": since.get(seller),
                }
                for seller, leader in leader_of.items()
            ]
            + [
                {
                    **common,
                    "user_id": self.users[leader].id,
                    "team_id": team_of[leader].id,
                    "role": "leader",
                }
                for leader in leaders
            ]
        )

    # --- Orders ---

    def book(self):
        """An order, an invoice and a payment of every deal: of the first one by Odoo,
        of the others as copies in which number, value, day and people differ."""
        first, *others = self.deals
        customer, user = self.customers[first.customer], self.users[first.seller]
        order = self.sign(
            customer, user, first.day, [{"price_unit": float(first.value)}]
        )
        order.client_order_ref = first.number
        self.bill(order, first.day)
        self.env.flush_all()
        groups = self.documents_of(order)
        special = {
            records._table: self._special(records, first, customer, user)
            for records in groups
        }
        special["sale_order"] |= {
            "name": SQL("deal.number"),
            "client_order_ref": SQL("deal.number"),
        }
        special["account_move"]["name"] = SQL("row.name || '/' || n")
        source = SQL(
            "unnest(%s::numeric[], %s::date[], %s::int[], %s::int[], %s::varchar[])"
            " WITH ORDINALITY AS deal (value, day, customer, seller, number, n)",
            [deal.value for deal in others],
            [deal.day for deal in others],
            [self.customers[deal.customer].id for deal in others],
            [self.users[deal.seller].id for deal in others],
            [deal.number for deal in others],
        )
        self.copy(groups, len(others), source, special)
        copies = self.copies_of(order, len(others))
        self.env["key.account.commission.deal"]._open_for(copies)
        self.env.flush_all()

    def _special(self, records, first, customer, user):
        """``{column: value}``: what says value, day, customer or seller of the first
        deal says those of the copied one."""
        special = {}
        for name, field in records._fields.items():
            if not field.store or not field.column_type:
                continue
            column = SQL("row.%s", SQL.identifier(name))
            if field.type in ("float", "monetary"):
                special[name] = SQL(
                    "CASE WHEN abs(%(column)s) = %(value)s"
                    " THEN sign(%(column)s) * deal.value ELSE %(column)s END",
                    column=column,
                    value=first.value,
                )
                continue
            if field.type == "date":
                before, after = first.day, SQL("deal.day")
            elif field.type == "many2one" and field.comodel_name == "res.partner":
                before, after = customer.id, SQL("deal.customer")
            elif field.type == "many2one" and field.comodel_name == "res.users":
                before, after = user.id, SQL("deal.seller")
            else:
                continue
            special[name] = SQL(
                "CASE WHEN %s = %s THEN %s ELSE %s END", column, before, after, column
            )
        return special

    # --- Runs ---

    def settle(self, quarter):
        """The run of a quarter: computed by one officer, approved by another one."""
        year, number = quarter
        run = self.env["key.account.commission.run"].create(
            {"date_from": date(year, 3 * number - 2, 1)}
        )
        first, second = self.officers
        run.with_user(first).action_compute()
        run.with_user(first).action_submit()
        run.with_user(second).action_approve()
        self.env.flush_all()
        return run

    # --- Result ---

    def compare(self, report, runs, leader_of, since):
        """A line of the report for each thing that is compared; returns every
        difference in words."""
        due = plain.statements(self.deals, leader_of, since, PLAN, runs)
        people = plain.turnover_of_sellers(self.deals)
        leaders = plain.turnover_of_leaders(self.deals, leader_of)
        is_new = plain.found_by(self.deals)
        pairs = [
            ("months of sellers", self.turnover_of_sellers(), people),
            ("quarters of leaders", self.turnover_of_leaders(), leaders),
            ("statements", self.statements(runs), due),
            ("new or existing customers", self.found_by(), is_new),
            ("settled", *self.settled()),
        ]
        wrong = []
        for what, found, expected in pairs:
            differ = [*differences(what, found, expected)]
            report.line(what, len(expected))
            report.line("  of them different from the file", len(differ), 0)
            wrong += differ
        for name in asdict(plain.Sums()):
            total = sum(getattr(sums, name) for sums in due.values())
            report.line(f"statements, {name.replace('_', ' ')}", float(total))
        higher = sum(amount >= PLAN.slabs[1][0] for amount in people.values())
        report.line("months of sellers above the first slab", higher)
        report.line("contracts of new customers", sum(is_new.values()))
        return wrong

    def statements(self, runs):
        """``{(person, quarter): Sums}`` of what is stored."""
        names = [*asdict(plain.Sums())]
        return {
            (row.user_id.name, quarter): plain.Sums(*(exact(row[n]) for n in names))
            for quarter, run in runs.items()
            for row in run.statement_ids
        }

    def turnover_of_sellers(self):
        """``{(seller, month): turnover}`` as the close wrote it."""
        return {
            (row.user_id.name, row.month): exact(row.amount) for row in self._turnover()
        }

    def turnover_of_leaders(self):
        """``{(leader, quarter): turnover}`` by the leaders that each close found."""
        sums = defaultdict(Decimal)
        for row in self._turnover():
            quarter = row.month.year, (row.month.month + 2) // 3
            for leader in row.leader_ids:
                sums[leader.name, quarter] += exact(row.amount)
        return dict(sums)

    def found_by(self):
        """``{number: whether the customer is a new one}``."""
        return {
            deal.order_id.client_order_ref: deal.origin_class == "new"
            for deal in self._contracts()
        }

    def settled(self):
        """``{number: value}`` of the contracts that are settled and paid for what they
        are worth, and of all deals."""
        settled = {
            deal.order_id.client_order_ref: exact(deal.net_profit)
            for deal in self._contracts()
            if deal.state == "settled"
        }
        return settled, {deal.number: deal.value for deal in self.deals}

    def _contracts(self):
        return self.env["key.account.commission.deal"].search(
            [("company_id", "=", self.company.id)]
        )

    def _turnover(self):
        return self.env["key.account.commission.turnover"].search(
            [("company_id", "=", self.company.id)]
        )


def exact(amount):
    return Decimal(f"{amount:.2f}")


def differences(what, found, expected):
    """A line for each key whose values are not the same."""
    for key in sorted(found.keys() | expected.keys()):
        if found.get(key) != expected.get(key):
            yield f"{what} {key}: {found.get(key)}, the file {expected.get(key)}"


def bench(database, folder):
    """Books and settles everything; returns whether it is what the files come to."""
    report = Report()
    rows = plain.read(folder / "sales_pipeline.csv")
    leader_of = {
        row["sales_agent"]: row["manager"]
        for row in plain.read(folder / "sales_teams.csv")
    }
    deals, since = plain.won_deals(rows), plain.first_days(rows)
    years = range(deals[0].day.year, deals[-1].day.year + 1)
    quarters = [(year, number) for year in years for number in plain.LAST_DAYS]
    contexts = {"lang": "en_US", "tz": "Asia/Shanghai", "tracking_disable": True}
    with Registry(database).cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, contexts)
        env = env(context={**env.context, "allowed_company_ids": env.company.ids})
        with measured(cr) as cost:
            pipeline = Pipeline(env, deals, leader_of, since)
            pipeline.book()
        report.line("deals that were won", len(deals))
        report.line("their value", sum(deal.value for deal in deals))
        report.line("sellers and leaders", len(pipeline.users))
        report.line("quarters", len(quarters))
        report.line("booking orders, invoices, payments", cost.seconds, unit="s")
        runs = {}
        for quarter in quarters:
            with measured(cr) as cost:
                runs[quarter] = run = pipeline.settle(quarter)
            name = run.display_name
            report.line(f"{name}: rows", len(run.entry_ids))
            report.line(f"{name}: closed to approved", cost.seconds, unit="s")
        wrong = pipeline.compare(report, runs, leader_of, since)
        print("\n".join(wrong[:SHOWN]))
        cr.commit()
    report.line("peak memory", round(peak_megabytes()), MEMORY, "MiB")
    return not report.failed

"""Contracts by the thousand for the benchmark of commissions: a few real ones, signed,
invoiced, paid and with costs, and exact copies of all their rows by SQL."""

from datetime import date

from odoo.fields import Command
from odoo.tools import SQL

from .benchmark_books import noise

FIRST = date(2026, 4, 1)
PAID = date(2026, 6, 20)
SLABS = [(0, 3, 2, 5), (1_000_000, 4, 2.5, 10), (3_000_000, 5, 3, 10)]
# The shares of each real contract, and whether it is paid.
SEEDS = [((100,), True), ((60, 40), True), ((50, 30, 20), True), ((100,), False)]


class Contracts:
    """A company that sells, and what its contracts are made of."""

    def __init__(self, env, people):
        self.env = env
        self.company = env.company
        self.people = self._make_people(people)
        self._make_plan()
        self._make_books()
        self.customers = env["res.partner"].create(
            [{"name": f"Customer {n}", "is_company": True} for n in range(200)]
        )
        self._make_origins()

    # --- Who sells what ---

    def _make_people(self, count):
        sell = ("key_account.group_member", "sales_team.group_sale_salesman")
        groups = [Command.link(self.env.ref(name).id) for name in sell]
        return (
            self.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                [
                    {"name": f"Seller {n}", "login": f"s{n}", "group_ids": groups}
                    for n in range(count)
                ]
            )
        )

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

    # --- Books ---

    def _make_books(self):
        env = self.env
        income, receivable, bank = env["account.account"].create(
            [
                {"name": "Sales", "code": "600100", "account_type": "income"},
                {
                    "name": "Receivables",
                    "code": "112200",
                    "account_type": "asset_receivable",
                    "reconcile": True,
                },
                {"name": "Bank", "code": "100200", "account_type": "asset_cash"},
            ]
        )
        env["ir.default"].set(
            "res.partner",
            "property_account_receivable_id",
            receivable.id,
            company_id=self.company.id,
        )
        env["account.journal"].create(
            {
                "name": "Invoices",
                "code": "BINV",
                "type": "sale",
                "default_account_id": income.id,
                "sequence": 0,
            }
        )
        self.bank = env["account.journal"].create(
            {
                "name": "Bank",
                "code": "BBNK",
                "type": "bank",
                "default_account_id": bank.id,
            }
        )
        self.bank.inbound_payment_method_line_ids.payment_account_id = bank
        self.product = env["product.product"].create(
            {
                "name": "Stand",
                "type": "service",
                "invoice_policy": "order",
                "taxes_id": [Command.clear()],
                "property_account_income_id": income.id,
            }
        )
        self.analytic_plan = env["account.analytic.plan"].create({"name": "Orders"})

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
            "product_id": self.product.id,
            "price_unit": 20_000,
            "tax_ids": [Command.clear()],
            "analytic_distribution": {str(account.id): 100},
        }
        order = env["sale.order"].create(
            {
                "partner_id": self.customers[0].id,
                "user_id": self.people[0].id,
                "key_account_signed_on": FIRST,
                "order_line": [Command.create(line), Command.create(line)],
            }
        )
        order.action_confirm()
        deal = order.key_account_deal_ids
        people = {self.people[n].id: share for n, share in enumerate(shares)}
        deal._set_shares(people)
        deal.split_ids._authorized().write({"accepted_on": FIRST})
        bill = order._create_invoices()
        bill.invoice_date = PAID
        bill.action_post()
        if is_paid:
            env["account.payment.register"].with_context(
                active_model="account.move", active_ids=bill.ids
            ).create(
                {"payment_date": PAID, "journal_id": self.bank.id}
            )._create_payments()
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
        bills = orders.invoice_ids
        payments = env["account.payment"].search([("invoice_ids", "in", bills.ids)])
        moves = bills | payments.move_id
        items = moves.line_ids
        partials = env["account.partial.reconcile"].search(
            [("debit_move_id", "in", items.ids)]
        )
        accounts = deals.analytic_account_id
        column = self.analytic_plan._column_name()
        costs = env["account.analytic.line"].search([(column, "in", accounts.ids)])
        groups = {
            record._table: record
            for record in (
                accounts,
                orders,
                orders.order_line,
                moves,
                items,
                payments,
                partials,
                costs,
                deals,
                deals.split_ids,
            )
        }
        links = {
            "sale_order_line": {"order_id": "sale_order"},
            "account_move": {"origin_payment_id": "account_payment"},
            "account_move_line": {
                "move_id": "account_move",
                "payment_id": "account_payment",
            },
            "account_payment": {"move_id": "account_move"},
            "account_partial_reconcile": {
                "debit_move_id": "account_move_line",
                "credit_move_id": "account_move_line",
            },
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
        self.first = {
            table: self._reserve(table, times * len(rows))
            for table, rows in groups.items()
        }
        self.groups, self.times = groups, times
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
        with_order = [
            (
                "sale_order_line_invoice_rel",
                "invoice_line_id",
                "account_move_line",
                "order_line_id",
                "sale_order_line",
            ),
            (
                "account_move__account_payment",
                "invoice_id",
                "account_move",
                "payment_id",
                "account_payment",
            ),
        ]
        env.cr.execute("SET session_replication_role = replica")
        for table in groups:
            self._copy_rows(table, links.get(table, {}), special.get(table, {}))
        for rel in with_order:
            self._copy_links(*rel)
        env.cr.execute("SET session_replication_role = DEFAULT")
        env.cr.execute("ANALYZE")

    def _reserve(self, table, count):
        self.env.cr.execute(
            SQL(
                "SELECT setval(%(seq)s, nextval(%(seq)s) + %(count)s)",
                seq=f"{table}_id_seq",
                count=count + 1,
            )
        )
        return self.env.cr.fetchone()[0] - count

    def _new(self, table, column):
        """The id of the copy of a row that a column of a seed names."""
        ids = self.groups[table].ids
        return SQL(
            "%s + (n - 1) * %s + array_position(%s::int[], %s) - 1",
            self.first[table],
            len(ids),
            ids,
            column,
        )

    def _copy_rows(self, table, links, special):
        self.env.cr.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = %s AND table_schema = 'public'",
            [table],
        )
        names = [name for (name,) in self.env.cr.fetchall()]
        values = []
        for name in names:
            column = SQL("row.%s", SQL.identifier(name))
            if name == "id":
                value = self._new(table, column)
            elif name in links:
                value = self._new(links[name], column)
            else:
                value = special.get(name, column)
            values.append(value)
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s) SELECT %s FROM %s AS row,"
                " generate_series(1, %s) AS n WHERE row.id = ANY(%s)",
                SQL.identifier(table),
                SQL(", ").join(map(SQL.identifier, names)),
                SQL(", ").join(values),
                SQL.identifier(table),
                self.times,
                self.groups[table].ids,
            )
        )

    def _copy_links(self, table, left, left_table, right, right_table):
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s, %s) SELECT %s, %s FROM %s AS row,"
                " generate_series(1, %s) AS n WHERE row.%s = ANY(%s)",
                SQL.identifier(table),
                SQL.identifier(left),
                SQL.identifier(right),
                self._new(left_table, SQL("row.%s", SQL.identifier(left))),
                self._new(right_table, SQL("row.%s", SQL.identifier(right))),
                SQL.identifier(table),
                self.times,
                SQL.identifier(left),
                self.groups[left_table].ids,
            )
        )

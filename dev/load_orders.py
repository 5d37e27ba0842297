"""The books of a company for the benchmarks of commissions: real orders, invoices and
payments, a few of them, and exact copies of all their rows by SQL."""

from odoo.fields import Command
from odoo.tools import SQL

SELL = ("key_account.group_member", "sales_team.group_sale_salesman")
# Which column of a copied row names a copied row of which table.
LINKS = {
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
}
RELATIONS = [
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


class OrderBooks:
    """A company that sells one product without taxes, and is paid through a bank."""

    def __init__(self, env):
        self.env = env
        self.company = env.company
        self._make_books()

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

    def make_users(self, names, groups=SELL):
        """A user of each name, who sells unless ``groups`` say something else."""
        return (
            self.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                [
                    {
                        "name": name,
                        "login": name.lower().replace(" ", "_"),
                        "notification_type": "inbox",
                        "group_ids": [
                            Command.link(self.env.ref(group).id) for group in groups
                        ],
                    }
                    for name in names
                ]
            )
        )

    # --- Real documents ---

    def sign(self, customer, user, day, lines):
        """A confirmed order; ``lines`` hold what is special about each of them."""
        common = {"product_id": self.product.id, "tax_ids": [Command.clear()]}
        order = self.env["sale.order"].create(
            {
                "partner_id": customer.id,
                "user_id": user.id,
                "key_account_signed_on": day,
                "order_line": [Command.create({**common, **line}) for line in lines],
            }
        )
        order.action_confirm()
        return order

    def bill(self, order, day, is_paid=True):
        """The posted invoice of an order, paid in full on the same day."""
        bill = order._create_invoices()
        bill.invoice_date = day
        bill.action_post()
        if is_paid:
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=bill.ids
            ).create(
                {"payment_date": day, "journal_id": self.bank.id}
            )._create_payments()
        return bill

    # --- Copies ---

    def documents_of(self, orders):
        """All records that orders and what came of them consist of."""
        bills = orders.invoice_ids
        payments = self.env["account.payment"].search(
            [("invoice_ids", "in", bills.ids)]
        )
        moves = bills | payments.move_id
        partials = self.env["account.partial.reconcile"].search(
            [("debit_move_id", "in", moves.line_ids.ids)]
        )
        return [orders, orders.order_line, moves, moves.line_ids, payments, partials]

    def copy(self, groups, times, source, special, links=None):
        """``times`` copies of all rows of ``groups``, records of different models.

        :param source: what gives each copy its number ``n``, counted from 1.
        :param special: ``{table: {column: value}}`` of what is not copied as it is.
        :param links: more of what ``LINKS`` says.
        """
        self.groups = {records._table: records for records in groups}
        self.first = {
            table: self._reserve(table, times * len(rows))
            for table, rows in self.groups.items()
        }
        links = LINKS | (links or {})
        self.env.flush_all()
        self.env.cr.execute("SET session_replication_role = replica")
        for table in self.groups:
            self._copy_rows(table, links.get(table, {}), special.get(table, {}), source)
        for relation in RELATIONS:
            self._copy_links(*relation, source)
        self.env.cr.execute("SET session_replication_role = DEFAULT")
        self.env.cr.execute("ANALYZE")
        self.env.invalidate_all()

    def copies_of(self, records, times):
        """The copies that ``copy`` made last of some of its records."""
        first = self.first[records._table]
        count = times * len(self.groups[records._table])
        return records.browse(range(first, first + count))

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

    def _copy_rows(self, table, links, special, source):
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
                "INSERT INTO %s (%s) SELECT %s FROM %s AS row, %s"
                " WHERE row.id = ANY(%s)",
                SQL.identifier(table),
                SQL(", ").join(map(SQL.identifier, names)),
                SQL(", ").join(values),
                SQL.identifier(table),
                source,
                self.groups[table].ids,
            )
        )

    def _copy_links(self, table, left, left_table, right, right_table, source):
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s, %s) SELECT %s, %s FROM %s AS row, %s"
                " WHERE row.%s = ANY(%s)",
                SQL.identifier(table),
                SQL.identifier(left),
                SQL.identifier(right),
                self._new(left_table, SQL("row.%s", SQL.identifier(left))),
                self._new(right_table, SQL("row.%s", SQL.identifier(right))),
                SQL.identifier(table),
                source,
                SQL.identifier(left),
                self.groups[left_table].ids,
            )
        )

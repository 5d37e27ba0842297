"""Rows that are written in bulk are the rows that Odoo makes one by one."""

import contextlib
import csv
import io
import json
from collections import defaultdict

from odoo.tests import tagged

from ...dev import load_books
from ...tools import sales_lines
from ...tools.sales_lines import CREDIT_NOTE, INVOICE
from .load_common import ODD_LINES, LoadCase, csv_text, extract


@tagged("post_install", "-at_install")
class TestLoadLikeOdoo(LoadCase):
    """Rows in bulk are the rows Odoo makes one by one."""

    # Ids come from the database's sequences and are compared by position instead;
    # partners, made anew for each of the two ways, are compared by reference.
    IDS = {"id", "move_id"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with extract() as stream:
            documents, _left_out = sales_lines.group_documents(
                sales_lines.read_lines(stream)
            )
        small = {doc.number for doc in documents if len(doc.lines) <= 4}
        with extract() as stream:
            rows = list(csv.reader(stream))
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\n").writerows(
            row for row in rows if row[0] in small and row[6]
        )
        cls.lines = [*buffer.getvalue().splitlines(), *ODD_LINES]

    def snapshot(self):
        """All stored columns of the documents' rows, by table and position."""
        query = """
            SELECT move.ref || ' ' || move.move_type, to_jsonb(%s)
              FROM account_move move %s
             WHERE move.move_type IN ('out_invoice', 'out_refund')
             ORDER BY 1, %s
        """
        cr = self.env.cr
        cr.execute("SELECT id, ref FROM res_partner WHERE ref IS NOT NULL")
        refs = dict(cr.fetchall())
        join = "JOIN account_move_line line ON line.move_id = move.id"
        result = {}
        for table, parts in (
            ("move", ("move", "", "move.id")),
            ("line", ("line", join, "line.id")),
        ):
            cr.execute(query % parts)
            counts = defaultdict(int)
            for key, row in cr.fetchall():
                counts[key] += 1
                result[table, key, counts[key]] = {
                    column: f"partner {refs[value]}"
                    if "partner" in column and value in refs
                    else value
                    for column, value in row.items()
                    if column not in self.IDS
                }
        cr.execute("SELECT ref, customer_rank FROM res_partner WHERE ref IS NOT NULL")
        result["ranks"] = dict(cr.fetchall())
        cr.execute("SELECT count(*) FROM account_move_line_account_tax_rel")
        result["taxes"] = cr.fetchall()
        return result

    def post_by_odoo(self):
        """Make the documents of the lines with `create` and `action_post`."""
        documents, _left_out = sales_lines.group_documents(
            sales_lines.read_lines(csv_text(self.lines))
        )
        countries = sales_lines.countries_by_customer(documents)
        ids = load_books.country_ids(self.env)
        partners = {
            customer: self.env["res.partner"].create(
                {
                    "name": f"Customer {customer}",
                    "ref": customer,
                    "is_company": True,
                    "country_id": ids.get(names[0].lower()),
                }
            )
            for customer, names in countries.items()
        }
        vals_list = []
        for document in documents:
            total = sum(line.exact for line in document.lines)
            is_credit = total < 0 if total else document.number[0] == "C"
            lines = [
                {
                    "name": f"[{line.code}] {line.description}",
                    "quantity": float(-line.quantity if is_credit else line.quantity),
                    "price_unit": float(line.price),
                    "tax_ids": [],
                }
                for line in document.lines
            ]
            vals_list.append(
                {
                    "move_type": CREDIT_NOTE if is_credit else INVOICE,
                    "partner_id": partners[document.customer].id,
                    "ref": document.number,
                    "invoice_date": document.date,
                    "invoice_date_due": document.date,
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [(0, 0, vals) for vals in lines],
                }
            )
        self.env["account.move"].create(vals_list).action_post()
        self.env.flush_all()

    def assert_same_rows(self):
        with contextlib.closing(self.env.cr.savepoint()):
            self.load(csv_text(self.lines), batch_size=20)
            ours = self.snapshot()
        with contextlib.closing(self.env.cr.savepoint()):
            self.post_by_odoo()
            theirs = self.snapshot()
        self.assertGreater(len(theirs), 100)
        self.assertEqual(ours.keys(), theirs.keys())
        wrong = {
            key: {
                column: (ours[key].get(column), theirs[key].get(column))
                for column in {*ours[key], *theirs[key]}
                if ours[key].get(column) != theirs[key].get(column)
            }
            for key in theirs
            if ours[key] != theirs[key]
        }
        self.assertFalse(wrong, json.dumps({str(k): v for k, v in wrong.items()}))

    def test_same_rows(self):
        """Every stored column of every row is what create and action_post leave."""
        self.assert_same_rows()

    def test_same_rows_rounded_by_line(self):
        """So it is for a company that rounds line by line."""
        self.env.company.tax_calculation_rounding_method = "round_per_line"
        self.assert_same_rows()

    def test_same_rows_in_storno_accounting(self):
        """So it is for a company that books credits as negative debits."""
        self.env.company.account_storno = True
        self.assert_same_rows()

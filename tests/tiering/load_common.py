"""The extract of real sales lines, odd lines it lacks, and how tests load them."""

import csv
import io
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from odoo.tests import TransactionCase

from ...dev import load_books
from ...tools import sales_lines
from ...tools.sales_lines import CREDIT_NOTE, INVOICE

EXTRACT = Path(__file__).parents[1] / "data" / "online_retail_extract.csv"
HEADER = ",".join(sales_lines.COLUMNS)
YEAR = (date(2010, 12, 1), date(2011, 12, 1))
EVER = (date.min, date.max)

# What the extract lacks: fractions of a cent that add up, totals of the wrong sign, a
# negative price, quotes and tabs, a fraction of a piece, a name of a country.
ODD_LINES = [
    'F1,P1,"Pads ""soft""\tgrey\\x",1,2011-03-01 10:00:00,0.004,90001,EIRE',
    "F1,P2,Pads,1,2011-03-01 10:00:00,0.004,90001,EIRE",
    "F1,P3,Box,3,2011-03-01 10:00:00,1.25,90001,EIRE",
    "F2,P1,Pads,30,2011-03-01 10:05:00,0.005,90001,EIRE",
    "F2,P2,Pads,7,2011-03-01 10:05:00,0.005,90001,EIRE",
    "F2,P3,Rest,0.25,2011-03-01 10:05:00,9.99,90001,EIRE",
    "CF3,P1,Pads,-1,2011-03-02 10:00:00,0.004,90001,EIRE",
    "CF3,P2,Pads,-1,2011-03-02 10:00:00,0.004,90001,EIRE",
    "CF3,P3,Box,-2,2011-03-02 10:00:00,0.999,90001,EIRE",
    "F4,P3,Taken back,-5,2011-03-03 10:00:00,2.50,90002,Germany",
    "F4,P3,And one sold,1,2011-03-03 10:00:00,2.50,90002,Germany",
    "CF5,P3,Sold after all,4,2011-03-04 10:00:00,2.50,90002,Germany",
    "F6,P4,Discount,1,2011-03-05 10:00:00,-3.00,90002,Germany",
    "F6,P3,Box,10,2011-03-05 10:00:00,2.50,90002,Germany",
    "CF7,P3,Nothing,-1,2011-03-06 10:00:00,0.0,90002,Germany",
]


def csv_text(lines):
    return io.StringIO("\n".join([HEADER, *lines]) + "\n")


def extract():
    return EXTRACT.open(encoding="utf-8", newline="")


def plain_net(stream, date_from, date_to):
    """(net, documents) per customer, computed anew and as plainly as possible."""
    documents = defaultdict(Decimal)
    for row in csv.DictReader(stream):
        if row["CustomerID"]:
            key = (row["CustomerID"][:-2], row["InvoiceNo"], row["InvoiceDate"][:10])
            documents[key] += Decimal(row["Quantity"]) * Decimal(row["UnitPrice"])
    result = defaultdict(lambda: (Decimal(0), 0))
    for (customer, _number, day), exact in documents.items():
        if date_from <= date.fromisoformat(day) < date_to:
            net, count = result[customer]
            cents = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
            result[customer] = (net + cents, count + 1)
    return dict(result)


class LoadCase(TransactionCase):
    """Loads into the company's books without committing."""

    @classmethod
    def load(cls, stream, commit=None, **options):
        cls.progress = []
        with stream:
            return load_books.load(
                cls.env,
                stream,
                progress=cls.progress.append,
                commit=commit or cls.env.flush_all,
                **options,
            )

    def moves(self, numbers=None):
        domain = [("move_type", "in", (INVOICE, CREDIT_NOTE))]
        if numbers is not None:
            domain.append(("ref", "in", numbers))
        return self.env["account.move"].search(domain)

    def net_in_books(self, date_from, date_to):
        self.env.cr.execute(
            """
            SELECT partner.ref, sum(move.amount_untaxed_signed)::text, count(*)
              FROM account_move move
              JOIN res_partner partner ON partner.id = move.commercial_partner_id
             WHERE move.state = 'posted' AND partner.ref IS NOT NULL
               AND move.move_type IN ('out_invoice', 'out_refund')
               AND move.invoice_date >= %s AND move.invoice_date < %s
             GROUP BY partner.ref
            """,
            [date_from, date_to],
        )
        rows = self.env.cr.fetchall()
        return {ref: (Decimal(net), count) for ref, net, count in rows}

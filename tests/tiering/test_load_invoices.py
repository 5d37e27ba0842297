"""Sales lines of a real shop become posted invoices, and the books agree to the cent.

The lines are those of tests/data/online_retail_extract.csv; doc/load-invoices.md says
what the command does, tests/data/ORIGIN.txt where the lines come from.
"""

import contextlib
import csv
import io
import json
import lzma
import tempfile
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.sql_db import db_connect
from odoo.tests import BaseCase, TransactionCase, tagged

from ...dev import load_books, load_invoices, load_verify
from ...dev.load_rows import LoadRefused
from ...tools import sales_lines
from ...tools.sales_lines import CREDIT_NOTE, INVOICE, Rounding

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


class TestSalesLines(BaseCase):
    """Parsing and grouping, without a database."""

    def group(self, lines):
        return sales_lines.group_documents(sales_lines.read_lines(csv_text(lines)))

    def test_extract(self):
        """The extract is 100 documents of 27 customers and 43 lines left out."""
        with extract() as stream:
            documents, left_out = sales_lines.group_documents(
                sales_lines.read_lines(stream)
            )
        self.assertEqual(len(documents), 100)
        self.assertEqual(len({document.customer for document in documents}), 27)
        self.assertEqual(sum(len(document.lines) for document in documents), 915)
        self.assertEqual(list(left_out.by_reason), [sales_lines.NO_CUSTOMER])
        self.assertEqual(left_out.lines, 43)

    def test_every_reason_is_told(self):
        """Each line that cannot be used is left out under its reason, none is lost."""
        good = "1,A,x,1,2011-01-01 10:00:00,2.5,7.0,France"
        lines = [
            good,
            "2,A,x,1,2011-01-01,2.5,,France",
            ",A,x,1,2011-01-01,2.5,7,France",
            "4,A,x,one,2011-01-01,2.5,7,France",
            "4,A,sound,1,2011-01-01,2.5,7,France",
            "5,A,x,1,2011-01-01,NaN,7,France",
            '6,A,x,1,2011-01-01,"1,000.00",7,France',
            "7,A,x,1,1/2/2011 8:26,2.5,7,France",
            "8,A,x,0.125,2011-01-01,2.5,7,France",
            "9,A,x,1,2011-01-01,2.5,7",
            "10,A,x,1,2011-01-01,2.5,7,France",
            "10,A,x,2,2011-01-01,2.5,8,France",
            "11,A,x\0y,1,2011-01-01,2.5,7,France",
            "12,A,x,1,0001-01-01,2.5,7,France",
        ]
        documents, left_out = self.group(lines)
        self.assertEqual([document.number for document in documents], ["1"])
        self.assertEqual(
            {reason: tally.lines for reason, tally in left_out.by_reason.items()},
            {
                sales_lines.NO_CUSTOMER: 1,
                sales_lines.NO_NUMBER: 1,
                sales_lines.BAD_QUANTITY: 2,
                sales_lines.BAD_PRICE: 2,
                sales_lines.BAD_DATE: 2,
                sales_lines.BAD_ROW: 1,
                sales_lines.BAD_TEXT: 1,
                sales_lines.MIXED: 2,
                sales_lines.INCOMPLETE: 1,
            },
        )
        self.assertEqual(left_out.by_reason[sales_lines.MIXED].exact, Decimal("7.5"))

    def test_no_such_file(self):
        """A file that is none of sales lines is refused in one sentence."""
        for content, sentence in (
            ("", "lacks the column"),
            ("InvoiceNo,Quantity\n1,2\n", "CustomerID"),
        ):
            with self.assertRaisesRegex(sales_lines.FileError, sentence):
                list(sales_lines.read_lines(io.StringIO(content)))
        latin = io.TextIOWrapper(
            io.BytesIO(f"{HEADER}\n1,A,10 £,1".encode("latin-1")), encoding="utf-8"
        )
        with self.assertRaisesRegex(sales_lines.FileError, "UTF-8"):
            list(sales_lines.read_lines(latin))

    def test_columns_in_any_order(self):
        """Columns may stand in any order, more of them are ignored."""
        names = ["Extra", *reversed(sales_lines.COLUMNS)]
        row = ["?", "France", "7.0", "2.5", "2011-01-01", "3", "Box", "A", "C1"]
        stream = io.StringIO(f"\ufeff{','.join(names)}\n{','.join(row)}\n")
        [line] = sales_lines.read_lines(stream)
        self.assertEqual((line.number, line.customer, line.exact), ("C1", "7", 7.5))

    def test_total_overrules_number(self):
        """A document is what its total says: neither kind has a negative total."""
        documents, _left_out = self.group(ODD_LINES)
        bookings = {doc.number: doc.book(Rounding()) for doc in documents}
        self.assertEqual(
            {number for number, booking in bookings.items() if booking.turned},
            {"F4", "CF5"},
        )
        self.assertEqual(bookings["F4"].move_type, CREDIT_NOTE)
        self.assertEqual(bookings["CF5"].move_type, INVOICE)
        self.assertEqual(bookings["CF7"].move_type, CREDIT_NOTE)

    def test_rounding(self):
        """Three pads at 0.004 are a cent together and nothing one by one."""
        lines = ["1,A,pad,1,2011-01-01,0.004,7,France"] * 3
        [document], _left_out = self.group(lines)
        self.assertEqual(document.book(Rounding(2, True)).net, Decimal("0.01"))
        self.assertEqual(document.book(Rounding(2, False)).net, 0)

    cells = st.tuples(
        st.sampled_from(["1", "2", "C3", "C4", ""]),
        st.sampled_from(["5", "-2", "0", "0.5", "1000", "x", ""]),
        st.sampled_from(["1.25", "0.004", "0.005", "-3", "0", "2.995", "1e5"]),
        st.sampled_from(["2011-01-01 09:00:00", "2010-12-31", "yesterday"]),
        st.sampled_from(["7.0", "7", "8", ""]),
    )

    @settings(deadline=None, database=None)
    @given(st.lists(cells, max_size=12))
    def test_nothing_is_lost(self, cells):
        """Lines kept and lines left out are all lines, and so is what they are worth."""
        lines = [f"{n},A,x,{q},{d},{p},{c},France" for n, q, p, d, c in cells]
        read = list(sales_lines.read_lines(csv_text(lines)))
        documents, left_out = sales_lines.group_documents(read)
        kept = [line for document in documents for line in document.lines]
        self.assertEqual(len(kept) + left_out.lines, len(lines))
        self.assertEqual(
            sum(line.exact for line in kept) + left_out.exact,
            sum(line.exact for line in read),
        )
        for document in documents:
            exact = sum(line.exact for line in document.lines)
            booking = document.book(Rounding(2, True))
            if exact:
                self.assertEqual(booking.net, sales_lines.round_half_up(exact, 2))
            self.assertEqual(booking.net, sum(booking.booked))
            self.assertGreaterEqual(booking.sign * booking.net, 0)


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
            SELECT partner.ref, sum(move.amount_untaxed_signed), count(*)
              FROM account_move move
              JOIN res_partner partner ON partner.id = move.commercial_partner_id
             WHERE move.state = 'posted' AND partner.ref IS NOT NULL
               AND move.move_type IN ('out_invoice', 'out_refund')
               AND move.invoice_date >= %s AND move.invoice_date < %s
             GROUP BY partner.ref
            """,
            [date_from, date_to],
        )
        return {ref: (net, count) for ref, net, count in self.env.cr.fetchall()}


@tagged("post_install", "-at_install")
class TestLoadedExtract(LoadCase):
    """The extract is loaded once; each test looks at the books."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.summary = cls.load(extract(), batch_size=30)

    def test_every_customer_to_the_cent(self):
        """Net between two dates is what the file says, for every customer."""
        for window in (YEAR, EVER, (date(2011, 1, 18), date(2011, 7, 20))):
            with self.subTest(window=window), extract() as stream:
                expected = plain_net(stream, *window)
                self.assertTrue(expected)
                self.assertEqual(self.net_in_books(*window), expected)

    def test_hard_customers(self):
        """Credits within minutes, credits alone, two countries: right by hand, too."""
        net = self.net_in_books(*EVER)
        self.assertEqual(net["12346"], (Decimal("0.00"), 2))
        self.assertEqual(net["15802"], (Decimal("-451.42"), 3))
        self.assertEqual(net["12943"], (Decimal("-3.75"), 1))
        self.assertEqual(net["16446"], (Decimal("2.90"), 3))
        self.assertEqual(net["12394"], (Decimal("1272.48"), 2))
        self.assertEqual(net["16198"], (Decimal("400.68"), 1))

    def test_verify_agrees_and_notices(self):
        """The command's own comparison agrees, and finds a single wrong cent."""
        with extract() as stream:
            result = load_verify.verify(self.env, stream, *YEAR)
        self.assertFalse(result.differences)
        self.assertIn("Every customer is equal to the cent.", result.sentences())
        self.env.cr.execute(
            "UPDATE account_move SET amount_untaxed_signed = amount_untaxed_signed"
            " + 0.01 WHERE ref = 'C541433'"
        )
        with extract() as stream:
            result = load_verify.verify(self.env, stream, *YEAR)
        self.assertEqual(list(result.differences), ["12346"])
        self.assertIn("1 customers differ.", result.sentences())

    def test_moves_balance(self):
        """Each entry balances, has one receivable line, and adds up to its header."""
        self.env.cr.execute(
            """
            SELECT move.ref
              FROM account_move move
              JOIN account_move_line line ON line.move_id = move.id
             WHERE move.move_type IN ('out_invoice', 'out_refund')
             GROUP BY move.id
            HAVING sum(line.debit) <> sum(line.credit)
                OR sum(line.balance) <> 0
                OR count(*) FILTER (WHERE line.display_type = 'payment_term') <> 1
                OR sum(line.balance) FILTER (WHERE line.display_type = 'product')
                   <> -move.amount_untaxed_signed
            """
        )
        self.assertFalse(self.env.cr.fetchall())
        self.assertEqual(len(self.moves()), 100)

    def test_second_run_makes_nothing(self):
        """Loading the same file again makes nothing and says so."""
        before = self.moves()
        ranks = before.partner_id.mapped("customer_rank")
        again = self.load(extract())
        self.assertEqual(self.moves(), before)
        self.assertEqual(before.partner_id.mapped("customer_rank"), ranks)
        self.assertEqual((again.documents, again.new_partners), (0, 0))
        self.assertEqual((again.present, again.different), (100, []))

    def test_changed_document_is_reported(self):
        """A document whose amount differs from the books is named, not made again."""
        line = "C541433,23166,MEDIUM,-1,2011-01-18 10:17:00,1.04,12346.0,United Kingdom"
        again = self.load(csv_text([line]))
        self.assertEqual((again.documents, again.different), (0, ["C541433"]))
        self.assertIn("C541433", " ".join(again.sentences()))

    def test_numbering_goes_on(self):
        """What is posted after a load gets fresh numbers without a gap."""
        partner = self.env["res.partner"].search([("ref", "=", "12431")])
        last = {}
        for move in self.moves():
            key = (move.sequence_prefix, move.move_type)
            last[key] = max(last.get(key, 0), move.sequence_number)
        vals = {"partner_id": partner.id, "invoice_line_ids": [(0, 0, {"name": "x"})]}
        for move_type in (INVOICE, CREDIT_NOTE):
            for day in (date(2010, 12, 20), date(2011, 6, 15)):
                move = self.env["account.move"].create(
                    {**vals, "move_type": move_type, "invoice_date": day}
                )
                move.action_post()
                expected = last[move.sequence_prefix, move_type] + 1
                self.assertEqual(move.sequence_number, expected)
                self.assertFalse(move.made_sequence_gap)
        later = self.load(csv_text(["N1,A,x,1,2011-07-01,5,12431,Belgium"]))
        self.assertEqual(later.invoices, 1)
        [move] = self.moves(["N1"])
        expected = last[move.sequence_prefix, INVOICE] + 2
        self.assertEqual(move.sequence_number, expected)

    def test_summary(self):
        """The report gives what was made and what was left out, and why."""
        text = "\n".join(self.summary.sentences())
        self.assertEqual(self.summary.documents, 100)
        self.assertIn("915 lines for 27 customers (27 of them new)", text)
        self.assertIn("12431 (Australia, Belgium)", text)
        self.assertIn("Channel Islands (1)", text)
        self.assertIn("Left out, no customer: 43 lines", text)
        self.assertIn("(100 %)", self.progress[-1] if self.progress else "(100 %)")

    def test_zero_and_duplicate_lines(self):
        """Lines at price zero and lines that stand twice are all in the books."""
        with extract() as stream:
            rows = [row for row in csv.DictReader(stream) if row["CustomerID"]]
        for customer in ("17349", "16406", "12603", "13256"):
            expected = sum(row["CustomerID"] == f"{customer}.0" for row in rows)
            moves = self.moves().filtered(lambda m, c=customer: m.partner_id.ref == c)
            self.assertEqual(len(moves.invoice_line_ids), expected, customer)
        empty = self.moves().filtered(lambda m: m.partner_id.ref == "13256")
        self.assertEqual((empty.state, empty.payment_state), ("posted", "paid"))

    def test_countries(self):
        """A customer of two countries has the latest; what is no country stays out."""
        partners = self.env["res.partner"].search([("ref", "!=", False)])
        by_ref = {partner.ref: partner for partner in partners}
        self.assertEqual(by_ref["12431"].country_id.code, "AU")
        self.assertEqual(by_ref["12446"].country_id.code, "ZA")
        self.assertEqual(by_ref["12558"].country_id.code, "US")
        self.assertFalse(by_ref["14566"].country_id)
        self.assertEqual(by_ref["12431"].commercial_partner_id, by_ref["12431"])


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


@tagged("post_install", "-at_install")
class TestLoad(LoadCase):
    """Beginning, going on and refusing."""

    def test_interrupted_load_goes_on(self):
        """A load that was cut off between two batches is completed by the next one."""
        commits = []

        def cut_off():
            self.env.flush_all()
            commits.append(1)
            if len(commits) == 5:
                raise KeyboardInterrupt

        with self.assertRaises(KeyboardInterrupt):
            self.load(extract(), commit=cut_off, batch_size=20)
        half = len(self.moves())
        self.assertTrue(0 < half < 100)
        summary = self.load(extract(), batch_size=20)
        self.assertEqual((summary.present, summary.documents), (half, 100 - half))
        moves = self.moves()
        self.assertEqual(len(moves), 100)
        self.assertEqual(len(set(moves.mapped("ref"))), 100)
        with extract() as stream:
            self.assertEqual(self.net_in_books(*EVER), plain_net(stream, *EVER))
        ranks = sum(moves.partner_id.mapped("customer_rank"))
        self.assertEqual(ranks, 100)

    def test_two_at_once(self):
        """A second load into the same books is refused while one is running."""
        with db_connect(self.env.cr.dbname).cursor() as other:
            other.execute(
                "SELECT pg_advisory_xact_lock(hashtext(%s), %s)",
                ["key_account.load_invoices", self.env.company.id],
            )
            with self.assertRaisesRegex(LoadRefused, "Another load"):
                self.load(csv_text(ODD_LINES))
        self.assertEqual(self.load(csv_text(ODD_LINES)).documents, 7)

    def test_locked_books(self):
        """Books that are locked on the day of an invoice refuse the load."""
        self.env.company.fiscalyear_lock_date = date(2011, 3, 3)
        with self.assertRaisesRegex(LoadRefused, "locked on 2011-03-01"):
            self.load(csv_text(ODD_LINES))
        self.assertFalse(self.moves())

    def test_no_income_account(self):
        """Without a sales journal that knows its income account nothing is loaded."""
        journals = self.env["account.journal"].search([("type", "=", "sale")])
        journals.default_account_id = False
        with self.assertRaisesRegex(LoadRefused, "sales journal"):
            self.load(csv_text(ODD_LINES))

    def test_company_without_chart(self):
        """A company without a chart of accounts gets the generic one first."""
        company = self.env["res.company"].create({"name": "Fresh stand builders"})
        env = self.env(context={"allowed_company_ids": company.ids})
        summary = load_books.load(
            env, csv_text(ODD_LINES), progress=str, commit=env.flush_all
        )
        self.assertEqual(summary.documents, 7)
        self.assertEqual(company.chart_template, "generic_coa")
        self.assertEqual(self.moves().company_id, company)

    def test_known_customer(self):
        """A customer with that reference gets the documents as Odoo would book them."""
        receivable = self.env["account.account"].create(
            {
                "name": "Receivable of fairs",
                "code": "121999",
                "account_type": "asset_receivable",
            }
        )
        seller = self.env.ref("base.user_admin")
        partner = self.env["res.partner"].create(
            {
                "name": "Fair & Sons",
                "ref": "90001",
                "is_company": True,
                "user_id": seller.id,
                "property_account_receivable_id": receivable.id,
                "child_ids": [(0, 0, {"name": "Ann", "ref": "90001"})],
            }
        )
        summary = self.load(csv_text(ODD_LINES))
        self.assertEqual((summary.customers, summary.new_partners), (2, 1))
        moves = self.moves(["F1", "F2", "CF3"])
        self.assertEqual(moves.partner_id, partner)
        self.assertEqual(moves.invoice_user_id, seller)
        self.assertEqual(
            set(moves.mapped("invoice_partner_display_name")), {"Fair & Sons"}
        )
        terms = moves.line_ids.filtered(lambda l: l.display_type == "payment_term")
        self.assertEqual(terms.account_id, receivable)

    def test_compressed_file(self):
        """A .csv.xz is read like the .csv in it."""
        with tempfile.TemporaryDirectory() as folder:
            path = f"{folder}/lines.csv.xz"
            with lzma.open(path, "wb") as packed:
                packed.write(EXTRACT.read_bytes())
            with load_invoices.open_text(path) as packed, extract() as plain:
                self.assertEqual(packed.read(), plain.read())

    def test_wrong_database(self):
        """A database that is not there is named in one sentence."""
        with (
            self.assertLogs("odoo.sql_db", "INFO"),
            self.assertRaisesRegex(load_invoices.CommandError, "no database"),
        ):
            load_invoices.check_database("no_such_database_of_ours")
        load_invoices.check_database(self.env.cr.dbname)

"""Sales lines of a real shop become posted invoices, and the books agree to the cent.

The lines are those of tests/data/online_retail_extract.csv; doc/load-invoices.md says
what the command does, tests/data/ORIGIN.txt where the lines come from.
"""

import contextlib
import csv
import lzma
import tempfile
from datetime import date
from decimal import Decimal

from odoo.sql_db import db_connect
from odoo.tests import tagged

from ...dev import load_books, load_invoices, load_verify
from ...dev.load_rows import LoadRefused
from ...tools.sales_lines import CREDIT_NOTE, INVOICE
from .load_common import (
    EVER,
    EXTRACT,
    ODD_LINES,
    YEAR,
    LoadCase,
    csv_text,
    extract,
    plain_net,
)


@tagged("post_install", "-at_install")
class TestLoadedExtract(LoadCase):
    """The extract is loaded once; each test looks at the books."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.summary = cls.load(extract(), batch_size=30)
        cls.extract_progress = cls.progress

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
        self.assertIn("Posted 100 of 100 documents (100 %).", self.extract_progress)

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

        # Not assertRaises, which would roll back what was committed before.
        with contextlib.suppress(KeyboardInterrupt):
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

    def test_company_by_name(self):
        """The books are those of the company that is named; a wrong name is told."""
        company = self.env["res.company"].create({"name": "Hall 7 builders"})
        env = load_invoices.company_env(self.env, "Hall 7 builders")
        self.assertEqual(env.company, company)
        with self.assertRaisesRegex(load_invoices.CommandError, "Hall 7 builders"):
            load_invoices.company_env(self.env, "Hall 8 builders")

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
        terms = moves.line_ids.filtered(lambda r: r.display_type == "payment_term")
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
        with self.assertRaisesRegex(load_invoices.CommandError, "no database"):
            load_invoices.check_database("no_such_database_of_ours")
        load_invoices.check_database(self.env.cr.dbname)

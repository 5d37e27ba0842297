"""Sales lines are parsed and grouped into documents, and none is lost."""

import io
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ...tools import sales_lines
from ...tools.sales_lines import CREDIT_NOTE, INVOICE, Rounding
from .load_common import HEADER, ODD_LINES, csv_text, extract


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
        """Lines kept and lines left out are all lines, and so is their worth."""
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

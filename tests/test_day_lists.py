"""Lists of days: every line is read or named."""

import re
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import day_lists
from ..tools.day_lists import Day, Stretch, Unreadable

calm = settings(deadline=None, database=None)
NAMES = st.sampled_from(["Spring Festival", "National Day", "元旦", 'A "b", c', ""])
DAYS = st.dates(date(2024, 2, 1), date(2024, 4, 1))
ROWS = st.lists(
    st.tuples(DAYS, st.sampled_from(day_lists.KINDS), NAMES),
    max_size=20,
    unique_by=lambda row: row[0],
)


EMPTY = re.compile(r'[,\s]*(("\s*")?\s*,\s*)*("\s*")?\s*')


def quoted(text):
    text = text.replace('"', '""')
    return f'"{text}"'


@tagged("post_install", "-at_install")
class TestDayLists(BaseCase):
    @calm
    @given(
        ROWS,
        st.sampled_from([("-", ","), ("/", ";"), (".", "\t")]),
        st.sampled_from(["utf-8", "utf-8-sig", "gbk"]),
        st.sampled_from(["\n", "\r\n"]),
    )
    def test_what_was_written_is_read(self, rows, signs, encoding, line_break):
        """Separators, encodings and line breaks of the usual spreadsheets."""
        between, separator = signs
        lines = [separator.join(["Name", "Date", "Note", "Kind "])]
        lines += [
            separator.join(
                [
                    quoted(name),
                    f"{day.year}{between}{day.month}{between}{day.day}",
                    "",
                    kind.title(),
                ]
            )
            for day, kind, name in rows
        ]
        content = line_break.join([*lines, "", separator * 3, ""]).encode(encoding)
        days, problems = day_lists.read(content)
        self.assertEqual(problems, [])
        self.assertEqual([one[1:] for one in days], rows)
        self.assertEqual([one.line for one in days], list(range(2, len(rows) + 2)))

    @calm
    @given(st.lists(st.text(max_size=30), max_size=10))
    def test_no_line_is_lost(self, texts):
        """Whatever stands in a file, each line with anything in it is read or named."""
        lines = [text for text in texts if len(text.splitlines()) == 1]
        full = [line for line in lines if not EMPTY.fullmatch(line)]
        content = "\n".join(["date,kind,name", *lines]).encode()
        days, problems = day_lists.read(content)
        self.assertEqual(len(days) + len(problems), len(full))

    def test_what_cannot_be_read(self):
        """Each reason, with the number of the line and what stands there."""
        text = (
            "date,kind,name\n2027-01-01,holiday,A\n\n2027-13-01,holiday,A\n"
            "2027/01-02,holiday,A\n1027-01-01,holiday,A\nsoon,holiday\n"
            "2027-01-04,,A\n2027-01-01,workday,A\n2027-01-05\n"
        )
        days, problems = day_lists.read(text.encode())
        self.assertEqual(days, [Day(2, date(2027, 1, 1), "holiday", "A")])
        self.assertEqual(
            problems,
            [
                Unreadable(4, "date", "2027-13-01"),
                Unreadable(5, "date", "2027/01-02"),
                Unreadable(6, "date", "1027-01-01"),
                Unreadable(7, "date", "soon"),
                Unreadable(8, "kind", ""),
                Unreadable(9, "double", "2"),
                Unreadable(10, "kind", ""),
            ],
        )

    def test_files_of_another_form(self):
        for content, problem in (
            (b"", Unreadable(1, "header", "")),
            (b"day,kind,name\n", Unreadable(1, "header", "day,kind,name")),
            (b"\xff\xff", Unreadable(1, "text", "")),
        ):
            with self.subTest(content):
                self.assertEqual(day_lists.read(content), ([], [problem]))

    def test_a_forgotten_quote(self):
        """It spoils its own line, and swallows none of those that follow."""
        content = b'date,kind,name\n2027-01-01,holiday,"A\n2027-01-02,holiday,B\n'
        days, problems = day_lists.read(content)
        self.assertEqual([one.line for one in days], [3])
        self.assertEqual(problems, [Unreadable(2, "quotes", '2027-01-01,holiday,"A')])

    @calm
    @given(ROWS)
    def test_stretches(self, rows):
        """They hold exactly the days, each once, and none could be longer."""
        days = [Day(0, *row) for row in rows]
        found = day_lists.stretches(days)
        unrolled = [
            (one.first + timedelta(days=n), one.kind, one.name)
            for one in found
            for n in range((one.last - one.first).days + 1)
        ]
        self.assertEqual(sorted(unrolled), sorted(rows))
        for one, other in zip(found, found[1:], strict=False):
            adjacent = other.first - one.last == timedelta(days=1)
            self.assertFalse(adjacent and one[:2] == other[:2])

    def test_one_holiday_after_another(self):
        """The Mid-autumn Festival in the middle of the National Days is a row of its
        own, and so is the make-up day after them."""
        days = [
            Day(n, date(2025, 10, day), kind, name)
            for n, (day, kind, name) in enumerate(
                [
                    (7, "holiday", "National Day"),
                    (5, "holiday", "National Day"),
                    (4, "holiday", "National Day"),
                    (6, "holiday", "Mid-autumn Festival"),
                    (8, "workday", "National Day"),
                ]
            )
        ]
        self.assertEqual(
            day_lists.stretches(days),
            [
                Stretch("holiday", "National Day", *days_of(4, 5)),
                Stretch("holiday", "Mid-autumn Festival", *days_of(6, 6)),
                Stretch("holiday", "National Day", *days_of(7, 7)),
                Stretch("workday", "National Day", *days_of(8, 8)),
            ],
        )


def days_of(first, last):
    return date(2025, 10, first), date(2025, 10, last)

from base64 import b64encode
from pathlib import Path

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .calendar_case import CalendarCase

NEXT_YEAR = """date,kind,name
2027-01-01,holiday,New Year's Day
2027-01-02,holiday,New Year's Day
2027-01-03,holiday,Day of the City
2027-01-09,workday,New Year's Day
"""
STATIC = Path(__file__).parents[2] / "static" / "xls" / "cn_days_2025_2026.csv"


@tagged("post_install", "-at_install")
class TestDaysImport(CalendarCase):
    """Holidays and make-up days of China with one press (R087)."""

    def wizard(self, text=None, user=None, **vals):
        """A wizard that loads what comes with the addon, or a file with ``text``."""
        if text is not None:
            data = text if isinstance(text, bytes) else text.encode()
            vals = {"source": "file", "file": b64encode(data), **vals}
        user = user or self.manager
        return self.env["key.account.days.import"].with_user(user).create(vals)

    def leaves(self):
        return self.env["resource.calendar.leaves"].search(
            [("calendar_id", "=", self.calendar.id)], order="date_from"
        )

    def exceptions(self):
        return self.env["key.account.work.exception"].search(
            [("company_id", "=", self.company.id)], order="date_from"
        )

    def load(self, *arguments, **vals):
        result = self.wizard(*arguments, **vals).action_load()
        return result["params"]["message"]

    # --- China ---

    def test_one_press(self):
        """A manager opens it, sees what it would do, presses Load: 28 and 33 holidays
        and 5 and 6 make-up days are there, in the zone of the calendar."""
        form = Form(self.env["key.account.days.import"].with_user(self.manager))
        wizard = form.save()
        self.assertEqual(wizard.calendar_id, self.calendar)
        self.assertRecordValues(
            wizard,
            [
                {
                    "holiday_count": 28 + 33,
                    "make_up_count": 5 + 6,
                    "there_count": 0,
                    "unreadable_count": 0,
                }
            ],
        )
        self.assertEqual(
            wizard.action_load()["params"]["message"],
            "Loaded: 61 holidays and 11 make-up days. There already: 0 days.",
        )
        spring = self.leaves().filtered(
            lambda leave: str(leave.date_from) > "2026" and "Spring" in leave.name
        )
        self.assertRecordValues(
            spring,
            [
                {
                    "name": "Spring Festival",
                    "date_from": self.utc("2026-02-15 00:00"),
                    "date_to": self.utc("2026-02-23 23:59:59"),
                    "resource_id": False,
                    "company_id": self.company.id,
                    "time_type": "leave",
                }
            ],
        )
        self.assertEqual(
            [str(day) for day in self.exceptions().mapped("date_from")],
            [
                "2025-01-26",
                "2025-02-08",
                "2025-04-27",
                "2025-09-28",
                "2025-10-11",
                "2026-01-04",
                "2026-02-14",
                "2026-02-28",
                "2026-05-09",
                "2026-09-20",
                "2026-10-10",
            ],
        )
        self.assertEqual(self.exceptions().calendar_id, self.calendar)

    def test_working_days_of_2026(self):
        """With them the office works as the State Council says: 248 days in 2026, that
        is 261 weekdays less 19 holidays on weekdays and 6 make-up days more."""
        self.load()
        work = self.work("2026-01-01", "2026-12-31")
        self.assertEqual(work.total, (261 - 19 + 6) * 8 * 3600)
        self.assertEqual(len(self.hours("2026-02-14", "2026-02-24")), 2 * 2)

    def test_loading_twice_adds_nothing(self):
        self.load()
        leaves, exceptions = self.leaves(), self.exceptions()
        again = self.wizard()
        self.assertEqual((again.holiday_count, again.make_up_count), (0, 0))
        self.assertEqual(again.there_count, 61 + 11)
        self.assertEqual(
            again.action_load()["params"]["message"],
            "Nothing was loaded: all 72 days were there already.",
        )
        self.assertEqual(self.leaves(), leaves)
        self.assertEqual(self.exceptions(), exceptions)

    def test_what_is_there_stays(self):
        """Holidays that somebody entered by hand, on the calendar or for all of the
        company, are not entered again; half a day is no holiday."""
        nobody = self.env["resource.calendar"]
        self._add_holiday("2026-02-16", "2026-02-18")
        self._add_holiday("2026-05-01", "2026-05-05", nobody)
        self._add_holiday(
            "2026-04-04", "2026-04-04", date_from=self.utc("2026-04-04 12:00")
        )
        wizard = self.wizard()
        self.assertEqual(wizard.there_count, 3 + 5)
        self.assertEqual(wizard.holiday_count, 61 - 8)
        wizard.action_load()
        days = [
            str(leave.date_from)
            for leave in self.leaves()
            if "Spring" in leave.name and str(leave.date_from) > "2026"
        ]
        # from the 15th, one day, and from the 19th on
        self.assertEqual(days, ["2026-02-14 16:00:00", "2026-02-18 16:00:00"])
        self.assertEqual(self.wizard().there_count, 72)

    def test_archived_make_up_days_do_not_come_back(self):
        self.load()
        self.exceptions()[0].action_archive()
        self.assertEqual(self.wizard().make_up_count, 0)

    def test_whole_days_where_the_calendar_is(self):
        berlin = self._create_calendar("Berlin", tz="Europe/Berlin")
        self.load(calendar_id=berlin.id)
        leave = self.env["resource.calendar.leaves"].search(
            [("calendar_id", "=", berlin.id), ("date_from", "<", "2025-01-02")]
        )
        self.assertEqual(str(leave.date_from), "2024-12-31 23:00:00")
        self.assertEqual(str(leave.date_to), "2025-01-01 22:59:59")
        self.assertFalse(self.leaves())

    def test_make_up_days_like_another_weekday(self):
        self.load(like_weekday="4")
        self.assertEqual(set(self.exceptions().mapped("like_weekday")), {"4"})

    def test_a_calendar_that_companies_share(self):
        shared = self._create_calendar("Shared", company_id=False)
        far = self._create_company("Far Events")
        self.manager.company_ids |= far
        both = self.env.company | far
        self.env = self.env(context={"allowed_company_ids": both.ids})
        self.load(calendar_id=shared.id, company_id=far.id)
        for day, works in (("2026-02-16", 2), ("2026-02-14", 0)):
            here = self.hours(day, calendar=shared)
            there = self.hours(day, calendar=shared, company=far)
            self.assertEqual((len(here), len(there)), (works, 2 - works))
        self.load(calendar_id=shared.id, company_id=self.company.id)
        self.assertFalse(self.hours("2026-02-16", calendar=shared))

    # --- Files ---

    def test_a_file_of_the_next_year(self):
        message = self.load(NEXT_YEAR)
        self.assertEqual(
            message, "Loaded: 3 holidays and 1 make-up days. There already: 0 days."
        )
        self.assertEqual(
            [(leave.name, str(leave.date_from)) for leave in self.leaves()],
            [
                ("New Year's Day", "2026-12-31 16:00:00"),
                ("Day of the City", "2027-01-02 16:00:00"),
            ],
        )
        self.assertEqual(str(self.exceptions().date_from), "2027-01-09")

    def test_preview_while_he_chooses(self):
        """The form shows what a file would do as soon as it is chosen."""
        form = Form(self.env["key.account.days.import"].with_user(self.manager))
        self.assertEqual(form.holiday_count, 61)
        form.source = "file"
        self.assertEqual((form.holiday_count, len(form.line_ids)), (0, 0))
        form.file = b64encode(NEXT_YEAR.encode())
        self.assertEqual((form.holiday_count, form.make_up_count), (3, 1))
        self.assertEqual(len(form.line_ids), 3)
        wizard = form.save()
        self.assertEqual(wizard.line_ids.mapped("day_count"), [2, 1, 1])
        wizard.action_load()
        self.assertEqual(len(self.leaves()), 2)

    def test_encodings(self):
        """UTF-8 with and without a mark, and GBK as Chinese spreadsheets write it."""
        name = "元旦"
        for number, encoding in enumerate(("utf-8", "utf-8-sig", "gbk"), 1):
            text = f"date,kind,name\n2027-01-0{number},holiday,{name}\n"
            with self.subTest(encoding):
                self.load(text.encode(encoding))
                self.assertEqual(self.leaves()[-1].name, name)

    def test_lines_that_cannot_be_read_stop_it(self):
        """The preview names line and reason, nothing is loaded, unless he says so."""
        text = f"{NEXT_YEAR}\n2027-02-30,holiday,Never\n2027-01-10,shift,Odd\n"
        text += '2027-01-01,workday,Twice\n2027-01-11,holiday,"Open\n'
        wizard = self.wizard(text)
        self.assertEqual(wizard.unreadable_count, 4)
        problems = wizard.line_ids.filtered("problem")
        self.assertEqual(
            [(line.line, line.problem) for line in problems],
            [
                (7, "“2027-02-30” is no date; write it like 2026-01-31."),
                (8, "“shift” is neither holiday nor workday."),
                (9, "The day stands in line 2 already."),
                (10, 'The quotes of “2027-01-11,holiday,"Open” do not match.'),
            ],
        )
        with self.assertRaisesRegex(UserError, "Line 8: “shift” is neither"):
            wizard.action_load()
        self.assertFalse(self.leaves() or self.exceptions())
        wizard.skip_unreadable = True
        message = wizard.action_load()["params"]["message"]
        self.assertIn("Loaded: 3 holidays and 1 make-up days.", message)
        self.assertIn("Left out:\nLine 7: “2027-02-30” is no date", message)

    def test_files_that_are_none(self):
        for text, expected in (
            ("", "name the columns date, kind and name"),
            ("day;what\n2027-01-01;holiday\n", "it says “day;what”"),
            (b"\xff\xff\xff", "no text in UTF-8 or GBK"),
        ):
            wizard = self.wizard(text or "\n")
            with self.subTest(text), self.assertRaisesRegex(UserError, expected):
                wizard.action_load()
        with self.assertRaisesRegex(UserError, "Choose the file first"):
            self.wizard(source="file").action_load()
        self.assertFalse(self.wizard(source="file").line_ids)

    def test_long_lists_of_problems_are_cut(self):
        lines = "".join(f"day {n},holiday,No\n" for n in range(30))
        with self.assertRaisesRegex(UserError, "Line 21: .*\nand 10 lines more\n"):
            self.load(f"date,kind,name\n{lines}")

    # --- Who ---

    def test_managers_only(self):
        """Holidays of all are written by administrators in Odoo, and by managers here;
        by nobody else, and on no calendar of another company."""
        for user in (self.employee, self.seller, self.steward):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.wizard(user=user)
        wizard = self.wizard()
        with self.assertRaises(AccessError):
            wizard.with_user(self.steward).sudo(False).action_load()
        far = self._create_company("Far Events")
        with self.assertRaisesRegex(AccessError, "belongs to another company"):
            self.load(calendar_id=far.resource_calendar_id.id)
        with self.assertRaisesRegex(AccessError, "another company"):
            self.load(company_id=far.id, calendar_id=far.resource_calendar_id.id)
        self.assertFalse(far.resource_calendar_id.leave_ids)

    def test_the_file_that_comes_along(self):
        """It holds both years and nothing else, in the form that is read."""
        lines = STATIC.read_text("utf-8").splitlines()
        self.assertEqual(lines[0], "date,kind,name")
        self.assertEqual(len(lines), 1 + 61 + 11)
        self.assertEqual({line[:4] for line in lines[1:]}, {"2025", "2026"})

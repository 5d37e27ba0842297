from datetime import datetime, timedelta
from random import Random

from odoo.fields import Command
from odoo.tests import tagged

from ...tools.promises import due
from .calendar_case import OFFICE, CalendarCase

HOUR = 3600


@tagged("post_install", "-at_install")
class TestResourceCalendar(CalendarCase):
    """Working time as Odoo's calendars have it, and extra days (R087)."""

    # --- Like Odoo ---

    def assertLikeOdoo(self, calendar, seed, cases=60):
        """Due as ``plan_hours`` says, wherever neither holds nor extra days are: for
        starts and targets of whole quarters of an hour, which floats do exactly."""
        chance = Random(seed)
        since, until = datetime(2026, 1, 1), datetime(2027, 1, 1)
        work = calendar._key_account_working_time(since, until, self.company)
        for _case in range(cases):
            start = since + timedelta(minutes=15 * chance.randrange(4 * 24 * 330))
            quarters = chance.choice([0, 1, 8, 32, 64, chance.randrange(4 * 60)])
            self.assertEqual(
                due(work, start, quarters * 900),
                calendar.plan_hours(quarters / 4, start, compute_leaves=True),
                f"{quarters / 4} h from {start}",
            )

    def test_office_with_holidays(self):
        """Lunch breaks, a weekend, holidays, a half one, those of all calendars."""
        self._add_holiday("2026-02-15", "2026-02-23")
        self._add_holiday("2026-05-01", "2026-05-05")
        self._add_holiday("2026-10-01", "2026-10-07", self.env["resource.calendar"])
        self._add_holiday(
            "2026-06-18", "2026-06-18", date_from=self.utc("2026-06-18 14:00")
        )
        self.assertLikeOdoo(self.calendar, seed=1)

    def test_zone_with_summer_time(self):
        """Berlin, with a shift in the nights in which the clocks change."""
        calendar = self._create_calendar("Berlin", tz="Europe/Berlin")
        calendar.attendance_ids = [Command.create(self._shift(6, 0, 5))]
        self._add_holiday("2026-04-03", "2026-04-06", calendar)
        self.assertLikeOdoo(calendar, seed=2)
        work = self.work("2026-03-29", "2026-03-29", calendar)
        self.assertEqual(work.total, 4 * HOUR)
        work = self.work("2026-10-25", "2026-10-25", calendar)
        self.assertEqual(work.total, 6 * HOUR)

    def test_two_weeks(self):
        """Long and short weeks take turns."""
        calendar = self._create_calendar("Turns", two_weeks_calendar=True, days=())
        calendar.attendance_ids = [
            Command.create(self._shift(day, begin, end, week_type=week))
            for week, last in (("0", 5), ("1", 3))
            for day in range(last)
            for begin, end in OFFICE
        ]
        self.assertLikeOdoo(calendar, seed=3)
        weeks = [
            self.work(*days, calendar).total / HOUR
            for days in (("2026-03-02", "2026-03-08"), ("2026-03-09", "2026-03-15"))
        ]
        self.assertEqual(sorted(weeks), [24, 40])

    def test_break_rows_are_no_work(self):
        """Rows of the kind Break, as Odoo's own calendars have them, are left out."""
        calendar = self._create_calendar("With breaks")
        calendar.attendance_ids = [
            Command.create(self._shift(day, 12, 13, day_period="lunch"))
            for day in range(5)
        ]
        self.assertEqual(
            self.hours("2026-03-06", calendar=calendar),
            [("06 09:00", "06 12:00"), ("06 13:00", "06 18:00")],
        )
        self.assertLikeOdoo(calendar, seed=4, cases=30)

    def test_until_midnight(self):
        """Shifts that meet at midnight are one; Odoo loses a microsecond there."""
        calendar = self._create_calendar("Night", shifts=((0, 24),), days=range(7))
        work = self.work("2026-03-02", "2026-03-08", calendar)
        self.assertEqual(len(work.intervals), 1)
        self.assertEqual(work.total, 7 * 24 * HOUR)
        start = self.utc("2026-03-03 22:00")
        odoo = calendar.plan_hours(50, start, compute_leaves=True)
        self.assertLess(abs(due(work, start, 50 * HOUR) - odoo), timedelta(seconds=1))

    def test_flexible(self):
        """A flexible calendar is worked as Odoo fills its weeks from Monday on,
        whenever one asks."""
        calendar = self._create_calendar("Flexible", days=())
        calendar.write(
            {
                "schedule_type": "flexible",
                "hours_per_day": 8,
                "full_time_required_hours": 40,
            }
        )
        week = [(f"{day:02} 08:00", f"{day:02} 16:00") for day in range(2, 7)]
        whole = self.hours("2026-03-02", "2026-03-08", calendar=calendar)
        self.assertEqual(whole, week)
        late = self.hours("2026-03-05", "2026-03-08", calendar=calendar)
        self.assertEqual(late, week[3:])
        monday = self.utc("2026-03-02")
        sunday = monday + timedelta(days=14)
        self.assertEqual(
            self.work("2026-03-02", "2026-03-15", calendar).total / HOUR,
            calendar.get_work_hours_count(monday, sunday),
        )
        self._add_exception("2026-03-07", like_weekday="2")
        self.assertIn(
            ("07 08:00", "07 16:00"),
            self.hours("2026-03-07", calendar=calendar),
        )

    def test_nobody_works(self):
        """A calendar without shifts has no working time, and says so."""
        calendar = self._create_calendar("Empty", days=())
        self.assertEqual(self.work("2026-03-02", "2026-03-08", calendar).total, 0)

    def test_no_calendar_is_round_the_clock(self):
        work = self.env["resource.calendar"]._key_account_working_time(
            datetime(2026, 1, 1), datetime(2026, 1, 2), self.company
        )
        start = self.utc("2026-03-07 03:00")
        self.assertEqual(due(work, start, 48 * HOUR), self.utc("2026-03-09 03:00"))

    def test_the_horizon_is_what_was_asked_for(self):
        since, until = self.utc("2026-03-04 10:00"), self.utc("2026-03-05 15:00")
        work = self.calendar._key_account_working_time(since, until, self.company)
        self.assertEqual((work.since, work.until), (since, until))
        self.assertEqual(work.total, (2 + 5 + 3 + 2) * HOUR)

    # --- Worked examples ---

    def test_worked_examples(self):
        """The clock of design.md 4, through the calendar (R087, R095)."""
        self._add_holiday("2026-02-15", "2026-02-23")
        self._add_exception("2026-02-14", calendar_id=self.calendar.id)
        work = self.work("2026-02-01", "2026-03-31")
        friday = "2026-03-06 17:00"
        hold = (self.utc("2026-03-09 09:00"), self.utc("2026-03-09 11:00"))
        for start, hours, holds, expected in (
            (friday, 2, [], "2026-03-09 10:00"),
            (friday, 16, [], "2026-03-10 17:00"),
            (friday, 16, [hold], "2026-03-11 10:00"),
            ("2026-02-14 10:00", 8, [], "2026-02-24 10:00"),
        ):
            with self.subTest(start=start, hours=hours, holds=holds):
                self.assertEqual(
                    due(work, self.utc(start), hours * HOUR, holds), self.utc(expected)
                )

    # --- Extra days ---

    def test_make_up_day_in_a_holiday(self):
        """A make-up day is worked even if a holiday lies over it, like its weekday."""
        self._add_holiday("2026-02-14", "2026-02-23")
        self.calendar.attendance_ids.filtered(
            lambda shift: shift.dayofweek == "2" and shift.hour_from == 13
        ).unlink()
        self.assertEqual(self.hours("2026-02-14"), [])
        exception = self._add_exception("2026-02-14")
        monday = [("14 09:00", "14 12:00"), ("14 13:00", "14 18:00")]
        self.assertEqual(self.hours("2026-02-14"), monday)
        exception.like_weekday = "2"
        self.assertEqual(self.hours("2026-02-14"), monday[:1])
        exception.like_weekday = "5"
        self.assertEqual(self.hours("2026-02-14"), [])

    def test_make_up_day_like_a_monday_that_is_a_holiday(self):
        """It is worked like a Monday, whatever became of the Monday of that week."""
        self._add_holiday("2026-02-09", "2026-02-09")
        self._add_exception("2026-02-14")
        self.assertEqual(len(self.hours("2026-02-14")), 2)

    def test_make_up_day_where_weeks_alternate(self):
        """It is worked like the weekday of its own week."""
        calendar = self._create_calendar("Turns", two_weeks_calendar=True, days=())
        calendar.attendance_ids = [
            Command.create(self._shift(0, 8 + 2 * week, 12, week_type=str(week)))
            for week in (0, 1)
        ]
        self._add_exception("2026-03-07")
        self._add_exception("2026-03-14")
        for monday, saturday in (
            ("2026-03-02", "2026-03-07"),
            ("2026-03-09", "2026-03-14"),
        ):
            hours, extra = (
                [
                    tuple(text[3:] for text in pair)
                    for pair in self.hours(day, calendar=calendar)
                ]
                for day in (monday, saturday)
            )
            self.assertTrue(hours)
            self.assertEqual(extra, hours)

    def test_show_weekend(self):
        """A show keeps hours of its own, with a break or without, until midnight."""
        show = self._add_exception(
            "2026-03-07",
            "2026-03-08",
            kind="show",
            hour_from=7.5,
            hour_to=24,
            break_from=12,
            break_to=12.75,
        )
        self.assertEqual(
            self.hours("2026-03-07", "2026-03-08"),
            [
                ("07 07:30", "07 12:00"),
                ("07 12:45", "08 00:00"),
                ("08 07:30", "08 12:00"),
                ("08 12:45", "09 00:00"),
            ],
        )
        show.write({"break_from": 0, "break_to": 0, "hour_to": 16})
        self.assertEqual(
            self.hours("2026-03-07", "2026-03-08"),
            [("07 07:30", "07 16:00"), ("08 07:30", "08 16:00")],
        )

    def test_nothing_counts_twice(self):
        """An extra day on a working day, and two of them on one day."""
        for _twice in range(2):
            self._add_exception("2026-03-06", kind="show", hour_from=8, hour_to=17)
        work = self.work("2026-03-06", "2026-03-06")
        self.assertEqual(work.total, 10 * HOUR)

    def test_extra_days_lie_in_the_zone_of_the_calendar(self):
        """One row for all calendars: each works it where it is."""
        berlin = self._create_calendar("Berlin", tz="Europe/Berlin")
        self._add_exception("2026-03-29", kind="show", hour_from=0, hour_to=6)
        self.assertEqual(
            self.hours("2026-03-29", calendar=berlin), [("29 00:00", "29 06:00")]
        )
        self.assertEqual(self.work("2026-03-29", "2026-03-29", berlin).total, 5 * HOUR)
        self.assertEqual(self.work("2026-03-29", "2026-03-29").total, 6 * HOUR)

    def test_extra_days_of_other_calendars_and_archived_ones(self):
        other = self._create_calendar("Other")
        exception = self._add_exception("2026-03-07", calendar_id=other.id)
        self.assertEqual(self.hours("2026-03-07"), [])
        self.assertEqual(len(self.hours("2026-03-07", calendar=other)), 2)
        exception.calendar_id = False
        self.assertEqual(len(self.hours("2026-03-07")), 2)
        exception.action_archive()
        self.assertEqual(self.hours("2026-03-07"), [])

    # --- Whose days ---

    def test_each_company_has_its_own_days(self):
        """Of a calendar that two companies share, each has its holidays and extra days;
        holidays without a calendar are those of one company."""
        far = self._create_company("Far Events")
        self.env.user.company_ids |= far
        shared = self._create_calendar("Shared", company_id=False)
        nobody = self.env["resource.calendar"]
        for company, day in ((self.company, "02"), (far, "03")):
            here = self.env(context={"allowed_company_ids": company.ids})
            for calendar, more in ((shared, 0), (nobody, 2)):
                number = f"2026-03-{int(day) + more:02}"
                leave = self._add_holiday(number, number, calendar.with_env(here))
                leave.with_env(here).write({"company_id": company.id})
        self._add_exception("2026-03-07")
        self._add_exception("2026-03-08", company_id=far.id)
        self.env.flush_all()
        week = ("2026-03-02", "2026-03-08")

        def days(company):
            found = self.hours(*week, calendar=shared, company=company)
            return sorted({start[:2] for start, _stop in found})

        self.assertEqual(days(self.company), ["03", "05", "06", "07"])
        self.assertEqual(days(far), ["02", "04", "06", "08"])

    def test_time_off_of_people_is_no_holiday(self):
        person = self.env["resource.resource"].create(
            {"name": "Ann", "calendar_id": self.calendar.id}
        )
        self._add_holiday("2026-03-06", "2026-03-06", resource_id=person.id)
        self._add_holiday("2026-03-05", "2026-03-05", time_type="other")
        self.assertEqual(self.work("2026-03-05", "2026-03-06").total, 16 * HOUR)

    def test_who_asks_is_no_matter(self):
        """An employee elsewhere finds the same working time."""
        self._add_holiday("2026-02-15", "2026-02-23")
        self._add_exception("2026-02-14")
        expected = self.work("2026-02-09", "2026-03-01").intervals
        self.employee.tz = "America/New_York"
        asked = self.calendar.with_user(self.employee).with_context(
            employee_timezone="America/New_York", tz="America/New_York"
        )
        self.assertEqual(
            self.work("2026-02-09", "2026-03-01", asked).intervals, expected
        )

    # --- What it costs ---

    def test_queries(self):
        """At most four, for a week as for twenty years."""
        for year in range(2020, 2040):
            self._add_holiday(f"{year}-05-01", f"{year}-05-05")
            self._add_exception(f"{year}-05-09")
        counts = []
        for last in ("2026-05-10", "2039-12-31"):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.calendar._key_account_working_time(
                datetime(2026, 5, 1), datetime.fromisoformat(last), self.company
            )
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[0], 4)

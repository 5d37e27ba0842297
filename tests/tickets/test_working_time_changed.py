from odoo.tests import tagged

from .calendar_case import CalendarCase


@tagged("post_install", "-at_install")
class TestWorkingTimeChanged(CalendarCase):
    """Who stores what depends on working time is told once for each change."""

    def assertTold(self, calendars, change, *arguments):
        calls, watch = self.told()
        with watch:
            result = change(*arguments)
        self.assertEqual(len(calls), 1 if calendars else 0)
        for told in calls:
            self.assertEqual(told, calendars)
        return result

    def test_shifts(self):
        other = self._create_calendar("Other")
        both = self.calendar | other
        Shift = self.env["resource.calendar.attendance"]
        values = [self._shift(5, 9, 12, calendar_id=calendar.id) for calendar in both]
        shifts = self.assertTold(both, Shift.create, values)
        self.assertTold(both, shifts.write, {"hour_to": 11})
        self.assertTold(None, shifts.write, {"name": "Saturday", "sequence": 3})
        self.assertTold(both, shifts[0].write, {"calendar_id": other.id})
        self.assertTold(other, shifts.unlink)

    def test_zone(self):
        self.assertTold(self.calendar, self.calendar.write, {"tz": "Europe/Berlin"})
        self.assertTold(None, self.calendar.write, {"name": "Renamed"})

    def test_holidays(self):
        """Those of one calendar, those of all of a company, and no time off of
        people."""
        other = self._create_calendar("Other")
        leave = self.assertTold(
            self.calendar, self._add_holiday, "2026-05-01", "2026-05-05"
        )
        self.assertTold(self.calendar, leave.write, {"date_to": "2026-05-05 18:00:00"})
        self.assertTold(None, leave.write, {"name": "Labour Day"})
        self.assertTold(self.calendar | other, leave.write, {"calendar_id": other.id})
        self.assertTold(other, leave.unlink)
        nobody = self.env["resource.calendar"]
        everybody = nobody._key_account_of(self.company)
        self.assertGreaterEqual(everybody, self.calendar | other)
        leave = self.assertTold(
            everybody, self._add_holiday, "2026-05-01", "2026-05-05", nobody
        )
        self.assertTold(everybody, leave.unlink)
        person = self.env["resource.resource"].create(
            {"name": "Ann", "calendar_id": self.calendar.id}
        )
        mine = {"resource_id": person.id}
        leave = self.assertTold(
            None, lambda: self._add_holiday("2026-05-01", "2026-05-05", **mine)
        )
        self.assertTold(None, leave.unlink)

    def test_calendars_that_are_deleted(self):
        """What was a holiday of one calendar only is then one of the company."""
        other = self._create_calendar("Other")
        leave = self._add_holiday("2026-05-01", "2026-05-05", other)
        everybody = other._key_account_of(self.company) - other
        self.assertTold(everybody, other.unlink)
        self.assertFalse(leave.calendar_id)
        idle = self._create_calendar("Idle")
        self.assertTold(None, idle.unlink)

    def test_extra_days(self):
        other = self._create_calendar("Other")
        exception = self.assertTold(
            self.calendar,
            lambda: self._add_exception("2026-03-07", calendar_id=self.calendar.id),
        )
        self.assertTold(self.calendar, exception.write, {"date_to": "2026-03-08"})
        self.assertTold(None, exception.write, {"name": "Renamed"})
        self.assertTold(self.calendar, exception.action_archive)
        self.assertTold(
            self.calendar | other, exception.write, {"calendar_id": other.id}
        )
        everybody = other._key_account_of(self.company)
        self.assertTold(everybody, exception.write, {"calendar_id": False})
        self.assertTold(everybody, exception.unlink)

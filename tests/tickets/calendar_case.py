from datetime import datetime, timedelta
from unittest.mock import patch

import pytz

from odoo.fields import Command

from ..common import KeyAccountCase

OFFICE = ((9, 12), (13, 18))


class CalendarCase(KeyAccountCase):
    """The calendar of design.md 4: Monday to Friday 9 to 12 and 13 to 18 in Shanghai,
    the holidays of the Spring Festival of 2026 and the make-up day before it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls._create_calendar("Office")
        cls.company.resource_calendar_id = cls.calendar

    @classmethod
    def _create_calendar(cls, name, shifts=OFFICE, days=range(5), **vals):
        return cls.env["resource.calendar"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "tz": "Asia/Shanghai",
                "attendance_ids": [
                    Command.clear(),
                    *(
                        Command.create(cls._shift(day, begin, end))
                        for day in days
                        for begin, end in shifts
                    ),
                ],
                **vals,
            }
        )

    @classmethod
    def _shift(cls, day, begin, end, **vals):
        return {
            "name": f"{day} {begin}",
            "dayofweek": str(day),
            "hour_from": begin,
            "hour_to": end,
            "day_period": "morning" if begin < 12 else "afternoon",
            **vals,
        }

    @classmethod
    def _add_holiday(cls, first, last, calendar=None, **vals):
        """Whole days in the zone of the calendar, without one of all calendars."""
        calendar = cls.calendar if calendar is None else calendar
        zone = calendar.tz or "Asia/Shanghai"
        return cls.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": calendar.id,
                "date_from": cls.utc(f"{first} 00:00:00", zone),
                "date_to": cls.utc(f"{last} 23:59:59", zone),
                **vals,
            }
        )

    @classmethod
    def _add_exception(cls, first, last=None, **vals):
        return cls.env["key.account.work.exception"].create(
            {
                "name": "Extra",
                "company_id": cls.company.id,
                "date_from": first,
                "date_to": last or first,
                **vals,
            }
        )

    @staticmethod
    def utc(text, zone="Asia/Shanghai"):
        """``"2026-03-06 17:00"`` in a zone, as a naive moment in UTC."""
        local = pytz.timezone(zone).localize(datetime.fromisoformat(text))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    def work(self, first, last, calendar=None, company=None):
        """The working time from one local day to another one, both included."""
        calendar = self.calendar if calendar is None else calendar
        zone = calendar.tz or "Asia/Shanghai"
        return calendar._key_account_working_time(
            self.utc(first, zone),
            self.utc(last, zone) + timedelta(days=1),
            company or self.company,
        )

    def hours(self, first, last=None, **options):
        """Local begin and end of what is worked, and nothing else."""
        work = self.work(first, last or first, **options)
        zone = pytz.timezone((options.get("calendar") or self.calendar).tz)
        return [
            tuple(
                pytz.utc.localize(moment).astimezone(zone).strftime("%d %H:%M")
                for moment in pair
            )
            for pair in work.intervals
        ]

    def told(self):
        """Records which calendars were said to have changed, call by call."""
        calls = []
        model = self.registry["resource.calendar"]
        return calls, patch.object(
            model, "_key_account_working_time_changed", lambda self: calls.append(self)
        )

from datetime import datetime, time, timedelta

import pytz

from odoo import models

from ...tools.working_time import WorkingTime

# What decides which hours are worked; the rest of a calendar are names and averages.
WEEK = frozenset(
    {
        "tz",
        "two_weeks_calendar",
        "schedule_type",
        "flexible_hours",
        "hours_per_day",
        "full_time_required_hours",
    }
)


class ResourceCalendar(models.Model):
    """The working time that service promises are counted in (R087)."""

    _inherit = "resource.calendar"

    # --- CRUD ---

    def write(self, vals):
        result = super().write(vals)
        if WEEK.intersection(vals):
            self._key_account_tell()
        return result

    def unlink(self):
        """Holidays of a deleted calendar become those of its whole company."""
        companies = self.sudo().filtered("global_leave_ids").company_id
        result = super().unlink()
        if companies:
            self._key_account_of(companies)._key_account_tell()
        return result

    # --- Business ---

    def _key_account_working_time(self, since, until, company=None):
        """The working time of this calendar between two moments (naive, UTC): Odoo's
        own, that is shifts without holidays, and the working days on top of it that
        ``key.account.work.exception`` holds, which a holiday does not take away.

        Holidays and working days are those of ``company``, by default the calendar's
        own; time off of single people does not count. Without a calendar it is 24/7.
        It takes four queries, however long the time is.

        :rtype: WorkingTime, whose ``total`` is 0 where nobody ever works: callers then
            fall back on another calendar.
        """
        if not self:
            return WorkingTime.round_the_clock()
        self.ensure_one()
        # Everybody's promises are equal: it is no matter who asks.
        calendar = self.sudo().with_context(key_account_fetch=True)
        zone = pytz.timezone(calendar.tz)
        company = company or calendar.company_id or self.env.company
        begin, end = _whole_weeks(since, until, zone)
        shifts = calendar._attendance_intervals_batch(begin, end)[False]
        holidays = calendar._leave_intervals_batch(
            begin, end, domain=calendar._key_account_holiday_domain(company)
        )[False]
        usual = [(_utc(start), _utc(stop)) for start, stop, _shift in shifts - holidays]
        exceptions = self.env["key.account.work.exception"].sudo()
        extra = exceptions._intervals(
            calendar, company, begin.date(), end.date(), _by_day(shifts)
        )
        return WorkingTime(
            usual + [(_utc(start), _utc(stop)) for start, stop in extra], since, until
        )

    def _key_account_holiday_domain(self, company):
        """Holidays without a calendar belong to one company, those of a calendar that
        several companies share as well."""
        companies = company | self.company_id
        return [
            ("time_type", "=", "leave"),
            ("company_id", "in", [False, *companies.ids]),
        ]

    def _key_account_tell(self):
        """Somebody has changed what these calendars, if any, are made of."""
        if self:
            self._key_account_working_time_changed()

    def _key_account_working_time_changed(self):
        """Called once after shifts, holidays, working days or the zone of these
        calendars have changed, with all of them at a time: what is promised in them
        and still open is due at another time now."""
        self.env["key.account.sla.clock"]._recompute_calendars(self)

    def _key_account_of(self, companies):
        """All calendars of ``companies``, and those that no company owns."""
        calendars = self.env["resource.calendar"].sudo().with_context(active_test=False)
        return calendars.search([("company_id", "in", [False, *companies.ids])])


def _whole_weeks(since, until, zone):
    """From the Monday on or before ``since`` to one after ``until``, where the calendar
    is. Odoo fills the weeks of a flexible calendar from the day it is asked from: asked
    from Mondays on, it always fills the same days."""
    first, last = (
        pytz.utc.localize(moment).astimezone(zone).date() for moment in (since, until)
    )
    first -= timedelta(days=first.weekday())
    last += timedelta(days=7 - last.weekday())
    return tuple(
        zone.localize(datetime.combine(day, time.min)) for day in (first, last)
    )


def _by_day(shifts):
    """The shifts of each day, as local times without a zone."""
    by_day = {}
    for start, stop, _shift in shifts:
        local = start.replace(tzinfo=None), stop.replace(tzinfo=None)
        by_day.setdefault(local[0].date(), []).append(local)
    return by_day


def _utc(moment):
    return moment.astimezone(pytz.utc).replace(tzinfo=None)

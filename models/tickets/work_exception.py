from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]
WHOLE = ("calendar_id", "company_id", "kind", "like_weekday", "active")
DATES = ("date_from", "date_to", "hour_from", "hour_to", "break_from", "break_to")
TIMES = frozenset(WHOLE + DATES)


class KeyAccountWorkException(models.Model):
    """Days on which people work although their calendar does not say so (R087).

    Shifts of a calendar repeat every week and time off only takes away. What comes on
    top of both on a date stands here: the working days that make up for a holiday, on
    which the shifts of another weekday are worked, and shows, which keep hours of their
    own. Such a day is worked even if it lies in a holiday: that is what it is for.
    """

    _name = "key.account.work.exception"
    _description = "Extra Working Day"
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, help="The holiday it makes up for, or the show.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Hours",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        help="Whose working time it extends. Empty: all calendars of the company.",
    )

    # dates and hours
    date_from = fields.Date("First Day", required=True, index=True)
    date_to = fields.Date(
        "Last Day",
        required=True,
        compute="_compute_date_to",
        store=True,
        readonly=False,
        precompute=True,
    )
    kind = fields.Selection(
        [("make_up", "Make-up Day"), ("show", "Show")], required=True, default="make_up"
    )
    like_weekday = fields.Selection(
        WEEKDAYS,
        "Works Like",
        default="0",
        help="The shifts of that weekday are worked.",
    )
    hour_from = fields.Float("From", default=9.0, aggregator=None)
    hour_to = fields.Float("Until", default=18.0, aggregator=None)
    break_from = fields.Float("Break from", aggregator=None)
    break_to = fields.Float("Break until", aggregator=None)

    _dates_ordered = models.Constraint(
        "CHECK(date_from <= date_to)", "The last day is not before the first one."
    )
    _make_up_like_a_weekday = models.Constraint(
        "CHECK(kind != 'make_up' OR like_weekday IS NOT NULL)",
        "Say like which weekday a make-up day is worked.",
    )

    # --- Compute ---

    @api.depends("date_from")
    def _compute_date_to(self):
        for exception in self:
            if not exception.date_to or (
                exception.date_from and exception.date_to < exception.date_from
            ):
                exception.date_to = exception.date_from

    # --- Constraints ---

    @api.constrains("kind", "hour_from", "hour_to", "break_from", "break_to")
    def _check_hours(self):
        for exception in self:
            if exception.kind == "show" and (problem := exception._hours_problem()):
                raise ValidationError(problem)

    def _hours_problem(self):
        """What is wrong with the hours of a show, or False."""
        if not 0 <= self.hour_from < self.hour_to <= 24:
            return self.env._(
                "%(name)s works from an hour to a later one of the same day, between"
                " 0:00 and 24:00.",
                name=self.name,
            )
        pause = self.break_from, self.break_to
        if pause != (0, 0) and not (
            self.hour_from <= self.break_from < self.break_to <= self.hour_to
        ):
            return self.env._(
                "The break of %(name)s begins before it ends, within the working"
                " hours.",
                name=self.name,
            )
        return False

    # --- CRUD ---

    @api.model_create_multi
    def create(self, vals_list):
        exceptions = super().create(vals_list)
        exceptions._calendars()._key_account_tell()
        return exceptions

    def write(self, vals):
        if not TIMES.intersection(vals):
            return super().write(vals)
        before = self._calendars()
        result = super().write(vals)
        (before | self._calendars())._key_account_tell()
        return result

    def unlink(self):
        calendars = self._calendars()
        result = super().unlink()
        calendars._key_account_tell()
        return result

    # --- Business ---

    def _calendars(self):
        """The calendars whose working time these days extend."""
        exceptions = self.sudo()
        everywhere = exceptions.filtered(lambda exception: not exception.calendar_id)
        calendars = exceptions.calendar_id
        if everywhere:
            calendars |= calendars._key_account_of(everywhere.company_id)
        return calendars

    @api.model
    def _intervals(self, calendar, company, first, last, shifts):
        """The extra working time of ``calendar`` in ``company`` on the days from
        ``first`` to ``last``, as pairs of moments in the calendar's zone.

        ``shifts`` maps days of these weeks to their shifts, holidays included: a
        make-up day is worked like the weekday of its own week, which matters where two
        weeks alternate.
        """
        domain = Domain("company_id", "=", company.id)
        domain &= Domain("calendar_id", "in", [False, calendar.id])
        domain &= Domain("date_from", "<=", last) & Domain("date_to", ">=", first)
        zone = pytz.timezone(calendar.tz)
        return [
            (zone.localize(start), zone.localize(stop))
            for exception in self.search_fetch(domain, TIMES - {"active"})
            for day in exception._days(first, last)
            for start, stop in exception._shifts(day, shifts)
        ]

    def _days(self, first, last):
        first, last = max(self.date_from, first), min(self.date_to, last)
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]

    def _shifts(self, day, shifts):
        """Local begin and end of the shifts of ``day``."""
        if self.kind == "make_up":
            gap = timedelta(days=day.weekday() - int(self.like_weekday))
            like = shifts.get(day - gap, [])
            return [(start + gap, stop + gap) for start, stop in like]
        midnight = datetime.combine(day, time.min)
        if self.break_from == self.break_to:
            hours = [self.hour_from, self.hour_to]
        else:
            hours = [self.hour_from, self.break_from, self.break_to, self.hour_to]
        moments = [midnight + timedelta(minutes=round(60 * hour)) for hour in hours]
        return list(zip(moments[::2], moments[1::2], strict=True))

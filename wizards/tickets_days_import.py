from base64 import b64decode
from datetime import datetime, time

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL, file_open

from ..models.tickets.work_exception import WEEKDAYS
from ..tools import day_lists
from ..tools.promises import union

READY = "key_account/static/xls/cn_days_2025_2026.csv"
LAST_SECOND = time(23, 59, 59)
# Lines that a message lists; the preview lists all of them.
LISTED = 20


class KeyAccountDaysImport(models.TransientModel):
    """Loads the holidays and make-up days of a country into a calendar: those of China
    that come with the addon, or a file of the same form (R087).

    It shows before what it would do. Holidays become time off of the whole calendar,
    make-up days extra working days; what is there already stays as it is, so a list may
    be loaded again and again.
    """

    _name = "key.account.days.import"
    _description = "Load Holidays"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Hours",
        required=True,
        compute="_compute_calendar_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('company_id', 'in', [company_id, False])]",
        help="Which calendar gets these days; its zone says when a day begins.",
    )
    source = fields.Selection(
        [("china", "China, 2025 and 2026"), ("file", "A file of mine")],
        required=True,
        default="china",
    )
    file = fields.Binary(
        "File to Load",
        help="A CSV file with the columns date, kind (holiday or workday) and name.",
    )
    file_name = fields.Char(export_string_translation=False)
    like_weekday = fields.Selection(
        WEEKDAYS,
        "Make-up Days Work Like",
        required=True,
        default="0",
        help="The shifts of that weekday are worked on the make-up days.",
    )
    skip_unreadable = fields.Boolean(
        "Leave out What Cannot Be Read",
        help="Otherwise nothing is loaded as long as a line cannot be read.",
    )
    line_ids = fields.One2many(
        "key.account.days.import.line",
        "import_id",
        "Preview",
        compute="_compute_line_ids",
        store=True,
    )
    holiday_count = fields.Integer(
        "New Holidays", compute="_compute_line_ids", store=True
    )
    make_up_count = fields.Integer(
        "New Make-up Days", compute="_compute_line_ids", store=True
    )
    there_count = fields.Integer(
        "Days That Are There", compute="_compute_line_ids", store=True
    )
    unreadable_count = fields.Integer(
        "Lines That Cannot Be Read", compute="_compute_line_ids", store=True
    )

    # --- Compute ---

    @api.depends("company_id")
    def _compute_calendar_id(self):
        for wizard in self:
            wizard.calendar_id = wizard.company_id.resource_calendar_id

    @api.depends("company_id", "calendar_id", "source", "file")
    def _compute_line_ids(self):
        for wizard in self:
            new, there, unreadable = wizard._plan()
            lines = [wizard._prepare_problem(problem) for problem in unreadable]
            lines += [wizard._prepare_line("new", stretch) for stretch in new]
            lines += [wizard._prepare_line("there", stretch) for stretch in there]
            wizard.line_ids = [Command.clear(), *map(Command.create, lines)]
            wizard.holiday_count = _count(new, "holiday")
            wizard.make_up_count = _count(new, "workday")
            wizard.there_count = sum(map(_length, there))
            wizard.unreadable_count = len(unreadable)

    def _prepare_line(self, verdict, stretch):
        return {
            "verdict": verdict,
            "kind": stretch.kind,
            "name": self._translated(stretch.name),
            "date_from": stretch.first,
            "date_to": stretch.last,
            "day_count": _length(stretch),
        }

    def _prepare_problem(self, problem):
        return {
            "verdict": "unreadable",
            "line": problem.line,
            "problem": self._problem_text(problem),
        }

    # --- Actions ---

    def action_load(self):
        """Loads what is new, and says what was done and what was left out."""
        self.ensure_one()
        self._check_may_load()
        self._lock_calendar()
        new, there, unreadable = self._plan()
        if self.source == "file" and not self.file:
            raise UserError(self.env._("Choose the file first."))
        if unreadable and not self.skip_unreadable:
            raise UserError(
                self.env._(
                    "Nothing was loaded, because these lines cannot be read:\n"
                    "%(lines)s\nMend the file, or leave them out.",
                    lines="\n".join(self._left_out(unreadable)),
                )
            )
        self._load_holidays([one for one in new if one.kind == "holiday"])
        self._load_make_up_days([one for one in new if one.kind == "workday"])
        return self._result(new, there, unreadable)

    @api.model
    def _load_ready(self, calendars):
        """Loads the days that come with the addon into ``calendars``."""
        for calendar in calendars:
            company = calendar.company_id or self.env.company
            vals = {"calendar_id": calendar.id, "company_id": company.id}
            self.create(vals).action_load()

    # --- Business ---

    def _check_may_load(self):
        """Holidays of a calendar are written by administrators only, and those of the
        calendars of his companies by a manager here."""
        if not (self.env.su or self.env.user.has_group("key_account.group_manager")):
            raise AccessError(self.env._("Only a manager loads holidays."))
        calendar = self.calendar_id.sudo()
        if self.company_id not in self.env.companies or (
            calendar.company_id not in (self.company_id, self.env["res.company"])
        ):
            raise AccessError(
                self.env._(
                    "%(calendar)s belongs to another company. Choose working hours of"
                    " %(company)s.",
                    calendar=calendar.name,
                    company=self.company_id.sudo().name,
                )
            )

    def _lock_calendar(self):
        """Of two people who load at once, the later one starts anew and finds what the
        first one has loaded."""
        self.env.execute_query(
            SQL(
                "UPDATE resource_calendar SET write_date = write_date WHERE id = %s"
                " RETURNING id",
                self.calendar_id.id,
            )
        )

    def _plan(self):
        """``(new, there, unreadable)``: stretches of days, and lines."""
        days, unreadable = day_lists.read(self._content())
        if not (days and self.calendar_id and self.company_id):
            return [], [], unreadable
        found = self._days_there({day.day for day in days})
        there = [day for day in days if day.day in found[day.kind]]
        new = [day for day in days if day.day not in found[day.kind]]
        return day_lists.stretches(new), day_lists.stretches(there), unreadable

    def _content(self):
        if self.source == "china":
            with file_open(READY, "rb") as ready:
                return ready.read()
        data = self.with_context(bin_size=False).file
        # an empty file is one without a header, no file is none
        return b64decode(data) if data else b"date,kind,name"

    def _days_there(self, days):
        """Which of ``days`` are holidays from midnight to midnight, and which are extra
        working days, archived ones included: somebody did not want those."""
        return {
            "holiday": self._holidays_there(days),
            "workday": self._make_up_days_there(days),
        }

    def _holidays_there(self, days):
        calendar = self.calendar_id._origin.sudo()
        zone = pytz.timezone(calendar.tz)
        domain = Domain(calendar._key_account_holiday_domain(self.company_id._origin))
        domain &= Domain("resource_id", "=", False)
        domain &= Domain("calendar_id", "in", [False, calendar.id])
        domain &= Domain("date_from", "<=", _utc(zone, max(days), LAST_SECOND))
        domain &= Domain("date_to", ">=", _utc(zone, min(days), time()))
        leaves = calendar.env["resource.calendar.leaves"].search(domain)
        off = union((leave.date_from, leave.date_to) for leave in leaves)
        return {
            day
            for day in days
            if any(
                begin <= _utc(zone, day, time()) and end >= _utc(zone, day, LAST_SECOND)
                for begin, end in off
            )
        }

    def _make_up_days_there(self, days):
        extra = self.env["key.account.work.exception"].sudo()
        domain = Domain("company_id", "=", self.company_id._origin.id)
        domain &= Domain("calendar_id", "in", [False, self.calendar_id._origin.id])
        domain &= Domain("date_from", "<=", max(days))
        domain &= Domain("date_to", ">=", min(days))
        exceptions = extra.with_context(active_test=False).search(domain)
        return {
            day
            for day in days
            if any(one.date_from <= day <= one.date_to for one in exceptions)
        }

    def _load_holidays(self, stretches):
        # only administrators write holidays; this method has checked who asks for what
        calendar = self.calendar_id.sudo()
        zone = pytz.timezone(calendar.tz)
        leaves = calendar.env["resource.calendar.leaves"].create(
            [
                {
                    "name": self._translated(stretch.name),
                    "calendar_id": calendar.id,
                    "date_from": _utc(zone, stretch.first, time()),
                    "date_to": _utc(zone, stretch.last, LAST_SECOND),
                }
                for stretch in stretches
            ]
        )
        # on working hours that companies share Odoo takes the company of the user
        strays = leaves.filtered(lambda leave: leave.company_id != self.company_id)
        strays.company_id = self.company_id

    def _load_make_up_days(self, stretches):
        self.env["key.account.work.exception"].create(
            [
                {
                    "name": self._translated(stretch.name),
                    "company_id": self.company_id.id,
                    "calendar_id": self.calendar_id.id,
                    "kind": "make_up",
                    "like_weekday": self.like_weekday,
                    "date_from": stretch.first,
                    "date_to": stretch.last,
                }
                for stretch in stretches
            ]
        )

    # --- Texts ---

    def _result(self, new, there, unreadable):
        values = {
            "holidays": _count(new, "holiday"),
            "make_ups": _count(new, "workday"),
            "there": sum(map(_length, there)),
        }
        if new:
            message = self.env._(
                "Loaded: %(holidays)s holidays and %(make_ups)s make-up days."
                " There already: %(there)s days.",
                **values,
            )
        else:
            message = self.env._(
                "Nothing was loaded: all %(there)s days were there already.", **values
            )
        if unreadable:
            message = "\n".join(
                [message, self.env._("Left out:"), *self._left_out(unreadable)]
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "warning" if unreadable else "success" if new else "info",
                "sticky": bool(unreadable),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _left_out(self, unreadable):
        lines = [
            self.env._(
                "Line %(line)s: %(problem)s",
                line=problem.line,
                problem=self._problem_text(problem),
            )
            for problem in unreadable[:LISTED]
        ]
        if (more := len(unreadable) - LISTED) > 0:
            lines.append(self.env._("and %(count)s lines more", count=more))
        return lines

    def _problem_text(self, problem):
        value = problem.value
        if problem.reason == "header":
            return self.env._(
                "The first line has to name the columns date, kind and name; it says"
                " “%(value)s”.",
                value=value[:80],
            )
        if problem.reason == "date":
            return self.env._(
                "“%(value)s” is no date; write it like 2026-01-31.", value=value
            )
        if problem.reason == "kind":
            return self.env._(
                "“%(value)s” is neither holiday nor workday.", value=value
            )
        if problem.reason == "double":
            return self.env._("The day stands in line %(line)s already.", line=value)
        if problem.reason == "quotes":
            return self.env._(
                "The quotes of “%(value)s” do not match.", value=value[:80]
            )
        return self.env._("The file is no text in UTF-8 or GBK.")

    def _translated(self, name):
        """The name of a holiday in the reader's language, where it is a known one."""
        known = {
            "New Year's Day": self.env._("New Year's Day"),
            "Spring Festival": self.env._("Spring Festival"),
            "Tomb-sweeping Day": self.env._("Tomb-sweeping Day"),
            "Labour Day": self.env._("Labour Day"),
            "Dragon Boat Festival": self.env._("Dragon Boat Festival"),
            "Mid-autumn Festival": self.env._("Mid-autumn Festival"),
            "National Day": self.env._("National Day"),
        }
        return known.get(name, name) or self.env._("Holiday")


def _length(stretch):
    return (stretch.last - stretch.first).days + 1


def _count(stretches, kind):
    return sum(_length(one) for one in stretches if one.kind == kind)


def _utc(zone, day, clock):
    local = zone.localize(datetime.combine(day, clock))
    return local.astimezone(pytz.utc).replace(tzinfo=None)

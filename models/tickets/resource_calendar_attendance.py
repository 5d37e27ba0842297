from odoo import api, models

# Names and order of shifts change no working time.
SHIFT = frozenset(
    {
        "calendar_id",
        "dayofweek",
        "week_type",
        "hour_from",
        "hour_to",
        "duration_hours",
        "day_period",
        "display_type",
    }
)


class ResourceCalendarAttendance(models.Model):
    """Says which calendars work otherwise when shifts change."""

    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        shifts = super().create(vals_list)
        shifts.calendar_id._key_account_tell()
        return shifts

    def write(self, vals):
        if not SHIFT.intersection(vals):
            return super().write(vals)
        before = self.calendar_id
        result = super().write(vals)
        (before | self.calendar_id)._key_account_tell()
        return result

    def unlink(self):
        calendars = self.calendar_id
        result = super().unlink()
        calendars._key_account_tell()
        return result

    @api.model
    @api.readonly
    def search(self, domain, offset=0, limit=None, order=None):
        """Working time reads what it finds at once, in one query instead of two."""
        if self.env.context.get("key_account_fetch"):
            return self.search_fetch(domain, None, offset, limit, order)
        return super().search(domain, offset=offset, limit=limit, order=order)

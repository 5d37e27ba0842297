from odoo import api, models

HOLIDAY = frozenset(
    {"calendar_id", "company_id", "resource_id", "date_from", "date_to", "time_type"}
)


class ResourceCalendarLeaves(models.Model):
    """Says which calendars work otherwise when holidays change. Time off of single
    people moves no promise of the company."""

    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._key_account_calendars()._key_account_tell()
        return leaves

    def write(self, vals):
        if not HOLIDAY.intersection(vals):
            return super().write(vals)
        before = self._key_account_calendars()
        result = super().write(vals)
        after = self._key_account_calendars()
        (before | after)._key_account_tell()
        return result

    def unlink(self):
        calendars = self._key_account_calendars()
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

    def _key_account_calendars(self):
        """The calendars whose holidays these are: their own, or all of the company."""
        holidays = self.sudo().filtered(lambda leave: not leave.resource_id)
        everywhere = holidays.filtered(lambda leave: not leave.calendar_id)
        calendars = holidays.calendar_id
        if everywhere:
            calendars |= calendars._key_account_of(everywhere.company_id)
        return calendars

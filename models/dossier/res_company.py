from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _key_account_today(self):
        """Today where the company works: the zone of its working hours. Dates of
        decisions do not depend on where their reader, or the server, happens to be."""
        return self._key_account_day(fields.Datetime.now())

    def _key_account_day(self, moment):
        """The day that a moment lies in, where the company works."""
        zoned = self.with_context(tz=self._key_account_zone())
        return fields.Datetime.context_timestamp(zoned, moment).date()

    def _key_account_zone(self):
        self.ensure_one()
        return self.sudo().resource_calendar_id.tz or self.partner_id.tz or "UTC"

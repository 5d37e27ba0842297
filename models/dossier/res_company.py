from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _key_account_today(self):
        """Today where the company works: the zone of its working hours. Dates of
        decisions do not depend on where their reader, or the server, happens to be."""
        self.ensure_one()
        zone = self.sudo().resource_calendar_id.tz or self.partner_id.tz or "UTC"
        return fields.Date.context_today(self.with_context(tz=zone))

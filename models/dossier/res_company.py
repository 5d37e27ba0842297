from datetime import datetime, time

import pytz

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    # what must be so before somebody sees a confidential file (R036)
    key_account_nda_required = fields.Boolean(
        "Confidentiality Agreement Required",
        help="Only who has signed one, and only while it is valid, sees the files of"
        " the customers he serves.",
    )
    key_account_nda_ids = fields.One2many("key.account.nda", "company_id")

    # who lets data out, and for how long (R038)
    key_account_general_manager_id = fields.Many2one(
        "res.users",
        "General Manager",
        domain="[('share', '=', False)]",
        help="Gives the last approval to data requests. Empty: any manager.",
    )
    key_account_request_days = fields.Integer("Longest Data Request (Days)", default=90)
    _key_account_request_days_positive = models.Constraint(
        "CHECK(key_account_request_days > 0)", "A data request holds for a day or more."
    )

    def _key_account_today(self):
        """Today where the company works: the zone of its working hours. Dates of
        decisions do not depend on where their reader, or the server, happens to be."""
        return self._key_account_day(fields.Datetime.now())

    def _key_account_day(self, moment):
        """The day that a moment lies in, where the company works."""
        zoned = self.with_context(tz=self._key_account_zone())
        return fields.Datetime.context_timestamp(zoned, moment).date()

    def _key_account_midnight(self, day):
        """The moment, in UTC, at which ``day`` begins where the company works."""
        zone = pytz.timezone(self._key_account_zone())
        local = zone.localize(datetime.combine(day, time.min))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    def _key_account_zone(self):
        self.ensure_one()
        return self.sudo().resource_calendar_id.tz or self.partner_id.tz or "UTC"

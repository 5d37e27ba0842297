from odoo import api, fields, models


class KeyAccountPeriod(models.AbstractModel):
    """Something that holds from one day to another, both included, where the company
    works: it begins and ends at midnight there, wherever its reader is.

    ``_period_fields`` names the two dates. The moments are stored, so that a record
    rule can compare them with the present.
    """

    _name = "key.account.period"
    _description = "Period"

    _period_fields = ("date_from", "date_to")

    starts_at = fields.Datetime(
        compute="_compute_period", store=True, export_string_translation=False
    )
    ends_at = fields.Datetime(
        compute="_compute_period",
        store=True,
        export_string_translation=False,
        help="The midnight after the last day; empty for no end.",
    )

    @api.depends(
        lambda self: (*self._period_fields, "company_id.resource_calendar_id.tz")
    )
    def _compute_period(self):
        first, last = self._period_fields
        for record in self:
            company = record.company_id or self.env.company
            begin, end = record[first], record[last]
            record.starts_at = begin and company._key_account_midnight(begin)
            record.ends_at = end and company._key_account_midnight(
                fields.Date.add(end, days=1)
            )

    @api.model
    def _now_domain(self):
        """Domain of the records that hold at this moment."""
        return fields.Domain("starts_at", "<=", "now") & (
            fields.Domain("ends_at", "=", False) | fields.Domain("ends_at", ">", "now")
        )

    def _holds_now(self):
        """Those of these records that hold at this moment."""
        now = fields.Datetime.now()
        return self.filtered(
            lambda record: (
                record.starts_at
                and record.starts_at <= now
                and (not record.ends_at or record.ends_at > now)
            )
        )

from datetime import datetime, time

import pytz

from odoo import api, fields, models
from odoo.tools import SQL


def _weekday_from(day):
    """``day`` itself from Monday to Friday, else the Monday after it."""
    return fields.Date.add(day, days=7 - day.weekday()) if day.weekday() > 4 else day


class ResCompany(models.Model):
    _inherit = "res.company"

    # what must be so before somebody sees a confidential file (R036)
    key_account_nda_required = fields.Boolean(
        "Confidentiality Agreement Required",
        help="Only who has signed one, and only while it is valid, sees the files of"
        " the customers he serves.",
    )
    key_account_nda_notice_days = fields.Integer(
        "Remind before an Agreement Ends (days)",
        default=30,
        help="So many days before its end somebody is asked to renew it.",
    )
    key_account_nda_ids = fields.One2many(
        "key.account.nda", "company_id", "Confidentiality Agreements"
    )
    # how often a file is looked through (R032)
    key_account_update_days = fields.Integer(
        "Check Files every (days)",
        default=30,
        help="So many days after a file was found right it has to be checked again.",
    )

    _key_account_update_days_positive = models.Constraint(
        "CHECK(key_account_update_days >= 1)",
        "A file is checked at most once a day: give it one day or more.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "key_account_update_days" in vals:
            self._key_account_refresh_due_dates()
        return result

    def _key_account_refresh_due_dates(self):
        """Another interval moves the dates of all checked files, in one UPDATE."""
        Account = self.env["key.account"]
        Account.flush_model(["verified_on", "file_due_on", "company_id"])
        self.flush_recordset(["key_account_update_days"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account account
                   SET file_due_on = account.verified_on
                                     + company.key_account_update_days
                  FROM res_company company
                 WHERE company.id = account.company_id
                   AND company.id = ANY(%s)
                   AND account.verified_on IS NOT NULL
                """,
                self.ids,
            )
        )
        Account.invalidate_model(["file_due_on"])

    key_account_access_months = fields.Integer(
        "Keep the Log of Opened Files (Months)",
        default=24,
        help="Who opened which file is forgotten after so many months.",
    )

    _key_account_access_months_positive = models.Constraint(
        "CHECK(key_account_access_months >= 1)",
        "The log of opened files is kept for a month at least.",
    )

    # who lets data out, and for how long (R038)
    key_account_zone = fields.Char(
        compute="_compute_key_account_zone",
        store=True,
        export_string_translation=False,
        help="The zone of its working hours: with the row, as every page asks for it.",
    )
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

    @api.depends("resource_calendar_id.tz", "partner_id.tz")
    def _compute_key_account_zone(self):
        for company in self:
            zone = company.resource_calendar_id.tz or company.partner_id.tz
            company.key_account_zone = zone or "UTC"

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

    def _key_account_next_working_day(self, day):
        """The first day after ``day`` on which the company works: one with a shift of
        its calendar that no holiday covers; the next weekday where there is none.

        Odoo's own search through a calendar takes three queries, this one takes one:
        accounts open by the thousand.
        """
        after = fields.Date.add(day, days=1)
        calendar = self.sudo().resource_calendar_id
        self.env["resource.calendar.attendance"].flush_model()
        self.env["resource.calendar.leaves"].flush_model()
        ((found,),) = self.env.execute_query(
            SQL(
                """
                SELECT min(day)::date
                  FROM generate_series(%(after)s::timestamp,
                                       %(after)s::timestamp + INTERVAL '60 days',
                                       INTERVAL '1 day') AS day
                  JOIN resource_calendar_attendance shift
                    ON shift.calendar_id = %(calendar)s
                   AND shift.dayofweek::int = EXTRACT(ISODOW FROM day)::int - 1
                   AND (shift.week_type IS NULL OR shift.week_type::int
                        = ((day::date - DATE '0001-01-01') / 7) %% 2)
                   AND shift.day_period != 'lunch'
                   AND shift.display_type IS NULL
                 WHERE NOT EXISTS (
                       SELECT 1 FROM resource_calendar_leaves holiday
                        WHERE holiday.resource_id IS NULL
                          AND holiday.time_type = 'leave'
                          AND COALESCE(holiday.calendar_id, shift.calendar_id)
                              = shift.calendar_id
                          AND COALESCE(holiday.company_id, %(company)s) = %(company)s
                          AND holiday.date_from AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s
                              <= day + shift.hour_from * INTERVAL '1 hour'
                          AND holiday.date_to AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s
                              >= day + LEAST(shift.hour_to, 23.9) * INTERVAL '1 hour')
                """,
                after=after,
                calendar=calendar.id or None,
                company=self.id,
                zone=self._key_account_zone(),
            )
        )
        return found or _weekday_from(after)

    def _key_account_first_day_of_access_log(self):
        """The first day of which the log of opened files is still kept."""
        months = self.key_account_access_months
        return fields.Date.subtract(self._key_account_today(), months=months)

    def _key_account_zone(self):
        self.ensure_one()
        return self.sudo().key_account_zone

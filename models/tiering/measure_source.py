from dataclasses import dataclass
from datetime import date, datetime, time, timezone
from zoneinfo import ZoneInfo

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.periods import window_start

INVOICE, REFUND = "out_invoice", "out_refund"


@dataclass(frozen=True, slots=True)
class Window:
    """The half-open time ``[since, until)`` a criterion looks at; ``before`` begins
    the equally long window in front of it."""

    before: date
    since: date
    until: date
    zone: ZoneInfo

    def moment(self, day):
        """The first instant of a day where the company is, as the database has it."""
        local = datetime.combine(day, time.min, self.zone)
        return local.astimezone(timezone.utc).replace(tzinfo=None)


class KeyAccountMeasureSource(models.AbstractModel):
    """The rows that measures are made of: as SQL for all accounts at once, and as a
    domain for one account, to show exactly the records behind a value."""

    _name = "key.account.measure.source"
    _description = "Sources of Measures"

    @api.model
    def _window(self, company, until, months=12):
        return Window(
            before=window_start(until, 2 * months),
            since=window_start(until, months),
            until=until,
            zone=ZoneInfo(company._key_account_zone()),
        )

    @api.model
    def _source(self, source, company, until):
        """FROM and WHERE of a source; it offers the account as ``account``, and the
        rows of all contacts of the customer rolled up to it."""
        midnight = self._window(company, until).moment(until)
        people = SQL(
            "FROM key_account account JOIN res_partner person"
            " ON person.commercial_partner_id = account.partner_id"
        )
        return {
            "invoice": SQL(
                "%s JOIN account_move move ON move.partner_id = person.id"
                " AND move.company_id = %s WHERE move.state = 'posted'"
                " AND move.move_type IN ('out_invoice', 'out_refund')"
                " AND move.invoice_date < %s",
                people,
                company.id,
                until,
            ),
            "order": SQL(
                "%s JOIN sale_order sale ON sale.partner_id = person.id"
                " AND sale.company_id = %s"
                " WHERE sale.state = 'sale' AND sale.date_order < %s",
                people,
                company.id,
                midnight,
            ),
            "opportunity": SQL(
                "%s JOIN crm_lead lead ON lead.partner_id = person.id"
                " AND (lead.company_id = %s OR lead.company_id IS NULL)"
                " WHERE lead.type = 'opportunity' AND lead.create_date < %s",
                people,
                company.id,
                midnight,
            ),
            "referral": SQL(
                "%s JOIN key_account referred ON referred.referrer_id = person.id"
                " AND referred.company_id = %s WHERE referred.opened_on < %s",
                people,
                company.id,
                until,
            ),
            "rating": SQL(
                "%s JOIN rating_rating rating ON rating.partner_id = person.id"
                " WHERE rating.consumed AND rating.rating > 0"
                " AND rating.rated_on < %s",
                people,
                midnight,
            ),
            "profile": SQL(
                "FROM key_account account JOIN res_partner person"
                " ON person.id = account.partner_id WHERE TRUE"
            ),
            # the committee's view on the day of the evaluation, hence that day too
            "assessment": SQL(
                "FROM key_account account JOIN key_account_assessment assessment"
                " ON assessment.account_id = account.id"
                " WHERE assessment.state = 'approved' AND assessment.date <= %s"
                " AND (assessment.valid_to IS NULL OR assessment.valid_to >= %s)",
                until,
                until,
            ),
        }[source]

    def _flush_sources(self):
        for model in (
            "res.partner",
            "key.account",
            "account.move",
            "sale.order",
            "crm.lead",
            "rating.rating",
            "key.account.assessment",
        ):
            self.env[model].flush_model()

    # --- Where a value comes from ---

    @api.model
    def _records_behind(self, criterion, account, until):
        """Model and domain of exactly the records that a raw value was made of."""
        company = account.company_id
        window = self._window(company, until, criterion.window_months)
        source = self._measures()[criterion.measure].source
        entity = account.partner_id.id
        customer = Domain("partner_id.commercial_partner_id", "=", entity)
        here = Domain("company_id", "=", company.id)
        model, domain = {
            "invoice": (
                "account.move",
                customer
                & here
                & Domain("state", "=", "posted")
                & Domain("move_type", "in", [INVOICE, REFUND])
                & Domain("invoice_date", "<", window.until)
                & self._invoice_domain(criterion.measure, window),
            ),
            "order": (
                "sale.order",
                customer
                & here
                & Domain("state", "=", "sale")
                & self._moments("date_order", window),
            ),
            "opportunity": (
                "crm.lead",
                customer
                & Domain("company_id", "in", [company.id, False])
                & Domain("type", "=", "opportunity")
                & Domain("active", "=", True)
                & Domain("won_status", "=", "pending")
                & Domain("create_date", "<", window.moment(until)),
            ),
            "referral": (
                "key.account",
                Domain("referrer_id.commercial_partner_id", "=", entity)
                & here
                & Domain("opened_on", "<", window.until)
                & Domain("opened_on", ">=", window.since),
            ),
            "rating": (
                "rating.rating",
                customer
                & Domain("consumed", "=", True)
                & Domain("rating", ">", 0)
                & self._moments("rated_on", window),
            ),
            "profile": ("key.account", Domain("id", "=", account.id)),
            "assessment": (
                "key.account.assessment",
                self._judgement_domain(source, criterion, account, until),
            ),
        }[source]
        return model, domain

    def _moments(self, name, window):
        """The records whose moment ``name`` lies in the window."""
        return Domain(name, ">=", window.moment(window.since)) & Domain(
            name, "<", window.moment(window.until)
        )

    def _judgement_domain(self, source, criterion, account, until):
        """The approved assessment that counts on a day: the latest one. Looked up
        only where it is asked for, by people who may read assessments."""
        if source != "assessment":
            return Domain.FALSE
        latest = self.env["key.account.assessment"].search(
            Domain("account_id", "=", account.id)
            & Domain("dimension_id", "=", criterion.dimension_id.id)
            & Domain("state", "=", "approved")
            & Domain("date", "<=", until)
            & (Domain("valid_to", "=", False) | Domain("valid_to", ">=", until)),
            order="date desc, id desc",
            limit=1,
        )
        return Domain("id", "in", latest.ids)

    def _invoice_domain(self, measure, window):
        """The invoices among a customer's that a measure looks at."""
        invoices = Domain("move_type", "=", INVOICE)
        return {
            "invoiced_net": Domain("invoice_date", ">=", window.since),
            "invoiced_growth": Domain("invoice_date", ">=", window.before),
            "invoice_count": invoices & Domain("invoice_date", ">=", window.since),
            "overdue_days": invoices
            & Domain("amount_residual", ">", 0)
            & Domain("payment_state", "in", ["not_paid", "partial"])
            & Domain("invoice_date_due", "<", window.until),
        }.get(measure, invoices)

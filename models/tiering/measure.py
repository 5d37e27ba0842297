from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.periods import months_between, window_start

INVOICE, REFUND = "out_invoice", "out_refund"


@dataclass(frozen=True, slots=True)
class Window:
    """The half-open time ``[since, until)`` a criterion looks at; ``before`` begins
    the equally long window in front of it."""

    before: date
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Measure:
    """How a raw value is read from the database.

    ``source`` names the rows; measures of one source share one query. ``columns``
    gives the aggregates over these rows for a window and a criterion, ``value`` makes
    the raw value of them. ``default`` is the value of an account without any row;
    None says that there is no data, which is not zero.
    """

    source: str
    columns: Callable
    value: Callable = lambda window, value: value
    default: float | None = None


class KeyAccountMeasure(models.AbstractModel):
    """The registry of measures (R007): reads the raw values of any number of accounts
    in one query per source, whatever the number of accounts or criteria.

    A higher area adds a measure by extending ``_measures`` and ``_source``, and the
    selection of the criterion.
    """

    _name = "key.account.measure"
    _description = "Measures of Accounts"

    # --- Business ---

    @api.model
    def _read_values(self, company, until, criteria, accounts=None):
        """Raw values of the accounts of a company that are not closed.

        :param until: first day that no longer counts.
        :param criteria: recordset of criteria, or records in their shape.
        :param accounts: only these; None for all.
        :return: ``{account id: [raw value or None, one for each criterion]}``; an
            account without any data at all has no entry in it.
        """
        registry = self._measures()
        wanted = defaultdict(list)
        for position, criterion in enumerate(criteria):
            measure = registry[criterion.measure]
            wanted[measure.source].append((position, criterion, measure))
        defaults = [registry[criterion.measure].default for criterion in criteria]
        values = defaultdict(defaults.copy)
        self._flush_sources()
        for source, entries in wanted.items():
            self._read_source(source, entries, company, until, accounts, values)
        return values

    @api.model
    def _window(self, criterion, until):
        months = criterion.window_months or 12
        return Window(
            before=window_start(until, 2 * months),
            since=window_start(until, months),
            until=until,
        )

    def _read_source(self, source, entries, company, until, accounts, values):
        columns, readers = [], []
        for position, criterion, measure in entries:
            window = self._window(criterion, until)
            parts = measure.columns(window, criterion)
            start = 1 + len(columns)
            columns += parts
            readers.append(
                (position, measure.value, window, slice(start, start + len(parts)))
            )
        query = SQL(
            "SELECT account.id, %s %s AND account.company_id = %s"
            " AND account.state != 'closed' AND %s GROUP BY account.id",
            SQL(", ").join(columns),
            self._source(source, company, until),
            company.id,
            SQL("account.id = ANY(%s)", accounts.ids) if accounts else SQL("TRUE"),
        )
        self.env.cr.execute(query)
        for row in self.env.cr.fetchall():
            account_values = values[row[0]]
            for position, value, window, part in readers:
                account_values[position] = value(window, *row[part])

    # --- Registry ---

    @api.model
    def _measures(self):
        """The measures by their key, which is the value of ``criterion.measure``."""
        return {
            "invoiced_net": Measure("invoice", self._invoiced_net),
            "invoiced_growth": Measure("invoice", self._invoiced_twice, self._growth),
            "invoice_count": Measure("invoice", self._invoice_count),
            "months_since_last_invoice": Measure(
                "invoice", self._last_invoice, self._months_until
            ),
            "tenure_months": Measure(
                "invoice", self._first_invoice, self._months_until
            ),
            "overdue_days": Measure("invoice", self._oldest_due, self._days_late),
            "order_margin": Measure("order", self._order_margin),
            "pipeline_expected": Measure("opportunity", self._pipeline),
            "referrals": Measure("referral", self._referral_count, default=0),
            "satisfaction": Measure("rating", self._satisfaction),
            "potential": Measure("profile", self._potential),
            "company_size": Measure("profile", self._employees),
            "industry": Measure("profile", self._in_industries),
            "manual": Measure("assessment", self._assessed),
        }

    @api.model
    def _source(self, source, company, until):
        """FROM and WHERE of a source; it offers the account as ``account``, and the
        rows of all contacts of the customer rolled up to it."""
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
                until,
            ),
            "opportunity": SQL(
                "%s JOIN crm_lead lead ON lead.partner_id = person.id"
                " AND (lead.company_id = %s OR lead.company_id IS NULL)"
                " WHERE lead.type = 'opportunity' AND lead.create_date < %s",
                people,
                company.id,
                until,
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
                " AND rating.write_date < %s",
                people,
                until,
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
        for model, names in (
            ("res.partner", ["commercial_partner_id", "industry_id"]),
            ("key.account", ["partner_id", "company_id", "state", "referrer_id"]),
            ("account.move", ["partner_id", "state", "amount_untaxed_signed"]),
            ("sale.order", ["partner_id", "state", "margin", "currency_rate"]),
            ("crm.lead", ["partner_id", "active", "won_status", "prorated_revenue"]),
            ("rating.rating", ["partner_id", "consumed", "rating"]),
            ("key.account.assessment", ["account_id", "state", "score"]),
        ):
            self.env[model].flush_model(names)

    # --- Columns and values ---

    def _invoiced_net(self, window, criterion):
        return [
            SQL(
                "COALESCE(SUM(move.amount_untaxed_signed)"
                " FILTER (WHERE move.invoice_date >= %s), 0)",
                window.since,
            )
        ]

    def _invoiced_twice(self, window, criterion):
        earlier = SQL(
            "SUM(move.amount_untaxed_signed) FILTER"
            " (WHERE move.invoice_date >= %s AND move.invoice_date < %s)",
            window.before,
            window.since,
        )
        return [*self._invoiced_net(window, criterion), earlier]

    @staticmethod
    def _growth(window, now, earlier):
        """Percent; without business in the earlier window there is nothing to grow."""
        if not earlier or earlier <= 0:
            return None
        return round(100.0 * (now - earlier) / earlier, 6)

    def _invoice_count(self, window, criterion):
        return [
            SQL(
                "COUNT(*) FILTER (WHERE move.move_type = 'out_invoice'"
                " AND move.invoice_date >= %s)",
                window.since,
            )
        ]

    def _last_invoice(self, window, criterion):
        return [
            SQL("MAX(move.invoice_date) FILTER (WHERE move.move_type = 'out_invoice')")
        ]

    def _first_invoice(self, window, criterion):
        return [
            SQL("MIN(move.invoice_date) FILTER (WHERE move.move_type = 'out_invoice')")
        ]

    @staticmethod
    def _months_until(window, day):
        return None if day is None else round(months_between(day, window.until), 6)

    def _oldest_due(self, window, criterion):
        """The residual is today's: a payment counts from the day it is booked. A
        payment without journal entry leaves it, hence the payment state."""
        return [
            SQL(
                "MIN(move.invoice_date_due) FILTER"
                " (WHERE move.move_type = 'out_invoice' AND move.amount_residual > 0"
                " AND move.payment_state IN ('not_paid', 'partial'))"
            )
        ]

    @staticmethod
    def _days_late(window, due):
        return 0 if due is None else max((window.until - due).days, 0)

    def _order_margin(self, window, criterion):
        return [
            SQL(
                "COALESCE(SUM(sale.margin / NULLIF(sale.currency_rate, 0)::numeric)"
                " FILTER (WHERE sale.date_order >= %s), 0)",
                window.since,
            )
        ]

    def _pipeline(self, window, criterion):
        return [
            SQL(
                "COALESCE(SUM(lead.prorated_revenue) FILTER"
                " (WHERE lead.active AND lead.won_status = 'pending'), 0)"
            )
        ]

    def _referral_count(self, window, criterion):
        return [SQL("COUNT(*) FILTER (WHERE referred.opened_on >= %s)", window.since)]

    def _satisfaction(self, window, criterion):
        return [
            SQL(
                "ROUND((AVG(rating.rating) FILTER (WHERE rating.write_date >= %s))"
                "::numeric, 6)",
                window.since,
            )
        ]

    def _potential(self, window, criterion):
        return [SQL("NULLIF(MAX(account.potential), 0)")]

    def _employees(self, window, criterion):
        return [SQL("NULLIF(MAX(account.employees), 0)")]

    def _in_industries(self, window, criterion):
        return [
            SQL(
                "MAX(CASE WHEN person.industry_id IS NULL THEN NULL"
                " WHEN person.industry_id = ANY(%s) THEN 1 ELSE 0 END)",
                criterion.industry_ids.ids,
            )
        ]

    def _assessed(self, window, criterion):
        return [
            SQL(
                "(ARRAY_AGG(assessment.score ORDER BY assessment.date DESC,"
                " assessment.id DESC) FILTER (WHERE assessment.dimension_id = %s))[1]",
                criterion.dimension_id.id or 0,
            )
        ]

    # --- Where a value comes from ---

    @api.model
    def _records_behind(self, criterion, account, until):
        """Model and domain of exactly the records that a raw value was made of."""
        window = self._window(criterion, until)
        source = self._measures()[criterion.measure].source
        customer = Domain("partner_id.commercial_partner_id", "=", account.partner_id.id)
        here = Domain("company_id", "=", account.company_id.id)
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
                & Domain("date_order", "<", window.until)
                & Domain("date_order", ">=", window.since),
            ),
            "opportunity": (
                "crm.lead",
                customer
                & Domain("company_id", "in", [account.company_id.id, False])
                & Domain("type", "=", "opportunity")
                & Domain("won_status", "=", "pending")
                & Domain("create_date", "<", window.until),
            ),
            "referral": (
                "key.account",
                Domain("referrer_id.commercial_partner_id", "=", account.partner_id.id)
                & here
                & Domain("opened_on", "<", window.until)
                & Domain("opened_on", ">=", window.since),
            ),
            "rating": (
                "rating.rating",
                customer
                & Domain("consumed", "=", True)
                & Domain("rating", ">", 0)
                & Domain("write_date", "<", window.until)
                & Domain("write_date", ">=", window.since),
            ),
            "profile": ("key.account", Domain("id", "=", account.id)),
            "assessment": (
                "key.account.assessment",
                Domain("account_id", "=", account.id)
                & Domain("dimension_id", "=", criterion.dimension_id.id)
                & Domain("state", "=", "approved")
                & Domain("date", "<=", until),
            ),
        }[source]
        return model, domain

    def _invoice_domain(self, measure, window):
        """The invoices among a customer's that a measure looks at."""
        invoices = Domain("move_type", "=", INVOICE)
        return {
            "invoiced_net": Domain("invoice_date", ">=", window.since),
            "invoiced_growth": Domain("invoice_date", ">=", window.before),
            "invoice_count": invoices & Domain("invoice_date", ">=", window.since),
            "overdue_days": invoices
            & Domain("amount_residual", ">", 0)
            & Domain("payment_state", "in", ["not_paid", "partial"]),
        }.get(measure, invoices)

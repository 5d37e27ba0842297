from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from odoo import api, models
from odoo.tools import SQL

from ...tools.periods import months_between


@dataclass(frozen=True, slots=True)
class Measure:
    """How a raw value is read from the database.

    ``source`` names the rows; measures of one source share one query. ``columns``
    gives the aggregates over these rows for a window and a criterion, ``value`` makes
    the raw value of them. ``default`` is the value of an account without any row;
    None says that there is no data, which is not zero. ``windowed`` is False where the
    value is of the day, whatever the window of the criterion.
    """

    source: str
    columns: Callable
    value: Callable = lambda window, value: value
    default: float | None = None
    windowed: bool = True


class KeyAccountMeasure(models.AbstractModel):
    """The registry of measures (R007): reads the raw values of any number of accounts
    in one query per source, whatever the number of accounts or criteria.

    A higher area adds a measure by extending ``_measures`` and ``_source``, and the
    selection of the criterion.
    """

    _name = "key.account.measure"
    _description = "Measures of Accounts"
    _inherit = ["key.account.measure.source"]

    # --- Business ---

    @api.model
    def _read_values(self, company, until, criteria, accounts=None):
        """Raw values of the accounts of a company that are not closed.

        :param until: first day that no longer counts.
        :param criteria: recordset of criteria, or records in their shape.
        :param accounts: only these; None for all.
        :return: ``{account id: [raw value or None, one for each criterion]}``, a
            ``defaultdict``: an account without any row has the defaults.
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

    def _read_source(self, source, entries, company, until, accounts, values):
        columns, readers = [], []
        for position, criterion, measure in entries:
            window = self._window(company, until, criterion.window_months or 12)
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
                "invoice", self._last_invoice, self._months_until, windowed=False
            ),
            "tenure_months": Measure(
                "invoice", self._first_invoice, self._months_until, windowed=False
            ),
            "overdue_days": Measure(
                "invoice", self._oldest_due, self._days_late, windowed=False
            ),
            "order_margin": Measure("order", self._order_margin),
            "pipeline_expected": Measure("opportunity", self._pipeline, windowed=False),
            "referrals": Measure("referral", self._referral_count, default=0),
            "satisfaction": Measure("rating", self._satisfaction),
            "potential": Measure("profile", self._potential, windowed=False),
            "company_size": Measure("profile", self._employees, windowed=False),
            "industry": Measure("profile", self._in_industries, windowed=False),
            "manual": Measure("assessment", self._assessed, windowed=False),
        }

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
                window.moment(window.since),
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
                "ROUND((AVG(rating.rating) FILTER (WHERE rating.rated_on >= %s))"
                "::numeric, 6)",
                window.moment(window.since),
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

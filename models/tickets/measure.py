from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.ticket_rules import SIDE_EXITS
from ..tiering.measure import Measure


class KeyAccountMeasure(models.AbstractModel):
    """Complaints as a measure of customers (R007): those received in the window. One
    that is not decided yet counts; one that turned out unjustified, was withdrawn or
    merged into another does not."""

    _inherit = "key.account.measure"

    @api.model
    def _measures(self):
        return {
            **super()._measures(),
            "complaint_count": Measure("complaint", self._complaint_count, default=0),
        }

    def _complaint_count(self, window, criterion):
        return [
            SQL(
                "COUNT(*) FILTER (WHERE ticket.received_at >= %s)",
                window.moment(window.since),
            )
        ]

    @api.model
    def _source(self, source, company, until):
        if source != "complaint":
            return super()._source(source, company, until)
        return SQL(
            "FROM key_account account JOIN key_account_ticket ticket"
            " ON ticket.account_id = account.id"
            " WHERE ticket.kind = 'complaint' AND ticket.state NOT IN %s"
            " AND ticket.received_at < %s",
            SIDE_EXITS,
            self._window(company, until).moment(until),
        )

    def _flush_sources(self):
        self.env["key.account.ticket"].flush_model()
        return super()._flush_sources()

    @api.model
    def _records_behind(self, criterion, account, until):
        if self._measures()[criterion.measure].source != "complaint":
            return super()._records_behind(criterion, account, until)
        window = self._window(account.company_id, until, criterion.window_months)
        return "key.account.ticket", (
            Domain("account_id", "=", account.id)
            & Domain("kind", "=", "complaint")
            & Domain("state", "not in", SIDE_EXITS)
            & self._moments("received_at", window)
        )

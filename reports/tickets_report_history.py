from odoo import api, models


class ReportTicketHistory(models.AbstractModel):
    """What happened to the promises on a ticket, from the first to the last event."""

    _name = "report.key_account.report_ticket_history"
    _description = "History of a Ticket"

    @api.model
    def _get_report_values(self, docids, data=None):
        tickets = self.env["key.account.ticket"].browse(docids)
        tickets.check_access("read")
        events = self.env["key.account.sla.event"].search(
            [("ticket_id", "in", tickets.ids)]
        )
        return {
            "doc_ids": docids,
            "doc_model": tickets._name,
            "docs": tickets,
            "events_of": events.grouped("ticket_id"),
        }

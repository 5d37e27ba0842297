from odoo import api, models
from odoo.exceptions import UserError


class ReportComplaint(models.AbstractModel):
    """The sheet of a complaint for the file: everything, findings, causes and who is
    responsible included (R086 to R093)."""

    _name = "report.key_account.report_complaint"
    _description = "Complaint Sheet"

    @api.model
    def _get_report_values(self, docids, data=None):
        tickets = self.env["key.account.ticket"].browse(docids)
        tickets.check_access("read")
        self._check_complaints(tickets)
        return {
            "doc_ids": docids,
            "doc_model": tickets._name,
            "docs": tickets,
            "promises_of": self._promises_of,
            "measures_of": self._measures_of,
            "talks_of": self._talks_of,
            "lang_of": self._lang_of,
        }

    @api.model
    def _check_complaints(self, tickets):
        """:raises UserError: for enquiries, of which there is no sheet."""
        enquiries = tickets.filtered(lambda ticket: ticket.kind != "complaint")
        if enquiries:
            raise UserError(
                self.env._(
                    "%(names)s: an enquiry has no complaint sheet. Print its history"
                    " instead, or make a complaint of it first.",
                    names=", ".join(enquiries.mapped("number")),
                )
            )

    # --- What is printed ---

    @api.model
    def _lang_of(self, ticket):
        """In the language of its reader, who is one of us."""
        return self.env.lang

    @api.model
    def _promises_of(self, ticket):
        return ticket.clock_ids.filtered(lambda clock: clock.state != "void")

    @api.model
    def _measures_of(self, ticket):
        return ticket.measure_ids

    @api.model
    def _talks_of(self, ticket):
        return ticket.round_ids.sorted(lambda talk: (talk.date, talk.id))


class ReportComplaintCopy(models.AbstractModel):
    """The customer's copy: what he also sees on the portal. No findings, no cause, no
    department, nobody's name but his own; a plan only once it is approved."""

    _name = "report.key_account.report_complaint_copy"
    _description = "Complaint, Customer's Copy"
    _inherit = ["report.key_account.report_complaint"]

    @api.model
    def _lang_of(self, ticket):
        """In the customer's language, where it is installed."""
        return ticket.partner_id.lang or self.env.lang

    @api.model
    def _promises_of(self, ticket):
        return ticket._promised_clocks()

    @api.model
    def _measures_of(self, ticket):
        return ticket._shown_measures()

    @api.model
    def _talks_of(self, ticket):
        talks = super()._talks_of(ticket)
        return talks.filtered(lambda talk: talk.answer != "unreachable")

from odoo import api, fields, models
from odoo.fields import Domain

WINDOW_MONTHS = 12


class KeyAccountTicketRecurrence(models.AbstractModel):
    """The same thing again (R093): a complaint of the same cause, at the same customer,
    exhibition, supplier or department, within twelve months; or a measure that was to
    prevent it and did not work."""

    _name = "key.account.ticket.recurrence"
    _description = "Recurrence of Complaints"

    is_repeat = fields.Boolean(
        "Happened Before",
        compute="_compute_is_repeat",
        store=True,
        precompute=True,
        index=True,
    )
    repeat_noted = fields.Boolean(copy=False, export_string_translation=False)
    repeat_of_ids = fields.Many2many(
        "key.account.ticket", string="Earlier Ones", compute="_compute_repeat_of_ids"
    )

    # --- Compute ---

    @api.depends(
        "cause_id",
        "account_id",
        "show_name",
        "supplier_id",
        "responsible_department_id",
        "repeat_noted",
    )
    def _compute_is_repeat(self):
        for ticket in self:
            ticket.is_repeat = ticket.repeat_noted or bool(ticket._earlier(limit=1))

    @api.depends(lambda self: ["is_repeat"])
    @api.depends_context("uid")
    def _compute_repeat_of_ids(self):
        for ticket in self:
            # what the reader may not see, he does not learn here
            ticket.repeat_of_ids = ticket._earlier()._filtered_access("read")

    # --- Business ---

    def _earlier(self, limit=None):
        """The complaints that this one repeats, the latest first."""
        alike = self._alike_domain()
        if self.kind != "complaint" or not self.cause_id or alike.is_false():
            return self.browse()
        received = self.received_at or fields.Datetime.now()
        since = fields.Datetime.subtract(received, months=WINDOW_MONTHS)
        return self.sudo().search(
            alike
            & Domain("kind", "=", "complaint")
            & Domain("company_id", "=", self.company_id.id)
            & Domain("cause_id", "=", self.cause_id.id)
            & Domain("received_at", ">=", since)
            & Domain("received_at", "<=", received)
            & Domain("state", "not in", ("merged", "withdrawn", "unjustified"))
            & Domain("id", "!=", self._origin.id),
            order="received_at desc, id desc",
            limit=limit,
        )

    def _alike_domain(self):
        """Domain of what has the customer, exhibition, supplier or department in
        common with this complaint."""
        shared = {
            "account_id": self.account_id._origin.id,
            "show_name": self.show_name,
            "supplier_id": self.supplier_id._origin.id,
            "responsible_department_id": self.responsible_department_id._origin.id,
        }
        return Domain.OR(
            Domain(name, "=", value) for name, value in shared.items() if value
        )

    def _note_recurrence(self):
        """A measure did not work: that counts as if it had happened again (I4)."""
        self.sudo().write({"repeat_noted": True})

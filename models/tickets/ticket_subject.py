from odoo import api, fields, models
from odoo.fields import Domain


class KeyAccountTicketSubject(models.AbstractModel):
    """What enquiries and complaints are about, a contract or a project: says how many
    are open, and a new one knows it. ``_ticket_field`` names it on the ticket."""

    _name = "key.account.ticket.subject"
    _description = "Subject of Tickets"
    _ticket_field = None

    open_ticket_count = fields.Integer(
        "Open Tickets",
        compute="_compute_open_ticket_count",
        groups="key_account.group_reader",
    )

    # --- Compute ---

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_open_ticket_count(self):
        mine = Domain(self._ticket_field, "in", self._origin.ids)
        counts = dict(
            self.env["key.account.ticket"]._read_group(
                mine & Domain("is_open", "=", True), [self._ticket_field], ["__count"]
            )
        )
        for subject in self:
            subject.open_ticket_count = counts.get(subject._origin, 0)

    # --- Actions ---

    def action_open_tickets(self):
        """Lists the enquiries and complaints about it; a new one knows it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account.ticket_action"
        )
        return {
            **action,
            "display_name": self.env._("Tickets of %(name)s", name=self.display_name),
            "domain": [(self._ticket_field, "=", self.id)],
            "context": self._new_ticket_context(),
            "view_mode": "list,kanban,form",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
        }

    # --- Business ---

    def _new_ticket_context(self):
        """What a ticket about it holds from the first moment."""
        return {
            f"default_{self._ticket_field}": self.id,
            "default_partner_id": self.partner_id.id,
            "default_company_id": (self.company_id or self.env.company).id,
        }

from odoo import api, fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = "res.partner"

    open_ticket_count = fields.Integer(
        "Open Tickets",
        compute="_compute_open_ticket_count",
        groups="key_account.group_reader",
    )

    # --- Compute ---

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_open_ticket_count(self):
        """Of a company those of all its contacts, of a contact his own: one query for
        any number of partners."""
        entities = self.commercial_partner_id
        rows = self.env["key.account.ticket"]._read_group(
            Domain("commercial_partner_id", "in", entities.ids)
            & Domain("is_open", "=", True),
            ["commercial_partner_id", "partner_id"],
            ["__count"],
        )
        counts = {}
        for entity, partner, count in rows:
            for asked in {entity.id, partner.id}:
                counts[asked] = counts.get(asked, 0) + count
        for partner in self:
            partner.open_ticket_count = counts.get(partner._origin.id, 0)

    # --- Actions ---

    def action_open_tickets(self):
        """Lists what this contact asked and complained about, or this company's
        contacts did."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account.ticket_action"
        )
        is_entity = self == self.commercial_partner_id
        field = "commercial_partner_id" if is_entity else "partner_id"
        return {
            **action,
            "display_name": self.env._("Tickets of %(name)s", name=self.display_name),
            "domain": [(field, "=", self.id)],
            "context": {"default_partner_id": self.id},
            "view_mode": "list,kanban,form",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
        }

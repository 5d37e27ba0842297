from odoo import api, fields, models
from odoo.fields import Domain


class SaleOrder(models.Model):
    _inherit = "sale.order"

    open_ticket_count = fields.Integer(
        "Open Tickets",
        compute="_compute_open_ticket_count",
        groups="key_account.group_reader",
    )

    # --- Compute ---

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_open_ticket_count(self):
        rows = self.env["key.account.ticket"]._read_group(
            Domain("order_id", "in", self._origin.ids) & Domain("is_open", "=", True),
            ["order_id"],
            ["__count"],
        )
        counts = {order.id: count for order, count in rows}
        for order in self:
            order.open_ticket_count = counts.get(order._origin.id, 0)

    # --- Actions ---

    def action_open_tickets(self):
        """Lists the enquiries and complaints about this order; a new one knows it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account.ticket_action"
        )
        return {
            **action,
            "display_name": self.env._("Tickets of %(name)s", name=self.display_name),
            "domain": [("order_id", "=", self.id)],
            "context": self._new_ticket_context(),
            "view_mode": "list,kanban,form",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
        }

    # --- Business ---

    def _new_ticket_context(self):
        return {
            "default_order_id": self.id,
            "default_partner_id": self.partner_id.id,
            "default_company_id": self.company_id.id,
        }

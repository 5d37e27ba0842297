from odoo import api, fields, models
from odoo.fields import Domain


class ProjectProject(models.Model):
    _inherit = "project.project"

    open_ticket_count = fields.Integer(
        "Open Tickets",
        compute="_compute_open_ticket_count",
        groups="key_account.group_reader",
    )

    # --- Compute ---

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_open_ticket_count(self):
        rows = self.env["key.account.ticket"]._read_group(
            Domain("project_id", "in", self._origin.ids) & Domain("is_open", "=", True),
            ["project_id"],
            ["__count"],
        )
        counts = {project.id: count for project, count in rows}
        for project in self:
            project.open_ticket_count = counts.get(project._origin.id, 0)

    # --- Actions ---

    def action_open_tickets(self):
        """Lists the enquiries and complaints about this project; a new one knows it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account.ticket_action"
        )
        return {
            **action,
            "display_name": self.env._("Tickets of %(name)s", name=self.display_name),
            "domain": [("project_id", "=", self.id)],
            "context": self._new_ticket_context(),
            "view_mode": "list,kanban,form",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
        }

    # --- Business ---

    def _new_ticket_context(self):
        return {
            "default_project_id": self.id,
            "default_order_id": self.sale_order_id.id,
            "default_partner_id": self.partner_id.id,
            "default_company_id": self.company_id.id or self.env.company.id,
        }

from odoo import models


class ProjectProject(models.Model):
    _name = "project.project"
    _inherit = ["project.project", "key.account.ticket.subject"]
    _ticket_field = "project_id"

    def _new_ticket_context(self):
        order = {"default_order_id": self.sale_order_id.id}
        return super()._new_ticket_context() | order

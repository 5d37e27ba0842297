from odoo import fields, models


class KeyAccountVisitReplan(models.TransientModel):
    """Asks when visits that did not take place are to take place."""

    _name = "key.account.visit.replan"
    _description = "Plan Again"

    visit_ids = fields.Many2many("key.account.visit", string="Visits", required=True)
    planned_at = fields.Datetime("New Time", required=True)

    def action_replan(self):
        """Plans them for the new time."""
        self.ensure_one()
        self.visit_ids.action_replan(self.planned_at)
        return {"type": "ir.actions.act_window_close"}

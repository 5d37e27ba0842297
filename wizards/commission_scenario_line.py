from odoo import api, fields, models


class KeyAccountCommissionScenarioLine(models.TransientModel):
    """A person as he was paid, and as he would be."""

    _name = "key.account.commission.scenario.line"
    _description = "Person in a What If"
    _order = "difference, id"

    scenario_id = fields.Many2one(
        "key.account.commission.scenario", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="scenario_id.currency_id")
    user_id = fields.Many2one("res.users", "Person", required=True)
    turnover = fields.Monetary()
    actual = fields.Monetary("As Paid")
    actual_kept = fields.Monetary("Kept of It")
    tried = fields.Monetary("As Tried")
    tried_kept = fields.Monetary("Would Be Kept")
    difference = fields.Monetary(compute="_compute_difference", store=True)

    @api.depends("actual", "tried")
    def _compute_difference(self):
        for line in self:
            line.difference = line.tried - line.actual

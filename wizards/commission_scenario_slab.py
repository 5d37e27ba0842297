from odoo import fields, models


class KeyAccountCommissionScenarioSlab(models.TransientModel):
    """A slab to try."""

    _name = "key.account.commission.scenario.slab"
    _description = "Slab to Try"
    _order = "lower, id"

    scenario_id = fields.Many2one(
        "key.account.commission.scenario", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="scenario_id.currency_id")
    lower = fields.Monetary("From")
    rate_new = fields.Float("New (%)", digits=(9, 4))
    rate_existing = fields.Float("Existing (%)", digits=(9, 4))
    retention_pct = fields.Float("Kept (%)", digits=(9, 4))

from odoo import fields, models


class KeyAccountCommissionDecideLine(models.TransientModel):
    """The share of one person in a decision."""

    _name = "key.account.commission.decide.line"
    _description = "Share in a Decision"

    decide_id = fields.Many2one(
        "key.account.commission.decide", required=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", "Person", required=True, domain="[('share', '=', False)]"
    )
    share = fields.Float("Share (%)", digits=(9, 6), required=True)

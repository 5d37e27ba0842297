from odoo import fields, models


class KeyAccountCapacityOverride(models.Model):
    """The ledger of the overloads that a manager took upon himself, and why."""

    _name = "key.account.capacity.override"
    _description = "Overload by Decision"
    _inherit = ["key.account.guarded"]
    _order = "id desc"
    _rec_name = "user_id"
    _append_only = True

    user_id = fields.Many2one(
        "res.users", "Person", required=True, index=True, ondelete="restrict"
    )
    account_id = fields.Many2one(
        "key.account", "Customer", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="restrict")
    load_points = fields.Float(
        "Load with Him", digits=(8, 2), required=True, aggregator="max"
    )
    limit_points = fields.Float("Limit", digits=(8, 2), required=True, aggregator=None)
    reason = fields.Char(required=True)
    decided_by_id = fields.Many2one(
        "res.users", "Decided by", required=True, ondelete="restrict"
    )
    create_date = fields.Datetime("Decided on", readonly=True)

from odoo import api, fields, models


class KeyAccountTierChange(models.Model):
    """The ledger of tiers: one row each time an account gets another one, with what
    brought it about. Rows are written by the actions and never change."""

    _name = "key.account.tier.change"
    _description = "Tier Change"
    _inherit = ["key.account.guarded"]
    _order = "date desc, id desc"
    _append_only = True

    account_id = fields.Many2one(
        "key.account", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    date = fields.Date(required=True)
    from_tier_id = fields.Many2one("key.account.tier", "From", ondelete="restrict")
    to_tier_id = fields.Many2one("key.account.tier", "To", ondelete="restrict")
    kind = fields.Selection(
        [
            ("evaluation", "Evaluation"),
            ("override", "Override"),
            ("override_end", "End of an Override"),
        ],
        required=True,
    )
    score = fields.Float(digits=(5, 2), aggregator="avg")
    reason = fields.Char()
    evaluation_id = fields.Many2one(
        "key.account.evaluation", index="btree_not_null", ondelete="restrict"
    )
    override_id = fields.Many2one(
        "key.account.override", index="btree_not_null", ondelete="restrict"
    )
    user_id = fields.Many2one("res.users", "Done by", required=True)

    @api.depends("account_id", "date")
    def _compute_display_name(self):
        for change in self:
            change.display_name = f"{change.account_id.name} {change.date}"

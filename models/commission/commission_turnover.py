from odoo import api, fields, models


class KeyAccountCommissionTurnover(models.Model):
    """What a salesperson has signed in a month, and the slab that it reached (R118).

    It is written when the month is closed and never changes: cancellations and
    amendments count in their own month.
    """

    _name = "key.account.commission.turnover"
    _description = "Turnover of a Month"
    _inherit = ["key.account.guarded", "key.account.commission.closing"]
    _order = "month desc, amount desc, id"
    _rec_names_search = ["user_id"]
    _append_only = True

    user_id = fields.Many2one(
        "res.users", "Salesperson", required=True, index=True, ondelete="restrict"
    )
    month = fields.Date(required=True)
    month_name = fields.Char("Of Month", compute="_compute_month_name")
    company_id = fields.Many2one("res.company", required=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary("Turnover")
    leader_ids = fields.Many2many(
        "res.users",
        "key_account_commission_turnover_leader_rel",
        "turnover_id",
        "user_id",
        "Leaders",
        help="Who led his team in that month, and may read this.",
    )
    deal_count = fields.Integer("Contracts")
    version_id = fields.Many2one(
        "key.account.commission.plan.version", index=True, ondelete="restrict"
    )
    slab_id = fields.Many2one("key.account.commission.slab", ondelete="restrict")
    frozen_at = fields.Datetime("Closed at", required=True)

    _month_uniq = models.Constraint(
        "UNIQUE(user_id, month, company_id)",
        "The month of this salesperson is closed already.",
    )
    _company_month_idx = models.Index("(company_id, month)")

    # --- Compute ---

    @api.depends("month")
    def _compute_month_name(self):
        for row in self:
            row.month_name = (fields.Date.to_string(row.month) or "")[:7]

    @api.depends("user_id", "month")
    def _compute_display_name(self):
        for row in self:
            month = fields.Date.to_string(row.month) or ""
            row.display_name = f"{row.user_id.name} {month[:7]}"

    # --- Actions ---

    def action_open_deals(self):
        """Opens the contracts that the month is made of."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account.commission_deal_action"
        )
        domain = [
            ("split_ids.user_id", "=", self.user_id.id),
            ("turnover_month", "=", self.month),
            ("company_id", "=", self.company_id.id),
        ]
        return {**action, "domain": domain, "context": {}}

from odoo import fields, models


class KeyAccountCommissionLeftOut(models.Model):
    """A contract that nothing came of in a run, why, and where that can be mended."""

    _name = "key.account.commission.left.out"
    _description = "Contract without Result"
    _inherit = ["key.account.guarded"]
    _order = "reason, id"
    _append_only = True

    run_id = fields.Many2one(
        "key.account.commission.run",
        "Commission Run",
        required=True,
        index=True,
        ondelete="cascade",
    )
    deal_id = fields.Many2one(
        "key.account.commission.deal",
        "Contract",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="run_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(related="deal_id.user_id", string="Led by")
    partner_id = fields.Many2one(related="deal_id.partner_id")
    measure_amount = fields.Monetary(related="deal_id.measure_amount")
    net_profit = fields.Monetary(related="deal_id.net_profit")
    reason = fields.Selection(
        [
            ("unsigned", "Not signed, and not paid"),
            ("no_lead", "The order has no salesperson"),
            ("no_plan", "The salesperson had no plan in that month"),
            ("month_open", "Its month is not over"),
            ("not_invoiced", "Not invoiced yet"),
            ("unpaid", "The final payment is not in"),
            ("incomplete", "The shares are not 100 percent"),
            ("split", "Not everybody has agreed to the shares"),
            ("profit_open", "Finance has not confirmed the net profit"),
            ("dispute", "There is an objection to it"),
            ("loss", "No profit is left"),
            ("no_rate", "The slab pays nothing"),
        ],
        "Why",
        required=True,
    )

    # --- Actions ---

    def action_open_cause(self):
        """Opens what has to be mended."""
        self.ensure_one()
        deal = self.deal_id
        if self.reason in ("unsigned", "no_lead", "not_invoiced"):
            return deal.action_open_order()
        if self.reason == "unpaid":
            return deal.action_open_invoices()
        if self.reason == "no_plan":
            return self.env["ir.actions.act_window"]._for_xml_id(
                "key_account.commission_assignment_action"
            )
        if self.reason == "dispute":
            return self.env["ir.actions.act_window"]._for_xml_id(
                "key_account.commission_dispute_action"
            )
        return deal._get_records_action()

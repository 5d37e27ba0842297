from odoo import fields, models


class KeyAccountCommissionForecastLine(models.TransientModel):
    """A contract that is on its way to pay somebody, and what it waits for."""

    _name = "key.account.commission.forecast.line"
    _description = "Contract on Its Way"
    _order = "id"

    forecast_id = fields.Many2one(
        "key.account.commission.forecast", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="forecast_id.currency_id")
    deal_id = fields.Many2one("key.account.commission.deal", "Contract")
    partner_id = fields.Many2one(related="deal_id.partner_id")
    turnover_month = fields.Date(related="deal_id.turnover_month")
    measure_amount = fields.Monetary(related="deal_id.measure_amount")
    share = fields.Float("My Share (%)", digits=(9, 6))
    profit = fields.Monetary("Net Profit")
    is_final = fields.Boolean("Paid in Full")
    rate = fields.Float("Rate (%)", digits=(12, 8))
    is_fixed = fields.Boolean("Month Is Closed")
    amount = fields.Monetary("Expected")
    waits_for = fields.Selection(
        [
            ("invoice", "The invoice"),
            ("payment", "The final payment"),
            ("shares", "Agreement on the shares"),
            ("profit", "Finance to confirm the profit"),
            ("dispute", "The answer to an objection"),
            ("no_plan", "A plan for its lead"),
            ("run", "The next run"),
        ]
    )

    def action_open_deal(self):
        """Opens the contract."""
        self.ensure_one()
        return self.deal_id._get_records_action()

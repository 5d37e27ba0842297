from odoo import api, fields, models

from .product_template import COST_KINDS


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    key_account_cost_kind = fields.Selection(
        COST_KINDS,
        "For Commissions",
        compute="_compute_key_account_cost_kind",
        store=True,
        readonly=False,
        precompute=True,
        help="As the product says, if not said otherwise here.",
    )

    @api.depends("product_id")
    def _compute_key_account_cost_kind(self):
        for line in self:
            kind = line.product_id.key_account_cost_kind
            line.key_account_cost_kind = kind or "none"

from odoo import fields, models

# What a line of an order is to the commission (R118): its own work, money that only
# passes through, or transport.
COST_KINDS = [
    ("none", "Our own work"),
    ("pass_through", "Passed through (organiser's fees and the like)"),
    ("transport", "Transport out of town"),
]


class ProductTemplate(models.Model):
    _inherit = "product.template"

    key_account_cost_kind = fields.Selection(
        COST_KINDS,
        "For Commissions",
        default="none",
        required=True,
        help="What is passed through, and transport, does not count as turnover of a"
        " salesperson; their costs are not taken off the profit a second time.",
    )

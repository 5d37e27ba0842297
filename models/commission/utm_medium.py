from odoo import fields, models


class UtmMedium(models.Model):
    _inherit = "utm.medium"

    key_account_origin = fields.Selection(
        [
            ("self_found", "Found by the salesperson"),
            ("telesales", "From telesales"),
            ("inbound", "The customer came"),
        ],
        "Customers of It Are",
        help="How customers whose first lead came this way are counted for commission.",
    )

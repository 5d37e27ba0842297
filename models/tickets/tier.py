from odoo import fields, models


class KeyAccountTier(models.Model):
    _inherit = "key.account.tier"

    ticket_priority = fields.Selection(
        [("0", "Low"), ("1", "Normal"), ("2", "High"), ("3", "Urgent")],
        "Lowest Priority of Tickets",
        default="0",
        required=True,
        help="Enquiries and complaints of these customers have this priority at least.",
    )

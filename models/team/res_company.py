from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    key_account_capacity = fields.Float(
        "Points a Person Carries",
        digits=(8, 2),
        help="The limit of whoever has none of his own. 0: no limit.",
    )

    _key_account_capacity_not_negative = models.Constraint(
        "CHECK(key_account_capacity >= 0)", "A limit is not negative."
    )

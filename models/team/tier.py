from odoo import fields, models


class KeyAccountTier(models.Model):
    _inherit = "key.account.tier"

    required_role_ids = fields.Many2many(
        "key.account.role",
        "key_account_tier_role_rel",
        "key_account_tier_id",
        "key_account_role_id",
        "Roles to Fill",
        help="The team of a customer of this tier is complete with these (R110).",
    )

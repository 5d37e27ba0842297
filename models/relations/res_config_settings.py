from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    key_account_visit_lock_days = fields.Integer(
        related="company_id.key_account_visit_lock_days", readonly=False
    )

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    key_account_target_on_time = fields.Float(
        related="company_id.key_account_target_on_time", readonly=False
    )
    key_account_target_success = fields.Float(
        related="company_id.key_account_target_success", readonly=False
    )
    key_account_target_satisfaction = fields.Float(
        related="company_id.key_account_target_satisfaction", readonly=False
    )
    key_account_target_attitude = fields.Float(
        related="company_id.key_account_target_attitude", readonly=False
    )

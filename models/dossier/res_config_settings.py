from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    key_account_update_days = fields.Integer(
        related="company_id.key_account_update_days", readonly=False
    )
    key_account_access_months = fields.Integer(
        related="company_id.key_account_access_months", readonly=False
    )
    key_account_general_manager_id = fields.Many2one(
        related="company_id.key_account_general_manager_id", readonly=False
    )
    key_account_request_days = fields.Integer(
        related="company_id.key_account_request_days", readonly=False
    )

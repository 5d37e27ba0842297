from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    key_account_nda_required = fields.Boolean(
        related="company_id.key_account_nda_required", readonly=False
    )
    key_account_nda_notice_days = fields.Integer(
        related="company_id.key_account_nda_notice_days", readonly=False
    )
    key_account_capacity = fields.Float(
        related="company_id.key_account_capacity", readonly=False
    )

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    key_account_confirm_profit = fields.Boolean(
        related="company_id.key_account_confirm_profit", readonly=False
    )
    key_account_commission_since = fields.Date(
        related="company_id.key_account_commission_since", readonly=False
    )
    key_account_commission_product_id = fields.Many2one(
        related="company_id.key_account_commission_product_id", readonly=False
    )
    key_account_commission_journal_id = fields.Many2one(
        related="company_id.key_account_commission_journal_id", readonly=False
    )
    key_account_commission_expense_id = fields.Many2one(
        related="company_id.key_account_commission_expense_id", readonly=False
    )
    key_account_commission_liability_id = fields.Many2one(
        related="company_id.key_account_commission_liability_id", readonly=False
    )
    key_account_retention_liability_id = fields.Many2one(
        related="company_id.key_account_retention_liability_id", readonly=False
    )
    key_account_closed_until = fields.Date(
        related="company_id.key_account_closed_until"
    )

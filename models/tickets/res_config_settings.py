from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    key_account_plan_limit = fields.Monetary(
        related="company_id.key_account_plan_limit",
        readonly=False,
        currency_field="currency_id",
    )
    key_account_grace_days = fields.Integer(
        related="company_id.key_account_grace_days", readonly=False
    )
    key_account_silence_days = fields.Integer(
        related="company_id.key_account_silence_days", readonly=False
    )
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

    def action_load_ready_promises(self):
        """Makes the ready promises and warnings that the company does not have yet."""
        self.ensure_one()
        Policy = self.env["key.account.sla.policy"].with_company(self.company_id)
        return Policy.action_load_ready()

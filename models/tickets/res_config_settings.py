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

    def action_load_ready_promises(self):
        """Makes the ready promises and warnings that the company does not have yet."""
        self.ensure_one()
        Policy = self.env["key.account.sla.policy"].with_company(self.company_id)
        return Policy.action_load_ready()

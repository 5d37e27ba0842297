from odoo import fields, models


class KeyAccountAssign(models.TransientModel):
    _inherit = "key.account.assign"

    overload_reason = fields.Char(
        "Reason for the Overload",
        help="Fill in only if the person is to carry more than the limit.",
    )

    def action_assign(self):
        """Hands the accounts over, beyond the limit of the person with a reason."""
        wizard = self
        if self.overload_reason:
            accounts = self.account_ids._despite_overload(self.overload_reason)
            wizard = self.with_env(accounts.env)
        return super(KeyAccountAssign, wizard).action_assign()

from odoo import models


class ResUsers(models.Model):
    """The log-in of a customer shows his address, as his contact does."""

    _name = "res.users"
    _inherit = ["res.users", "key.account.gated"]

    def _gated_accounts(self):
        return self.sudo().partner_id.with_env(self.env)._gated_accounts()

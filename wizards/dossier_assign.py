from odoo import fields, models


class KeyAccountAssign(models.TransientModel):
    """Gives accounts to an owner, with a reason that stays in their history."""

    _name = "key.account.assign"
    _description = "Assign an Owner"

    account_ids = fields.Many2many("key.account", string="Customers", required=True)
    user_id = fields.Many2one(
        "res.users", "Owner", domain="[('share', '=', False)]", required=True
    )
    reason = fields.Char(required=True)

    def action_assign(self):
        """Hands the accounts over."""
        self.ensure_one()
        self.account_ids.check_access("write")
        self.account_ids._change_holder(self.user_id, reason=self.reason)
        return {"type": "ir.actions.act_window_close"}

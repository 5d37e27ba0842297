from odoo import fields, models


class KeyAccountCommissionOrigin(models.TransientModel):
    """A manager says anew how a customer came to a salesperson, and why (R119)."""

    _name = "key.account.commission.origin"
    _description = "Change of an Origin"

    origin_id = fields.Many2one(
        "key.account.origin", "Customer and Salesperson", required=True
    )
    kind = fields.Selection(
        lambda self: (
            self.env["key.account.origin"]
            ._fields["kind"]
            ._description_selection(self.env)
        ),
        "Origin",
        required=True,
    )
    from_user_id = fields.Many2one("res.users", "Taken over from")
    reason = fields.Char("Why", required=True)

    def action_change(self):
        """Changes the origin; contracts that were signed before keep what they have."""
        self.ensure_one()
        self.origin_id.action_change(self.kind, self.reason, self.from_user_id.id)
        return {"type": "ir.actions.act_window_close"}

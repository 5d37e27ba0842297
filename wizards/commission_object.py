from odoo import fields, models


class KeyAccountCommissionObject(models.TransientModel):
    """A person says what is wrong with his statement, or with one row of it."""

    _name = "key.account.commission.object"
    _description = "Objection to a Row"

    statement_id = fields.Many2one("key.account.commission.statement", required=True)
    entry_id = fields.Many2one(
        "key.account.commission.entry",
        "Row",
        domain="[('statement_id', '=', statement_id), ('kind', '!=', 'payout')]",
        help="Empty: something is missing.",
    )
    reason = fields.Text("What Is Wrong", required=True)

    def action_object(self):
        """Raises the objection."""
        self.ensure_one()
        self.statement_id._raise_dispute(self.entry_id, self.reason)
        return {"type": "ir.actions.act_window_close"}

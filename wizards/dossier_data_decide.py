from odoo import fields, models


class KeyAccountDataDecide(models.TransientModel):
    """Decides one stage of a data request, with what one has to say about it."""

    _name = "key.account.data.decide"
    _description = "Decide on a Data Request"

    request_id = fields.Many2one("key.account.data.request", required=True)
    decision = fields.Selection(
        [("approve", "Approve"), ("refuse", "Refuse")],
        required=True,
        default="approve",
    )
    comment = fields.Text()

    def action_decide(self):
        """Decides as chosen."""
        self.ensure_one()
        if self.decision == "approve":
            self.request_id.action_approve(self.comment or "")
        else:
            self.request_id.action_refuse(self.comment or "")
        return {"type": "ir.actions.act_window_close"}

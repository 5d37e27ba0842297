from odoo import fields, models


class KeyAccountCommissionAnswer(models.TransientModel):
    """A commission officer answers an objection."""

    _name = "key.account.commission.answer"
    _description = "Answer to an Objection"

    dispute_id = fields.Many2one("key.account.commission.dispute", required=True)
    company_id = fields.Many2one(related="dispute_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    reason = fields.Text(related="dispute_id.reason")
    accepted = fields.Selection(
        [("yes", "He is right"), ("no", "It stays as it is")], "Answer", required=True
    )
    answer = fields.Text("Why", required=True)
    amount = fields.Monetary(
        "Adjustment",
        help="Only what cannot be mended where it is wrong: what is mended in the"
        " order, the shares or the costs is computed anew by itself.",
    )

    def action_answer(self):
        """Decides the objection."""
        self.ensure_one()
        right = self.accepted == "yes"
        self.dispute_id.action_decide(right, self.answer, right and self.amount or 0.0)
        return {"type": "ir.actions.act_window_close"}

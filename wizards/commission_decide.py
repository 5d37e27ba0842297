from odoo import api, fields, models
from odoo.fields import Command


class KeyAccountCommissionDecide(models.TransientModel):
    """The company decides on the shares of a contract, with a reason (R122)."""

    _name = "key.account.commission.decide"
    _description = "Decision on Shares"

    deal_id = fields.Many2one("key.account.commission.deal", required=True)
    line_ids = fields.One2many(
        "key.account.commission.decide.line",
        "decide_id",
        "Shares",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    reason = fields.Text("Why", required=True, help="Everybody who is named reads it.")

    @api.depends("deal_id")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [Command.clear()] + [
                Command.create({"user_id": split.user_id.id, "share": split.share})
                for split in wizard.deal_id.split_ids
            ]

    def action_decide(self):
        """Writes the shares."""
        self.ensure_one()
        shares = {line.user_id.id: line.share for line in self.line_ids}
        self.deal_id.action_decide(self.reason, shares)
        return {"type": "ir.actions.act_window_close"}

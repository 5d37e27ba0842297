from odoo import fields, models


class KeyAccountTicketMonthCorrect(models.TransientModel):
    """Asks which number of a frozen service month is wrong, by how much, and why."""

    _name = "key.account.ticket.month.correct"
    _description = "Correct a Service Month"

    month_id = fields.Many2one("key.account.ticket.month", required=True)
    counter = fields.Selection(
        selection=lambda self: self.env["key.account.ticket.month"]._counter_labels(),
        string="Wrong Number",
        required=True,
    )
    change = fields.Integer(
        "Add", required=True, help="A number below zero takes away."
    )
    reason = fields.Char(required=True)

    def action_confirm(self):
        """Adds the correction."""
        self.ensure_one()
        self.month_id.action_correct(self.counter, self.change, self.reason)
        return {"type": "ir.actions.act_window_close"}

from odoo import fields, models

KINDS = [
    ("start", "Begun"),
    ("calendar", "Working Hours Changed"),
    ("hold", "Held"),
    ("resume", "Resumed"),
    ("recalled", "Hold Refused"),
    ("warn", "Warned"),
    ("miss", "Missed"),
    ("stop", "Stopped"),
    ("void", "Void"),
]


class KeyAccountSlaEvent(models.Model):
    """What happened to a promise, and when: the log that its clock can be computed
    anew from. Rows are never changed or deleted."""

    _name = "key.account.sla.event"
    _description = "Event of a Promise"
    _inherit = ["key.account.guarded"]
    _append_only = True
    _order = "at, id"
    _rec_name = "kind"

    clock_id = fields.Many2one(
        "key.account.sla.clock", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    ticket_id = fields.Many2one("key.account.ticket", required=True, index=True)
    kind = fields.Selection(KINDS, "What", required=True)
    at = fields.Datetime(required=True)
    target_minutes = fields.Integer(aggregator=None)
    due_at = fields.Datetime("Due")
    percent = fields.Integer("At (%)", aggregator=None)
    hold_id = fields.Many2one("key.account.ticket.hold")
    user_id = fields.Many2one("res.users", "Who")
    note = fields.Char()

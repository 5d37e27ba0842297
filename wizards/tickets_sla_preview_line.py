from odoo import fields, models

from ..tools.ticket_rules import METRICS


class KeyAccountSlaPreviewLine(models.TransientModel):
    """A promise that would be made, and when it would be due."""

    _name = "key.account.sla.preview.line"
    _description = "Promise That Would Hold"

    preview_id = fields.Many2one("key.account.sla.preview", ondelete="cascade")
    metric = fields.Selection(METRICS, "What")
    within = fields.Char()
    due_at = fields.Datetime("Due", help="Empty: it begins later.")
    pausable = fields.Boolean("May Be Held")

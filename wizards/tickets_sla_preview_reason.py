from odoo import fields, models


class KeyAccountSlaPreviewReason(models.TransientModel):
    """Why a policy would hold, or would not."""

    _name = "key.account.sla.preview.reason"
    _description = "Reason for a Promise"

    preview_id = fields.Many2one("key.account.sla.preview", ondelete="cascade")
    policy_id = fields.Many2one("key.account.sla.policy", "Promise")
    holds = fields.Boolean()
    why = fields.Char()

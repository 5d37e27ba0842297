from odoo import fields, models


class KeyAccountDataApproval(models.Model):
    """What one person decided on one stage of a data request (R038)."""

    _name = "key.account.data.approval"
    _description = "Decision on a Data Request"
    _inherit = ["key.account.guarded"]
    _order = "decided_at, id"
    _rec_name = "request_id"
    _append_only = True

    request_id = fields.Many2one(
        "key.account.data.request", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="request_id.company_id", store=True)
    stage = fields.Selection(
        [
            ("department", "Department"),
            ("steward", "Library Steward"),
            ("manager", "Manager"),
            ("general_manager", "General Manager"),
        ],
        required=True,
    )
    user_id = fields.Many2one(
        "res.users", "Decided by", required=True, index=True, ondelete="restrict"
    )
    decided_at = fields.Datetime("Decided at", required=True)
    decision = fields.Selection(
        [("approved", "Approved"), ("refused", "Refused")], required=True
    )
    comment = fields.Text()

    _person_uniq = models.Constraint(
        "UNIQUE(request_id, user_id)",
        "Nobody decides two stages of one data request.",
    )

from odoo import fields, models


class KeyAccountDuplicateCheckLine(models.TransientModel):
    """One answer: where a customer is, and by what he was recognised."""

    _name = "key.account.duplicate.check.line"
    _description = "Answer to the Check of a Customer"

    check_id = fields.Many2one(
        "key.account.duplicate.check", required=True, ondelete="cascade"
    )
    answer = fields.Char(readonly=True)
    matched_by = fields.Char("Recognised by", readonly=True)
    is_sure = fields.Boolean(readonly=True, export_string_translation=False)
    account_id = fields.Many2one(
        "key.account", readonly=True, help="Where you may open the file."
    )

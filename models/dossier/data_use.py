from odoo import api, fields, models

from .data_request import CHANNELS


class KeyAccountDataUse(models.Model):
    """What left the company under a data request: when, by whom, by what way and how
    much (R038)."""

    _name = "key.account.data.use"
    _description = "Use of Customer Data"
    _inherit = ["key.account.guarded"]
    _order = "used_at desc, id desc"
    _rec_name = "request_id"
    _append_only = True

    request_id = fields.Many2one(
        "key.account.data.request",
        "Data Request",
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="request_id.company_id", store=True)
    user_id = fields.Many2one(
        "res.users", "Used by", required=True, index=True, ondelete="restrict"
    )
    used_at = fields.Datetime("Used at", required=True, index=True)
    channel = fields.Selection(CHANNELS, required=True)
    res_model = fields.Char("Model", required=True)
    kind_of_rows = fields.Char("Kind of Rows", compute="_compute_kind_of_rows")
    row_count = fields.Integer("Rows", help="Records that left, or recipients.")
    account_count = fields.Integer("Customers", help="Customers they belong to.")
    field_names = fields.Char("Fields")

    # --- Compute ---

    @api.depends("res_model")
    def _compute_kind_of_rows(self):
        """What people call the rows."""
        for use in self:
            model = self.env["ir.model"].sudo()._get(use.res_model or "")
            use.kind_of_rows = model.name or use.res_model

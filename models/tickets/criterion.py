from odoo import fields, models


class KeyAccountCriterion(models.Model):
    _inherit = "key.account.criterion"

    measure = fields.Selection(
        selection_add=[("complaint_count", "Justified Complaints")],
        ondelete={"complaint_count": "cascade"},
    )

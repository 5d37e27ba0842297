from odoo import fields, models


class KeyAccountDimension(models.Model):
    """Something about a customer that people judge and no ledger knows: strategic
    value, reputation, loyalty, potential (R004, R005)."""

    _name = "key.account.dimension"
    _description = "Judged Dimension"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    description = fields.Text(
        translate=True, help="What 0, 50 and 100 mean, so that all judge alike."
    )
    active = fields.Boolean(default=True)

    _name_uniq = models.Constraint(
        "UNIQUE(name)", "There is already a dimension of this name."
    )

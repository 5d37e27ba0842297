from odoo import fields, models


class KeyAccountStrategicType(models.Model):
    """What makes a customer strategic beyond his turnover: key industry, high-end
    reference, upstream or downstream partner, synergy (R021)."""

    _name = "key.account.strategic.type"
    _description = "Strategic Type"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    description = fields.Text(translate=True)
    active = fields.Boolean(default=True)

    _name_uniq = models.Constraint(
        "UNIQUE(name)", "There is already a strategic type of this name."
    )

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    key_account_quorum = fields.Integer(
        "Yes Votes Needed",
        default=1,
        help="So many members of the tier committee must say yes, and more than no.",
    )

    _key_account_quorum_positive = models.Constraint(
        "CHECK(key_account_quorum >= 1)", "At least one member has to say yes."
    )

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    key_account_visit_lock_days = fields.Integer(
        "Close Minutes after (Days)",
        default=7,
        help="So many days after a visit what was said can be mended; then it stays.",
    )

    _key_account_visit_lock_days_not_negative = models.Constraint(
        "CHECK(key_account_visit_lock_days >= 0)",
        "Minutes close after a visit, not before it: give a number of days or 0.",
    )

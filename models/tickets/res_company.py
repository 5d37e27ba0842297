from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    key_account_plan_limit = fields.Monetary(
        "Reviewers Grant up to",
        help="A plan that grants a customer more than this is reviewed by a manager."
        " 0: no limit.",
    )
    key_account_grace_days = fields.Integer(
        "Days of Grace",
        default=7,
        help="What a customer writes to a closed ticket within these days reopens it;"
        " later it makes a new one.",
    )
    key_account_silence_days = fields.Integer(
        "Close Answered Enquiries after (Days)",
        default=7,
        help="A customer who says nothing for so long has nothing else to ask.",
    )

    _key_account_days_not_negative = models.Constraint(
        "CHECK(key_account_grace_days >= 0 AND key_account_silence_days >= 1)",
        "Days are not negative, and answered enquiries stay open for a day at least.",
    )

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

    # what service is measured by (R113); 0: no target
    key_account_target_on_time = fields.Float(
        "Target: Replies in Time (%)", digits=(5, 2), default=90
    )
    key_account_target_success = fields.Float(
        "Target: Complaints Solved (%)", digits=(5, 2), default=90
    )
    key_account_target_satisfaction = fields.Float(
        "Target: Satisfaction (%)", digits=(5, 2), default=85
    )
    key_account_target_attitude = fields.Float(
        "Target: Attitude (1 to 5)", digits=(3, 2), default=4
    )

    _key_account_targets_possible = models.Constraint(
        "CHECK(key_account_target_on_time BETWEEN 0 AND 100"
        " AND key_account_target_success BETWEEN 0 AND 100"
        " AND key_account_target_satisfaction BETWEEN 0 AND 100"
        " AND key_account_target_attitude BETWEEN 0 AND 5)",
        "A target is between 0 and 100 %, that of the attitude between 0 and 5.",
    )

    _key_account_days_not_negative = models.Constraint(
        "CHECK(key_account_grace_days >= 0 AND key_account_silence_days >= 1)",
        "Days are not negative, and answered enquiries stay open for a day at least.",
    )

from odoo import fields, models


class KeyAccountProfile(models.Model):
    """The confidential part of an account: what is known of a customer that only
    those who serve him, the stewards and the managers may read.

    It is a record of its own because Odoo grants access by record, not by field of a
    record. People never meet it: the account shows its fields as its own
    (``key.account.profiled``), and a row comes into being with the first fact.
    """

    _name = "key.account.profile"
    _description = "Confidential Profile"
    _inherit = ["key.account.gated", "key.account.facts"]
    _rec_name = "account_id"

    account_id = fields.Many2one(
        "key.account", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")

    risk = fields.Selection(index=True)

    _account_uniq = models.Constraint(
        "UNIQUE(account_id)", "An account has one confidential profile."
    )
    _budget_not_negative = models.Constraint(
        "CHECK(show_budget >= 0)", "A budget is not negative."
    )

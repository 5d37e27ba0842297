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
    _inherit = ["key.account.gated"]
    _rec_name = "account_id"

    account_id = fields.Many2one(
        "key.account", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")

    # what he wants (R026, R027)
    needs = fields.Text("Needs and Preferences")
    purchasing_power = fields.Text(
        help="How much he can spend, who releases the money, when budgets are made."
    )
    show_budget = fields.Monetary("Yearly Show Budget")
    past_shows = fields.Text(help="Where he showed, with what stand, and how it went.")
    former_builders = fields.Char(
        "Other Builders", help="Who builds for him besides us."
    )
    # where we stand with him (R022)
    promises = fields.Text("What We Promised")
    risk = fields.Selection(
        [("high", "High"), ("medium", "Medium"), ("low", "Low")], index=True
    )
    risk_note = fields.Text(
        "Risk and Control", help="What may go wrong, and our watch."
    )

    _account_uniq = models.Constraint(
        "UNIQUE(account_id)", "An account has one confidential profile."
    )

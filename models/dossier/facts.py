from odoo import fields, models


class KeyAccountFacts(models.AbstractModel):
    """What is known of a customer in confidence, named once for the record that keeps
    it (``key.account.profile``) and for the account that shows it
    (``key.account.profiled``)."""

    _name = "key.account.facts"
    _description = "Confidential Facts"

    currency_id = fields.Many2one("res.currency")

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
    risk = fields.Selection([("high", "High"), ("medium", "Medium"), ("low", "Low")])
    risk_note = fields.Text(
        "Risk and Control",
        help="What may go wrong with this customer, and how we watch it.",
    )

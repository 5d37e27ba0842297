from odoo import fields, models


class KeyAccountTeamTemplate(models.Model):
    """A team that serves customers of a kind, to be put on accounts in one step."""

    _name = "key.account.team.template"
    _description = "Team Template"
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    line_ids = fields.One2many(
        "key.account.team.template.line", "template_id", "People"
    )
    note = fields.Text("When to Use")

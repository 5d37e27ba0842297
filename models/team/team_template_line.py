from odoo import fields, models


class KeyAccountTeamTemplateLine(models.Model):
    """One person of a team template."""

    _name = "key.account.team.template.line"
    _description = "Person of a Team Template"
    _order = "is_lead desc, sequence, id"

    template_id = fields.Many2one(
        "key.account.team.template", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="template_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    role_id = fields.Many2one("key.account.role", required=True, ondelete="restrict")
    user_id = fields.Many2one(
        "res.users",
        "Person",
        required=True,
        ondelete="restrict",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    is_lead = fields.Boolean("Team Lead")

    _one_lead = models.UniqueIndex(
        "(template_id) WHERE is_lead", "A team has one lead: mark one person only."
    )
    _once = models.Constraint(
        "UNIQUE(template_id, user_id, role_id)", "This person has this role already."
    )

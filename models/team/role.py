from odoo import api, fields, models


class KeyAccountRole(models.Model):
    """A post in the team that serves a customer, and its duties (R109, R111)."""

    _name = "key.account.role"
    _description = "Role in a Team"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="The same in every language.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    duties = fields.Html(translate=True, help="What whoever has this role answers for.")
    member_count = fields.Integer(
        "People", compute="_compute_member_count", compute_sudo=True
    )

    _code_uniq = models.Constraint("UNIQUE(code)", "Each role has a code of its own.")

    @api.depends_context("allowed_company_ids")
    def _compute_member_count(self):
        Member = self.env["key.account.member"]
        domain = Member._now_domain() & fields.Domain("role_id", "in", self.ids)
        domain &= fields.Domain("company_id", "in", self.env.companies.ids)
        counts = dict(
            Member._read_group(domain, ["role_id"], ["user_id:count_distinct"])
        )
        for role in self:
            role.member_count = counts.get(role._origin, 0)

    # --- CRUD ---

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()  # what tiers ask for
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # --- Actions ---

    def action_open_members(self):
        """Lists who has this role now."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "key.account.member",
            "domain": [("role_id", "=", self.id), ("is_current", "=", True)],
            "view_mode": "list,kanban,form",
        }

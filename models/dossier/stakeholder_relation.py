from odoo import api, fields, models

LEVELS = [
    ("0", "None"),
    ("1", "Acquainted"),
    ("2", "Working"),
    ("3", "Trusted"),
    ("4", "Very Close"),
]


class KeyAccountStakeholderRelation(models.Model):
    """Who of us knows a person of the customer, how well, and how well he should."""

    _name = "key.account.stakeholder.relation"
    _description = "Relation to a Person"
    _inherit = ["key.account.filed"]
    _order = "level desc, id"
    _check_company_auto = True

    stakeholder_id = fields.Many2one(
        "key.account.stakeholder",
        "Person",
        required=True,
        index=True,
        ondelete="cascade",
    )
    account_id = fields.Many2one(
        related="stakeholder_id.account_id", store=True, index=True
    )
    company_id = fields.Many2one(related="stakeholder_id.company_id", store=True)
    user_id = fields.Many2one(
        "res.users",
        "Who of Us",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.uid,
        domain="[('share', '=', False)]",
    )
    level = fields.Selection(LEVELS, required=True, default="1")
    wanted_level = fields.Selection(LEVELS, help="How well he should know him.")
    is_below = fields.Boolean(
        "Below Wanted", compute="_compute_is_below", store=True, precompute=True
    )
    since = fields.Date("Known since")
    note = fields.Char(help="How they met, and what they share.")

    _user_uniq = models.Constraint(
        "UNIQUE(stakeholder_id, user_id)",
        "How well this colleague knows him is on record. Change that line.",
    )

    @api.depends("level", "wanted_level")
    def _compute_is_below(self):
        for relation in self:
            relation.is_below = (relation.wanted_level or "0") > (relation.level or "0")

    @api.depends("user_id", "level")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["level"]._description_selection(self.env))
        for relation in self:
            level = labels.get(relation.level, "")
            relation.display_name = f"{relation.user_id.name} · {level}"

    def _absorb(self, other):
        """One colleague knows one person as well as the better of two lines says."""
        wanted = max(self.wanted_level or "", other.wanted_level or "")
        self.write(
            {
                "level": max(self.level, other.level),
                "wanted_level": wanted or False,
                "since": min(filter(None, [self.since, other.since]), default=False),
                "note": self.note or other.note,
            }
        )
        other.unlink()

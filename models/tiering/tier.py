from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache


class KeyAccountTier(models.Model):
    """A level of a scheme and the service its customers are promised (R018, R019).

    The scores are frozen with the scheme. The service standard is not part of how
    customers are graded and may be improved at any time.
    """

    _name = "key.account.tier"
    _description = "Tier"
    _order = "sequence, id"  # not by scheme: counting by tier would join it each time
    _rec_names_search = ["name", "code"]

    scheme_id = fields.Many2one(
        "key.account.scheme", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="scheme_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    scheme_state = fields.Selection(related="scheme_id.state", string="Scheme Status")
    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="Stays the same from version to version of a scheme."
    )
    sequence = fields.Integer(default=10, help="Best tier first.")
    color = fields.Integer()
    description = fields.Text(translate=True)

    # how a customer gets here and stays here
    enter_score = fields.Float("Enter from", digits=(5, 2))
    keep_score = fields.Float(
        "Keep from",
        digits=(5, 2),
        help="Below this score, in several evaluations in a row, the tier is left.",
    )
    is_key = fields.Boolean("Key", help="Customers of this tier are key accounts.")

    # the service standard
    capacity_points = fields.Float(
        digits=(6, 2),
        default=1.0,
        help="What one customer of this tier takes of the people who serve him.",
    )
    contact_interval_days = fields.Integer("Contact every (days)")
    visit_interval_days = fields.Integer("Visit every (days)")
    review_interval_months = fields.Integer("Review every (months)")
    pricelist_id = fields.Many2one(
        "product.pricelist",
        help="Prices of customers of this tier who have none of their own.",
    )
    care_budget = fields.Monetary(
        "Yearly Care Budget", help="What may be spent on one customer in a year."
    )
    required_buying_roles = fields.Many2many(
        "key.account.buying.role",
        string="Known in Person",
        ondelete="restrict",
        help="The parts in the customer's decisions whose players one of us must know.",
    )
    benefits = fields.Text(
        translate=True, help="Hotline, response, priority, tailored products."
    )
    required_item_ids = fields.Many2many(
        "key.account.file.item",
        string="What a Complete File Holds",
        help="These items make up the completeness of the files of this tier."
        " Empty: all items.",
    )
    required_mask = fields.Integer(
        compute="_compute_required_mask",
        store=True,
        export_string_translation=False,
        help="Bits of the required items; none for all items.",
    )
    account_count = fields.Integer(compute="_compute_account_count", compute_sudo=True)

    _code_uniq = models.Constraint(
        "UNIQUE(scheme_id, code)", "Each tier of a scheme has a code of its own."
    )
    _scores_in_range = models.Constraint(
        "CHECK(enter_score BETWEEN 0 AND 100 AND keep_score BETWEEN 0 AND enter_score)",
        "Scores go from 0 to 100, and a tier is kept from a score that is not above"
        " the one that enters it.",
    )
    _standard_not_negative = models.Constraint(
        "CHECK(capacity_points >= 0 AND contact_interval_days >= 0"
        " AND visit_interval_days >= 0 AND review_interval_months >= 0"
        " AND care_budget >= 0)",
        "Points, intervals and budgets cannot be negative.",
    )

    # --- Compute ---

    def _compute_account_count(self):
        counts = dict(
            self.env["key.account"]._read_group(
                [("tier_id", "in", self.ids)], ["tier_id"], ["__count"]
            )
        )
        for tier in self:
            tier.account_count = counts.get(tier, 0)

    @api.depends("required_item_ids.code")
    def _compute_required_mask(self):
        for tier in self:
            tier.required_mask = tier.required_item_ids._mask()

    @api.depends("name", "code")
    def _compute_display_name(self):
        for tier in self:
            tier.display_name = tier.name or tier.code

    # --- CRUD ---

    _frozen_fields = frozenset(
        ("scheme_id", "code", "sequence", "enter_score", "keep_score", "is_key")
    )

    @api.model_create_multi
    def create(self, vals_list):
        tiers = super().create(vals_list)
        tiers.scheme_id._check_draft()
        self.env.registry.clear_cache()
        return tiers

    def write(self, vals):
        frozen = self._frozen_fields.intersection(vals)
        if frozen:
            self.scheme_id._check_draft()
        result = super().write(vals)
        if frozen:
            # nor may one be moved into a published scheme
            self.scheme_id._check_draft()
        if "required_item_ids" in vals:
            self.env["key.account"]._refresh_completeness(self)
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self.scheme_id._check_draft()

    # --- Constraints ---

    @api.constrains("pricelist_id")
    def _check_pricelist_company(self):
        for tier in self:
            owner = tier.pricelist_id.sudo().company_id
            if owner and owner != tier.company_id:
                raise ValidationError(
                    self.env._(
                        "Pricelist %(pricelist)s belongs to another company.",
                        pricelist=tier.pricelist_id.name,
                    )
                )

    # --- Actions ---

    def action_open_accounts(self):
        """Lists the customers of this tier."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "key.account",
            "domain": [("tier_id", "=", self.id)],
            "view_mode": "list,kanban,form",
        }

    # --- Tools ---

    @api.model
    @ormcache("tier_id", "name")
    def _asked(self, tier_id, name):
        """Id and code of the roles that a tier asks for in its field ``name``. Every
        page with accounts wants them, and they hardly ever change."""
        tier = self.sudo().with_context(active_test=True).browse(tier_id)
        return tuple((role.id, role.code) for role in tier[name])

    def _versions(self):
        """This tier and its likes in the other versions and schemes of the company."""
        return self.search(
            [("company_id", "=", self.company_id.id), ("code", "=", self.code)]
        )

    def _same_in(self, scheme):
        """The tier of ``scheme`` that continues this one: the one with its code."""
        return scheme.tier_ids.filtered(lambda tier: tier.code == self.code)[:1]

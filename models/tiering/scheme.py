from hashlib import sha256

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare

from ...tools import scoring


class KeyAccountScheme(models.Model):
    """How a company grades its customers: weighted criteria, tiers, and the inertia
    between them (R001-R008).

    ``draft -> live -> retired``. Publishing freezes it and retires the version that
    was live, so that every score can be recomputed for ever; a change is a new
    version. Everybody on the staff may read it (R010).
    """

    _name = "key.account.scheme"
    _description = "Tier Scheme"
    _inherit = ["mail.thread", "key.account.guarded"]
    _order = "state, name, version desc, id"
    _check_company_auto = True
    _transitions = {"draft": ("live",), "live": ("retired",)}

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [("draft", "Draft"), ("live", "Live"), ("retired", "Retired")],
        "Status",
        default="draft",
        required=True,
        tracking=True,
    )
    version = fields.Integer(default=1, readonly=True, copy=False)
    previous_id = fields.Many2one(
        "key.account.scheme", "Previous Version", readonly=True, copy=False
    )
    published_on = fields.Datetime(readonly=True, copy=False)
    published_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    description = fields.Text(translate=True)

    criterion_ids = fields.One2many(
        "key.account.criterion", "scheme_id", "Criteria", copy=True
    )
    tier_ids = fields.One2many("key.account.tier", "scheme_id", "Tiers", copy=True)
    weight_total = fields.Float(compute="_compute_weight_total", digits=(5, 2))
    demote_after = fields.Integer(
        "Demote after",
        default=2,
        help="Evaluations in a row below the keep score before a tier is left.",
    )
    max_step = fields.Integer(
        "Tiers at Once", default=1, help="How many tiers a customer falls at most."
    )
    min_coverage = fields.Float(
        "Data Needed to Demote",
        default=0.5,
        help="Nobody is demoted on data for less than this share of the weights.",
    )

    # a try on a real customer, never stored
    preview_account_id = fields.Many2one(
        "key.account", "Try on", store=False, check_company=True
    )
    preview = fields.Json(compute="_compute_preview")

    _one_live = models.UniqueIndex(
        "(company_id) WHERE state = 'live'",
        "There is already a live scheme in this company.",
    )
    _inertia_in_range = models.Constraint(
        "CHECK(demote_after >= 1 AND max_step >= 1 AND min_coverage BETWEEN 0 AND 1)",
        "Demotion takes at least one evaluation and one tier, and the data needed is a"
        " share between 0 and 100 %.",
    )

    # --- Compute ---

    @api.depends("criterion_ids.weight")
    def _compute_weight_total(self):
        for scheme in self:
            scheme.weight_total = sum(scheme.criterion_ids.mapped("weight"))

    @api.depends("name", "version", "state")
    def _compute_display_name(self):
        for scheme in self:
            scheme.display_name = self.env._(
                "%(name)s (version %(version)s)",
                name=scheme.name or self.env._("New scheme"),
                version=scheme.version,
            )

    @api.depends(
        "preview_account_id",
        "demote_after",
        "max_step",
        "min_coverage",
        "criterion_ids.measure",
        "criterion_ids.window_months",
        "criterion_ids.dimension_id",
        "criterion_ids.industry_ids",
        "criterion_ids.weight",
        "criterion_ids.floor",
        "criterion_ids.target",
        "criterion_ids.missing",
        "criterion_ids.gate",
        "tier_ids.enter_score",
        "tier_ids.keep_score",
        "tier_ids.is_key",
        "tier_ids.sequence",
    )
    def _compute_preview(self):
        for scheme in self:
            account = scheme.preview_account_id
            today = scheme.company_id._key_account_today()
            scheme.preview = account and scheme._explain_account(account, today)

    # --- CRUD ---

    _open_fields = frozenset(("description", "preview_account_id"))

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"published_on", "published_by_id"}

    def write(self, vals):
        names = set(vals) - self._open_fields
        if names - {"state", "published_on", "published_by_id"}:
            self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self._check_draft()

    def copy_data(self, default=None):
        """A copied scheme is a new one of its own; a new version says so."""
        vals_list = super().copy_data(default)
        if not self.env.context.get("key_account_new_version"):
            for scheme, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%(name)s (copy)", name=scheme.name)
        return vals_list

    # --- Actions ---

    def action_publish(self):
        """Makes the scheme the one that counts, and freezes it."""
        self.ensure_one()
        self._check_group(
            "key_account.group_manager",
            self.env._("Only a manager publishes a scheme. Ask him to do so."),
        )
        problem = self._publication_error_message()
        if problem:
            raise UserError(problem)
        live = self.search(
            [("company_id", "=", self.company_id.id), ("state", "=", "live")]
        )
        (self | live)._lock()
        live._move("retired")
        live.flush_recordset()
        self._move(
            "live",
            published_on=fields.Datetime.now(),
            published_by_id=self.env.uid,
        )
        return True

    def action_new_version(self):
        """Opens a draft that continues this scheme."""
        self.ensure_one()
        latest = self.search(
            [("company_id", "=", self.company_id.id), ("name", "=", self.name)],
            order="version desc",
            limit=1,
        )
        draft = self.with_context(key_account_new_version=True).copy()
        draft.write({"version": latest.version + 1, "previous_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "view_mode": "form",
        }

    def action_evaluate(self):
        """Starts an evaluation of all customers by this scheme."""
        self.ensure_one()
        evaluation = self.env["key.account.evaluation"].create({"scheme_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "res_model": evaluation._name,
            "res_id": evaluation.id,
            "view_mode": "form",
        }

    # --- Business ---

    @api.model
    def _live(self, company):
        """The scheme that counts in a company, if there is one."""
        return self.search(
            [("company_id", "=", company.id), ("state", "=", "live")], limit=1
        )

    def _check_draft(self):
        published = self.filtered(lambda scheme: scheme.state != "draft")
        if published:
            raise UserError(
                self.env._(
                    "%(name)s is published and cannot be changed: its scores must stay"
                    " explainable. Make a new version of it.",
                    name=published[0].display_name,
                )
            )

    def _publication_error_message(self):
        """What keeps this scheme from being published, or False."""
        weights, tiers = self.weight_total, self._ranked_tiers()
        enters = tiers.mapped("enter_score")
        if not self.criterion_ids or not tiers:
            return self.env._("A scheme needs at least one criterion and one tier.")
        if float_compare(weights, 100.0, precision_digits=2):
            return self.env._(
                "The weights sum to %(sum)s. They must sum to 100.",
                sum=f"{weights:g}",
            )
        if enters[-1] != 0:
            return self.env._(
                "The last tier, %(name)s, must be entered from score 0, so that every"
                " customer has a tier.",
                name=tiers[-1].name,
            )
        if sorted(set(enters), reverse=True) != enters:
            return self.env._(
                "Order the tiers best first: each is entered from a lower score than"
                " the one before it."
            )
        keys = tiers.mapped("is_key")
        if sorted(keys, reverse=True) != keys:
            return self.env._("The key tiers must be the best ones.")
        return False

    def _ranked_tiers(self):
        """The tiers, best first, also while the form is being edited."""
        return self.tier_ids.sorted(lambda tier: (tier.sequence, tier._origin.id))

    def _as_rules(self):
        """Tiers and inertia as the pure functions take them."""
        self.ensure_one()
        tiers = [
            scoring.Tier(tier.enter_score, tier.keep_score, tier.is_key)
            for tier in self._ranked_tiers()
        ]
        rules = scoring.Rules(self.demote_after, self.max_step, self.min_coverage)
        return tiers, rules

    def _rules_digest(self):
        """Fingerprint of what the scheme says: measures, weights, tiers, inertia."""
        measured = [
            (
                criterion.measure,
                criterion.window_months,
                criterion.dimension_id.id,
                sorted(criterion.industry_ids.ids),
            )
            for criterion in self.criterion_ids
        ]
        rules = (self.id, measured, self.criterion_ids._as_rules(), self._as_rules())
        return sha256(repr(rules).encode()).hexdigest()

    def _explain_account(self, account, until):
        """What the scheme as it stands, saved or not, says of one customer today.

        :return: what the explanation widget shows, see ``_explanation``.
        """
        criteria = self.criterion_ids.filtered("measure")
        values = (
            self.env["key.account.measure"]
            .sudo()
            ._read_values(account.company_id, until, criteria, account)
        )
        raws = values[account.id]
        scored = scoring.score(criteria._as_rules(), raws)
        tiers = self._ranked_tiers()
        rank = None
        if scored.value is not None and tiers:
            rank = scoring.rank_for(self._as_rules()[0], scored.value, scored.gated)
        entries = [
            {"measure": criterion.measure, "raw": raw, "sub": sub}
            for criterion, raw, sub in zip(criteria, raws, scored.subs, strict=True)
        ]
        return {
            **self._explanation(criteria, entries),
            "score": scored.value,
            "coverage": scored.coverage,
            "gated": scored.gated,
            "tier": tiers[rank].name if rank is not None else False,
        }

    @api.model
    def _explanation(self, criteria, entries, earlier=None):
        """Rows for the explanation widget and the printed sheet: what each criterion
        found, what it was worth, and what it added to the score.

        :param entries: ``[{measure, raw, sub}]`` in the order of the criteria.
        :param earlier: the raw values of the evaluation before, by measure and place.
        """
        weighed = sum(
            criterion.weight
            for criterion, entry in zip(criteria, entries, strict=True)
            if entry["sub"] is not None
        )
        measures = self.env["key.account.measure"]._measures()
        rows = []
        for place, (criterion, entry) in enumerate(zip(criteria, entries, strict=True)):
            sub, weight = entry["sub"], criterion.weight
            rows.append(
                {
                    "id": criterion._origin.id,
                    "name": criterion.display_name,
                    "window": measures[criterion.measure].windowed
                    and criterion.window_months,
                    "raw": entry["raw"],
                    "sub": sub,
                    "weight": weight,
                    "floor": criterion.floor,
                    "target": criterion.target,
                    "gate": criterion.gate,
                    "points": None
                    if sub is None or not weighed
                    else round(weight * sub / weighed, 2),
                    "earlier": (earlier or {}).get(place),
                }
            )
        return {"rows": rows, "weighed": weighed}

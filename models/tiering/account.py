import json

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.file_items import mask_of

# Who sees what is before the committee.
DECIDERS = "key_account.group_member,key_account.group_committee"

# What evaluations and overrides say of an account; nobody else writes it.
VERDICT = (
    "tier_id",
    "earned_tier_id",
    "tier_since",
    "is_key",
    "score",
    "coverage",
    "below_count",
    "evaluated_on",
    "revenue",
    "line_id",
)


class KeyAccount(models.Model):
    _inherit = "key.account"

    # the tier it has, and the one its score alone has earned
    tier_id = fields.Many2one(
        "key.account.tier",
        copy=False,
        ondelete="restrict",
        group_expand="_group_expand_tier_id",
    )
    earned_tier_id = fields.Many2one(
        "key.account.tier",
        "Tier by Score",
        copy=False,
        ondelete="restrict",
        help="Differs from the tier while an override is active.",
    )
    tier_since = fields.Date(copy=False)
    is_key = fields.Boolean("Key Account", copy=False, index=True)
    score = fields.Float(digits=(5, 2), default=0.0, copy=False, aggregator="avg")
    coverage = fields.Float(
        copy=False,
        aggregator="avg",
        help="Share of the weights that there was data for.",
    )
    below_count = fields.Integer(
        "Evaluations below",
        copy=False,
        aggregator=None,
        help="Evaluations in a row below the keep score of the tier.",
    )
    evaluated_on = fields.Date(copy=False)
    revenue = fields.Monetary(
        "Revenue (12 Months)",
        copy=False,
        help="Net, before the date of the last evaluation.",
    )
    line_id = fields.Many2one(
        "key.account.evaluation.line",
        "Last Verdict",
        index="btree_not_null",  # without it, deleting lines reads all accounts each
        copy=False,
        ondelete="set null",
    )
    explanation = fields.Json(related="line_id.explanation")

    override_ids = fields.One2many("key.account.override", "account_id")
    appeal_ids = fields.One2many("key.account.appeal", "account_id", groups=DECIDERS)
    motion_ids = fields.One2many("key.account.motion", "account_id", groups=DECIDERS)
    assessment_ids = fields.One2many(
        "key.account.assessment", "account_id", groups=DECIDERS
    )
    tier_change_ids = fields.One2many("key.account.tier.change", "account_id")
    evaluation_line_ids = fields.One2many("key.account.evaluation.line", "account_id")
    active_override_id = fields.Many2one(
        "key.account.override", compute="_compute_active_override_id"
    )
    open_motion_id = fields.Many2one(
        "key.account.motion", compute="_compute_open_motion_id", groups=DECIDERS
    )
    score_graph = fields.Text(compute="_compute_score_graph")

    # the service the tier promises
    tier_benefits = fields.Text(related="tier_id.benefits")
    capacity_points = fields.Float(
        related="tier_id.capacity_points", store=True, precompute=True
    )
    tier_pricelist_id = fields.Many2one(related="tier_id.pricelist_id")
    uncovered_role_ids = fields.Many2many(
        "key.account.buying.role",
        string="Roles Nobody Knows",
        compute="_compute_uncovered_role_ids",
        compute_sudo=False,
        help="Parts in his decisions whose players none of us knows, though the tier"
        " asks for it.",
    )
    next_contact_due = fields.Date(
        compute="_compute_next_contact_due",
        store=True,
        index=True,
        help="Last contact plus the contact interval of the tier.",
    )

    # the list, the columns of the board, and the counters of both
    _score_idx = models.Index("(company_id, score DESC)")
    _tier_idx = models.Index("(tier_id, name, id)")
    _count_idx = models.Index("(company_id, state, tier_id)")

    # --- Compute ---

    @api.depends("override_ids.state")
    def _compute_active_override_id(self):
        active = self._first_of("key.account.override", ["active"])
        for account in self:
            account.active_override_id = active.get(account._origin)

    @api.depends("motion_ids.state")
    def _compute_open_motion_id(self):
        pending = self._first_of("key.account.motion", ["draft", "review"])
        for account in self:
            account.open_motion_id = pending.get(account._origin)

    @api.depends("last_contact_at", "tier_id.contact_interval_days", "opened_on")
    def _compute_next_contact_due(self):
        for account in self:
            days = account.tier_id.contact_interval_days
            since = account.opened_on
            if account.last_contact_at:
                since = account.company_id._key_account_day(account.last_contact_at)
            account.next_contact_due = days and fields.Date.add(since, days=days)

    @api.depends(
        "state",
        "tier_id.required_buying_roles",
        "stakeholder_ids.active",
        "stakeholder_ids.buying_role",
        "stakeholder_ids.is_covered",
        "stakeholder_ids.has_left",
    )
    @api.depends_context("uid")
    def _compute_uncovered_role_ids(self):
        """With the rights of whoever asks: a closed file shows no gap either."""
        opened = self.filtered(
            lambda account: account.may_open and account.state != "closed"
        )
        (self - opened).uncovered_role_ids = False
        for account in opened:
            tier, known = account.tier_id, account._covered_roles()
            required = tier._asked(tier.id, "required_buying_roles")
            account.uncovered_role_ids = self.env["key.account.buying.role"].browse(
                role_id for role_id, code in required if code not in known
            )

    @api.depends("evaluation_line_ids.evaluation_state")
    def _compute_score_graph(self):
        """The scores of the applied evaluations in the shape of Odoo's small graph."""
        lines = self.env["key.account.evaluation.line"].search(
            Domain("account_id", "in", self.ids)
            & Domain("evaluation_id.state", "=", "applied")
        )
        by_account = lines.grouped("account_id")
        for account in self:
            mine = by_account.get(account, lines.browse())
            account.score_graph = account._prepare_score_graph(mine)

    # --- CRUD ---

    def _get_guarded_fields(self):
        return super()._get_guarded_fields().union(VERDICT)

    # --- Actions ---

    def action_nominate(self):
        """Proposes a prospect to the committee (R014)."""
        return self._open_motion("admit")

    def action_propose_exit(self):
        """Proposes to the committee to end the cooperation (R017)."""
        return self._open_motion("exit")

    def action_override(self):
        """Requests another tier than the one the score gives."""
        return self._open_new(self.env._("Override"), "key.account.override")

    def action_appeal(self):
        """Appeals against the tier."""
        return self._open_new(
            self.env._("Appeal"),
            "key.account.appeal",
            default_line_id=self.line_id.id,
        )

    def action_assess(self):
        """Proposes a judgement of this customer."""
        return self._open_new(self.env._("Assessment"), "key.account.assessment")

    def action_open_overrides(self):
        """Lists the tiers of this customer that were decided, not earned."""
        return self._open_rows("key.account.override")

    def action_open_appeals(self):
        """Lists what was said against the tier of this customer."""
        return self._open_rows("key.account.appeal")

    def action_open_assessments(self):
        """Lists the judgements of this customer."""
        return self._open_rows("key.account.assessment")

    def action_open_motions(self):
        """Lists what the committee was asked about this customer."""
        return self._open_rows("key.account.motion")

    def action_open_tier_changes(self):
        """Lists the tiers that this customer has had."""
        return self._open_rows("key.account.tier.change")

    def action_open_scores(self):
        """Shows the scores of this customer over time as a graph."""
        self.ensure_one()
        title = self.env._("Score over Time")
        graph = self.env.ref("key_account.evaluation_line_view_graph_time").id
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "key.account.evaluation.line",
            "domain": [
                ("account_id", "=", self.id),
                ("evaluation_id.state", "=", "applied"),
            ],
            "views": [[graph, "graph"], [False, "list"], [False, "form"]],
            "mobile_view_mode": "graph",
        }

    def action_open_source(self, criterion_id):
        """Opens the records behind a value of the last verdict."""
        self.ensure_one()
        return self.line_id.action_open_source(criterion_id)

    # --- Business ---

    def _set_tier(self, tier, kind, reason="", override=None):
        """Gives the account another tier now and writes it to the tier log."""
        self.ensure_one()
        if self.tier_id == tier:
            return
        today = self.company_id._key_account_today()
        self.env["key.account.tier.change"].sudo()._authorized().create(
            {
                "account_id": self.id,
                "company_id": self.company_id.id,
                "date": today,
                "from_tier_id": self.tier_id.id,
                "to_tier_id": tier.id,
                "kind": kind,
                "score": self.score,
                "reason": reason,
                "override_id": override.id if override else False,
                "user_id": self.env.uid,
            }
        )
        self._authorized().write(
            {"tier_id": tier.id, "tier_since": today, "is_key": tier.is_key}
        )

    def _account_rows(self):
        """The rows of the printed list of accounts, best first."""
        ranked = self.sorted(lambda account: (-account.score, account.name))
        return [
            {
                "account": account,
                "tier": account.tier_id,
                "score": account.score,
                "revenue": account.revenue,
            }
            for account in ranked
        ]

    # --- What a complete file of a tier holds (R031) ---

    @api.model
    def _completeness_fields(self):
        # what a tier asks for is not among them: a hundred thousand files at once are
        # the business of one UPDATE, see below
        return [*super()._completeness_fields(), "tier_id"]

    def _required_mask(self):
        return self.tier_id.required_mask or super()._required_mask()

    @api.model
    def _tier_completeness_sql(self):
        """Completeness of the row ``account`` in the tier of the row ``tier``."""
        every = mask_of(self._file_items().values())
        required = SQL("COALESCE(NULLIF(tier.required_mask, 0), %s)", every)
        return self._completeness_sql(SQL("account.held_items"), required)

    @api.model
    def _refresh_completeness(self, tiers):
        """Measures the files of these tiers by what the tiers ask for now."""
        self.flush_model(["held_items", "completeness", "tier_id"])
        tiers.flush_recordset(["required_mask"])
        self.env.cr.execute(
            SQL(
                "UPDATE key_account account SET completeness = %s"
                " FROM key_account_tier tier"
                " WHERE tier.id = account.tier_id AND tier.id = ANY(%s)",
                self._tier_completeness_sql(),
                tiers.ids,
            )
        )
        self.invalidate_model(["completeness"])

    @api.model
    def _domain_to_remind(self):
        """Owners are asked for the files of key accounts; the others wait for the
        steward."""
        return super()._domain_to_remind() & Domain("is_key", "=", True)

    @api.model
    def _group_expand_tier_id(self, tiers, domain):
        """The columns of a board are the key tiers, even empty ones, and what the
        customers have besides."""
        key_tiers = tiers.search_fetch(
            Domain("company_id", "=", self.env.company.id)
            & Domain("scheme_id.state", "=", "live")
            & Domain("is_key", "=", True)
        )
        return (key_tiers | tiers).sorted("sequence")

    def _open_motion(self, kind):
        motion = self.open_motion_id
        if motion:
            return self._open_new(motion.display_name, motion._name, res_id=motion.id)
        return self._open_new(
            self.env._("Motion"), "key.account.motion", default_kind=kind
        )

    def _open_new(self, name, model, res_id=False, **context):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "res_id": res_id,
            "views": [[False, "form"]],
            "context": {"default_account_id": self.id, **context},
        }

    def _first_of(self, model, states):
        """The record of these accounts in one of ``states``; there is one at most."""
        found = self.env[model].search_fetch(
            Domain("account_id", "in", self._origin.ids) & Domain("state", "in", states)
        )
        return {record.account_id: record for record in found}

    def _prepare_score_graph(self, lines):
        points = [
            {"x": line.date.isoformat(), "y": line.score}
            for line in lines.sorted("date")
        ]
        return json.dumps(
            [{"values": points, "key": self.env._("Score"), "area": True}]
        )

    def _absorb(self, other):
        """Of two open decisions about one customer, the other account's one ends: it
        stays on record, where a clash of unique keys would delete it."""
        if self.active_override_id:
            other.active_override_id._end()
        if self.open_motion_id:
            other.open_motion_id._withdraw()
        if self._open_appeals():
            other._open_appeals()._withdraw()
        result = super()._absorb(other)
        if self.open_motion_id.kind == "admit" and self.state in ("active", "exiting"):
            self.open_motion_id._withdraw()
        override = self.active_override_id
        if override:
            self._set_tier(
                override.tier_id, "override", reason=override.reason, override=override
            )
        return result

    def _open_appeals(self):
        return self.appeal_ids.filtered(lambda appeal: appeal.state == "open")

    def _prepare_absorbed_vals(self, other):
        """The better known tier stays with the merged account."""
        vals = super()._prepare_absorbed_vals(other)
        if other.tier_id and not self.tier_id:
            vals |= {
                name: other._fields[name].convert_to_write(other[name], other)
                for name in VERDICT
            }
        return vals

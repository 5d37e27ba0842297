from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.authority import holds_authority
from ...tools.commission import cliffs, ladder
from ...tools.settlement import Options

OFFICER = "key_account.group_commission_officer"


class KeyAccountCommissionPlanVersion(models.Model):
    """What a plan pays from one month to another: its ladder and its options.

    A draft is approved by somebody else than who wrote it. From then on it never
    changes: what is to be different from a month on is a new version, and its approval
    ends the one before. So the commission of a month depends on the version of that
    month alone (R118, R121)::

        draft -> approved -> retired
    """

    _name = "key.account.commission.plan.version"
    _description = "Version of a Commission Plan"
    _inherit = ["key.account.guarded", "mail.thread"]
    _order = "date_from desc, id desc"
    _transitions = {"draft": ("approved",), "approved": ("retired",)}

    plan_id = fields.Many2one(
        "key.account.commission.plan",
        "Commission Plan",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="plan_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [("draft", "Draft"), ("approved", "Approved"), ("retired", "Retired")],
        "Status",
        default="draft",
        required=True,
        tracking=True,
    )
    date_from = fields.Date("From", required=True, help="The first day of a month.")
    date_to = fields.Date(
        "Until",
        copy=False,
        help="The last day of a month. Empty: until another version begins.",
    )
    slab_ids = fields.One2many(
        "key.account.commission.slab", "version_id", "Ladder", copy=True
    )
    author_id = fields.Many2one(
        "res.users", "Written by", readonly=True, copy=False, ondelete="restrict"
    )
    approved_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="restrict"
    )
    approved_at = fields.Datetime(readonly=True, copy=False)

    # how the month is measured
    slab_mode = fields.Selection(
        [
            ("whole", "The month's total decides for all of it"),
            ("marginal", "Each part of the total has the rate of its slab"),
        ],
        "Ladder Counts",
        default="whole",
        required=True,
    )
    measure = fields.Selection(
        [
            ("net_contract", "Contract less pass-through and transport"),
            ("contract", "Contract"),
        ],
        "Turnover Is",
        default="net_contract",
        required=True,
        help="Always without taxes.",
    )
    credit = fields.Selection(
        [("share", "His share"), ("full", "All of it")],
        "Of a Shared Contract, Each Is Credited",
        default="share",
        required=True,
    )
    pool_rate = fields.Selection(
        [("lead", "Of who leads the contract"), ("own", "Everybody's own")],
        "Rate of a Shared Contract",
        default="lead",
        required=True,
    )
    # when and what is paid
    trigger = fields.Selection(
        [
            ("final_payment", "After the final payment"),
            ("signed", "After signing, trued up later"),
        ],
        "Paid",
        default="final_payment",
        required=True,
    )
    period = fields.Selection(
        [("quarter", "By quarter"), ("month", "By month")],
        "Settled",
        default="quarter",
        required=True,
    )
    loss = fields.Selection(
        [("floor_zero", "Pays nothing"), ("carry", "Is taken off other contracts")],
        "A Contract with a Loss",
        default="floor_zero",
        required=True,
    )
    # the risk fund (R120)
    retention_months = fields.Integer("Kept for (Months)", default=12)
    retention_clock = fields.Selection(
        [
            ("service", "The person's first day here"),
            ("payout", "The end of the period it was kept in"),
        ],
        "Counted from",
        default="service",
        required=True,
        help="From the first day: who has been here as long as that is kept nothing"
        " from any more.",
    )
    # the leader (R123)
    team_bonus_pct = fields.Float(
        "Team Bonus (%)",
        digits=(9, 4),
        help="Of the net profit of the contracts of the team that a leader leads, his"
        " own share left out.",
    )
    warning = fields.Text(compute="_compute_warning", compute_sudo=True)

    _dates_in_order = models.Constraint(
        "CHECK(date_to >= date_from)", "A version ends after it begins."
    )
    _whole_months = models.Constraint(
        "CHECK(EXTRACT(day FROM date_from) = 1"
        " AND (date_to IS NULL OR EXTRACT(day FROM date_to + 1) = 1))",
        "A version begins on the first day of a month and ends on the last day of one.",
    )
    _percentages = models.Constraint(
        "CHECK(team_bonus_pct BETWEEN 0 AND 100 AND retention_months >= 0)",
        "The team bonus is between 0 and 100 percent, and months are not negative.",
    )
    _one_at_a_time = models.Constraint(
        "EXCLUDE USING gist (int4range(plan_id, plan_id, '[]') WITH &&,"
        " daterange(date_from, date_to, '[]') WITH &&) WHERE (state != 'draft')",
        "Two versions of a plan do not hold at the same time.",
    )

    # --- Compute ---

    @api.depends("plan_id.name", "date_from")
    def _compute_display_name(self):
        for version in self:
            first = fields.Date.to_string(version.date_from) or ""
            version.display_name = f"{version.plan_id.name} · {first[:7]}"

    @api.depends(
        "slab_mode",
        "slab_ids.lower",
        "slab_ids.rate_new",
        "slab_ids.rate_existing",
        "slab_ids.retention_pct",
    )
    def _compute_warning(self):
        """Says where one more yuan of sales would pay less."""
        for version in self:
            rungs = sorted(version.slab_ids._as_rules(), key=lambda slab: slab.lower)
            found = cliffs(rungs) if version.slab_mode == "whole" else []
            lines = [version._say_cliff(cliff) for cliff in found]
            version.warning = "\n".join(lines)

    def _say_cliff(self, cliff):
        labels = {"new": self.env._("new"), "existing": self.env._("existing")}
        values = {
            "amount": self.currency_id.format(float(cliff.lower)),
            "origin": labels[cliff.origin],
            "before": f"{cliff.before.normalize():f}",
            "after": f"{cliff.after.normalize():f}",
        }
        if cliff.of_net:
            return self.env._(
                "At %(amount)s of a month, the pay at once for %(origin)s customers"
                " falls from %(before)s %% to %(after)s %%: more is kept back.",
                **values,
            )
        return self.env._(
            "At %(amount)s of a month, the rate for %(origin)s customers falls from"
            " %(before)s %% to %(after)s %%.",
            **values,
        )

    # --- CRUD ---

    @api.model_create_multi
    def create(self, vals_list):
        authored = [{**vals, "author_id": self.env.uid} for vals in vals_list]
        return super().create(authored)

    def write(self, vals):
        if not holds_authority(self.env.context):
            self._check_draft()
            vals = {**vals, "author_id": self.env.uid}
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        self._check_draft()

    # --- Actions ---

    def action_approve(self):
        """Makes the version hold. Somebody else than who wrote it does; the version
        before it ends the day before.

        :raises UserError: by its author, without a ladder, or for months that are
            closed.
        """
        self._check_group(
            OFFICER, self.env._("Only commission officers approve versions of plans.")
        )
        self._lock()
        for version in self:
            version._check_approvable()
            previous = version.plan_id.version_ids.filtered(
                lambda v, first=version.date_from: (
                    v.state == "approved"
                    and v.date_from < first
                    and (not v.date_to or v.date_to >= first)
                )
            )
            last = version.date_from - relativedelta(days=1)
            previous._authorized().write({"date_to": last})
            version._move(
                "approved",
                approved_by_id=self.env.uid,
                approved_at=fields.Datetime.now(),
            )

    def action_retire(self):
        """Ends the version with this month, without another one."""
        self._check_group(
            OFFICER, self.env._("Only commission officers retire versions of plans.")
        )
        self._lock()
        for version in self:
            today = version.company_id._key_account_today()
            last = today.replace(day=1) + relativedelta(months=1, days=-1)
            last = max(last, version.date_from + relativedelta(months=1, days=-1))
            ended = version.date_to and version.date_to < last
            version._move("retired", date_to=version.date_to if ended else last)

    def action_new_version(self):
        """Opens the draft of the plan's next version."""
        self.ensure_one()
        return self.plan_id.action_new_version()

    # --- Tools ---

    def _valid_on(self, day):
        """Those of these versions that hold on a day."""
        return self.filtered(
            lambda version: (
                version.state != "draft"
                and version.date_from <= day
                and (not version.date_to or version.date_to >= day)
            )
        )

    def _as_ladder(self):
        """The slabs as the arithmetic takes them, the lowest first."""
        return ladder(self.slab_ids._as_rules())

    def _touch_draft(self):
        """Whoever changes the ladder of a draft is its author; others have none."""
        self._check_draft()
        self._authorized().write({"author_id": self.env.uid})

    def _check_draft(self):
        fixed = self.filtered(lambda version: version.state != "draft")
        if fixed:
            raise UserError(
                self.env._(
                    "%(version)s is approved and never changes. Make a new version of"
                    " the plan for the months to come.",
                    version=fixed[0].display_name,
                )
            )

    def _as_terms(self):
        """What it says about paying, as the arithmetic takes it."""
        return Options(
            self.trigger,
            self.pool_rate,
            self.loss,
            self.retention_months,
            self.retention_clock,
        )

    def _check_approvable(self):
        if not self.env.su and self.env.user in self.author_id | self.create_uid:
            raise UserError(
                self.env._(
                    "You wrote %(version)s: somebody else approves it.",
                    version=self.display_name,
                )
            )
        try:
            self._as_ladder()
        except ValueError as error:
            raise ValidationError(
                self.env._(
                    "The ladder of %(version)s needs a slab from 0, and no two from the"
                    " same amount.",
                    version=self.display_name,
                )
            ) from error
        closed = self.env["key.account.commission.turnover"].sudo()
        if closed.search_count(
            [
                ("version_id.plan_id", "=", self.plan_id.id),
                ("month", ">=", self.date_from),
            ],
            limit=1,
        ):
            raise UserError(
                self.env._(
                    "Months from %(day)s on are closed already, at the version that"
                    " held. Let this version begin with the first open month.",
                    day=self.date_from,
                )
            )

    def _copy_as_draft(self):
        month = self.company_id._key_account_today().replace(day=1)
        following = self.date_from + relativedelta(months=1)
        return self.copy({"date_from": max(month, following)})

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [[False, "form"]],
        }

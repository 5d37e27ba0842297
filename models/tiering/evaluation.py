from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL


class KeyAccountEvaluation(models.Model):
    """One grading of all customers of a company on a date (R009, R011, R015).

    The manager simulates, looks, and submits; the committee votes and approves;
    applying gives the tiers to the accounts::

        draft -> simulated -> review -> approved -> applied
          ^---------'  ^---------'          (cancelled from all but applied)

    Simulating writes nothing outside the evaluation. The window of a criterion is
    ``[date - window, date)``: the date itself is out.
    """

    _name = "key.account.evaluation"
    _description = "Evaluation"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "key.account.votable",
        "key.account.evaluation.engine",
        "key.account.evaluation.summary",
        "key.account.evaluation.job",
    ]
    _order = "date desc, id desc"
    _check_company_auto = True
    _transitions = {
        "draft": ("simulated", "cancelled"),
        "simulated": ("draft", "review", "cancelled"),
        "review": ("simulated", "approved", "cancelled"),
        "approved": ("applied", "cancelled"),
    }

    scheme_id = fields.Many2one(
        "key.account.scheme",
        required=True,
        check_company=True,
        default=lambda self: self.env["key.account.scheme"]._live(self.env.company),
        domain="[('company_id', '=', company_id)]",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        required=True,
        default=lambda self: self.env.company._key_account_today(),
        help="Business before this day counts; the day itself does not.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("simulated", "Simulated"),
            ("review", "In Review"),
            ("approved", "Approved"),
            ("applied", "Applied"),
            ("cancelled", "Cancelled"),
        ],
        "Status",
        default="draft",
        required=True,
        tracking=True,
    )
    line_ids = fields.One2many("key.account.evaluation.line", "evaluation_id", "Lines")
    vote_ids = fields.One2many(
        "key.account.vote",
        "evaluation_id",
        "Votes",
        groups="key_account.group_member,key_account.group_committee",
    )
    previous_id = fields.Many2one(
        "key.account.evaluation", "Compared with", readonly=True, copy=False
    )
    applied_on = fields.Datetime(readonly=True, copy=False)
    note = fields.Text("Conclusion")

    # what came out
    line_count = fields.Integer("Customers", compute="_compute_counts")
    changed_count = fields.Integer("Changes", compute="_compute_counts")
    key_count = fields.Integer("Key Accounts", compute="_compute_counts")
    summary = fields.Json(compute="_compute_summary")

    _one_in_review = models.UniqueIndex(
        "(company_id) WHERE state IN ('review', 'approved')",
        "Another evaluation of this company is with the committee already."
        " Apply or cancel that one first.",
    )

    # --- Compute ---

    @api.depends("date", "scheme_id")
    def _compute_display_name(self):
        for evaluation in self:
            evaluation.display_name = (
                f"{evaluation.scheme_id.name} {evaluation.date or ''}"
            )

    @api.depends("line_ids")
    def _compute_counts(self):
        groups = self.env["key.account.evaluation.line"]._read_group(
            [("evaluation_id", "in", self.ids)],
            ["evaluation_id", "changed", "decided_is_key"],
            ["__count"],
        )
        for evaluation in self:
            mine = [group for group in groups if group[0] == evaluation]
            evaluation.line_count = sum(count for *_, count in mine)
            evaluation.changed_count = sum(c for _, changed, _, c in mine if changed)
            evaluation.key_count = sum(c for *_, key, c in mine if key)

    @api.depends("line_ids", "state")
    @api.depends_context("lang")
    def _compute_summary(self):
        for evaluation in self:
            evaluation.summary = evaluation._summary()

    # --- Constraints ---

    @api.constrains("date", "company_id")
    def _check_date(self):
        for evaluation in self:
            last = evaluation._last_applied()
            if last and evaluation.date < last.date:
                raise ValidationError(
                    self.env._(
                        "The evaluation of %(last)s is applied already; an evaluation"
                        " of an earlier date cannot follow it.",
                        last=last.date,
                    )
                )

    # --- CRUD ---

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"previous_id", "applied_on"}

    def write(self, vals):
        if {"scheme_id", "date", "company_id"}.intersection(vals):
            for evaluation in self:
                if evaluation.state != "draft" or evaluation._is_calculating():
                    raise UserError(
                        self.env._(
                            "%(name)s has results. Set it back to draft before you"
                            " change its date or scheme.",
                            name=evaluation.display_name,
                        )
                    )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_open(self):
        for evaluation in self:
            if evaluation.state not in ("draft", "simulated", "cancelled"):
                raise UserError(
                    self.env._(
                        "%(name)s was decided upon and stays on record.",
                        name=evaluation.display_name,
                    )
                )

    # --- Actions ---

    def action_simulate(self):
        """Scores every customer; at once, or in the background when they are many."""
        self._check_manager()
        for evaluation in self:
            if evaluation.state not in ("draft", "simulated"):
                raise UserError(evaluation._transition_message("simulated"))
            evaluation._start_job()
        return True

    def action_submit(self):
        """Hands the result to the committee."""
        self._check_manager()
        self._lock()
        self._check_state("simulated", "review")
        self._check_complete()
        self._check_live()
        self._check_not_outdated()
        self._move("review", requester_id=self.env.uid)
        self._tell_committee()
        return True

    def action_send_back(self):
        """The committee returns it; the manager may simulate again."""
        self._check_can_decide()
        self._lock()
        for evaluation in self:
            if evaluation.state != "review":
                raise UserError(
                    self.env._(
                        "%(name)s is not with the committee now.",
                        name=evaluation.display_name,
                    )
                )
        self._move("simulated")
        self._close_votes()
        self.activity_unlink(["mail.mail_activity_data_todo"])
        return True

    def action_approve(self):
        """Approves in the name of the committee; approving is also a yes vote."""
        self._check_can_decide()
        self._check_state("review", "approved")
        for evaluation in self:
            if not evaluation.my_vote:
                evaluation._vote("yes")
        self._check_carried()
        self._decide("approved")
        self.activity_unlink(["mail.mail_activity_data_todo"])
        return True

    def action_apply(self):
        """Gives every customer the tier that was decided for him, all or nothing."""
        self._check_manager()
        for evaluation in self:
            evaluation._lock()
            evaluation._lock_company()
            evaluation._check_state("approved", "applied")
            evaluation._check_live()
            evaluation._check_not_outdated()
            evaluation._apply_lines()
            evaluation._move("applied", applied_on=fields.Datetime.now())
        return True

    def action_cancel(self):
        """Ends an evaluation that will not be applied."""
        self._check_manager()
        self._lock()
        self._move("cancelled", job_state="idle")
        self.activity_unlink(["mail.mail_activity_data_todo"])
        return True

    def action_draft(self):
        """Takes the result back, to change date or scheme."""
        self._check_manager()
        self._lock()
        self._move("draft", job_state="idle", progress=0, input_digest=False)
        for evaluation in self:
            evaluation._forget_lines()
        return True

    def action_open_lines(self):
        """Lists the result customer by customer."""
        return self._open_lines(self.env._("Result"))

    def action_open_changes(self):
        """Lists the customers who would change their tier."""
        title = self.env._("Changes")
        return self._open_lines(title, [("changed", "=", True)])

    def action_open_key_accounts(self):
        """Lists the customers who would be key accounts."""
        title = self.env._("Key Accounts")
        return self._open_lines(title, [("decided_is_key", "=", True)])

    def action_open_cell(self, from_tier_id, to_tier_id):
        """Lists the customers of one cell of the matrix from tier to tier."""
        from_tier = self.env["key.account.tier"].browse(from_tier_id or ())
        from_ids = from_tier._versions().ids if from_tier else [False]
        title = self.env._("Result")
        return self._open_lines(
            title,
            [
                ("current_tier_id", "in", from_ids),
                ("decided_tier_id", "=", to_tier_id or False),
            ],
        )

    def action_open_matrix(self):
        """Shows the matrix from tier to tier as a pivot."""
        action = self._open_lines(self.env._("From Tier to Tier"))
        return {**action, "view_mode": "pivot,graph,list,form", "views": False}

    # --- Business ---

    def _committee_task(self):
        if self.state == "review":
            return self.env._("Vote on the evaluation of customers")
        return self.env._("Look at the monthly evaluation of customers")

    def _check_manager(self):
        self._check_group(
            "key_account.group_manager",
            self.env._("Only a manager of key accounts runs an evaluation."),
        )

    def _last_applied(self):
        """The evaluation whose tiers the accounts of the company have now."""
        return self.search(
            [("company_id", "=", self.company_id.id), ("state", "=", "applied")],
            order="date desc, applied_on desc, id desc",
            limit=1,
        )

    def _check_state(self, state, new_state):
        for evaluation in self:
            if evaluation.state != state:
                raise UserError(evaluation._transition_message(new_state))

    def _check_complete(self):
        for evaluation in self:
            if evaluation.job_state != "done":
                raise UserError(
                    self.env._(
                        "%(name)s is not completely calculated. Wait for it, or resume"
                        " it.",
                        name=evaluation.display_name,
                    )
                )

    def _check_live(self):
        for evaluation in self:
            scheme = evaluation.scheme_id
            if scheme.state != "live":
                raise UserError(
                    self.env._(
                        "%(scheme)s is not live: its result can be looked at but not"
                        " applied. Publish the scheme and simulate again.",
                        scheme=scheme.display_name,
                    )
                )
            # a draft may have been edited between a simulation and its publication
            if evaluation.rules_digest != scheme._rules_digest():
                raise UserError(
                    self.env._(
                        "The scheme of %(name)s was edited after the simulation."
                        " Simulate it again.",
                        name=evaluation.display_name,
                    )
                )

    def _close_votes(self):
        """Votes on a result that was sent back say nothing about the next one: they
        stay in the history and count no more."""
        for vote in self.vote_ids.sudo():
            vote.evaluation_id.message_post(body=vote.display_name)
        self.env.cr.execute(
            SQL("DELETE FROM key_account_vote WHERE evaluation_id = ANY(%s)", self.ids)
        )
        self.env["key.account.vote"].invalidate_model(flush=False)
        self.invalidate_recordset(["vote_ids"])

    def _check_not_outdated(self):
        for evaluation in self:
            if evaluation.previous_id != evaluation._last_applied():
                raise UserError(
                    self.env._(
                        "Another evaluation was applied after %(name)s was simulated."
                        " Simulate it again.",
                        name=evaluation.display_name,
                    )
                )

    def _lock_company(self):
        """Two evaluations of a company are never applied at once."""
        self.scheme_id.sudo()._lock()

    def _key_account_rows(self):
        """The rows of the printed list of key accounts, best first."""
        lines = self.env["key.account.evaluation.line"].search(
            [("evaluation_id", "=", self.id), ("decided_is_key", "=", True)],
            order="score desc, id",
        )
        return [
            {
                "account": line.account_id,
                "tier": line.decided_tier_id,
                "score": line.score,
                "revenue": line.revenue,
            }
            for line in lines
        ]

    def _open_lines(self, name, domain=()):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account.evaluation_line_action"
        )
        return {
            **action,
            "name": name,
            "display_name": name,
            "domain": [("evaluation_id", "=", self.id), *domain],
            "context": {},
        }

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...tools.authority import holds_authority

# What was approved with the plan, and what happens to it afterwards.
TERMS = frozenset(("kind", "name", "user_id", "due_on", "amount", "ticket_id"))

# Where a plan is not agreed yet.
WAITING = ("planning", "review", "negotiating")


class KeyAccountTicketMeasure(models.Model):
    """What somebody does about a complaint until when (R090, R091).

    Containment and correction put it right for this customer, compensation makes up
    for it, corrective and preventive measures see that it does not happen again. Of
    these somebody else checks later whether they work (I4).
    """

    _name = "key.account.ticket.measure"
    _description = "Measure of a Complaint"
    _inherit = [
        "key.account.ticket.asked",
        "key.account.guarded",
    ]
    _order = "due_on, id"
    _asked_fields = frozenset(("done_at", "evidence_ids"))
    _check_company_auto = True

    ticket_id = fields.Many2one(
        "key.account.ticket",
        "Complaint",
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="ticket_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [
            ("containment", "Containment"),
            ("correction", "Correction"),
            ("compensation", "Compensation"),
            ("corrective", "Corrective"),
            ("preventive", "Preventive"),
        ],
        required=True,
        default="correction",
    )
    name = fields.Char("What", required=True)
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        required=True,
        index=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    due_on = fields.Date("Due", required=True)
    amount = fields.Monetary("Costs")
    done_at = fields.Datetime("Done", readonly=True, copy=False)
    evidence_ids = fields.Many2many(
        "ir.attachment", "key_account_ticket_measure_file_rel"
    )
    is_late = fields.Boolean("Late", compute="_compute_is_late")
    is_begun = fields.Boolean(
        "To Be Carried Out", compute="_compute_is_begun", search="_search_is_begun"
    )
    may_do = fields.Boolean(compute="_compute_may_do")
    may_judge = fields.Boolean(compute="_compute_may_do")

    # does it work?
    effect_criterion = fields.Char(
        "How We Know That It Works", help="What is looked at, and what it should be."
    )
    effect_due = fields.Date("Effect Checked on")
    verifier_id = fields.Many2one(
        "res.users",
        "Checked by",
        index="btree_not_null",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    effect_result = fields.Selection(
        [("effective", "Effective"), ("ineffective", "Ineffective")],
        "Verdict",
        readonly=True,
        copy=False,
    )
    effect_at = fields.Datetime("Verdict on", readonly=True, copy=False)
    effect_note = fields.Text("Grounds", readonly=True, copy=False)
    effect_asked_on = fields.Date(readonly=True, copy=False)
    replaces_id = fields.Many2one(
        "key.account.ticket.measure", "Instead of", readonly=True, copy=False
    )

    _amount_not_negative = models.Constraint(
        "CHECK(amount >= 0)", "Costs are not negative."
    )
    _effect_idx = models.Index("(effect_due) WHERE effect_result IS NULL")

    # --- Compute ---

    @api.depends("due_on", "done_at")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for measure in self:
            due = measure.due_on
            measure.is_late = bool(due and not measure.done_at and due < today)

    @api.depends("kind", "ticket_id.state")
    def _compute_is_begun(self):
        """What contains the damage begins at once, the rest when the customer agrees to
        the plan."""
        for measure in self:
            waits = measure.ticket_id.sudo().state in WAITING
            measure.is_begun = measure.kind == "containment" or not waits

    def _search_is_begun(self, operator, value):
        if operator != "in" or len(value) > 1:
            return NotImplemented
        agreed = Domain("ticket_id", "any!", Domain("state", "not in", WAITING))
        begun = Domain("kind", "=", "containment") | agreed
        return begun if True in value else ~begun

    @api.depends("user_id", "verifier_id", "ticket_id", "kind")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_may_do(self):
        """Its owner, or who handles the complaint, says that it is done; somebody else
        than its owner, whether it works."""
        user = self.env.user
        manager = user.has_group("key_account.group_manager")
        tickets = self.env["key.account.ticket"].browse(self.sudo().ticket_id.ids)
        handled = tickets._filtered_access("write")
        for measure in self:
            handles = measure.sudo().ticket_id.id in handled.ids
            owns = measure.user_id == user
            checks = measure.verifier_id in (user, user.browse()) or manager
            measure.may_do = (owns or handles) and measure.is_begun
            measure.may_judge = not owns and checks

    # --- Constraints ---

    @api.constrains("verifier_id", "user_id")
    def _check_verifier(self):
        for measure in self:
            if measure.verifier_id and measure.verifier_id == measure.user_id:
                raise ValidationError(
                    self.env._(
                        "Somebody else checks whether %(name)s works than who did it.",
                        name=measure.name,
                    )
                )

    # --- CRUD ---

    @api.model_create_multi
    def create(self, vals_list):
        measures = super().create(vals_list)
        if not self._is_authorized():
            measures.ticket_id._begin_step()
            measures.ticket_id._plan_changes()
        # what contains the damage does not wait for a plan
        measures.filtered(lambda measure: measure.kind == "containment")._tell_owners()
        return measures

    def write(self, vals):
        if TERMS.intersection(vals) and not self._is_authorized():
            self.ticket_id._plan_changes()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        if any(measure.done_at for measure in self):
            raise UserError(self.env._("A measure that was done stays on record."))
        self.ticket_id._plan_changes()

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "done_at",
            "effect_result",
            "effect_at",
            "effect_note",
            "effect_asked_on",
            "replaces_id",
        }

    # --- Actions ---

    def action_done(self):
        """It is done. Its owner says so, or who handles the complaint."""
        self._lock()
        for measure in self:
            measure.check_access("write")
            if not measure.is_begun:
                raise UserError(
                    self.env._(
                        "%(name)s waits until the customer agrees to the plan.",
                        name=measure.name,
                    )
                )
        self._authorized().write({"done_at": fields.Datetime.now()})
        self._no_longer_asked()
        return True

    def action_effective(self, note=None):
        """It works: said by somebody else than who did it."""
        return self._judge("effective", note)

    def action_ineffective(self, note=None):
        """It does not work: another measure follows, and it counts as a recurrence."""
        return self._judge("ineffective", note)

    # --- Business ---

    def _tell_owners(self):
        """What is to be carried out stands on the list of its owner, once."""
        for measure in self.filtered(lambda measure: not measure.done_at):
            measure._ask_for(
                measure.user_id,
                self.env._("Carry out: %(what)s", what=measure.name),
                measure.due_on,
            )

    @api.model
    def _cron_ask_for_effects(self):
        """Daily: asks whether measures work whose day has come, each once. Where
        nobody can be asked, the ticket says so, and it is tried again tomorrow."""
        for company in self.env["res.company"].search([]):  # pylint: disable=no-search-all
            today = company._key_account_today()
            due = self.search(
                [
                    ("company_id", "=", company.id),
                    ("done_at", "!=", False),
                    ("effect_due", "<=", today),
                    ("effect_result", "=", False),
                    ("effect_asked_on", "=", False),
                ]
            ).try_lock_for_update()
            for measure in due:
                measure._ask_for_effect(today)
            self.env["ir.cron"]._commit_progress(len(due))

    def _ask_for_effect(self, today):
        checker = self.verifier_id or self.ticket_id.team_id.leader_id
        if checker.active and checker != self.user_id:
            words = self.env._("Does it work? %(name)s", name=self.name)
            self._ask_for(checker, words, self.effect_due)
            self._authorized().write({"effect_asked_on": today})
            return
        problem = self.env._(
            "Nobody could be asked whether %(name)s works. Say who checks it.",
            name=self.name,
        )
        last = self.ticket_id.message_ids[:1].body
        if problem not in (last or ""):
            self.ticket_id._message_log(body=problem)

    def _holds_up(self):
        """Whether the complaint waits for it; prevention may take longer."""
        return not self.done_at and self.kind not in ("corrective", "preventive")

    def _judge(self, verdict, note):
        if not note:
            return self._ask_grounds(verdict)
        self._lock()
        for measure in self:
            measure._check_judge()
        self.sudo()._authorized().write(
            {
                "effect_result": verdict,
                "effect_at": fields.Datetime.now(),
                "effect_note": note,
                "verifier_id": self.env.uid,
            }
        )
        self._no_longer_asked(note)
        if verdict == "ineffective":
            for measure in self.sudo():
                measure._follow_up_on_failure()
        return True

    def _check_judge(self):
        """:raises UserError: for who did it himself, or before it is done."""
        if self.env.user == self.user_id:
            raise UserError(
                self.env._("Somebody else checks whether what you did works.")
            )
        if self.verifier_id and self.env.user != self.verifier_id:
            self._check_group(
                "key_account.group_manager",
                self.env._("%(name)s checks this.", name=self.verifier_id.name),
            )
        if not self.done_at:
            raise UserError(self.env._("%(name)s is not done yet.", name=self.name))
        if self.effect_result:
            raise UserError(self.env._("The verdict is in, and stays."))

    def _follow_up_on_failure(self):
        """The next try, open until it is shown to work, on the same complaint."""
        today = self.company_id._key_account_today()
        successor = self._authorized().copy(
            {
                "ticket_id": self.ticket_id.id,
                "due_on": fields.Date.add(today, days=14),
                "effect_due": fields.Date.add(today, days=44),
                "verifier_id": self.verifier_id.id,
                "replaces_id": self.id,
            }
        )
        successor._tell_owners()
        self.ticket_id._note_recurrence()
        self.ticket_id.message_post(
            body=self.env._(
                "%(old)s did not work. %(new)s follows.",
                old=self.name,
                new=successor._get_html_link(),
            )
        )

    def _ask_grounds(self, verdict):
        self.ensure_one()
        action = self.ticket_id._ask(verdict)
        action["context"]["default_measure_id"] = self.id
        return action

    def _is_authorized(self):
        return holds_authority(self.env.context)

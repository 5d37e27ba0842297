from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .ticket_flow import WHO_WORKS

# What the reviewer approved and the customer agreed to.
PLAN = frozenset(("plan", "amount_granted"))


class KeyAccountTicketComplaint(models.AbstractModel):
    """The steps of a complaint up to the customer's yes: investigated with evidence,
    a plan of measures by its author, reviewed by somebody else, negotiated
    (R089 to R092). What follows is in ``ticket_closing.py``."""

    _name = "key.account.ticket.complaint"
    _description = "Complaint"
    _inherit = ["key.account.ticket.closing"]

    # what was found
    investigation_ids = fields.One2many(
        "key.account.ticket.investigation", "ticket_id", "Investigations"
    )
    justified = fields.Boolean(
        copy=False, tracking=True, help="The customer is right, in whole or in part."
    )
    cause_id = fields.Many2one(
        "key.account.cause", index=True, copy=False, tracking=True, ondelete="restrict"
    )
    responsible_department_id = fields.Many2one(
        "hr.department", index=True, copy=False, tracking=True
    )
    responsible_user_id = fields.Many2one(
        "res.users",
        "Responsible Person",
        index="btree_not_null",
        copy=False,
        tracking=True,
        domain="[('share', '=', False)]",
        help="Whose work it is about. He reads the complaint and changes nothing.",
    )

    # what is to be done about it
    plan = fields.Html(copy=False, help="How the complaint is to be solved.")
    measure_ids = fields.One2many("key.account.ticket.measure", "ticket_id", "Measures")
    currency_id = fields.Many2one("res.currency")
    amount_claimed = fields.Monetary(copy=False, tracking=True)
    amount_granted = fields.Monetary(copy=False, tracking=True)
    plan_author_id = fields.Many2one(
        "res.users", "Plan by", readonly=True, copy=False, tracking=True
    )
    plan_submitted_at = fields.Datetime("Submitted", readonly=True, copy=False)
    plan_approved_by_id = fields.Many2one(
        "res.users", "Approved by", readonly=True, copy=False, tracking=True
    )
    plan_approved_at = fields.Datetime("Approved", readonly=True, copy=False)
    may_review = fields.Boolean(compute="_compute_may_review")

    # what the customer says
    round_ids = fields.One2many(
        "key.account.ticket.round",
        "ticket_id",
        "Talks with the Customer",
        groups=WHO_WORKS,
    )
    customer_accepted_at = fields.Datetime("Agreed", readonly=True, copy=False)

    _amounts_not_negative = models.Constraint(
        "CHECK(amount_claimed >= 0 AND amount_granted >= 0)",
        "An amount is not negative.",
    )

    # --- Compute ---

    @api.depends("state", "plan_author_id", "user_id", "responsible_user_id")
    @api.depends_context("uid")
    def _compute_may_review(self):
        for ticket in self:
            ticket.may_review = (
                ticket.state == "review" and not ticket._review_obstacle()
            )

    # --- CRUD ---

    def write(self, vals):
        changed = self.filtered(
            lambda ticket: any(
                name in vals and ticket._is_change(name, vals[name]) for name in PLAN
            )
        )
        if changed:
            changed._plan_changes()
        return super().write(vals)

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "plan_author_id",
            "plan_submitted_at",
            "plan_approved_by_id",
            "plan_approved_at",
            "customer_accepted_at",
        }

    # --- Actions ---

    def action_investigate(self):
        """Finds out what happened, who answers for it, and why."""
        self._begin_step()
        self._move("investigating")
        return True

    def action_plan(self):
        """What happened is known: now what is to be done about it."""
        self._begin_step()
        for ticket in self:
            ticket._check_comes_from("investigating")
            ticket._check_investigated()
            ticket._move("planning")
        return True

    def action_submit(self):
        """Hands the plan to review. Who submits it is its author."""
        self._begin_step()
        for ticket in self:
            ticket._check_plan()
            ticket._move(
                "review",
                plan_author_id=self.env.uid,
                plan_submitted_at=fields.Datetime.now(),
            )
            ticket._ask_reviewers()
        return True

    def action_approve(self):
        """Approves the plan (R090): by a reviewer who neither wrote it, nor handles the
        complaint, nor is responsible for what happened (I3)."""
        for ticket in self:
            ticket._check_reviewer()
        self._lock()
        for ticket in self.sudo():
            ticket._move(
                "negotiating",
                plan_approved_by_id=self.env.uid,
                plan_approved_at=fields.Datetime.now(),
            )
            ticket._review_done(self.env._("Plan approved"))
        return True

    def action_reject(self, reason=None):
        """Sends the plan back, with the reason."""
        if not reason:
            return self._ask("reject")
        for ticket in self:
            ticket._check_reviewer()
        self._lock()
        for ticket in self.sudo():
            ticket._move("planning")
            ticket._review_done(self.env._("Plan sent back: %(why)s", why=reason))
        return True

    def action_customer_accept(self, words=None, channel=None):
        """The customer agrees to the plan."""
        if not words:
            return self._ask("customer_accept")
        self._begin_step()
        for ticket in self:
            ticket._check_approved()
            ticket._note_answer("accept", words, channel)
            ticket._move("executing", customer_accepted_at=fields.Datetime.now())
        return True

    def action_customer_refuse(self, words=None, channel=None, counter=False):
        """The customer does not agree, or wants something else: back to planning.

        :param counter: whether he made an offer of his own.
        """
        if not words:
            return self._ask("customer_refuse")
        self._begin_step()
        for ticket in self:
            ticket._note_answer("counter" if counter else "refuse", words, channel)
            ticket._move("planning", **ticket._withdraw_approval())
        return True

    def action_unjustified(self, reason=None):
        """Finds that the customer is not right. The team leader or a manager decides
        it, and the customer is told the reason."""
        if not reason:
            return self._ask("unjustified")
        for ticket in self:
            leader = ticket.sudo().team_id.leader_id
            if self.env.user != leader:
                ticket._check_group(
                    "key_account.group_manager",
                    self.env._(
                        "The team leader or a manager decides that a complaint is not"
                        " justified. Ask him."
                    ),
                )
        return self._leave("unjustified", reason)

    # --- Business ---

    def _is_change(self, name, value):
        field = self._fields[name]
        return field.convert_to_cache(value, self) != field.convert_to_cache(
            self[name], self
        )

    def _plan_changes(self):
        """What was approved is not changed behind the reviewer's back: before the
        customer agreed it takes another review, afterwards it stays (I3)."""
        for ticket in self:
            if ticket.state in ("review", "executing", "follow_up", "closed"):
                raise UserError(
                    self.env._(
                        "The plan of %(name)s is in review, or agreed with the"
                        " customer, and stays as it is. Send it back to planning"
                        " first.",
                        name=ticket.display_name,
                    )
                )
            if ticket.state == "negotiating":
                ticket._move("planning", **ticket._withdraw_approval())
                ticket.message_post(
                    body=self.env._(
                        "The plan was changed after its approval, which is withdrawn."
                    )
                )

    def _withdraw_approval(self):
        return {
            "plan_approved_by_id": False,
            "plan_approved_at": False,
            "customer_accepted_at": False,
        }

    def _check_investigated(self):
        """:raises UserError: while nobody, or not everybody, has found anything."""
        waiting = self.investigation_ids.filtered(lambda line: not line.found_at)
        if waiting or not self.investigation_ids:
            raise UserError(
                self.env._(
                    "Nobody has written down what happened. Add an investigation with"
                    " its finding."
                )
                if not self.investigation_ids
                else self.env._(
                    "%(departments)s still investigates. Wait for the finding, or"
                    " delete the line.",
                    departments=", ".join(waiting.mapped("display_name")),
                )
            )

    def _check_plan(self):
        """:raises UserError: naming what a plan lacks before it can be reviewed."""
        missing = []
        if not self.cause_id:
            missing.append(self.env._("the cause"))
        if not self.responsible_department_id:
            missing.append(self.env._("the responsible department"))
        if not self.measure_ids.filtered(lambda m: m.kind == "correction"):
            missing.append(self.env._("a correction, with its owner and date"))
        if missing:
            raise UserError(
                self.env._(
                    "The plan of %(name)s is not complete. It lacks %(what)s.",
                    name=self.display_name,
                    what=", ".join(missing),
                )
            )

    def _check_approved(self):
        if not self.plan_approved_at:
            raise UserError(
                self.env._(
                    "The plan of %(name)s has not been approved.",
                    name=self.display_name,
                )
            )

    # --- Review ---

    def _check_reviewer(self):
        """:raises UserError: for whoever may not decide about this plan. The system
        itself never approves anything."""
        obstacle = self._review_obstacle()
        if obstacle:
            raise UserError(obstacle)
        self.check_access("read")

    def _review_obstacle(self):
        """Why the current user may not decide about this plan, or None."""
        user, ticket = self.env.user, self.sudo()
        if self.env.su or not user.has_group("key_account.group_reviewer"):
            return self.env._("A reviewer of complaint plans decides this. Ask one.")
        if user in (
            ticket.plan_author_id,
            ticket.user_id,
            ticket.responsible_user_id,
        ):
            return self.env._(
                "Who wrote the plan, handles the complaint or is responsible for what"
                " happened does not review it. Ask another reviewer."
            )
        limit = ticket.company_id.key_account_plan_limit
        too_much = limit and ticket.amount_granted > limit
        if too_much and not user.has_group("key_account.group_manager"):
            return self.env._(
                "More than %(limit)s is granted: a manager among the reviewers"
                " decides.",
                limit=ticket.currency_id.format(limit),
            )
        return None

    def _ask_reviewers(self):
        """One activity for a reviewer who may decide; the others find it on their
        board."""
        reviewer = self._reviewers()[:1]
        if reviewer:
            self.sudo().activity_schedule(
                "key_account.activity_review_plan",
                user_id=reviewer.id,
                summary=self.env._("Review the plan"),
            )

    def _reviewers(self):
        group = self.env.ref("key_account.group_reviewer")
        people = (
            self.env["res.users"]
            .sudo()
            .search(
                Domain("all_group_ids", "in", group.ids)
                & Domain("company_ids", "in", self.company_id.ids)
                & Domain("share", "=", False),
                order="id",
            )
        )
        excluded = self.plan_author_id | self.user_id | self.responsible_user_id
        return people - excluded

    def _review_done(self, words):
        self.activity_feedback(["key_account.activity_review_plan"], feedback=words)
        self.message_post(body=words)

    def _note_answer(self, answer, words, channel):
        """Keeps what the customer said to the plan (R092)."""
        self.env["key.account.ticket.round"].create(
            {
                "ticket_id": self.id,
                "kind": "plan",
                "answer": answer,
                "words": words,
                "channel": channel or "phone",
            }
        )

    def _forget_on_reopening(self):
        return {**super()._forget_on_reopening(), **self._withdraw_approval()}

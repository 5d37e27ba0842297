from odoo import api, fields, models
from odoo.exceptions import UserError


class KeyAccountMotion(models.Model):
    """A motion before the committee: to take a candidate on the list of customers we
    go for (R014-R016), or to end the cooperation with a customer (R017).

    ``draft -> review -> carried | rejected``; it can be withdrawn until decided.
    """

    _name = "key.account.motion"
    _description = "Motion before the Committee"
    _inherit = ["mail.thread", "mail.activity.mixin", "key.account.votable"]
    _order = "create_date desc, id desc"
    _check_company_auto = True
    _transitions = {
        "draft": ("review", "withdrawn"),
        "review": ("carried", "rejected", "withdrawn"),
    }

    account_id = fields.Many2one(
        "key.account", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [("admit", "Take on as a Customer"), ("exit", "End the Cooperation")],
        required=True,
        default="admit",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("review", "Being Voted on"),
            ("carried", "Carried"),
            ("rejected", "Rejected"),
            ("withdrawn", "Withdrawn"),
        ],
        "Status",
        default="draft",
        required=True,
        tracking=True,
    )
    reason = fields.Text(required=True)
    vote_ids = fields.One2many("key.account.vote", "motion_id", "Votes")

    # recorded on the account when it is confirmed (R016)
    industry_id = fields.Many2one(related="account_id.industry_id", readonly=False)
    business_focus = fields.Text(related="account_id.business_focus", readonly=False)
    potential = fields.Monetary(related="account_id.potential", readonly=False)
    score = fields.Float(related="account_id.score")
    tier_id = fields.Many2one(related="account_id.tier_id")

    _one_open = models.UniqueIndex(
        "(account_id) WHERE state IN ('draft', 'review')",
        "There is an open motion about this customer already.",
    )

    @api.depends("account_id", "kind")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for motion in self:
            names = (labels.get(motion.kind), motion.account_id.name)
            motion.display_name = ": ".join(filter(None, names))

    # --- CRUD ---

    def write(self, vals):
        terms = {"account_id", "kind", "reason"}
        if terms.intersection(vals) and any(m.state != "draft" for m in self):
            raise UserError(
                self.env._(
                    "The committee votes on a motion as it was submitted. Withdraw it"
                    " and make a new one."
                )
            )
        return super().write(vals)

    # --- Actions ---

    def action_submit(self):
        """Puts the motion to the vote; a prospect becomes a candidate."""
        for motion in self:
            problem = motion._submission_error_message()
            if problem:
                raise UserError(problem)
        self._lock()
        self._move("review")
        prospects = self.filtered(lambda m: m.kind == "admit").account_id.sudo()
        prospects.filtered(lambda a: a.state == "prospect")._move("candidate")
        self._tell_committee()
        return True

    def action_approve(self):
        """Declares the motion carried; the decision takes effect on the account."""
        self._check_can_decide()
        for motion in self.filtered(lambda motion: not motion.my_vote):
            motion._vote("yes")
        self._check_carried()
        self._decide("carried")
        for motion in self:
            motion.account_id.sudo()._lock()
            motion.account_id.sudo()._move(
                "active" if motion.kind == "admit" else "exiting"
            )
        self.activity_unlink(["mail.mail_activity_data_todo"])
        return True

    def action_refuse(self):
        """Declares the motion rejected; a candidate is a prospect again."""
        self._decide("rejected")
        self._release_candidates()
        return True

    def action_withdraw(self):
        """Takes the motion back before it is decided."""
        for motion in self:
            if motion.requester_id != self.env.user:
                self._check_group(
                    "key_account.group_manager",
                    self.env._(
                        "Only the person who made a motion, or a manager, withdraws it."
                    ),
                )
        self._lock()
        self._withdraw()
        return True

    # --- Business ---

    def _committee_task(self):
        return self.env._("Vote on a motion")

    def _withdraw(self):
        self._move("withdrawn")
        self._release_candidates()

    def _submission_error_message(self):
        self.ensure_one()
        if self.requester_id != self.env.user:
            return self._not_yours_message()
        if self.kind == "exit" and self.account_id.state != "active":
            return self.env._(
                "Only an active customer can be given up; %(name)s is not one.",
                name=self.account_id.name,
            )
        if self.kind == "admit" and self.account_id.state != "prospect":
            return self.env._(
                "Only a prospect can be taken on; %(name)s is not one.",
                name=self.account_id.name,
            )
        missing = [
            self._fields[name]._description_string(self.env)
            for name in ("industry_id", "business_focus", "potential")
            if self.kind == "admit" and not self[name]
        ]
        if missing:
            return self.env._(
                "Fill in %(fields)s first: the committee decides on them.",
                fields=", ".join(missing),
            )
        return False

    def _release_candidates(self):
        candidates = self.account_id.sudo().filtered(lambda a: a.state == "candidate")
        candidates._move("prospect")
        self.activity_unlink(["mail.mail_activity_data_todo"])

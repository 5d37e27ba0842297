from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools.authority import holds_authority

# When it is, which stays as it was once it is over.
SLOT = frozenset({"planned_at", "duration", "account_id"})
# What is written of it, which stays as it was some days after it.
RECORD = frozenset(
    {
        "kind",
        "user_id",
        "colleague_ids",
        "visitor_ids",
        "headcount",
        "place",
        "purpose",
        "minutes",
        "feedback",
        "value_note",
    }
)


class KeyAccountVisit(models.Model):
    """A contact with a customer, planned or logged: we go to him, call him, write to
    him, or receive him here (R042, R044, R050)::

        planned -> done
           |  ^
           v  |
        missed, cancelled

    ``user_id`` holds it; at a reception he is the host. Only who serves the customer
    sees it; colleagues who help have the event in their calendar and what they are
    asked to prepare. What was said closes some days after, and nothing is ever deleted
    (R046).
    """

    _name = "key.account.visit"
    _description = "Visit"
    _inherit = [
        "key.account.confidential",  # before the thread whose ways it narrows
        "mail.thread",
        "mail.activity.mixin",
        "key.account.guarded",
        "key.account.filed",
        "key.account.visit.preparation",
        "key.account.visit.meeting",
        "key.account.visit.outcome",
    ]
    _order = "planned_at desc, id desc"
    _rec_names_search = ["account_id.name", "purpose"]
    _check_company_auto = True
    _transitions = {
        "planned": ("done", "missed", "cancelled"),
        "missed": ("planned",),
        "cancelled": ("planned",),
    }

    # with whom and what
    account_id = fields.Many2one(
        "key.account", "Customer", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, precompute=True, index=True
    )
    customer_id = fields.Many2one(related="account_id.partner_id", string="His Company")
    kind = fields.Selection(
        [
            ("visit", "Visit"),
            ("call", "Call"),
            ("online", "Online Meeting"),
            ("mail", "E-mail"),
            ("reception", "Reception"),
            ("interview", "Interview"),
            ("return_visit", "Return Visit"),
            ("review", "Review"),
        ],
        required=True,
        default="visit",
        index=True,
    )
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("done", "Done"),
            ("missed", "Did Not Take Place"),
            ("cancelled", "Cancelled"),
        ],
        "Status",
        required=True,
        default="planned",
        index=True,
        tracking=True,
    )
    purpose = fields.Char(help="What we want to reach.")
    place = fields.Char("Room or Place")
    done_at = fields.Datetime(copy=False, readonly=True, index="btree_not_null")

    # who
    user_id = fields.Many2one(
        "res.users",
        "Host",
        required=True,
        index=True,
        default=lambda self: self.env.uid,
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Who holds the visit; at a reception the host.",
    )
    colleague_ids = fields.Many2many(
        "res.users",
        string="Colleagues",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Who of us takes part or helps. They see the time in their calendar.",
    )
    visitor_ids = fields.Many2many(
        "res.partner",
        string="People of the Customer",
        domain="[('commercial_partner_id', '=', customer_id),"
        " ('is_company', '=', False)]",
    )
    headcount = fields.Integer(
        "Number of Visitors",
        compute="_compute_headcount",
        store=True,
        precompute=True,
        readonly=False,
        help="At least those who are named.",
    )

    is_locked = fields.Boolean("Minutes Are Closed", compute="_compute_is_locked")
    hint = fields.Char("What Is Next", compute="_compute_hint")

    _duration_positive = models.Constraint(
        "CHECK(duration > 0)", "A visit takes some time: give it more than no hours."
    )
    _headcount_not_negative = models.Constraint(
        "CHECK(headcount >= 0)", "The number of visitors is not negative."
    )
    _done_has_a_time = models.Constraint(
        "CHECK((state = 'done') = (done_at IS NOT NULL))",
        "What is done was done at some time, and nothing else was.",
    )
    _open_idx = models.Index("(company_id, planned_at) WHERE state = 'planned'")
    _account_idx = models.Index("(account_id, done_at)")

    # --- Compute ---

    @api.depends("kind", "account_id.name", "planned_at")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for visit in self:
            day = visit.planned_at and visit._day_text(visit.planned_at)
            parts = (kinds.get(visit.kind), visit.account_id.name, day)
            visit.display_name = " · ".join(filter(None, parts))

    @api.depends("visitor_ids")
    def _compute_headcount(self):
        for visit in self:
            visit.headcount = max(visit.headcount, len(visit.visitor_ids))

    @api.depends("done_at", "company_id.key_account_visit_lock_days")
    def _compute_is_locked(self):
        now = fields.Datetime.now()
        for visit in self:
            visit.is_locked = bool(visit.done_at and visit._closes_at() <= now)

    @api.depends(
        "state",
        "is_late",
        "item_ids.done",
        "item_ids.user_id",
        "item_ids.due_on",
        "minutes",
        "feedback",
        "lead_id",
        "solved",
    )
    def _compute_hint(self):
        for visit in self:
            if visit.state == "planned":
                visit.hint = visit._preparation_hint()
            elif visit.state == "done":
                visit.hint = visit._outcome_hint()
            else:
                visit.hint = self.env._(
                    "It did not take place. Plan it again, or let a colleague go."
                )

    # --- Constraints ---

    @api.constrains("user_id", "account_id")
    def _check_host(self):
        for user, visits in self.grouped("user_id").items():
            self._check_staff(visits.account_id, user)
            if not visits._is_open_to(user):
                raise ValidationError(visits._stranger_message(user.partner_id))

    @api.constrains("colleague_ids", "account_id")
    def _check_colleagues(self):
        for visit in self:
            for user in visit.colleague_ids:
                self._check_staff(visit.account_id, user)

    @api.model
    def _check_staff(self, accounts, user):
        """:raises ValidationError: for who does not work where the customers are."""
        for account in accounts:
            problem = account._not_staff_message(user, member=False)
            if problem:
                raise ValidationError(problem)

    @api.constrains("visitor_ids")
    def _check_visitors(self):
        for visit in self:
            ours = visit.visitor_ids.sudo().filtered(lambda p: not p.partner_share)
            if ours:
                raise ValidationError(
                    self.env._(
                        "%(people)s work here: they are colleagues, not visitors.",
                        people=", ".join(ours.mapped("name")),
                    )
                )

    # --- CRUD ---

    @api.model_create_multi
    def create(self, vals_list):
        visits = super().create(vals_list)
        visits._add_usual_items()
        visits._keep_events()
        return visits

    def write(self, vals):
        if not holds_authority(self.env.context):
            self._check_what_stays(vals)
        steps = {visit: visit.next_step for visit in self}
        hosts = {visit: visit.user_id for visit in self}
        result = super().write(vals)
        if {"kind", "planned_at"} & vals.keys():
            self._add_usual_items()
        if "user_id" in vals:
            self._hand_items_over(hosts)
        if {"next_step", "next_step_on"} & vals.keys() and "state" not in vals:
            self._plan_next_steps(steps)
        if vals.keys() & {"kind", "state", "user_id", "colleague_ids", *SLOT}:
            self._keep_events()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("What was planned with a customer stays on record: cancel it.")
        )

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"done_at", "lead_id", "event_id"}

    # --- Actions ---

    def action_done(self):
        """It took place when it was planned, or just now; the customer was spoken
        with, and the next step becomes an activity."""
        self._lock()
        now = fields.Datetime.now()
        for visit in self:
            visit._move("done", done_at=min(visit.planned_at, now))
        for account, visits in self.grouped("account_id").items():
            latest = max(visits.mapped("done_at"))
            if not account.last_contact_at or account.last_contact_at < latest:
                account.sudo().write({"last_contact_at": latest})
        self._plan_next_steps()
        return True

    def action_miss(self):
        """The time has come and nothing took place."""
        self._lock()
        for visit in self:
            if not visit.is_due:
                raise UserError(
                    self.env._(
                        "%(name)s is still to come: cancel it, or give it another"
                        " time.",
                        name=visit.display_name,
                    )
                )
        self._move("missed")
        return True

    def action_cancel(self):
        """It is called off; the calendars of our people are free again."""
        self._lock()
        self._move("cancelled")
        return True

    def action_replan(self, planned_at=None):
        """Plans it for another time, which is asked for where none is given."""
        if not planned_at:
            return self._ask_for_time()
        moment = fields.Datetime.to_datetime(planned_at)
        if moment <= fields.Datetime.now():
            raise UserError(self.env._("Choose a time that is still to come."))
        self._lock()
        for visit in self:
            if visit.state == "planned":
                visit.planned_at = moment
            else:
                visit._move("planned", planned_at=moment)
        return True

    # --- Business ---

    def _ask_for_time(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account.key_account_visit_replan_action"
        )
        return {**action, "context": {"default_visit_ids": self.ids}}

    def _check_what_stays(self, vals):
        """:raises UserError: when what is over, or closed, is to change."""
        for visit in self:
            names = {name for name in SLOT & vals.keys() if visit.state != "planned"}
            if names:
                raise UserError(
                    self.env._(
                        "%(name)s is over, its time stays as it was. What did not take"
                        " place gets another time by Plan Again.",
                        name=visit.display_name,
                    )
                )
            if RECORD & vals.keys() and visit.is_locked:
                raise UserError(
                    self.env._(
                        "What was written of %(name)s is closed since %(day)s. Add what"
                        " is missing as a note below it.",
                        name=visit.display_name,
                        day=visit._day_text(visit._closes_at()),
                    )
                )

    def _closes_at(self):
        days = self.company_id.key_account_visit_lock_days
        return self.done_at + timedelta(days=days)

    def _day_text(self, moment):
        """The day of a moment, as one writes it."""
        company = self.company_id or self.env.company
        return format_date(self.env, company._key_account_day(moment))

    # --- Who may see it ---

    @api.model
    def _serving_fields(self):
        # no more: an account that changes hands need not look its visits up
        return ["account_id"]

    @api.model
    def _serving_domain(self):
        serving = self.env["key.account"]._serving_domain()
        return Domain("account_id", "any!", serving)

    def _closed_message(self):
        return self.sudo().account_id.with_env(self.env)._closed_message()

    def _stranger_message(self, strangers):
        return self.sudo().account_id.with_env(self.env)._stranger_message(strangers)

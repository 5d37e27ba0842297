from odoo import api, fields, models
from odoo.exceptions import UserError


class KeyAccountOverride(models.Model):
    """A tier by decision instead of by score, for a reason and a time: requested by
    one person, approved by another one of the committee, ended by its date.

    ``draft -> review -> active -> ended``, or refused. When it ends, the account goes
    back to the tier its score has earned.
    """

    _name = "key.account.override"
    _description = "Tier Override"
    _inherit = ["mail.thread", "mail.activity.mixin", "key.account.committee"]
    _order = "date_from desc, id desc"
    _check_company_auto = True
    _transitions = {
        "draft": ("review", "ended"),
        "review": ("approved", "refused", "ended"),
        "approved": ("active", "ended"),
        "active": ("ended",),
    }

    account_id = fields.Many2one(
        "key.account", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    current_tier_id = fields.Many2one(related="account_id.tier_id", string="Tier now")
    tier_id = fields.Many2one(
        "key.account.tier",
        required=True,
        ondelete="restrict",
        domain="[('company_id', '=', company_id), ('scheme_state', '=', 'live')]",
    )
    reason = fields.Text(required=True)
    date_from = fields.Date(
        "From",
        required=True,
        default=lambda self: self.env.company._key_account_today(),
    )
    date_to = fields.Date("Until", required=True, help="The last day it holds.")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("review", "In Review"),
            ("approved", "Approved"),
            ("active", "Active"),
            ("ended", "Ended"),
            ("refused", "Refused"),
        ],
        "Status",
        default="draft",
        required=True,
        tracking=True,
    )

    _dates_in_order = models.Constraint(
        "CHECK(date_to >= date_from)", "An override ends after it begins."
    )
    _one_active = models.UniqueIndex(
        "(account_id) WHERE state = 'active'",
        "There is an active override of this customer already. End it first.",
    )

    @api.depends("account_id", "tier_id")
    def _compute_display_name(self):
        for override in self:
            names = (override.account_id.name, override.tier_id.display_name)
            override.display_name = " → ".join(filter(None, names))

    # --- CRUD ---

    def write(self, vals):
        terms = {"account_id", "tier_id", "reason", "date_from", "date_to"}
        if terms.intersection(vals) and any(o.state != "draft" for o in self):
            raise UserError(
                self.env._(
                    "The terms of a submitted override stay as they were submitted."
                    " End it and request a new one."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(override.state != "draft" for override in self):
            raise UserError(self.env._("A submitted override stays on record."))

    # --- Actions ---

    def action_submit(self):
        """Asks the committee."""
        self._check_group(
            "key_account.group_member",
            self.env._("Only members of the key account team request an override."),
        )
        for override in self:
            problem = override._submission_error_message()
            if problem:
                raise UserError(problem)
        self._lock()
        self._move("review")
        self._tell_committee()
        return True

    def action_approve(self):
        """Approves; the tier changes at once if the override has begun."""
        for override in self:
            if override.date_to < override.company_id._key_account_today():
                raise UserError(
                    self.env._(
                        "%(name)s would have ended already. Request a new one.",
                        name=override.display_name,
                    )
                )
        begun = self.filtered(
            lambda o: o.date_from <= o.company_id._key_account_today()
        )
        begun._check_no_rival()
        self._decide("approved")
        self.activity_unlink(["mail.mail_activity_data_todo"])
        begun._begin()
        return True

    def action_refuse(self):
        """Turns the request down."""
        self._decide("refused")
        self.activity_unlink(["mail.mail_activity_data_todo"])
        return True

    def action_end(self):
        """Ends it before its time; the account goes back to the tier it has earned."""
        for override in self:
            if override.requester_id != self.env.user:
                self._check_group(
                    "key_account.group_manager",
                    self.env._(
                        "Only who requested an override, or a manager, ends it early."
                    ),
                )
        self._lock()
        self._end()
        return True

    # --- Business ---

    def _committee_task(self):
        return self.env._("Decide on a tier override")

    def _submission_error_message(self):
        self.ensure_one()
        if self.requester_id != self.env.user:
            return self._not_yours_message()
        if self.tier_id.company_id != self.company_id or (
            self.tier_id.scheme_state != "live"
        ):
            return self.env._(
                "%(tier)s is no tier of the live scheme of %(company)s.",
                tier=self.tier_id.display_name,
                company=self.company_id.name,
            )
        return False

    def _check_no_rival(self):
        for override in self:
            if override._rival():
                raise UserError(
                    self.env._(
                        "There is an active override of %(name)s already."
                        " End it first.",
                        name=override.account_id.name,
                    )
                )

    def _begin(self):
        self._move("active")
        for override in self:
            override.account_id.sudo()._set_tier(
                override.tier_id,
                "override",
                reason=override.reason,
                override=override,
            )

    def _end(self):
        active = self.filtered(lambda override: override.state == "active")
        self._move("ended")
        for override in active:
            account = override.account_id.sudo()
            account._set_tier(
                account.earned_tier_id,
                "override_end",
                reason=override.reason,
                override=override,
            )

    # --- Crons ---

    @api.model
    def _cron_overrides(self):
        """Daily: begins and ends overrides by their dates, each in the calendar of its
        company's zone; what cannot begin now is tried again tomorrow."""
        for company in self.env["res.company"].search([]):  # pylint: disable=no-search-all
            overrides = self.with_company(company)
            today = company._key_account_today()
            mine = [("company_id", "=", company.id)]
            due = overrides.search(
                [
                    *mine,
                    ("state", "in", ["approved", "active"]),
                    ("date_to", "<", today),
                ]
            )
            due.try_lock_for_update()._end()
            due.flush_recordset()
            beginning = overrides.search(
                [*mine, ("state", "=", "approved"), ("date_from", "<=", today)]
            )
            for override in beginning.try_lock_for_update():
                if not override._rival():
                    override._begin()
            self.env["ir.cron"]._commit_progress(len(due) + len(beginning))

    def _rival(self):
        """The active override of the same account, which has to end first."""
        return self.search(
            [("account_id", "=", self.account_id.id), ("state", "=", "active")], limit=1
        )

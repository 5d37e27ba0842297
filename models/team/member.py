from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...tools.authority import holds_authority
from .staffing import Plan

# What a row says of the past: it stays as it was once the membership has begun.
TERMS = frozenset(("account_id", "user_id", "role_id", "date_from", "is_lead"))


class KeyAccountMember(models.Model):
    """Somebody who serves a customer in a role from one day to another (R109).

    While it holds, and where the company asks for it a valid agreement does too, he
    may open the file; at midnight after the last day he may not (R035). What has begun
    is history: it is ended by its date, not deleted or written anew.
    """

    _name = "key.account.member"
    _description = "Team Member"
    _inherit = [
        "key.account.guarded",
        "key.account.period",
        "key.account.member.log",
    ]
    _order = "is_lead desc, date_from desc, id"
    _rec_names_search = ["user_id", "account_id"]
    _check_company_auto = True

    account_id = fields.Many2one(
        "key.account", "Customer", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, precompute=True
    )
    user_id = fields.Many2one(
        "res.users",
        "Person",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('share', '=', False)]",
    )
    user_avatar = fields.Image(related="user_id.avatar_128")
    role_id = fields.Many2one("key.account.role", required=True, ondelete="restrict")
    is_lead = fields.Boolean("Team Lead", help="Leads the team of this customer.")
    date_from = fields.Date(
        "From",
        required=True,
        default=lambda self: self.env.company._key_account_today(),
    )
    date_to = fields.Date("Until", help="The last day. Empty: until further notice.")
    note = fields.Char()
    overload_reason = fields.Char(
        "Reason for the Overload",
        copy=False,
        groups="key_account.group_manager",
        help="Fill in only if the person is to carry more than the limit.",
    )
    is_current = fields.Boolean(
        "Serves Now", compute="_compute_is_current", search="_search_is_current"
    )
    has_begun = fields.Boolean(compute="_compute_has_begun")
    state = fields.Selection(
        [("future", "Not yet"), ("current", "Serves now"), ("ended", "Ended")],
        "Status",
        compute="_compute_is_current",
    )

    # a day before the first one is the end of what never held
    _dates_in_order = models.Constraint(
        "CHECK(date_to >= date_from - 1)", "A membership ends after it begins."
    )
    _one_lead = models.Constraint(
        "EXCLUDE USING gist (int4range(account_id, account_id, '[]') WITH &&,"
        " daterange(date_from, date_to + 1) WITH &&) WHERE (is_lead)",
        "A team has one lead at a time. End the time of the present lead first,"
        " or make the new one lead by his button.",
    )
    _once_in_a_role = models.Constraint(
        "EXCLUDE USING gist (int4range(account_id, account_id, '[]') WITH &&,"
        " int4range(user_id, user_id, '[]') WITH &&,"
        " int4range(role_id, role_id, '[]') WITH &&,"
        " daterange(date_from, date_to + 1) WITH &&)",
        "This person already has this role in the team of this customer at that time."
        " Change the dates of the membership that is there.",
    )
    _now_idx = models.Index("(user_id, starts_at, ends_at)")

    # --- Compute ---

    @api.depends("starts_at", "ends_at")
    def _compute_is_current(self):
        now = fields.Datetime.now()
        current = self._holds_now()
        for member in self:
            member.is_current = member in current
            begins = not member.starts_at or member.starts_at > now
            member.state = (
                "current" if member.is_current else "future" if begins else "ended"
            )

    def _search_is_current(self, operator, value):
        if operator != "in" or len(value) > 1:
            return NotImplemented
        return self._now_domain() if True in value else ~self._now_domain()

    @api.depends("starts_at")
    def _compute_has_begun(self):
        now = fields.Datetime.now()
        for member in self:
            starts = member._origin.starts_at
            member.has_begun = bool(starts and starts <= now)

    @api.depends("user_id", "role_id", "account_id")
    def _compute_display_name(self):
        for member in self:
            member.display_name = (
                f"{member.account_id.name} · {member.user_id.name}"
                f" ({member.role_id.name})"
            )

    # --- Constraints ---

    @api.constrains("user_id", "account_id")
    def _check_user(self):
        for member in self:
            problem = member.account_id._not_staff_message(member.user_id)
            if problem:
                raise ValidationError(problem)

    # --- CRUD ---

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        if not holds_authority(self.env.context):
            members._check_staffing()
        members._log(lambda member: member._joins_message())
        return members

    def write(self, vals):
        if not holds_authority(self.env.context):
            self._check_terms(vals)
            self._check_end(vals)
            self._check_longer(vals)
        before = {member: (member.date_from, member.date_to) for member in self}
        result = super().write(vals)
        if TERMS.intersection(vals) and not holds_authority(self.env.context):
            self.filtered(lambda member: not member.has_begun)._check_staffing()
        changed = self.filtered(lambda m: before[m] != (m.date_from, m.date_to))
        changed._log(lambda member: member._dates_message())
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        for member in self:
            if member.has_begun and not holds_authority(self.env.context):
                raise UserError(
                    self.env._(
                        "%(person)s has served %(account)s: that stays on record."
                        " End the membership instead.",
                        person=member.user_id.name,
                        account=member.account_id.name,
                    )
                )
        self._log(lambda member: member._cancelled_message())

    # --- Actions ---

    def action_end(self):
        """Ends it with this day: the file closes to him at midnight."""
        self._end_with(0)
        return True

    def action_end_now(self):
        """Ends it with yesterday: the file closes to him at once."""
        self._end_with(-1)
        return True

    def action_make_lead(self):
        """Makes him lead from today; who led until now stays in the team."""
        for member in self:
            if not member.is_current:
                raise UserError(
                    self.env._(
                        "%(person)s does not serve %(account)s now and cannot lead.",
                        person=member.user_id.name,
                        account=member.account_id.name,
                    )
                )
            if not member.is_lead:
                member.account_id.member_ids.filtered(
                    lambda other: other.is_lead and other.is_current
                )._continue(is_lead=False)
                member._continue(is_lead=True)
        return True

    # --- Business ---

    def _end_with(self, days):
        self.check_access("write")
        for company, members in self.grouped("company_id").items():
            last = company._key_account_today() + timedelta(days=days)
            for member in members:
                if member.state == "ended":
                    raise UserError(
                        self.env._("%(name)s has ended.", name=member.display_name)
                    )
                if not member.has_begun:
                    raise UserError(
                        self.env._(
                            "%(name)s has not begun: delete it instead.",
                            name=member.display_name,
                        )
                    )
            members._authorized().write({"date_to": last})

    def _continue(self, **vals):
        """Goes on with other terms from today: what was until now stays written."""
        self.check_access("write")
        for member in self:
            today = member.company_id._key_account_today()
            row = member._authorized()
            if member.date_from == today:
                row.write(vals)
                continue
            until = member.date_to
            row.write({"date_to": today - timedelta(days=1)})
            row.flush_recordset()
            row.create({**row._prepare_next_vals(today, until), **vals})

    def _prepare_next_vals(self, first, last):
        return {
            "account_id": self.account_id.id,
            "user_id": self.user_id.id,
            "role_id": self.role_id.id,
            "is_lead": self.is_lead,
            "note": self.note,
            "date_from": first,
            "date_to": last,
        }

    def _plan(self, **changes):
        """What this row asks of its person."""
        plan = Plan(
            self.account_id,
            self.user_id,
            self.role_id,
            self.date_from,
            self.date_to or None,
            self.is_lead,
        )
        return plan._replace(**changes)

    def _check_staffing(self):
        """:raises UserError: for who has not signed, or would carry too much without
        a reason of a manager."""
        self.flush_recordset()
        mine = self.filtered(lambda member: not member._is_past())
        reasons = [member.sudo().overload_reason for member in mine]
        self.env["key.account"]._staff(
            [member._plan() for member in mine], reasons, ignore=self
        )

    # --- Tools ---

    def _check_terms(self, vals):
        """What a membership was once it has begun, it was."""
        for member in self.filtered("has_begun"):
            for name in TERMS.intersection(vals):
                field = self._fields[name]
                old = field.convert_to_cache(member[name], member)
                if field.convert_to_cache(vals[name], member) != old:
                    raise UserError(
                        self.env._(
                            "%(name)s has begun: %(field)s stays as it was. End it and"
                            " begin another one.",
                            name=member.display_name,
                            field=field._description_string(self.env),
                        )
                    )

    def _check_end(self, vals):
        """What has ended is not prolonged, and nobody's past is shortened."""
        if "date_to" not in vals:
            return
        day = fields.Date.to_date(vals["date_to"] or None)
        for member in self.filtered("has_begun"):
            yesterday = member._yesterday()
            if day == (member.date_to or None):
                continue
            if member._is_past():
                raise UserError(
                    self.env._(
                        "%(name)s has ended and stays as it was. Begin another one.",
                        name=member.display_name,
                    )
                )
            if day and day < yesterday:
                raise UserError(
                    self.env._(
                        "%(name)s has lasted until today. Its last day is yesterday or"
                        " later.",
                        name=member.display_name,
                    )
                )

    def _check_longer(self, vals):
        """Longer service is checked like a new one, for the days that it adds."""
        if "date_to" not in vals or TERMS.intersection(vals):
            return
        last = fields.Date.to_date(vals["date_to"] or None)
        longer = self.filtered(
            lambda member: member.date_to and (not last or last > member.date_to)
        )
        reason = vals.get("overload_reason")
        plans = [
            member._plan(first=member.date_to + timedelta(days=1), last=last)
            for member in longer
        ]
        self.env["key.account"]._staff(plans, [reason] * len(plans), ignore=self)

    def _is_past(self):
        return bool(self.date_to and self.date_to <= self._yesterday())

    def _yesterday(self):
        return self.company_id._key_account_today() - timedelta(days=1)

    # --- Crons ---

    @api.model
    def _cron_memberships(self):
        """Daily: who left the company leaves its teams, and who may not open a file
        any more does not follow it either."""
        now = self._now_domain()
        gone = self.search(now & Domain("user_id.active", "=", False))
        for company, members in gone.grouped("company_id").items():
            last = company._key_account_today() - timedelta(days=1)
            members._authorized().write({"date_to": last})
        self.env["ir.cron"]._commit_progress(len(gone))
        self._unfollow()

    @api.model
    def _unfollow(self):
        ended = self.search(
            Domain("ends_at", "<=", "now")
            & Domain("account_id.message_partner_ids", "!=", False)
        )
        for user, members in ended.grouped("user_id").items():
            accounts = members.account_id.filtered(
                lambda account, user=user: (
                    user.partner_id in account.message_partner_ids
                )
            )
            as_user = accounts.with_user(user).with_context(
                allowed_company_ids=user.company_ids.ids
            )
            mine = as_user._filtered_access("write") if user.active else []
            closed = accounts - accounts.browse(account.id for account in mine)
            closed.message_unsubscribe(user.partner_id.ids)
            self.env["ir.cron"]._commit_progress(1)

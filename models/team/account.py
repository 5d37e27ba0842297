from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.capacity import gaps, meet
from .staffing import Plan

# Required roles of the tier that nobody fills now who still works here.
GAP = """
    SELECT needed.key_account_tier_id, needed.key_account_role_id
      FROM key_account_tier_role_rel needed
     WHERE needed.key_account_tier_id = %(account)s.tier_id
       AND %(account)s.state != 'closed'
       AND NOT EXISTS (
           SELECT FROM key_account_member member
             JOIN res_users person ON person.id = member.user_id AND person.active
            WHERE member.account_id = %(account)s.id
              AND member.role_id = needed.key_account_role_id
              AND member.starts_at <= %(now)s
              AND (member.ends_at IS NULL OR member.ends_at > %(now)s))
"""


class KeyAccount(models.Model):
    _name = "key.account"
    _inherit = ["key.account", "key.account.staffing"]

    member_ids = fields.One2many("key.account.member", "account_id", "Team")
    current_member_ids = fields.Many2many(
        "key.account.member", string="Team Now", compute="_compute_team"
    )
    lead_id = fields.Many2one(
        "res.users", "Team Lead", compute="_compute_team", search="_search_lead_id"
    )
    team_user_ids = fields.Many2many(
        "res.users",
        string="People in the Team",
        compute="_compute_team",
        search="_search_team_user_ids",
    )
    missing_role_ids = fields.Many2many(
        "key.account.role", string="Roles to Fill", compute="_compute_missing_role_ids"
    )
    has_team_gap = fields.Boolean(
        "Team Incomplete",
        compute="_compute_missing_role_ids",
        search="_search_has_team_gap",
    )

    # --- Compute ---

    @api.depends(
        "member_ids.user_id",
        "member_ids.is_lead",
        "member_ids.starts_at",
        "member_ids.ends_at",
    )
    def _compute_team(self):
        # one query, in which those who ended long ago are not read
        Member = self.env["key.account.member"]
        current = Member.search_fetch(
            Member._now_domain() & Domain("account_id", "in", self._origin.ids)
        )
        by_account = current.grouped("account_id")
        for account in self:
            team = by_account.get(account._origin, current.browse())
            account.current_member_ids = team
            account.lead_id = team.filtered("is_lead").user_id[:1]
            account.team_user_ids = team.user_id

    def _search_lead_id(self, operator, value):
        return self._search_team(operator, value, Domain("is_lead", "=", True))

    def _search_team_user_ids(self, operator, value):
        return self._search_team(operator, value)

    @api.depends("tier_id", "state", "tier_id.required_role_ids", "current_member_ids")
    def _compute_missing_role_ids(self):
        Role, Tier = self.env["key.account.role"], self.env["key.account.tier"]
        asked = {
            tier: Role.browse(
                role_id for role_id, _code in Tier._asked(tier.id, "required_role_ids")
            )
            for tier in self.tier_id
        }
        # the names of all of them are shown, and are read at once
        Role.union(self.current_member_ids.role_id, *asked.values()).mapped("name")
        for account in self:
            staffed = account.current_member_ids.filtered("user_id.active").role_id
            needed = asked.get(account.tier_id, Role)
            if account.state == "closed":
                needed = needed.browse()
            account.missing_role_ids = needed - staffed
            account.has_team_gap = bool(needed - staffed)

    def _search_has_team_gap(self, operator, value):
        if operator != "in" or len(value) > 1:
            return NotImplemented
        for model, names in (
            ("key.account.member", ["account_id", "role_id", "starts_at", "ends_at"]),
            ("key.account.tier", ["required_role_ids"]),
            ("key.account", ["tier_id", "state"]),
            ("res.users", ["active"]),
        ):
            self.env[model].flush_model(names)
        now = fields.Datetime.now()

        def to_sql(_model, alias, _query):
            account = SQL.identifier(alias)
            return SQL("EXISTS (%s)", SQL(GAP, account=account, now=now))

        gap = Domain.custom(to_sql=to_sql)
        return gap if True in value else ~gap

    # --- Actions ---

    def action_add_member(self):
        """Takes somebody into the team."""
        title = self.env._("Team Member")
        return self._open_new(title, "key.account.member")

    def action_open_members(self):
        """Lists everybody who ever served this customer."""
        return self._open_rows("key.account.member")

    def action_open_agreements(self):
        """Lists the confidentiality agreements with this customer."""
        self.ensure_one()
        title = self.env._("Agreements")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "key.account.nda",
            "domain": [("account_id", "=", self.id)],
            "context": {"default_account_id": self.id, "default_party": "customer"},
            "view_mode": "list,kanban,form",
        }

    # --- Business ---

    @api.model
    def _serving_fields(self):
        names = ["user_id", "starts_at", "ends_at"]
        return super()._serving_fields() + [f"member_ids.{name}" for name in names]

    @api.model
    def _served_by_domain(self):
        """Who is in the team now serves, too."""
        mine = Domain("user_id", "=", self.env.uid)
        mine &= self.env["key.account.member"]._now_domain()
        return super()._served_by_domain() | Domain("member_ids", "any!", mine)

    def _change_holder(self, user, pool=None, kind="assign", reason=""):
        """Nobody becomes owner of more than he can carry, nor before he has signed."""
        for account in self if user else ():
            account._check_may_hold(user)
        plans = [
            Plan(account, user, None, account.company_id._key_account_today())
            for account in self
            if user and account.holder_id != user
        ]
        why = self._overload_reason()
        self._staff(plans, [why] * len(plans))
        return super()._change_holder(user, pool=pool, kind=kind, reason=reason)

    @api.model
    def _search_team(self, operator, value, condition=Domain.TRUE):
        if operator in ("not in", "not any", "not ilike", "not like"):
            return NotImplemented
        now = self.env["key.account.member"]._now_domain() & condition
        if operator == "in" and False in value:
            nobody = ~Domain("member_ids", "any", now)
            named = [item for item in value if item]
            people = Domain("user_id", "in", named)
            return nobody | Domain("member_ids", "any", now & people)
        return Domain("member_ids", "any", now & Domain("user_id", operator, value))

    # --- Merging ---

    def _absorb(self, other):
        """Of two memberships of one person in one role the days that both have remain
        once, and the lead of this account stays its lead: no row is lost to the
        database's own rules, and what was is written down."""
        self._note_team_of(other)
        for row in other.member_ids._authorized():
            self._make_room_for(row)
            row.flush_recordset()
        return super()._absorb(other)

    def _note_team_of(self, other):
        if not other.member_ids:
            return
        lines = [
            f"{row.user_id.name} ({row.role_id.name}) {row._period_text()}"
            + (" ★" if row.is_lead else "")
            for row in other.member_ids
        ]
        title = self.env._("The team of %(name)s was:", name=other.name)
        self._message_log(
            body=Markup("%s<br/>%s") % (title, Markup("<br/>").join(lines))
        )

    def _make_room_for(self, row):
        """Shortens ``row`` of another account to what this one's team has room for."""
        same = self.member_ids.filtered(
            lambda mine: (mine.user_id, mine.role_id) == (row.user_id, row.role_id)
        )
        if row.is_lead and self._overlapping(self.member_ids.filtered("is_lead"), row):
            row.is_lead = False
        if not self._overlapping(same, row):
            return
        first, last = row.date_from, row.date_to or None
        free = gaps([(m.date_from, m.date_to or None) for m in same], first, last)
        if not free:
            row.date_to = fields.Date.subtract(first, days=1)
            return
        row.write({"date_from": free[0][0], "date_to": free[0][1]})
        row.flush_recordset()
        row.create([row._prepare_next_vals(*part) for part in free[1:]])

    def _overlapping(self, members, row):
        period = (row.date_from, row.date_to or None)
        return members.filtered(
            lambda member: meet(period, (member.date_from, member.date_to or None))
        )

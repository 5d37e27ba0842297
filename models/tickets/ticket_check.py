from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ...tools import samples
from ...tools.authority import holds_authority
from .ticket_satisfied import MARKS

KINDS = [
    ("work", "How It Was Dealt With"),
    ("satisfaction", "Satisfaction Noted by Phone"),
]
ASPECTS = ("complete", "polite", "correct", "in_time")
# What whoever checks writes; the rest says how the ticket was drawn.
FINDINGS = frozenset((*ASPECTS, "note", "agreed", "checker_id"))


class KeyAccountTicketCheck(models.Model):
    """A ticket that was drawn at random, to look at how it was dealt with (R096), or to
    ask its customer whether he is as satisfied as his handler noted (I8). ::

        drawn -> checked -> discussed

    A team leader or a manager draws. Somebody else than who handled the ticket checks
    it, and talks it over with him. From then on, but not earlier, that person sees it.
    The seed and how many there were to choose from stay on record, so that anybody can
    draw the same again.
    """

    _name = "key.account.ticket.check"
    _description = "Spot Check"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "key.account.guarded",
        "key.account.gated",
    ]
    _order = "id desc"
    _rec_name = "ticket_id"
    _mail_post_access = "read"
    _check_company_auto = True
    _transitions = {"drawn": ("checked",), "checked": ("discussed",)}

    kind = fields.Selection(KINDS, "What Is Checked", required=True, default="work")
    ticket_id = fields.Many2one(
        "key.account.ticket", required=True, index=True, ondelete="restrict"
    )
    account_id = fields.Many2one(related="ticket_id.account_id")
    company_id = fields.Many2one("res.company", required=True, index=True)
    team_id = fields.Many2one(
        "key.account.ticket.team", required=True, ondelete="restrict"
    )
    agent_id = fields.Many2one(
        "res.users",
        "Handled by",
        required=True,
        index=True,
        ondelete="restrict",
        help="Who handled the ticket when it was drawn.",
    )
    state = fields.Selection(
        [("drawn", "Drawn"), ("checked", "Checked"), ("discussed", "Talked Over")],
        "Status",
        default="drawn",
        required=True,
        index=True,
        tracking=True,
        group_expand=True,
    )
    checker_id = fields.Many2one(
        "res.users",
        "Checked by",
        index=True,
        tracking=True,
        domain="[('share', '=', False), ('id', '!=', agent_id),"
        " ('company_ids', 'in', company_id)]",
    )

    # how it was drawn
    date_from = fields.Date("Closed from", required=True)
    date_to = fields.Date("Closed until", required=True)
    seed = fields.Char(required=True, help="The same seed draws the same tickets.")
    population = fields.Integer(
        "To Choose from",
        required=True,
        aggregator=None,
        help="Tickets of this person that could have been drawn.",
    )
    drawn_by_id = fields.Many2one("res.users", "Drawn by", required=True)
    drawn_at = fields.Datetime("Drawn on", required=True)

    # what was found
    complete = fields.Selection(MARKS, tracking=True)
    polite = fields.Selection(MARKS, tracking=True)
    correct = fields.Selection(MARKS, tracking=True)
    in_time = fields.Selection(MARKS, tracking=True)
    mark = fields.Float(
        compute="_compute_mark",
        store=True,
        digits=(3, 2),
        aggregator="avg",
        help="Mean of the four.",
    )
    sample_result = fields.Selection(related="ticket_id.sample_result")
    note = fields.Text("What Was Found")
    checked_at = fields.Datetime("Checked on", readonly=True, copy=False)
    agreed = fields.Text("What Was Agreed", help="In the talk with who handled it.")
    discussed_at = fields.Datetime("Talked Over on", readonly=True, copy=False)
    is_checker = fields.Boolean(compute="_compute_is_checker")

    _once = models.UniqueIndex(
        "(ticket_id, agent_id, kind)", "This ticket has been drawn before."
    )
    _not_oneself = models.Constraint(
        "CHECK(checker_id != agent_id)",
        "Somebody else checks a ticket than who handled it.",
    )
    _period_in_order = models.Constraint(
        "CHECK(date_from <= date_to)", "A period ends after it begins."
    )

    # --- Compute ---

    @api.depends(*ASPECTS)
    def _compute_mark(self):
        for check in self:
            marks = [int(check[name]) for name in ASPECTS if check[name]]
            check.mark = sum(marks) / len(marks) if marks else 0

    @api.depends("agent_id", "checker_id", "team_id")
    @api.depends_context("uid")
    def _compute_is_checker(self):
        for check in self:
            check.is_checker = check._is_mine_to_check()

    @api.depends("ticket_id", "agent_id")
    def _compute_display_name(self):
        for check in self:
            number = check.sudo().ticket_id.number
            agent = check.sudo().agent_id.name
            check.display_name = " · ".join(filter(None, [number, agent]))

    # --- Constraints ---

    @api.constrains("checker_id", "company_id")
    def _check_checker(self):
        for check in self:
            checker = check.sudo().checker_id
            if checker and (
                checker.share or check.company_id not in checker.company_ids
            ):
                raise ValidationError(
                    self.env._(
                        "%(name)s does not work in %(company)s.",
                        name=checker.name,
                        company=check.company_id.name,
                    )
                )
            ticket = check.ticket_id.with_user(checker)
            if checker and not ticket.sudo(False).has_access("read"):
                raise ValidationError(
                    self.env._(
                        "%(name)s may not see this ticket. Choose somebody who may.",
                        name=checker.name,
                    )
                )

    # --- CRUD ---

    def write(self, vals):
        if FINDINGS.intersection(vals) and not holds_authority(self.env.context):
            self._check_may_find(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What was drawn stays on record."))

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "kind",
            "ticket_id",
            "company_id",
            "team_id",
            "agent_id",
            "date_from",
            "date_to",
            "seed",
            "population",
            "drawn_by_id",
            "drawn_at",
            "checked_at",
            "discussed_at",
        }

    # --- Actions ---

    def action_check(self, result=None):
        """The check is done: the marks stay, and it is to be talked over.

        :param result: ``same`` or ``differs``, for satisfaction that a handler noted:
            what the customer said when he was asked again.
        """
        self._lock()
        for check in self:
            check._check_is_mine()
            if check.kind == "satisfaction":
                # who checks reads the ticket, and writes nothing else of it
                check.ticket_id.sudo().action_sample(self._known_result(result))
            else:
                check._check_marks()
            check._move(
                "checked",
                checked_at=fields.Datetime.now(),
                checker_id=check.checker_id.id or self.env.uid,
            )
            check._plan_talk()
        return True

    def action_discuss(self):
        """It was talked over with who handled the ticket."""
        self._lock()
        for check in self:
            check._check_is_mine()
            if not check.agreed:
                raise UserError(self.env._("Write down first what was agreed."))
            check._move("discussed", discussed_at=fields.Datetime.now())
        self.activity_feedback(["mail.mail_activity_data_meeting"])
        return True

    def action_open_ticket(self):
        """Opens the ticket that is checked."""
        self.ensure_one()
        return self.ticket_id._open_form()

    # --- Business ---

    @api.model
    def _draw(self, team, kind, date_from, date_to, per_agent, seed):
        """Draws tickets of a team that were closed in a period, so many of each of its
        handlers. What was drawn before stays as it is.

        :return: all checks of this sample, in the order of the tickets.
        :raises UserError: for who leads neither the team nor the company.
        """
        self._check_may_draw(team)
        common = {
            "kind": kind,
            "company_id": team.company_id.id,
            "team_id": team.id,
            "date_from": date_from,
            "date_to": date_to,
            "seed": seed,
            "drawn_by_id": self.env.uid,
            "drawn_at": fields.Datetime.now(),
        }
        rows = {
            (ticket, agent.id): {
                **common,
                "ticket_id": ticket,
                "agent_id": agent.id,
                "checker_id": self.env.uid if agent != self.env.user else False,
                "population": len(tickets),
            }
            for agent, tickets in self._choice(team, kind, date_from, date_to).items()
            for ticket in samples.drawn(tickets.ids, per_agent, seed)
        }
        drawn = self.sudo().search(
            Domain("ticket_id", "in", [ticket for ticket, _agent in rows])
            & Domain("kind", "=", kind)
        )
        drawn = drawn.filtered(lambda one: (one.ticket_id.id, one.agent_id.id) in rows)
        for check in drawn:
            del rows[check.ticket_id.id, check.agent_id.id]
        drawn |= self.sudo()._authorized().create(list(rows.values()))
        return drawn.sorted("ticket_id").with_env(self.env)

    @api.model
    def _choice(self, team, kind, date_from, date_to):
        """``{handler: tickets}`` that can be drawn."""
        company = team.company_id
        after = fields.Date.add(date_to, days=1)
        domain = (
            Domain("team_id", "=", team.id)
            & Domain("state", "=", "closed")
            & Domain("user_id", "!=", False)
            & Domain("closed_at", ">=", company._key_account_midnight(date_from))
            & Domain("closed_at", "<", company._key_account_midnight(after))
        )
        if kind == "satisfaction":
            domain &= Domain("satisfaction_source", "=", "phone")
        tickets = self.env["key.account.ticket"].sudo().search(domain, order="id")
        return tickets.grouped("user_id")

    @api.model
    def _check_may_draw(self, team):
        if self.env.user != team.sudo().leader_id:
            self._check_group(
                "key_account.group_manager",
                self.env._("The team leader or a manager draws samples. Ask him."),
            )

    def _check_marks(self):
        missing = [
            self._fields[name]._description_string(self.env)
            for name in ASPECTS
            if not self[name]
        ]
        if missing:
            raise UserError(
                self.env._(
                    "Give a mark from 1 to 5 for: %(aspects)s.",
                    aspects=", ".join(missing),
                )
            )

    def _known_result(self, result):
        if result not in ("same", "differs"):
            raise UserError(self.env._("Say what the customer said this time."))
        return result

    def _plan_talk(self):
        """The check is worth nothing until it was talked over."""
        self.activity_schedule(
            "mail.mail_activity_data_meeting",
            user_id=self.checker_id.id,
            summary=self.env._("Talk it over with %(name)s", name=self.agent_id.name),
        )

    # --- Who may ---

    def _is_mine_to_check(self):
        """Whether the current user may check: never his own work."""
        user, check = self.env.user, self.sudo()
        return user != check.agent_id and (
            user in (check.checker_id, check.team_id.leader_id)
            or user.has_group("key_account.group_manager")
        )

    def _check_is_mine(self):
        """:raises AccessError: for everybody else, the system included."""
        if self.env.su or not self._is_mine_to_check():
            raise AccessError(
                self.env._(
                    "The team leader, a manager or whoever was asked to checks this:"
                    " somebody else than who handled the ticket."
                )
            )

    def _check_may_find(self, vals):
        """:raises UserError: for findings that are not his, or not to be changed."""
        for check in self:
            check._check_is_mine()
            changed = {name for name in vals if name in FINDINGS}
            late = check.state == "discussed" or (
                check.state == "checked" and changed - {"agreed"}
            )
            if late:
                raise UserError(
                    self.env._("What was found stays as it was written down.")
                )

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .ticket_flow import WHO_WORKS

# Where somebody of us has to do something, unless the ticket stands still.
OURS = (
    "new",
    "assigned",
    "accepted",
    "investigating",
    "planning",
    "review",
    "executing",
)


class KeyAccountTicketScreen(models.AbstractModel):
    """What the screens say of a ticket beyond its facts: whose turn it is and what he
    does next, what the reader may do, and its promises as lines on one time scale."""

    _name = "key.account.ticket.screen"
    _description = "Ticket on the Screen"
    _inherit = ["key.account.ticket.flow"]

    # the person who asks
    is_key = fields.Boolean("Key Account", compute="_compute_is_key")
    contact_phone = fields.Char("Call", compute="_compute_contact")
    contact_email = fields.Char("Write to", compute="_compute_contact")

    # what the reader may do
    may_work = fields.Boolean(compute="_compute_may_work")
    may_lead = fields.Boolean(compute="_compute_may_lead")
    may_direct = fields.Boolean(compute="_compute_may_lead")
    may_decide_hold = fields.Boolean(
        compute="_compute_may_decide_hold", groups=WHO_WORKS
    )
    is_my_note = fields.Boolean(compute="_compute_is_my_note")

    # why it stands still
    hold_since = fields.Datetime(
        "On Hold since", compute="_compute_hold", groups=WHO_WORKS
    )
    hold_note = fields.Char("We Wait for", compute="_compute_hold", groups=WHO_WORKS)
    hold_approved = fields.Boolean(compute="_compute_hold", groups=WHO_WORKS)

    # whose turn it is
    turn_of = fields.Char("Turn of", compute="_compute_turn")
    next_step = fields.Char(compute="_compute_turn")
    is_my_turn = fields.Boolean(compute="_compute_turn")
    customer_waits = fields.Boolean(
        "Customer Waits for a Reply", compute="_compute_customer_waits"
    )
    awaits_us = fields.Boolean(
        "Waiting for Us", compute="_compute_awaits_us", search="_search_awaits_us"
    )
    may_be_duplicate = fields.Boolean(
        "Possible Duplicate",
        compute="_compute_may_be_duplicate",
        search="_search_may_be_duplicate",
    )
    promise_lines = fields.Json(compute="_compute_promise_lines", groups=WHO_WORKS)

    # --- Compute ---

    @api.depends("tier_id")
    def _compute_is_key(self):
        for ticket in self:
            ticket.is_key = ticket.sudo().tier_id.is_key

    @api.depends("phone", "email_from", "partner_id.phone", "partner_id.email")
    def _compute_contact(self):
        for ticket in self:
            ticket.contact_phone = ticket.phone or ticket.partner_id.phone
            ticket.contact_email = ticket.partner_id.email or ticket.email_from

    @api.depends("user_id", "team_id", "account_id", "responsible_user_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_may_work(self):
        mine = self._origin._filtered_access("write")
        for ticket in self:
            ticket.may_work = ticket._origin in mine or not ticket._origin

    @api.depends("team_id.leader_id", "responsible_user_id")
    @api.depends_context("uid")
    def _compute_may_lead(self):
        """The leader of the team or a manager; the general manager above him."""
        user = self.env.user
        manager = user.has_group("key_account.group_manager")
        for ticket in self:
            head = ticket.company_id.sudo().key_account_general_manager_id
            own = ticket.sudo().responsible_user_id == user
            leads = ticket.sudo().team_id.leader_id == user
            ticket.may_lead = (leads or manager) and not own
            ticket.may_direct = manager and (not head or head == user) and not own

    @api.depends("hold_ids.state", "hold_ids.ended_at", "team_id.leader_id")
    @api.depends_context("uid")
    def _compute_may_decide_hold(self):
        for ticket in self:
            ticket.may_decide_hold = ticket.current_hold_id.may_decide

    @api.depends("hold_ids.state", "hold_ids.ended_at")
    def _compute_hold(self):
        for ticket in self:
            hold = ticket.current_hold_id
            ticket.hold_since = hold.started_at
            ticket.hold_note = hold.note
            ticket.hold_approved = hold.state == "approved"

    @api.depends("satisfaction_by_id", "user_id")
    @api.depends_context("uid")
    def _compute_is_my_note(self):
        """Who noted what the customer said does not check it."""
        for ticket in self:
            own = (ticket.satisfaction_by_id, ticket.user_id)
            ticket.is_my_note = self.env.user in own

    @api.depends("last_inbound_at", "last_reply_at")
    def _compute_customer_waits(self):
        for ticket in self:
            wrote, answered = ticket.last_inbound_at, ticket.last_reply_at
            ticket.customer_waits = bool(wrote and (not answered or wrote > answered))

    @api.depends("state", "customer_waits", "sla_state")
    def _compute_awaits_us(self):
        for ticket in self:
            ours = ticket.state in OURS and ticket.sla_state != "held"
            ticket.awaits_us = ticket.is_open and (ours or ticket.customer_waits)

    def _search_awaits_us(self, operator, value):
        if operator != "in" or len(value) > 1:
            return NotImplemented
        waits = Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                "%s > COALESCE(%s, '-infinity')",
                SQL.identifier(alias, "last_inbound_at"),
                SQL.identifier(alias, "last_reply_at"),
            )
        )
        ours = Domain("state", "in", OURS) & Domain("sla_state", "!=", "held")
        awaiting = Domain("is_open", "=", True) & (ours | waits)
        return awaiting if True in value else ~awaiting

    @api.depends("state", "email_from", "name", "received_at")
    def _compute_may_be_duplicate(self):
        alike = self.search(
            Domain("id", "in", self._origin.ids) & self._duplicate_domain()
        )
        for ticket in self:
            ticket.may_be_duplicate = ticket._origin in alike

    def _search_may_be_duplicate(self, operator, value):
        if operator != "in" or len(value) > 1:
            return NotImplemented
        alike = self._duplicate_domain()
        return alike if True in value else ~alike

    @api.depends(
        "state",
        "user_id",
        "customer_waits",
        "satisfaction",
        "may_review",
        "consult_ids.state",
        "investigation_ids.found_at",
        "measure_ids.done_at",
    )
    @api.depends_context("uid")
    def _compute_turn(self):
        for ticket in self:
            who, step = ticket._turn()
            mine = ticket.may_work and (
                who == self.env.user.name
                or (ticket.state == "new" and not ticket.user_id)
            )
            ticket.is_my_turn = bool(step) and (mine or ticket.may_review)
            ticket.turn_of = self.env._("You") if ticket.is_my_turn else who
            ticket.next_step = step

    @api.depends("clock_ids.state", "clock_ids.due_at", "hold_ids.ended_at")
    def _compute_promise_lines(self):
        for ticket in self:
            clocks = ticket.clock_ids.filtered(lambda clock: clock.state != "void")
            ticket.promise_lines = [self._promise_line(clock) for clock in clocks]

    # --- Business ---

    def _turn(self):
        """Who has to do something, and what, in words."""
        self.ensure_one()
        handler = self.user_id.sudo().name or self.env._("Nobody yet")
        if self.customer_waits and self.is_open and self.state != "new":
            return handler, self.env._("Reply to what the customer wrote last.")
        if step := getattr(self, f"_turn_{self.state}", None):
            return step(handler)
        steps = {
            "new": self.env._("Take it on, or pass it to a colleague."),
            "answered": self.env._(
                "Ask the customer whether anything is left, and close."
            ),
            "accepted": self.env._("Begin to find out what happened."),
            "planning": self.env._("Plan the measures, and submit the plan."),
            "negotiating": self.env._(
                "Present the plan to the customer; note what he says."
            ),
        }
        return handler, steps.get(self.state, "")

    def _turn_assigned(self, handler):
        if not self.last_reply_at:
            return handler, self.env._("Answer the customer.")
        return handler, self.env._("Mark it as answered when that was all.")

    def _turn_consulting(self, _handler):
        asked = self.sudo().consult_ids.filtered(lambda c: c.state == "asked")
        names = ", ".join(asked.department_id.mapped("name"))
        return names, self.env._("Answer the question.")

    def _turn_investigating(self, handler):
        lines = self.sudo().investigation_ids
        missing = lines.filtered(lambda line: not line.found_at)
        if not lines:
            return handler, self.env._("Say which department finds out what.")
        if missing:
            names = ", ".join(missing.department_id.mapped("name"))
            return names, self.env._("Find out what happened.")
        return handler, self.env._("What happened is known: begin to plan.")

    def _turn_review(self, _handler):
        return self.env._("A reviewer"), self.env._(
            "Read the plan, and approve it or send it back."
        )

    def _turn_executing(self, handler):
        waiting = self.sudo().measure_ids.filtered(lambda m: m._holds_up())
        if not waiting:
            return handler, self.env._("All is done: say so, and ask the customer.")
        names = ", ".join(waiting.user_id.mapped("name"))
        return names, self.env._("Carry out the measures.")

    def _turn_follow_up(self, handler):
        if not self.satisfaction or self.satisfaction == "unreachable":
            return handler, self.env._("Ask the customer whether he is satisfied.")
        return handler, self.env._("Close it.")

    @api.model
    def _promise_line(self, clock):
        """A promise as the time scale of the form draws it."""
        iso = fields.Datetime.to_string
        department = clock.sudo().consult_id.department_id.name
        return {
            "id": clock.id,
            "name": " · ".join(filter(None, [clock.display_name, department])),
            "state": clock.state,
            "start": iso(clock.start_at),
            "due": clock.due_at and iso(clock.due_at),
            "stop": clock.stop_at and iso(clock.stop_at),
            "minutes": clock.target_minutes,
            "late": clock.late_minutes,
            "hours": clock.calendar_id.sudo().name or False,
            "holds": [
                [iso(begin), end and iso(end)] for begin, end in clock.sudo()._holds()
            ],
        }

    def _duplicate_domain(self):
        """Domain of tickets to which another of the same sender with the same subject
        came within a day, as ``duplicate_ids`` lists them."""
        self.flush_model(["email_from", "name", "received_at", "state", "company_id"])

        def to_sql(model, alias, _query):
            return SQL(
                "EXISTS (SELECT FROM %(table)s other"
                " WHERE lower(other.email_from) = lower(%(alias)s.email_from)"
                " AND lower(other.name) = lower(%(alias)s.name)"
                " AND other.company_id = %(alias)s.company_id"
                " AND other.id != %(alias)s.id AND other.state != 'merged'"
                " AND other.received_at > %(alias)s.received_at - %(day)s"
                " AND other.received_at < %(alias)s.received_at + %(day)s)",
                table=SQL.identifier(model._table),
                alias=SQL.identifier(alias),
                day=timedelta(days=1),
            )

        return Domain("state", "!=", "merged") & Domain.custom(to_sql=to_sql)

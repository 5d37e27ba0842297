from odoo import api, fields, models
from odoo.fields import Domain

from ...tools import ticket_rules
from .ticket_flow import WHO_WORKS

# What changes which policy a ticket falls under.
TERMS = frozenset(
    (
        "kind",
        "team_id",
        "urgency",
        "importance",
        "partner_id",
        "account_id",
        "event_phase",
    )
)
# What a word from us to the customer does.
ANSWERED = ("acknowledge", "first_reply", "next_reply", "progress")


class KeyAccountTicketPromises(models.AbstractModel):
    """What a ticket tells its promises (``key.account.sla.clock``): it arrived, it
    moved, the customer wrote, we answered. What they say in turn is shown on it."""

    _name = "key.account.ticket.promises"
    _description = "Ticket with Promises"
    _inherit = ["key.account.ticket.flow"]

    policy_id = fields.Many2one(
        "key.account.sla.policy",
        "Service Promise",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    clock_ids = fields.One2many(
        "key.account.sla.clock", "ticket_id", "Promises", groups=WHO_WORKS
    )
    next_due_at = fields.Datetime(
        "Next Due", readonly=True, copy=False, help="The earliest open promise."
    )
    next_metric = fields.Selection(
        ticket_rules.METRICS, "What is Due", readonly=True, copy=False
    )
    sla_state = fields.Selection(
        [
            ("late", "Late"),
            ("soon", "Nearly Late"),
            ("ok", "On Time"),
            ("held", "On Hold"),
            ("done", "Nothing Open"),
            ("none", "No Promise"),
        ],
        "In Time",
        readonly=True,
        copy=False,
        default="none",
        index=True,
        group_expand=True,
    )

    # what was said last (I7)
    last_inbound_at = fields.Datetime("Customer Wrote", readonly=True, copy=False)
    last_reply_at = fields.Datetime("We Answered", readonly=True, copy=False)

    # --- CRUD ---

    def write(self, vals):
        result = super().write(vals)
        if TERMS.intersection(vals):
            self._rematch()
        return result

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "policy_id",
            "next_due_at",
            "next_metric",
            "sla_state",
            "last_inbound_at",
            "last_reply_at",
        }

    # --- What happens ---

    def _make_promises(self):
        """A ticket has arrived: what is promised begins when it was received."""
        self._match_policies()
        wanted = [
            (ticket, metric, ticket.received_at, None)
            for ticket in self
            for metric in ticket_rules.AT_ONCE
        ]
        self.env["key.account.sla.clock"]._start(wanted)

    def _rematch(self):
        """Priority, tier, team or phase changed: the promises follow, their starts do
        not move, and what was late stays late."""
        tickets = self.filtered("is_open")
        tickets._match_policies()
        if tickets:
            self.env["key.account.sla.clock"]._retarget(tickets)

    def _match_policies(self):
        policies = self.env["key.account.sla.policy"]._match(self)
        groups = {}
        for ticket, policy in policies.items():
            if ticket.policy_id != policy:
                groups[policy] = groups.get(policy, self.browse()) | ticket
        for policy, tickets in groups.items():
            tickets.sudo()._authorized().write({"policy_id": policy.id})

    def _move(self, new_state, **vals):
        before = {ticket: ticket.state for ticket in self}
        result = super()._move(new_state, **vals)
        for ticket in self:
            ticket._promises_after(before[ticket], new_state)
        return result

    def _promises_after(self, old, new):
        """Stops and starts what a move from one state to another means."""
        now = fields.Datetime.now()
        clocks = self._open_clocks()
        if new in ticket_rules.SIDE_EXITS:
            clocks._void(now)
            return
        stop = {"acknowledge"} | self._done_by(old, new)
        clocks.filtered(lambda clock: clock.metric in stop)._stop(now)
        begin = self._begun_by(old, new)
        running = set(self._open_clocks().mapped("metric"))
        self.env["key.account.sla.clock"]._start(
            [(self, metric, now, None) for metric in begin if metric not in running]
        )
        if new == "closed":
            self._open_clocks()._void(now)

    @api.model
    def _done_by(self, old, new):
        """What is done by leaving one state for another."""
        done = set()
        if old == "investigating":
            done.add("investigate")
        if new == "review":
            done.add("plan")
        if new in ("answered", "follow_up", "closed"):
            done.add("resolve")
        if old == "follow_up":
            done.add("follow_up")
        if (old, new) == ("new", "closed"):
            done.add("first_reply")
        return done

    def _begun_by(self, old, new):
        """What is promised when a ticket enters a state."""
        begun = []
        if self.kind == "complaint" and new in ("accepted", "planning"):
            begun.append("progress")
        if new == "investigating":
            begun.append("investigate")
        if new == "planning":
            begun.append("plan")
        if new == "follow_up":
            begun.append("follow_up")
        # taken up again: another run, from now
        if old in (*ticket_rules.RESTING, "answered", "follow_up") and new in (
            "assigned",
            "accepted",
            "planning",
        ):
            begun.append("resolve")
        return begun

    def _customer_wrote_at(self, moment):
        """The customer waits for a reply from now on. Further messages of his do not
        begin the waiting anew (I7)."""
        for ticket in self.sudo():
            ticket._authorized().write({"last_inbound_at": moment})
            waiting = {"first_reply", "next_reply"}.intersection(
                ticket._open_clocks().mapped("metric")
            )
            if ticket.is_open and not waiting:
                self.env["key.account.sla.clock"]._start(
                    [(ticket, "next_reply", moment, None)]
                )

    def _we_replied_at(self, moment):
        """The customer heard from a person here; an automatic mail or a note is no
        reply (I7)."""
        for ticket in self.sudo():
            ticket._authorized().write({"last_reply_at": moment})
            done = ticket._open_clocks(ANSWERED)
            again = "progress" in done.mapped("metric")
            done._stop(moment)
            if again and ticket.is_open and ticket.state != "follow_up":
                self.env["key.account.sla.clock"]._start(
                    [(ticket, "progress", moment, None)]
                )

    # --- Tools ---

    def _open_clocks(self, metrics=None):
        return self.env["key.account.sla.clock"]._of_tickets(self, metrics)

    def _show_promises(self):
        """Brings what is shown of promises up to date."""
        self.sudo().clock_ids[:1]._show_on_tickets()

    def _receiver(self, receiver, clock):
        """Who hears of a promise at risk. Where the one who should is missing, or has
        left, the next higher one hears of it."""
        ticket = self.sudo()
        company = ticket.company_id
        leader = ticket.team_id.leader_id
        department = clock.consult_id.department_id or ticket.responsible_department_id
        chain = {
            "owner": [clock.consult_id.user_id or ticket.user_id, leader],
            "leader": [leader],
            "department": [department.manager_id.user_id, leader],
            "holder": [ticket.account_id.holder_id, leader],
            "director": [company.key_account_general_manager_id],
        }[receiver]
        chain.append(company.key_account_general_manager_id)
        present = (user for user in chain if user and user.active)
        return next(present, None) or self._any_manager(company)

    @api.model
    def _any_manager(self, company):
        group = self.env.ref("key_account.group_manager")
        return (
            self.env["res.users"]
            .sudo()
            .search(
                Domain("all_group_ids", "in", group.ids)
                & Domain("company_ids", "in", company.ids)
                & Domain("share", "=", False),
                limit=1,
                order="id desc",
            )
        )

from odoo import api, fields, models
from odoo.exceptions import UserError

REASONS = [
    ("customer", "Waiting for the Customer"),
    ("organiser", "Waiting for the Organiser or the Venue"),
    ("authority", "Waiting for an Authority"),
]


class KeyAccountTicketHold(models.Model):
    """A time in which a ticket stands still through no fault of ours, with the reason.

    It holds the promises from its first moment. The team leader, or a manager, approves
    it afterwards: if he refuses, it is as if it had never been. ::

        asked -> approved | refused
    """

    _name = "key.account.ticket.hold"
    _description = "Hold"
    _inherit = ["key.account.guarded"]
    _order = "started_at desc, id desc"
    _transitions = {"asked": ("approved", "refused")}

    ticket_id = fields.Many2one(
        "key.account.ticket", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="ticket_id.company_id", store=True)
    reason = fields.Selection(REASONS, required=True)
    note = fields.Char("What We Wait for")
    started_at = fields.Datetime("From", required=True)
    ended_at = fields.Datetime("Until")
    is_running = fields.Boolean("Now", compute="_compute_is_running")
    user_id = fields.Many2one("res.users", "Asked by", required=True)
    state = fields.Selection(
        [("asked", "To Approve"), ("approved", "Approved"), ("refused", "Refused")],
        "Status",
        default="asked",
        required=True,
    )
    decided_by_id = fields.Many2one("res.users", "Decided by")
    decided_at = fields.Datetime("Decided")
    may_decide = fields.Boolean(compute="_compute_may_decide")

    _one_running = models.UniqueIndex(
        "(ticket_id) WHERE ended_at IS NULL AND state != 'refused'",
        "This ticket is on hold already.",
    )
    _in_order = models.Constraint(
        "CHECK(ended_at >= started_at)", "A hold ends after it begins."
    )

    # --- Compute ---

    @api.depends("reason")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["reason"]._description_selection(self.env))
        for hold in self:
            hold.display_name = labels.get(hold.reason, "")

    @api.depends("ended_at", "state")
    def _compute_is_running(self):
        for hold in self:
            hold.is_running = not hold.ended_at and hold.state != "refused"

    @api.depends("state", "user_id", "ticket_id.team_id.leader_id")
    @api.depends_context("uid")
    def _compute_may_decide(self):
        user = self.env.user
        manager = user.has_group("key_account.group_manager")
        for hold in self:
            leads = hold.sudo().ticket_id.team_id.leader_id == user
            decides = (manager or leads) and hold.user_id != user
            hold.may_decide = hold.state == "asked" and decides

    # --- CRUD ---

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "ticket_id",
            "reason",
            "note",
            "started_at",
            "ended_at",
            "user_id",
            "decided_by_id",
            "decided_at",
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A hold stays on record. Refuse it instead."))

    # --- Actions ---

    def action_approve(self):
        """The wait was out of our hands."""
        self._decide("approved")
        return True

    def action_refuse(self):
        """It was not: the promises ran all the time."""
        self._decide("refused")
        self._tell_clocks("recalled")
        return True

    # --- Business ---

    @api.model
    def _begin(self, tickets, reason, note):
        now = fields.Datetime.now()
        holds = (
            self.sudo()
            ._authorized()
            .create(
                [
                    {
                        "ticket_id": ticket.id,
                        "reason": reason,
                        "note": note,
                        "started_at": now,
                        "user_id": self.env.uid,
                    }
                    for ticket in tickets
                ]
            )
        )
        holds._tell_clocks("hold")

    def _end(self):
        self.sudo()._authorized().write({"ended_at": fields.Datetime.now()})
        self._tell_clocks("resume")

    def _tell_clocks(self, kind):
        now = fields.Datetime.now()
        self.env["key.account.sla.clock"]._holds_changed(kind, self.sudo(), now)

    def _decide(self, state):
        for hold in self:
            if self.env.user == hold.user_id:
                raise UserError(
                    self.env._("Somebody else approves the hold that you asked for.")
                )
            leader = hold.sudo().ticket_id.team_id.leader_id
            if self.env.user != leader:
                hold._check_group(
                    "key_account.group_manager",
                    self.env._("The team leader or a manager decides about holds."),
                )
        self._lock()
        self.ticket_id._lock()
        self.sudo()._move(
            state, decided_by_id=self.env.uid, decided_at=fields.Datetime.now()
        )

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import ticket_rules

# Who sees what hangs on a ticket; whom a complaint is about reads the ticket alone.
WHO_WORKS = "key_account.group_member,key_account.group_reviewer"


class KeyAccountTicketFlow(models.AbstractModel):
    """The steps that enquiries and complaints have in common.

    A step that needs words asks for them: pressed without, the button opens a small
    form (``key.account.ticket.step``) that calls the same method with them.
    """

    _name = "key.account.ticket.flow"
    _description = "Flow of Tickets"
    _inherit = ["key.account.guarded"]
    _transitions = {
        state: ticket_rules.ENQUIRY.get(state, ())
        + ticket_rules.COMPLAINT.get(state, ())
        for state, _label in ticket_rules.STATES
    }

    hold_ids = fields.One2many(
        "key.account.ticket.hold", "ticket_id", "Holds", groups=WHO_WORKS
    )
    current_hold_id = fields.Many2one(
        "key.account.ticket.hold",
        "On Hold",
        compute="_compute_current_hold_id",
        compute_sudo=True,
        groups=WHO_WORKS,
    )
    exit_reason = fields.Text(
        "Why It Ended", readonly=True, copy=False, help="Reason of a side exit."
    )

    # --- Compute ---

    @api.depends("hold_ids.ended_at", "hold_ids.state")
    def _compute_current_hold_id(self):
        for ticket in self:
            ticket.current_hold_id = ticket.hold_ids.filtered("is_running")[:1]

    # --- Actions ---

    def action_accept(self):
        """Takes the ticket on: it has a handler from now on, and the customer is told
        (R087). An unknown sender becomes a contact now, not earlier."""
        self._begin_step()
        for ticket in self:
            state = "assigned" if ticket.kind == "enquiry" else "accepted"
            ticket._check_comes_from("new")
            ticket._know_sender()
            handler = ticket.user_id or self.env.user
            ticket._move(state, user_id=handler.id)
        self._tell_accepted()
        return True

    def action_close(self, answer=None, nothing_else=None, outcome=None):
        """Ends the ticket: an enquiry when the customer has nothing else, a complaint
        when everything that a solution takes is there. Says what is missing.

        :param answer: what the customer was told, for an enquiry answered right now.
        :param nothing_else: how we know that he has nothing else to ask.
        :param outcome: a key of ``outcome``; solved if nothing else is said.
        """
        enquiries = self.filtered(lambda ticket: ticket.kind == "enquiry")
        if enquiries:
            form = enquiries._close_enquiries(answer, nothing_else, outcome)
            if form:
                return form
        (self - enquiries)._close_complaints(outcome)
        return True

    def action_reopen(self, reason=None):
        """Takes up a ticket again that was not solved after all (R093)."""
        if not reason:
            return self._ask("reopen")
        self._begin_step()
        for ticket in self:
            if ticket.state not in ("closed", "unjustified", "withdrawn", "answered"):
                raise UserError(ticket._transition_message("assigned"))
            ticket._reopen(reason)
        return True

    def action_withdraw(self, reason=None):
        """The customer takes it back, in his own words."""
        return self._leave("withdrawn", reason)

    def action_merge(self, into=None):
        """Ends tickets that say the same as another one, and gathers in that one what
        was said in them.

        :param into: the ticket that goes on, or its id.
        """
        if not into:
            return self._ask("merge")
        goal = self.browse(into) if isinstance(into, int) else into
        (self | goal)._begin_step()
        self._check_merge(goal)
        now = fields.Datetime.now()
        for ticket in self:
            ticket._move("merged", merged_into_id=goal.id, closed_at=now)
            ticket._hand_messages_to(goal)
        goal._show_promises()
        return True

    def action_hold(self, reason=None, note=None):
        """Stops the promises that may stand still, as long as we wait for the
        customer, the organiser or an authority. The team leader approves it.

        :param reason: a reason of ``key.account.ticket.hold``.
        """
        if not reason:
            return self._ask("hold")
        self._begin_step()
        for ticket in self:
            if not ticket.is_open:
                raise UserError(ticket._resting_message())
            if ticket.current_hold_id:
                raise UserError(
                    self.env._("%(name)s is on hold already.", name=ticket.display_name)
                )
        self.env["key.account.ticket.hold"]._begin(self, reason, note)
        return True

    def action_resume(self):
        """The waiting is over: the promises go on."""
        self._begin_step()
        holds = self.hold_ids.filtered("is_running")
        if len(holds) < len(self):
            raise UserError(self.env._("There is no hold to end."))
        holds._end()
        return True

    def action_make_complaint(self):
        """What began as an enquiry turns out to be a complaint: a new one, linked."""
        self.ensure_one()
        self._begin_step()
        if self.kind != "enquiry":
            raise UserError(self.env._("This is a complaint already."))
        complaint = self.create(self._prepare_complaint_vals())
        self.message_post(
            body=self.env._("Became %(number)s.", number=complaint._get_html_link()),
        )
        return complaint._open_form()

    # --- Business ---

    def _next_states(self):
        return ticket_rules.followers(self.kind, self.state)

    def _begin_step(self):
        """Takes the rows for somebody who may work on them.

        :raises AccessError: for who may not, the person a complaint is about included.
        """
        self.check_access("write")
        accused = self.filtered(
            lambda ticket: ticket.sudo().responsible_user_id == self.env.user
        )
        if accused and not self.env.su:
            raise AccessError(
                self.env._(
                    "%(name)s is about your own work: somebody else deals with it.",
                    name=accused[0].display_name,
                )
            )
        self._lock()

    def _check_comes_from(self, state):
        """:raises UserError: for a step that leads on from ``state`` only. The table
        may allow the move from other states as well, by other steps: who reopens a
        ticket says why."""
        if self.state != state:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(name)s is in state %(state)s. This step belongs to the state"
                    " %(other)s; the buttons of the ticket say what comes next.",
                    name=self.display_name,
                    state=labels[self.state],
                    other=labels[state],
                )
            )

    def _leave(self, state, reason):
        """A side exit: its promises are void."""
        if not reason:
            return self._ask(state)
        self._begin_step()
        self._move(state, exit_reason=reason, closed_at=fields.Datetime.now())
        for ticket in self:
            ticket.message_post(body=reason)
        return True

    def _reopen(self, reason):
        first = {
            ("enquiry", "closed"): "assigned",
            ("enquiry", "answered"): "assigned",
            ("enquiry", "withdrawn"): "assigned",
            ("complaint", "closed"): "planning",
        }
        state = first.get((self.kind, self.state), "accepted")
        self._move(
            state,
            reopen_count=self.reopen_count + 1,
            closed_at=False,
            outcome=False,
            exit_reason=False,
            **self._forget_on_reopening(),
        )
        self.message_post(body=self.env._("Reopened: %(reason)s", reason=reason))

    def _forget_on_reopening(self):
        """What does not hold any more when a ticket is taken up again."""
        return {}

    def _check_merge(self, goal):
        """:raises UserError: where these tickets are not about the same."""
        if goal in self:
            raise UserError(self.env._("Choose another ticket to merge these into."))
        if not goal.is_open:
            raise UserError(goal._resting_message())
        for ticket in self:
            customers = ticket.sudo().commercial_partner_id, goal.commercial_partner_id
            same = not all(customers) or customers[0] == customers[1]
            if ticket.company_id != goal.company_id or not same:
                raise UserError(
                    self.env._(
                        "%(one)s and %(other)s are of different customers. What one"
                        " customer said is not shown to another.",
                        one=ticket.display_name,
                        other=goal.display_name,
                    )
                )

    def _hand_messages_to(self, goal):
        """The ticket that goes on holds the words and files of both."""
        self.message_post(
            body=self.env._("Merged into %(number)s.", number=goal._get_html_link())
        )
        messages = self.sudo().message_ids.filtered(
            lambda message: message.message_type in ("email", "comment")
        )
        for message in messages:
            message.copy({"res_id": goal.id, "attachment_ids": False})
        files = self.env["ir.attachment"].sudo()
        files = files.search([("res_model", "=", self._name), ("res_id", "=", self.id)])
        for file in files:
            file.copy({"res_id": goal.id})
        goal.message_subscribe(self.message_partner_ids.ids)
        goal.message_post(
            body=self.env._("Took over %(number)s.", number=self._get_html_link())
        )

    def _prepare_complaint_vals(self):
        names = ("partner_id", "account_id", "company_id", "team_id", "user_id")
        names += ("order_id", "project_id", "supplier_id", "mailbox_id")
        words = (
            "name",
            "description",
            "email_from",
            "phone",
            "contact_name",
            "channel",
        )
        words += ("show_name", "stand_no", "event_phase", "urgency", "importance")
        return {
            "kind": "complaint",
            "origin_id": self.id,
            **{name: self[name].id for name in names},
            **{name: self[name] for name in words},
        }

    def _counted_holds(self):
        """When this ticket stood still, as ``[(begin, end or None)]``; what was refused
        does not count."""
        return [
            (hold.started_at, hold.ended_at or None)
            for hold in self.sudo().hold_ids
            if hold.state != "refused"
        ]

    # --- Tools ---

    def _ask(self, step):
        """Opens the small form in which a step is given its words."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": dict(self.env["key.account.ticket.step"]._steps())[step],
            "res_model": "key.account.ticket.step",
            "view_mode": "form",
            "target": "new",
            "context": {"default_ticket_id": self.id, "default_step": step},
        }

    def _open_form(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def _resting_message(self):
        return self.env._(
            "%(name)s has ended. Reopen it first.", name=self.display_name
        )

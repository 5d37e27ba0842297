from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class KeyAccountTicketEnquiry(models.AbstractModel):
    """The steps of an enquiry (R095): answered at once or by a promised time, by the
    department that knows, over the channel it came by, and closed when the customer
    has nothing else to ask."""

    _name = "key.account.ticket.enquiry"
    _description = "Enquiry"
    _inherit = ["key.account.ticket.flow"]

    consult_ids = fields.One2many(
        "key.account.ticket.consult", "ticket_id", "Questions to Departments"
    )
    promised_at = fields.Datetime(
        "Promised to the Customer",
        tracking=True,
        help="When the agent said the answer would be there. Not later than what the"
        " company promises, unless there is a reason.",
    )
    promised_reason = fields.Char("Why Later")
    answer = fields.Html(copy=False)
    nothing_else = fields.Selection(
        [
            ("said", "Said So"),
            ("confirmed", "Confirmed on the Portal"),
            ("silent", "Did Not Answer in Time"),
        ],
        "Nothing Else to Ask",
        copy=False,
        tracking=True,
    )

    # --- Constraints ---

    @api.constrains("promised_at", "promised_reason")
    def _check_promised_at(self):
        """What an agent promises does not undo what the company promised."""
        for ticket in self.filtered("promised_at"):
            due = ticket.sudo().clock_ids.filtered(
                lambda clock: clock.metric == "resolve" and not clock.stop_at
            )
            if due.due_at and ticket.promised_at > due.due_at:
                if not ticket.promised_reason:
                    raise ValidationError(
                        self.env._(
                            "The customer was promised a solution earlier than that."
                            " Promise an earlier time, or say why it is later."
                        )
                    )

    # --- Actions ---

    def action_consult(self):
        """Asks a department; the customer's time runs on."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask a Department"),
            "res_model": "key.account.ticket.consult",
            "view_mode": "form",
            "target": "new",
            "context": {"default_ticket_id": self.id},
        }

    def action_done(self):
        """An enquiry is answered, a complaint carried out."""
        for ticket in self:
            if ticket.kind == "complaint":
                ticket._carry_out()
            else:
                ticket._answered()
        return True

    # --- Business ---

    def _answered(self):
        self._begin_step()
        open_questions = self.consult_ids.filtered(lambda c: c.state == "asked")
        if open_questions:
            raise UserError(
                self.env._(
                    "%(departments)s has not answered yet. Wait for the answer, or take"
                    " the question back.",
                    departments=", ".join(open_questions.mapped("display_name")),
                )
            )
        if not self._has_replied():
            raise UserError(
                self.env._(
                    "The customer has not been answered since he last wrote. Send him"
                    " the answer, or log the call in which he got it."
                )
            )
        self._move("answered", outcome=self.outcome or "solved")

    def _has_replied(self):
        """Whether the customer got a word from us after his last one (I6)."""
        last = self.last_reply_at
        return bool(last) and (not self.last_inbound_at or last >= self.last_inbound_at)

    def _close_enquiries(self, answer, nothing_else, outcome):
        """Closes answered enquiries, and new ones that were answered on the spot.

        :return: the form that asks for what is not known yet, if any.
        """
        on_the_spot = self.filtered(lambda ticket: ticket.state == "new")
        if on_the_spot and not answer:
            return on_the_spot[:1]._ask("answer")
        unsure = self.filtered(lambda t: not (t.nothing_else or nothing_else))
        if unsure:
            return unsure[:1]._ask("close")
        self._begin_step()
        now = fields.Datetime.now()
        for ticket in self:
            if ticket in on_the_spot:
                ticket._know_sender()
                ticket._log_answer(answer)
            if not ticket._has_replied():
                raise UserError(
                    self.env._(
                        "%(name)s: the customer wrote after our last answer. Answer him"
                        " first.",
                        name=ticket.display_name,
                    )
                )
            ticket._move(
                "closed",
                closed_at=now,
                nothing_else=ticket.nothing_else or nothing_else,
                outcome=outcome or ticket.outcome or "solved",
                user_id=ticket.user_id.id or self.env.uid,
            )
        return None

    def _log_answer(self, answer):
        """Writes down what the customer was told on the telephone or in person."""
        self.write({"answer": answer})
        self._log_contact(answer)

    def _forget_on_reopening(self):
        return {**super()._forget_on_reopening(), "nothing_else": False}

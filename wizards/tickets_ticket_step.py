from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import LazyTranslate

from ..models.tickets.ticket_hold import REASONS
from ..models.tickets.ticket_satisfied import MARKS, OUTCOMES

_lt = LazyTranslate(__name__)

STEPS = {
    "answer": _lt("Answered on the Spot"),
    "reply": _lt("Reply to the Customer"),
    "hand_over": _lt("Hand Over"),
    "call": _lt("Log a Call"),
    "close": _lt("Close the Enquiry"),
    "hold": _lt("Put on Hold"),
    "merge": _lt("Merge into Another Ticket"),
    "withdrawn": _lt("The Customer Takes It Back"),
    "unjustified": _lt("Not Justified"),
    "reopen": _lt("Reopen"),
    "reject": _lt("Send the Plan Back"),
    "customer_accept": _lt("The Customer Agrees"),
    "customer_refuse": _lt("The Customer Does Not Agree"),
    "satisfaction": _lt("Is the Customer Satisfied?"),
    "sample": _lt("Check What Was Noted"),
    "override": _lt("Go On without Agreement"),
    "refuse_finally": _lt("Refuse Finally"),
    "reset": _lt("Begin a Promise Anew"),
    "effective": _lt("It Works"),
    "ineffective": _lt("It Does Not Work"),
}


class KeyAccountTicketStep(models.TransientModel):
    """The small form in which a step of a ticket is given its words. It calls the same
    method that the button called, with them."""

    _name = "key.account.ticket.step"
    _description = "Step of a Ticket"

    ticket_id = fields.Many2one("key.account.ticket", required=True)
    measure_id = fields.Many2one("key.account.ticket.measure", "Which Measure")
    clock_id = fields.Many2one("key.account.sla.clock")
    step = fields.Selection(selection=lambda self: self._steps(), required=True)
    kind = fields.Selection(related="ticket_id.kind")
    company_id = fields.Many2one(related="ticket_id.company_id")
    account_id = fields.Many2one(related="ticket_id.account_id")
    words = fields.Text()
    hint = fields.Char(compute="_compute_hint")
    hold_reason = fields.Selection(REASONS, "Waiting for", default="customer")
    into_id = fields.Many2one("key.account.ticket", "Goes On as")
    channel = fields.Selection(
        [
            ("phone", "By Phone"),
            ("email", "By Mail"),
            ("visit", "In Person"),
            ("chat", "By Chat"),
        ],
        default="phone",
    )
    is_counter = fields.Boolean("Wants Something Else")
    nothing_else = fields.Selection(
        [("said", "He Said So"), ("silent", "He Did Not Answer in Time")],
        "Nothing Else to Ask",
        default="said",
    )
    satisfaction = fields.Selection(OUTCOMES)
    source = fields.Selection(
        [
            ("phone", "By Phone"),
            ("interview", "In Person, by Somebody Else"),
            ("external", "Third Party"),
        ],
        "Asked",
        default="phone",
    )
    attitude = fields.Selection(MARKS, "Attitude (1 to 5)")
    speed = fields.Selection(MARKS, "Speed (1 to 5)")
    to_user_id = fields.Many2one(
        "res.users",
        "To Whom",
        domain=lambda self: [
            ("share", "=", False),
            ("all_group_ids", "in", self.env.ref("key_account.group_member").ids),
        ],
    )
    to_team_id = fields.Many2one(
        "key.account.ticket.team",
        "To Which Team",
        domain="[('company_id', '=', company_id)]",
        help="Somebody of this team takes it.",
    )
    is_settled = fields.Boolean(
        "That Answers It", help="Marks the enquiry as answered with this reply."
    )
    sample_result = fields.Selection(
        [("same", "The Customer Says the Same"), ("differs", "He Says Otherwise")]
    )

    @api.depends("step")
    @api.depends_context("lang")
    def _compute_hint(self):
        """What is to be written down."""
        hints = self._hints()
        usual = self.env._("In a few words; they stay on record")
        for form in self:
            form.hint = hints.get(form.step, usual)

    @api.model
    def _hints(self):
        in_his_words = self.env._("What the customer said, in his words")
        why = self.env._("Why; it stays on record")
        return {
            "answer": self.env._("What you told the customer"),
            "reply": self.env._("What the customer reads"),
            "hand_over": self.env._("What your colleague has to know"),
            "call": self.env._("What was said"),
            "hold": self.env._("What we wait for"),
            "withdrawn": in_his_words,
            "reopen": why,
            "unjustified": self.env._("Why; the customer is told"),
            "reject": self.env._("What is to be changed in the plan"),
            "customer_accept": in_his_words,
            "customer_refuse": in_his_words,
            "satisfaction": in_his_words,
            "override": why,
            "refuse_finally": why,
            "effective": self.env._("What shows that it works"),
            "ineffective": self.env._("What shows that it does not work"),
        }

    @api.model
    def _steps(self):
        return [(step, self.env._(label)) for step, label in STEPS.items()]

    def action_confirm(self):
        """Takes the step."""
        self.ensure_one()
        result = getattr(self, f"_confirm_{self.step}")()
        if isinstance(result, dict):
            return result
        return {"type": "ir.actions.act_window_close"}

    # --- Steps ---

    def _confirm_answer(self):
        return self.ticket_id.action_close(
            answer=self._given_words(), nothing_else=self.nothing_else
        )

    def _confirm_reply(self):
        return self.ticket_id.action_reply(self._given_words(), self.is_settled)

    def _confirm_hand_over(self):
        if not (self.to_user_id or self.to_team_id):
            raise UserError(self.env._("Choose a colleague or a team."))
        ticket = self.ticket_id
        result = ticket.action_hand_over(
            self.to_user_id.id, self.to_team_id.id, (self.words or "").strip()
        )
        # who gave it away may not see it any more
        if not ticket._filtered_access("read"):
            return self.env["ir.actions.act_window"]._for_xml_id(
                "key_account.ticket_inbox_action"
            )
        return result

    def _confirm_call(self):
        return self.ticket_id.action_log_call(self._given_words())

    def _confirm_close(self):
        return self.ticket_id.action_close(nothing_else=self.nothing_else)

    def _confirm_hold(self):
        return self.ticket_id.action_hold(self.hold_reason, self._given_words())

    def _confirm_merge(self):
        if not self.into_id:
            raise UserError(self.env._("Choose the ticket that goes on."))
        return self.ticket_id.action_merge(self.into_id)

    def _confirm_withdrawn(self):
        return self.ticket_id.action_withdraw(self._given_words())

    def _confirm_unjustified(self):
        return self.ticket_id.action_unjustified(self._given_words())

    def _confirm_reopen(self):
        return self.ticket_id.action_reopen(self._given_words())

    def _confirm_reject(self):
        return self.ticket_id.action_reject(self._given_words())

    def _confirm_customer_accept(self):
        return self.ticket_id.action_customer_accept(self._given_words(), self.channel)

    def _confirm_customer_refuse(self):
        return self.ticket_id.action_customer_refuse(
            self._given_words(), self.channel, self.is_counter
        )

    def _confirm_satisfaction(self):
        if not self.satisfaction:
            raise UserError(self.env._("Say whether the customer is satisfied."))
        return self.ticket_id.action_record_satisfaction(
            self.satisfaction, self.source, self.attitude, self.speed, self.words
        )

    def _confirm_sample(self):
        if not self.sample_result:
            raise UserError(self.env._("Say what the customer said this time."))
        return self.ticket_id.action_sample(self.sample_result)

    def _confirm_override(self):
        return self.ticket_id.action_override(self._given_words())

    def _confirm_refuse_finally(self):
        return self.ticket_id.action_refuse_finally(self._given_words())

    def _confirm_reset(self):
        return self.clock_id.action_reset(self._given_words())

    def _confirm_effective(self):
        return self.measure_id.action_effective(self._given_words())

    def _confirm_ineffective(self):
        return self.measure_id.action_ineffective(self._given_words())

    def _given_words(self):
        if not (self.words or "").strip():
            raise UserError(self.env._("Say it in a few words: they stay on record."))
        return self.words

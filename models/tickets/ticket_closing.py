from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import LazyTranslate

from ...tools import closing

_lt = LazyTranslate(__name__)

MISSING = {
    "cause": _lt("the cause"),
    "department": _lt("the responsible department"),
    "corrected": _lt("a correction that is done"),
    "approved": _lt("the approval of the plan"),
    "agreed": _lt("the customer's agreement to the plan"),
    "satisfaction": _lt("whether the customer is satisfied"),
    "attempts": _lt("two attempts to reach the customer, on two days"),
    "dissatisfied": _lt(
        "a satisfied customer; plan again, or let the general manager decide"
    ),
    "prevention": _lt(
        "a corrective measure with a date on which its effect is checked"
    ),
}


class KeyAccountTicketClosing(models.AbstractModel):
    """The end of a complaint: the measures are carried out, the customer says whether
    he is satisfied, and only then it is closed (R093)."""

    _name = "key.account.ticket.closing"
    _description = "End of a Complaint"
    _inherit = ["key.account.ticket.satisfied"]

    override_reason = fields.Text(
        "Decided against the Customer",
        readonly=True,
        copy=False,
        help="Why the general manager goes on without the customer's agreement.",
    )
    overridden_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    final_reason = fields.Text("Finally Refused", readonly=True, copy=False)

    # --- CRUD ---

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "override_reason",
            "overridden_by_id",
            "final_reason",
        }

    # --- Actions ---

    def action_override(self, reason=None):
        """The general manager carries out the plan though the customer does not agree
        to it."""
        if not reason:
            return self._ask("override")
        self._check_director()
        self._begin_step()
        for ticket in self:
            ticket._check_approved()
            ticket._move(
                "executing", override_reason=reason, overridden_by_id=self.env.uid
            )
            ticket.measure_ids._give_out()
            ticket.message_post(
                body=self.env._("Goes on without agreement: %(why)s", why=reason)
            )
        return True

    def action_refuse_finally(self, reason=None):
        """The general manager ends a complaint of which the customer is still not
        satisfied. Nobody else can (I2)."""
        if not reason:
            return self._ask("refuse_finally")
        self._check_director()
        self._begin_step()
        for ticket in self:
            ticket._authorized().write({"final_reason": reason})
            if not ticket.satisfaction:
                ticket._keep_satisfaction("dissatisfied", "phone")
            ticket._close_one("refused")
            ticket.message_post(body=reason)
        return True

    # --- Business ---

    def _carry_out(self):
        """The measures that make it good are done: the customer is asked."""
        self._begin_step()
        waiting = self.measure_ids.filtered(lambda measure: measure._holds_up())
        if waiting:
            raise UserError(
                self.env._(
                    "Not carried out yet: %(measures)s.",
                    measures=", ".join(waiting.mapped("name")),
                )
            )
        self._move("follow_up")
        self._ask_satisfaction()

    def _close_complaints(self, outcome):
        self and self._begin_step()
        for ticket in self:
            ticket._close_one(outcome or ticket.outcome or "solved")

    def _close_one(self, outcome):
        missing = closing.gaps(self._closing_facts())
        if missing:
            raise UserError(
                self.env._(
                    "%(name)s cannot be closed yet. It lacks %(what)s.",
                    name=self.display_name,
                    what=", ".join(self.env._(MISSING[key]) for key in missing),
                )
            )
        self._move("closed", outcome=outcome, closed_at=fields.Datetime.now())

    def _closing_facts(self):
        """The facts of this complaint that decide whether it may be closed."""
        measures, day = self.measure_ids, self.company_id._key_account_day
        return closing.Complaint(
            cause=bool(self.cause_id),
            department=bool(self.responsible_department_id),
            corrected=any(m.kind == "correction" and m.done_at for m in measures),
            approved=bool(self.plan_approved_at),
            agreed=bool(self.customer_accepted_at),
            overridden=bool(self.overridden_by_id),
            satisfaction=self.satisfaction or None,
            attempts_on=tuple(
                day(attempt.date)
                for attempt in self.round_ids
                if attempt.answer == "unreachable"
                and attempt.date >= (self.plan_approved_at or attempt.date)
            ),
            final=bool(self.final_reason),
            justified=self.justified,
            importance=self.importance,
            prevention_dated=any(
                m.kind == "corrective" and m.effect_due for m in measures
            ),
        )

    def _check_director(self):
        """:raises UserError: for everybody but the general manager of the company, or
        any manager where none is named."""
        for ticket in self:
            director = ticket.sudo().company_id.key_account_general_manager_id
            if self.env.su or (director and self.env.user != director):
                raise UserError(
                    self.env._(
                        "Only the general manager decides this. Ask %(name)s.",
                        name=director.name or self.env._("a manager"),
                    )
                )
        self._check_group(
            "key_account.group_manager",
            self.env._("Only the general manager decides this. Ask a manager."),
        )

    def _forget_on_reopening(self):
        return {
            **super()._forget_on_reopening(),
            "override_reason": False,
            "overridden_by_id": False,
            "final_reason": False,
        }

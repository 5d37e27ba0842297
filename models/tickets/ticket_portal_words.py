from babel.dates import format_skeleton, format_time
from pytz import timezone, utc

from odoo import models
from odoo.tools import LazyTranslate
from odoo.tools.misc import babel_locale_parse, get_lang

from ...tools import customer_view
from .ticket_satisfied import BY_CUSTOMER

_lt = LazyTranslate(__name__)

# What happens now, by the state that the customer sees.
NOW = {
    "received": _lt("We have your message. Somebody will take care of it."),
    "accepted": _lt("Somebody takes care of your complaint, and will look into it."),
    "answering": _lt("We are working on your answer."),
    "answered": _lt(
        "We have answered. Does this settle it, or is there anything else?"
    ),
    "investigating": _lt("We are finding out what happened, and why."),
    "planning": _lt("We are working out how to put it right."),
    "proposed": _lt("Please read what we propose, and tell us whether you agree."),
    "executing": _lt("We are doing what was agreed."),
    "done": _lt("It is done. Please tell us whether you are satisfied."),
    "closed": _lt("This is closed."),
    "unjustified": _lt("We looked into it, and see no fault of ours."),
    "withdrawn": _lt("You took this back."),
    "merged": _lt("This was put together with another message of yours."),
}
PROMISES = {
    "acknowledge": _lt("We confirm that we have your message"),
    "first_reply": _lt("You get a first answer"),
    "next_reply": _lt("You get an answer to what you wrote"),
    "progress": _lt("We tell you how far we are"),
    "resolve": _lt("It is solved"),
    "follow_up": _lt("We ask whether you are satisfied"),
}
HOLDS = {
    "customer": _lt("We are waiting for something from you."),
    "organiser": _lt("We are waiting for the organiser or the venue."),
    "authority": _lt("We are waiting for an authority."),
}


class KeyAccountTicketPortalWords(models.AbstractModel):
    """What a customer is told of his ticket, in words he understands, in his language
    and time zone (R092): what happens now and by when, which promises were kept, and
    what is done about it.

    Nothing of how we work: no department, nobody who is responsible, no costs, no
    notes, no question to a colleague and no name of a policy.
    """

    _name = "key.account.ticket.portal.words"
    _description = "Ticket in Words"

    # --- Now ---

    def _told_now(self):
        """What happens now: the sentence, whose turn it is (``us``, ``you`` or
        ``nobody``), and until when we have promised to do something.

        :return: dict of ``turn``, ``words``, ``hold``, ``promised``, ``due``, ``late``.
        """
        self.ensure_one()
        ticket = self.sudo()
        shown = ticket.portal_state
        turn = "us" if ticket.is_open else "nobody"
        words = NOW[shown]
        if (
            shown in customer_view.HIS_TURN
            or ticket.current_hold_id.reason == "customer"
        ):
            turn = "you"
            if ticket.satisfaction_source in BY_CUSTOMER and shown == "done":
                turn, words = (
                    "us",
                    _lt("Thank you for your answer. We finish this now."),
                )
        due = ticket._told_due() if turn == "us" else ticket._promised_clocks().browse()
        return {
            "turn": turn,
            "words": self.env._(words),
            "hold": self._told_hold(),
            "promised": self._told_time(shown == "answering" and ticket.promised_at),
            "due": self._told_time(due.due_at),
            "late": bool(due.missed_at),
        }

    def _told_hold(self):
        hold = self.sudo().current_hold_id
        return self.env._(HOLDS[hold.reason]) if hold else None

    def _told_due(self):
        """The promise of ours that ends first."""
        waiting = self._promised_clocks().filtered(
            lambda clock: not clock.stop_at and clock.due_at
        )
        return waiting.sorted("due_at")[:1]

    # --- Promises ---

    def _told_promises(self):
        """What we have promised, and whether we kept it: list of dict of ``words``,
        ``state`` (``kept``, ``missed``, ``running``, ``late`` or ``held``), ``due`` and
        ``done``."""
        self.ensure_one()
        return [
            {
                "words": self.env._(PROMISES[clock.metric]),
                "state": customer_view.promise_state(
                    clock.state, clock.stop_at, clock.missed_at
                ),
                "due": self._told_time(clock.due_at),
                "done": self._told_time(clock.stop_at),
            }
            for clock in self._promised_clocks()
        ]

    def _promised_clocks(self):
        """The promises that were made to the customer, as opposed to those that our
        people made to each other, and that hold."""
        return self.sudo().clock_ids.filtered(
            lambda clock: (
                clock.metric in customer_view.METRICS and clock.state != "void"
            )
        )

    # --- Plan ---

    def _is_plan_shown(self):
        """A plan is for the customer once it is approved, and as long as it is."""
        return bool(self.sudo().plan_approved_at) and self.portal_state in (
            "proposed",
            "executing",
            "done",
            "closed",
        )

    def _told_measures(self):
        """What we do about it: list of dict of ``name, kind, done, due``."""
        kinds = dict(
            self.env["key.account.ticket.measure"]
            ._fields["kind"]
            ._description_selection(self.env)
        )
        return [
            {
                "name": measure.name,
                "kind": kinds[measure.kind],
                "done": self._told_time(measure.done_at, "day"),
                "due": self._told_day(measure.due_on),
            }
            for measure in self._shown_measures()
        ]

    def _shown_measures(self):
        """The measures that the customer hears of: before a plan is approved only what
        was done at once."""
        shown = self._is_plan_shown()
        return self.sudo().measure_ids.filtered(
            lambda measure: (
                measure.kind in customer_view.MEASURES
                and (shown or (measure.kind == "containment" and measure.done_at))
            )
        )

    # --- Times ---

    def _told_zone(self):
        """The time zone of the reader, or else the one that the company works in."""
        user = self.env.user
        reader = user if not user._is_public() else self.sudo().partner_id
        company = self.sudo().company_id
        return reader.sudo().tz or company.resource_calendar_id.tz or "UTC"

    def _told_time(self, moment, precision="minute"):
        """A moment as the reader writes it, empty if there is none."""
        if not moment:
            return ""
        locale = babel_locale_parse(get_lang(self.env).code)
        local = utc.localize(moment).astimezone(timezone(self._told_zone()))
        day = self._told_day(local)
        if precision == "day":
            return day
        return f"{day}, {format_time(local, 'short', locale=locale)}"

    def _told_day(self, day):
        locale = babel_locale_parse(get_lang(self.env).code)
        return format_skeleton("yMMMEd", day, locale=locale) if day else ""

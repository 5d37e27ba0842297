from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools import promises


class KeyAccountSlaEngine(models.AbstractModel):
    """What happens to the promises on tickets, any number at once: they begin, stand
    still, change, are done or are no longer waited for.

    Each method writes down what happened (``key.account.sla.event``) and has the
    clocks computed anew (``sla_projection.py``). Whoever calls them holds the row of
    the ticket, so that two never work on the promises of one ticket.
    """

    _name = "key.account.sla.engine"
    _description = "Engine of Promises"
    _inherit = ["key.account.sla.projection"]

    # --- Begin ---

    @api.model
    def _start(self, wanted):
        """Begins promises where the policy of the ticket holds one.

        :param wanted: list of ``(ticket, metric, moment, question or None)``.
        :return: the clocks that began.
        """
        runs = self._count_runs(wanted)
        rows = []
        for ticket, metric, moment, consult in wanted:
            line = ticket.sudo().policy_id._line(metric)
            if line:
                key = ticket.id, metric, consult.id if consult else False
                runs[key] += 1
                rows.append(
                    self._prepare_clock(ticket, line, moment, consult, runs[key])
                )
        clocks = self.sudo()._authorized().create(rows)
        clocks._log_event("start", {clock: clock.start_at for clock in clocks})
        for clock in clocks.filtered("pausable"):
            clock._log_holds_so_far()
        clocks._refresh()
        return clocks

    @api.model
    def _count_runs(self, wanted):
        """How often each thing was promised before; nothing is asked of new tickets."""
        runs = defaultdict(int)
        known = {
            ticket.id
            for ticket, _metric, _moment, _consult in wanted
            if not ticket.env.context.get("key_account_new_ticket")
        }
        if known:
            for ticket, metric, consult, run in self.sudo()._read_group(
                [("ticket_id", "in", list(known))],
                ["ticket_id", "metric", "consult_id"],
                ["run:max"],
            ):
                runs[ticket.id, metric, consult.id] = run
        return runs

    @api.model
    def _prepare_clock(self, ticket, line, moment, consult, run):
        policy = line.policy_id
        return {
            "ticket_id": ticket.id,
            "company_id": ticket.company_id.id,
            "consult_id": consult.id if consult else False,
            "metric": line.metric,
            "run": run,
            "policy_id": policy.id,
            "target_minutes": line.minutes,
            "calendar_id": policy._calendar(ticket).id,
            "pausable": line.pausable,
            "start_at": moment,
            "state": "running",
        }

    # --- End ---

    def _stop(self, moment=None):
        """What was promised is done: says of each open clock whether that was in time,
        whatever state it is in, and for good."""
        clocks = self._still_open()
        moment = moment or fields.Datetime.now()
        clocks._log_event("stop", {c: max(moment, c.start_at) for c in clocks})
        works = clocks._working_times(moment)
        clocks._project(
            {
                clock: clock._outcome(works[clock._hours_key()], moment)
                for clock in clocks
            }
        )

    def _outcome(self, work, moment):
        """What a clock is that stops at ``moment``."""
        start, stop = self.start_at, max(moment, self.start_at)
        target = self.target_minutes * 60
        holds = [(begin, end or stop) for begin, end in self._holds()]
        met, late = promises.outcome(work, start, target, holds, stop)
        met = met and not self.missed_at  # once late, late for good
        values = {
            "state": "met" if met else "missed",
            "stop_at": stop,
            "due_at": self.due_at or promises.due(work, start, target, holds),
            "late_minutes": 0 if met else max(late // 60, 1),
            "held_minutes": promises.held(work, holds, start, stop) // 60,
            "worked_minutes": promises.worked(work, start, holds, stop) // 60,
            "next_event_at": None,
        }
        if not met and not self.missed_at:
            values |= {"missed_at": values["due_at"], **self._failure()}
        return values

    def _void(self, moment=None, note=None):
        """Nobody waits for it any more: it counts neither as met nor as missed. What
        was late already stays so, and was late until now."""
        clocks = self._still_open()
        clocks._refresh()  # nobody may have noticed yet what is late
        moment = moment or fields.Datetime.now()
        late = clocks.filtered("missed_at")
        late._stop(moment)
        clocks -= late
        clocks._log_event("void", dict.fromkeys(clocks, moment), note=note)
        gone = {"state": "void", "stop_at": moment, "next_event_at": None}
        clocks._project(dict.fromkeys(clocks, gone))

    # --- Change ---

    @api.model
    def _holds_changed(self, kind, holds, moment):
        """Holds began (``hold``), ended (``resume``) or were refused (``recalled``)."""
        pausable = self._of_tickets(holds.ticket_id).filtered("pausable")
        for hold in holds:
            clocks = pausable.filtered(
                lambda c, held=hold.ticket_id: c.ticket_id == held
            )
            moments = {clock: max(moment, clock.start_at) for clock in clocks}
            clocks._log_event(kind, moments, note=hold.note, hold=hold)
        pausable._refresh()

    @api.model
    def _retarget(self, tickets):
        """The tickets fall under other promises now: each open clock is replaced by
        one with the new time and the same start and holds. What was late stays late,
        and what the new policy does not promise is void."""
        clocks = self._of_tickets(tickets)
        clocks._refresh()
        clocks = clocks.filtered(lambda clock: not clock.missed_at)
        lines = {clock: clock._line_now() for clock in clocks}
        gone = clocks.filtered(lambda clock: not clock._is_promised_by(lines[clock]))
        gone._void(note=self.env._("Another promise takes its place."))
        new = (
            self.sudo()
            ._authorized()
            .create(
                [
                    {
                        **self._prepare_clock(
                            clock.ticket_id,
                            lines[clock],
                            clock.start_at,
                            clock.consult_id,
                            clock.run,
                        ),
                        "ladder_step": clock.ladder_step,
                        "replaces_id": clock.id,
                    }
                    for clock in gone
                    if lines[clock]
                ]
            )
        )
        new._log_event("start", {clock: clock.start_at for clock in new})
        for clock in new.filtered("pausable"):
            clock._log_holds_so_far()
        new._refresh()

    def _line_now(self):
        """What the policy of the ticket promises on this metric now."""
        return self.ticket_id.policy_id._line(self.metric)

    def _is_promised_by(self, line):
        """Whether ``line`` promises just what this clock does."""
        return bool(line) and (
            line.minutes == self.target_minutes
            and line.pausable == self.pausable
            and line.policy_id._calendar(self.ticket_id) == self.calendar_id
        )

    def _log_holds_so_far(self):
        """A clock that begins while its ticket is on hold stands still at once, and one
        that takes another's place keeps its holds: its log says so."""
        for hold in self.ticket_id.sudo().hold_ids - self._refused_holds():
            if hold.ended_at and hold.ended_at <= self.start_at:
                continue
            begin = max(hold.started_at, self.start_at)
            self._log_event("hold", {self: begin}, note=hold.note, hold=hold)
            if hold.ended_at:
                self._log_event("resume", {self: hold.ended_at}, hold=hold)

    def _refused_holds(self):
        return self.ticket_id.sudo().hold_ids.filtered(lambda h: h.state == "refused")

    @api.model
    def _recompute_calendars(self, calendars):
        """Working hours or holidays changed: open promises in these calendars get new
        due times; what is late or done stays as it is."""
        clocks = self.sudo().search(
            self._open_domain()
            & Domain("calendar_id", "in", calendars.ids)
            & Domain("missed_at", "=", False)
        )
        before = {clock: clock.due_at for clock in clocks}
        clocks._refresh()
        moved = clocks.filtered(lambda clock: clock.due_at != before[clock])
        moved._log_event("calendar", dict.fromkeys(moved, fields.Datetime.now()))

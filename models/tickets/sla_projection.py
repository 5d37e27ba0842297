import json
from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import promises

# Where the working time up to the due moment is read: the promised time lasts so much
# longer on the wall than at work, and holidays come on top. It is read again, further,
# where that is not enough, but not for ever.
WALL_PER_WORK = 5
HOLIDAYS = timedelta(days=30)
FURTHEST = timedelta(days=4 * 365)

# From here a promise is about to be broken, at 100 % it is, whatever warnings a
# company makes of it.
SOON = 80
ALWAYS = (SOON, 100)
# After hours nothing is late: a promise is broken with the first second of work after
# it was due.
A_SECOND = timedelta(seconds=1)

COLUMNS = {
    "state": "varchar",
    "due_at": "timestamp",
    "stop_at": "timestamp",
    "missed_at": "timestamp",
    "late_minutes": "int4",
    "late_hours": "float8",
    "held_minutes": "int4",
    "worked_minutes": "int4",
    "ladder_step": "int4",
    "next_event_at": "timestamp",
    "failed_by_id": "int4",
    "failed_department_id": "int4",
}
# What an event keeps of its clock.
EVENT_COLUMNS = {
    "clock_id": "int4",
    "ticket_id": "int4",
    "company_id": "int4",
    "kind": "varchar",
    "at": "timestamp",
    "target_minutes": "int4",
    "due_at": "timestamp",
    "percent": "int4",
    "hold_id": "int4",
    "user_id": "int4",
    "note": "varchar",
}


def _plain(value):
    """A value as JSON for a column."""
    if isinstance(value, models.BaseModel):
        return value.id or None
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return None if value is False else value


class KeyAccountSlaProjection(models.AbstractModel):
    """Computes clocks from what is written of them and writes the result, with a few
    statements whatever their number (``tools/promises.py`` holds the arithmetic)."""

    _name = "key.account.sla.projection"
    _description = "Projection of Promises"

    # --- Compute ---

    def _refresh(self):
        """Computes due time, state and next event of these open clocks anew."""
        if not self:
            return
        now = fields.Datetime.now()
        works = self._working_times(now)
        steps_of = self.env["key.account.sla.ladder"]._steps_of(self.company_id)
        rows = {}
        for clock in self:
            steps = steps_of(clock.policy_id, clock.company_id).mapped("percent")
            work = works[clock._hours_key()]
            rows[clock] = clock._projection(work, steps, now)
        missed = self.filtered(lambda clock: rows[clock].get("missed_at"))
        missed._log_event("miss", dict.fromkeys(missed, now))
        self._project(rows)

    def _projection(self, work, steps, now):
        """What this open clock is now, from its start, target, holds and hours."""
        target, holds = self.target_minutes * 60, self._holds()
        due = promises.due(work, self.start_at, target, holds)
        if due is None:
            return {"state": "paused", "due_at": None, "next_event_at": None}
        values = {"state": "running", "due_at": due}
        late = promises.is_missed(work, self.start_at, target, holds, now)
        if self.missed_at or late:
            values["state"] = "missed"
            if not self.missed_at:
                values |= {"missed_at": due, **self._failure()}
        moments = [self._next_step_at(work, steps)]
        if values["state"] == "running":
            moments.append(work.first_from(due) + A_SECOND)
        values["next_event_at"] = min(filter(None, moments), default=None)
        return values

    def _next_step_at(self, work, steps):
        """When the next of the warnings at ``steps`` percent is due."""
        coming = [p for p in sorted({*steps, *ALWAYS}) if p > self.ladder_step]
        return self._step_at(work, coming[0]) if coming else None

    def _step_at(self, work, percent):
        target = self.target_minutes * 60
        return promises.step_at(work, self.start_at, target, self._holds(), percent)

    def _holds(self):
        """The times this clock stands still, as ``[(begin, end or None)]``."""
        return self.ticket_id._counted_holds() if self.pausable else []

    def _failure(self):
        """Whose promise it was when it was broken."""
        consult = self.consult_id
        user = consult.user_id if consult else self.ticket_id.user_id
        return {
            "failed_by_id": user.id or None,
            "failed_department_id": consult.department_id.id or None,
        }

    def _replay(self, now=None):
        """What the log of this clock comes to, in its working hours of today: to check
        what is stored.

        :return: a ``promises.Replay``.
        """
        self.ensure_one()
        work = self._working_times(now or fields.Datetime.now())[self._hours_key()]
        events = [
            promises.Event(
                event.kind,
                event.at,
                target_seconds=event.target_minutes * 60,
                hold=event.hold_id.id,
            )
            for event in self.event_ids.sorted(lambda event: (event.at, event.id))
            if event.kind in promises.KINDS
        ]
        return promises.replay(events, lambda _event: work, now)

    # --- Working time ---

    def _hours_key(self):
        return self.calendar_id, self.company_id

    def _working_times(self, now):
        """The working time that each clock runs in, far enough to know its due time.

        :return: ``{(calendar, company): WorkingTime}``, a few queries for each.
        """
        works = {}
        for key, clocks in self.grouped(lambda clock: clock._hours_key()).items():
            calendar, company = key
            since = min(clocks.mapped("start_at"))
            until = max(now, *clocks.mapped("start_at"))
            reach = timedelta(minutes=max(clocks.mapped("target_minutes")))
            reach = reach * WALL_PER_WORK + HOLIDAYS
            work = calendar._key_account_working_time(since, until + reach, company)
            while clocks._exceed(work) and reach < FURTHEST:
                reach *= 3
                work = calendar._key_account_working_time(since, until + reach, company)
            if clocks._exceed(work):
                # hours without any work in them: a promise is kept all the same
                always = calendar.browse()
                work = always._key_account_working_time(since, until + reach, company)
            works[key] = work
        return works

    def _exceed(self, work):
        """Whether one of these clocks is due after the end of ``work``. Nobody knows
        when a running hold ends, so it does not count here."""
        for clock in self:
            holds = [hold for hold in clock._holds() if hold[1]]
            target = clock.target_minutes * 60 * 2  # the later warnings, too
            if promises.due(work, clock.start_at, target, holds) is None:
                return True
        return False

    # --- Write ---

    def _still_open(self):
        return self.sudo().filtered(lambda clock: not clock.stop_at)

    @api.model
    def _of_tickets(self, tickets, metrics=None):
        """The open clocks of tickets."""
        domain = self._open_domain() & Domain("ticket_id", "in", tickets.ids)
        if metrics:
            domain &= Domain("metric", "in", metrics)
        return self.sudo().search(domain)

    def _project(self, rows):
        """Writes ``{clock: values}`` with one statement, and what the tickets show."""
        if not rows:
            return
        names = set().union(*rows.values())
        if "late_minutes" in names:
            names.add("late_hours")
        lines = []
        for clock, values in rows.items():
            if "late_minutes" in values:
                values = {**values, "late_hours": values["late_minutes"] / 60}
            line = {name: values.get(name, clock[name]) for name in names}
            line["id"] = clock.id
            lines.append(line)
        self._update_rows(
            "key_account_sla_clock", {n: COLUMNS[n] for n in names}, lines
        )
        self.invalidate_recordset(list(names))
        self._show_on_tickets()

    def _log_event(self, kind, moments, note=None, percent=None, hold=None):
        """Adds a row to the log of these clocks.

        :param moments: ``{clock: when it happened}``.
        :param hold: the hold it is about.
        """
        lines = [
            {
                "clock_id": clock.id,
                "ticket_id": clock.ticket_id.id,
                "company_id": clock.company_id.id,
                "kind": kind,
                "at": moments[clock],
                "target_minutes": clock.target_minutes,
                "due_at": clock.due_at,
                "percent": percent,
                "hold_id": hold.id if hold else None,
                "user_id": self.env.uid,
                "note": note,
            }
            for clock in self
        ]
        if lines:
            self._insert_events(lines)

    def _insert_events(self, lines):
        self.flush_model(["ticket_id", "company_id"])
        names = list(EVENT_COLUMNS)
        self.env.cr.execute(
            SQL(
                "INSERT INTO key_account_sla_event (%s, create_uid, create_date)"
                " SELECT %s, %s, now() AT TIME ZONE 'UTC'"
                " FROM jsonb_to_recordset(%s::jsonb) AS line(%s)",
                SQL(", ").join(map(SQL.identifier, names)),
                SQL(", ").join(SQL.identifier("line", name) for name in names),
                self.env.uid,
                self._as_json(lines),
                self._typed(EVENT_COLUMNS),
            )
        )
        self.env["key.account.sla.event"].invalidate_model()
        self.invalidate_recordset(["event_ids"])

    def _update_rows(self, table, columns, lines):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE %s AS target SET %s FROM jsonb_to_recordset(%s::jsonb)"
                " AS line(id int4, %s) WHERE target.id = line.id",
                SQL.identifier(table),
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), SQL.identifier("line", name))
                    for name in columns
                ),
                self._as_json(lines),
                self._typed(columns),
            )
        )

    @staticmethod
    def _as_json(lines):
        return json.dumps(
            [{name: _plain(value) for name, value in line.items()} for line in lines]
        )

    @staticmethod
    def _typed(columns):
        return SQL(", ").join(
            SQL("%s %s", SQL.identifier(name), SQL(kind))
            for name, kind in columns.items()
        )

    def _show_on_tickets(self):
        """The next due time and the state of promises, with the row of each ticket."""
        tickets = self.ticket_id
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account_ticket ticket
                   SET next_due_at = seen.due_at,
                       next_metric = seen.metric,
                       sla_state = seen.state
                  FROM (
                    SELECT ticket.id,
                           MIN(clock.due_at) FILTER (WHERE clock.stop_at IS NULL)
                               AS due_at,
                           (ARRAY_AGG(clock.metric ORDER BY clock.due_at)
                               FILTER (WHERE clock.stop_at IS NULL
                                         AND clock.due_at IS NOT NULL))[1] AS metric,
                           CASE WHEN BOOL_OR(clock.stop_at IS NULL
                                             AND clock.state = 'missed') THEN 'late'
                                WHEN BOOL_OR(clock.stop_at IS NULL
                                             AND clock.state = 'running'
                                             AND clock.ladder_step >= %(soon)s)
                                    THEN 'soon'
                                WHEN BOOL_OR(clock.stop_at IS NULL
                                             AND clock.state = 'running') THEN 'ok'
                                WHEN BOOL_OR(clock.stop_at IS NULL) THEN 'held'
                                WHEN COUNT(clock.id) > 0 THEN 'done'
                                ELSE 'none' END AS state
                      FROM key_account_ticket ticket
                      LEFT JOIN key_account_sla_clock clock
                        ON clock.ticket_id = ticket.id
                     WHERE ticket.id = ANY(%(ids)s)
                     GROUP BY ticket.id) AS seen
                 WHERE ticket.id = seen.id
                   AND (ticket.next_due_at, ticket.next_metric, ticket.sla_state)
                       IS DISTINCT FROM (seen.due_at, seen.metric, seen.state)
                """,
                soon=SOON,
                ids=tickets.ids,
            )
        )
        tickets.invalidate_recordset(["next_due_at", "next_metric", "sla_state"])

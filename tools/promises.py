"""What a service promise comes to: when it is due, and whether it was kept. Pure
functions, no database.

A promise is a *target*, so many working seconds from its *start* on. *Holds* are times
in which we wait for somebody else, ``(begin, end)`` with no end while they last. With W
and its left inverse of ``working_time.py``:

    worked(t) = W(t) - W(start) - working seconds of the holds in [start, t)
    due       = W^-1( W(start) + target + sum over holds (W(end) - W(begin)) )
    met       iff worked(stop) <= target
    late      = worked(stop) - target

All moments are naive and in UTC, all amounts whole seconds. ``work`` is a WorkingTime
whose horizon holds the start and the present; a moment outside it raises ValueError.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime

KINDS = frozenset(
    {
        "start",
        "target",
        "hold",
        "resume",
        "recalled",
        "calendar",
        "stop",
        "void",
        "miss",
    }
)


def union(holds):
    """The holds merged to ``[(begin, end)]`` in their order, no moment in two of them;
    the end of the last one is None while it lasts. Empty ones fall away."""
    merged = []
    for begin, end in sorted(holds, key=lambda hold: hold[0]):
        if end is not None and end <= begin:
            continue
        if merged and (merged[-1][1] is None or begin <= merged[-1][1]):
            last = merged[-1][1]
            open_end = last is None or end is None
            merged[-1] = (merged[-1][0], None if open_end else max(last, end))
        else:
            merged.append((begin, end))
    return merged


def held(work, holds, start, until):
    """Working seconds of ``[start, until)`` that lie in a hold, each once."""
    total = 0
    for begin, end in union(holds):
        begin = max(begin, start)
        end = until if end is None else min(end, until)
        if begin < end:
            total += work.between(begin, end)
    return total


def worked(work, start, holds, moment):
    """Working seconds from ``start`` to ``moment`` without the holds; 0 before."""
    if moment <= start:
        return 0
    return work.between(start, moment) - held(work, holds, start, moment)


def due(work, start, target_seconds, holds=()):
    """The moment at which the promise is due:

        W^-1( W(start) + target + sum over holds (W(end) - W(begin)) )

    A hold counts only if it begins before the moment that is due without it. A target
    of 0 is due at the first working moment from the start on.

    :return: None while a hold is open before it (nobody knows yet), or when it lies
        beyond the horizon of ``work``.
    :raises ValueError: for a negative target.
    """
    if target_seconds < 0:
        raise ValueError(f"{target_seconds} seconds are no target.")
    paused = 0
    for begin, end in union(holds):
        begin = max(begin, start)
        if end is not None and end <= begin:
            continue  # over before the clock began
        without = _reach(work, start, target_seconds + paused)
        if without is not None and begin >= without:
            break
        if end is None or end > work.until:
            return None
        paused += work.between(begin, end)
    return _reach(work, start, target_seconds + paused)


def remaining(work, start, target_seconds, holds, now):
    """Working seconds that are left at ``now``; negative once the promise is missed."""
    return target_seconds - worked(work, start, holds, now)


def is_missed(work, start, target_seconds, holds, now):
    """Whether an unstopped clock is missed at ``now``: a working second that no hold
    covers has passed since it was due. In the evening of the due moment, with nobody at
    work, an answer is still in time, as ``outcome`` has it."""
    return remaining(work, start, target_seconds, holds, now) < 0


def outcome(work, start, target_seconds, holds, stop):
    """``(met, late_seconds)`` of a clock that stops at ``stop``:

    met iff W(stop) - W(start) - holds <= target; late by the working seconds above it.
    """
    left = remaining(work, start, target_seconds, holds, stop)
    return left >= 0, max(0, -left)


def step_at(work, start, target_seconds, holds, percent):
    """The moment at which ``percent`` % of the target are used up, as ``due`` has it
    with target x percent / 100."""
    return due(work, start, round(target_seconds * percent / 100), holds)


def _reach(work, start, seconds):
    """The moment by which so much was worked since ``start``."""
    if not seconds:
        return work.first_from(start)
    return work.at(work.upto(start) + seconds)


# --- The log of a clock ---


@dataclass(frozen=True)
class Event:
    """One row of the log of a clock.

    - ``start`` with ``target_seconds``;
    - ``target``: another ``target_seconds``, from the start on; a missed clock keeps
      what it missed
    - ``hold``, ``resume``: a hold begins, ends. ``hold`` names it, as holds overlap;
      without a name the last one is meant
    - ``recalled``: a hold was refused, it never counts
    - ``calendar``: the working time is another one, from the start on; a missed clock
      keeps what it missed. With ``target_seconds``, the target too
    - ``stop``: what was promised is done
    - ``void``: nothing is owed any more; what is missed already stays missed
    - ``miss``: somebody looked whether it is missed
    """

    kind: str
    at: datetime
    target_seconds: int | None = None
    hold: Hashable = None
    calendar: Hashable = None

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind} is no kind of event.")


@dataclass(frozen=True)
class Replay:
    """What the log of a clock comes to. ``state`` is running, paused, met, missed or
    void; ``due_at`` None while it is unknown; ``late_seconds`` 0 until it stops."""

    state: str
    due_at: datetime | None
    stop_at: datetime | None
    late_seconds: int
    missed_at: datetime | None


def replay(events, work_of, now=None):
    """Computes a clock from its log alone, to check what is stored.

    Whether it is missed is judged at every event, and at ``now``. A miss is final, so
    is a stop: what comes later changes neither. ``missed_at`` is the moment it was due.

    :param events: in the order in which they happened.
    :param work_of: the WorkingTime in force from an event on, called with ``start`` and
        ``calendar`` events.
    :raises ValueError: for a log that cannot be: it does not begin with its only
        ``start``, goes back in time, or ends a hold that never began.
    """
    clock = _Clock()
    for event in events:
        clock.apply(event, work_of)
    if not clock.log:
        raise ValueError("A log begins with a start.")
    if now is not None:
        clock.judge(now)
    return clock.result()


class _Clock:
    """A clock in the course of its replay."""

    def __init__(self):
        self.log = []
        self.holds = []  # [name, begin, end]
        self.start = self.target = self.work = None
        self.missed_at = self.stop_at = self.final = None
        self.late = 0

    def apply(self, event, work_of):
        if bool(self.log) == (event.kind == "start"):
            raise ValueError("A log begins with its start, and has no other.")
        if self.log and event.at < self.log[-1].at:
            raise ValueError(f"{event} happened before {self.log[-1]}.")
        self.log.append(event)
        if self.final:
            return
        if event.kind == "start":
            self.start, self.target = event.at, event.target_seconds
            self.work = work_of(event)
            return
        self.judge(event.at)
        getattr(self, f"_on_{event.kind}")(event, work_of)
        self.judge(event.at)

    def judge(self, now):
        """Notes a miss, once and for all."""
        if self.final or self.missed_at:
            return
        if is_missed(self.work, self.start, self.target, self._spans(), now):
            self.missed_at = due(self.work, self.start, self.target, self._spans())

    def result(self):
        state, due_at = self.final, self.missed_at
        if not state:
            is_open = any(end is None for _name, _begin, end in self.holds)
            state = "paused" if is_open else "running"
            state = "missed" if self.missed_at else state
        if not due_at:
            due_at = due(self.work, self.start, self.target, self._spans())
        return Replay(state, due_at, self.stop_at, self.late, self.missed_at)

    def _spans(self):
        return [(begin, end) for _name, begin, end in self.holds]

    def _find(self, event, only_open):
        """The hold that an event is about, the last one that fits."""
        for hold in reversed(self.holds):
            fits = event.hold is None or event.hold == hold[0]
            if fits and not (only_open and hold[2] is not None):
                return hold
        raise ValueError(f"{event} is about a hold that is not there.")

    def _end(self, state, moment):
        self.late = max(0, -self._left(moment)) if self.missed_at else 0
        self.final, self.stop_at = state, moment
        for hold in self.holds:
            hold[2] = moment if hold[2] is None else hold[2]

    def _left(self, moment):
        return remaining(self.work, self.start, self.target, self._spans(), moment)

    # --- Kinds of events ---

    def _on_target(self, event, _work_of):
        if not self.missed_at:
            self.target = event.target_seconds

    def _on_calendar(self, event, work_of):
        if self.missed_at:
            return
        self.work = work_of(event)
        if event.target_seconds is not None:
            self.target = event.target_seconds

    def _on_hold(self, event, _work_of):
        self.holds.append([event.hold, event.at, None])

    def _on_resume(self, event, _work_of):
        self._find(event, only_open=True)[2] = event.at

    def _on_recalled(self, event, _work_of):
        # by identity: two holds may have the same moments
        gone = self._find(event, only_open=False)
        self.holds = [hold for hold in self.holds if hold is not gone]

    def _on_stop(self, event, _work_of):
        self._end("missed" if self.missed_at else "met", event.at)

    def _on_void(self, event, _work_of):
        self._end("missed" if self.missed_at else "void", event.at)

    def _on_miss(self, event, _work_of):
        """Judged already, as at every event."""

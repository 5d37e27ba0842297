"""The figures by which service is judged (R113), as pure functions.

What is counted are the tickets that ended in a month, the promises made on them and the
times they stood still. Each figure is one number divided by another, and both are kept
with the tickets they were made of:

    on time       replies in time / replies promised and not void
    success       complaints closed with the customer's agreement / all closed ones,
                  finally refused ones included; left by a side exit: not counted
    satisfaction  satisfied customers / customers who said whether they are
    response      customers who said it / customers who were asked
    attitude      mean of the marks from 1 to 5; speed likewise
    held          time that promises stood still / that time and the time they ran

Where there is nothing to divide by there is no figure, which is not 0 %. A figure is
rounded to two decimals, half up, once, and the rounded one is compared with the target:
what is printed is what counts.
"""

from dataclasses import dataclass
from typing import NamedTuple

REPLIES = ("first_reply", "next_reply")
RATED = ("satisfied", "neutral", "dissatisfied")
KEPT, BROKEN = "met", "missed"


@dataclass(frozen=True, slots=True)
class Ended:
    """A ticket that ended, as far as it is counted. ``sample`` is what came out when
    somebody else asked the customer again: ``same``, ``differs`` or None."""

    id: int
    kind: str
    state: str
    accepted: bool = False
    refused: bool = False
    asked: bool = False
    satisfaction: str | None = None
    by_phone: bool = False
    sample: str | None = None
    unhappy_before: bool = False
    reopened: bool = False
    attitude: int | None = None
    speed: int | None = None

    @property
    def is_closed_complaint(self):
        return self.kind == "complaint" and self.state == "closed"

    @property
    def is_rated(self):
        return self.satisfaction in RATED

    @property
    def is_satisfied(self):
        return self.satisfaction == "satisfied"

    @property
    def is_sampled(self):
        return bool(self.satisfaction and self.by_phone and self.sample)


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise on such a ticket that is over, times in working minutes. ``replaced``
    says that another one took its place, from the same start: nobody got away."""

    id: int
    metric: str
    state: str
    late: int = 0
    held: int = 0
    worked: int = 0
    replaced: bool = False

    @property
    def is_counted(self):
        return self.state in (KEPT, BROKEN)

    @property
    def is_reply(self):
        return self.is_counted and self.metric in REPLIES


@dataclass(frozen=True, slots=True)
class Hold:
    """A time that such a ticket stood still: ``approved``, ``refused`` or ``asked``."""

    id: int
    state: str


# What is counted, by what it is counted among.
TICKETS = {
    "ended": lambda ticket: True,
    "closed": lambda ticket: ticket.state == "closed",
    "reopened": lambda ticket: ticket.reopened,
    "complaint": lambda ticket: ticket.is_closed_complaint,
    "success": lambda ticket: (
        ticket.is_closed_complaint and ticket.accepted and not ticket.refused
    ),
    "refused": lambda ticket: ticket.is_closed_complaint and ticket.refused,
    # whom nobody could reach was asked
    "asked": lambda ticket: ticket.asked or bool(ticket.satisfaction),
    "rated": lambda ticket: ticket.is_rated,
    "satisfied": lambda ticket: ticket.is_satisfied,
    "rated_phone": lambda ticket: ticket.is_rated and ticket.by_phone,
    "satisfied_phone": lambda ticket: ticket.is_satisfied and ticket.by_phone,
    "rated_self": lambda ticket: ticket.is_rated and not ticket.by_phone,
    "satisfied_self": lambda ticket: ticket.is_satisfied and not ticket.by_phone,
    "sampled": lambda ticket: ticket.is_sampled,
    "differing": lambda ticket: ticket.is_sampled and ticket.sample == "differs",
    "unhappy_before": lambda ticket: ticket.unhappy_before,
    "attitude": lambda ticket: bool(ticket.attitude),
    "speed": lambda ticket: bool(ticket.speed),
}
PROMISES = {
    "reply": lambda promise: promise.is_reply,
    "reply_met": lambda promise: promise.is_reply and promise.state == KEPT,
    "promise": lambda promise: promise.is_counted,
    "promise_met": lambda promise: promise.state == KEPT,
    "void": lambda promise: promise.state == "void" and not promise.replaced,
}
HOLDS = {
    "hold": lambda hold: hold.state == "approved",
    "hold_undecided": lambda hold: hold.state == "asked",
}
# What is added up.
MARKS = {
    "attitude_sum": lambda ticket: ticket.attitude or 0,
    "speed_sum": lambda ticket: ticket.speed or 0,
}
MINUTES = {
    "reply_late_minutes": lambda promise: promise.late if promise.is_reply else 0,
    "late_minutes": lambda promise: promise.late if promise.is_counted else 0,
    "held_minutes": lambda promise: promise.held if promise.is_counted else 0,
    "elapsed_minutes": lambda promise: (
        promise.held + promise.worked if promise.is_counted else 0
    ),
}
COUNTERS = (*TICKETS, *PROMISES, *HOLDS, *MARKS, *MINUTES)


class Ratio(NamedTuple):
    """A figure: ``factor`` x numerator / denominator."""

    numerator: str
    denominator: str
    factor: int = 100


RATIOS = {
    "on_time": Ratio("reply_met", "reply"),
    "success": Ratio("success", "complaint"),
    "satisfaction": Ratio("satisfied", "rated"),
    "satisfaction_self": Ratio("satisfied_self", "rated_self"),
    "satisfaction_phone": Ratio("satisfied_phone", "rated_phone"),
    "response": Ratio("rated", "asked"),
    "attitude": Ratio("attitude_sum", "attitude", 1),
    "speed": Ratio("speed_sum", "speed", 1),
    "held": Ratio("held_minutes", "elapsed_minutes"),
}
# The figures that a company sets itself a target for.
TARGETS = ("on_time", "success", "satisfaction", "attitude")
BEST_MARK = 5
# Each is a part of the other.
PARTS = (
    ("closed", "ended"),
    ("reopened", "ended"),
    ("complaint", "closed"),
    ("success", "complaint"),
    ("refused", "complaint"),
    ("asked", "ended"),
    ("rated", "asked"),
    ("satisfied", "rated"),
    ("satisfied_phone", "rated_phone"),
    ("satisfied_self", "rated_self"),
    ("rated_phone", "rated"),
    ("rated_self", "rated"),
    ("sampled", "asked"),
    ("differing", "sampled"),
    ("unhappy_before", "ended"),
    ("attitude", "ended"),
    ("speed", "ended"),
    ("reply", "promise"),
    ("reply_met", "reply"),
    ("promise_met", "promise"),
    ("reply_late_minutes", "late_minutes"),
    ("held_minutes", "elapsed_minutes"),
)


def tally(tickets=(), promises=(), holds=()):
    """Counts what ended.

    :return: ``(numbers, members)``: every counter with its number, and for those that
        count something the ids of exactly what they count, in order.
    """
    members = {
        name: sorted(row.id for row in rows if counts(row))
        for group, rows in ((TICKETS, tickets), (PROMISES, promises), (HOLDS, holds))
        for name, counts in group.items()
    }
    numbers = {name: len(ids) for name, ids in members.items()}
    for group, rows in ((MARKS, tickets), (MINUTES, promises)):
        for name, amount in group.items():
            numbers[name] = sum(map(amount, rows))
    return numbers, members


def figure(name, numbers):
    """A figure of ``RATIOS``, rounded; None where there is nothing to divide by."""
    numerator, denominator, factor = RATIOS[name]
    return rounded(numbers[numerator], numbers[denominator], factor)


def rounded(numerator, denominator, factor=100):
    """``factor`` x numerator / denominator to two decimals, half up, of whole numbers
    that are not negative."""
    if not denominator:
        return None
    return (2 * numerator * factor * 100 + denominator) // (2 * denominator) / 100


def is_reached(value, target):
    """Whether a rounded figure reaches its target; None where one of them is not
    there."""
    if value is None or not target:
        return None
    return value >= target


def flaws(numbers):
    """What cannot be: ``[(part, whole or None)]`` of numbers below zero and of parts
    that are more than their whole."""
    below = [(name, None) for name in COUNTERS if numbers[name] < 0]
    pairs = [(part, whole) for part, whole in PARTS if numbers[part] > numbers[whole]]
    marks = [
        (f"{name}_sum", name)
        for name in ("attitude", "speed")
        if not numbers[name] <= numbers[f"{name}_sum"] <= BEST_MARK * numbers[name]
    ]
    return below + pairs + marks

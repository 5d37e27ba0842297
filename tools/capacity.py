"""How much a person carries over time. Pure functions, no database.

A stretch is a task of so many points from one day to another, both included, with no
last day while it goes on. Two stretches of the same task on one day count once: who
owns a customer and is in his team as well serves one customer, not two.
"""

from datetime import date, timedelta
from typing import NamedTuple

DAY = timedelta(days=1)


class Stretch(NamedTuple):
    """One task of somebody."""

    task: int
    points: float
    first: date
    last: date | None = None


class Waiver:
    """A manager's reason to load somebody beyond his limit. An object of Python, not a
    word in the context, because any client could send a word."""

    __slots__ = ("reason",)

    def __init__(self, reason):
        self.reason = reason


def meet(one, other):
    """Whether two periods have a day in common; an empty one has none with any."""
    (first, last), (begin, end) = one, other
    if (last is not None and last < first) or (end is not None and end < begin):
        return False
    return (last is None or begin <= last) and (end is None or first <= end)


def gaps(held, first, last=None):
    """The parts of ``[first, last]`` that no ``(first, last)`` of ``held`` covers.

    An empty period (one that ends before it begins) covers nothing.
    """
    free = []
    start = first
    for begin, end in sorted(held, key=lambda period: period[0]):
        if end is not None and (end < begin or end < start):
            continue
        if last is not None and begin > last:
            break
        if begin > start:
            free.append((start, begin - DAY))
        if end is None:
            return free
        start = max(start, end + DAY)
    if last is None or start <= last:
        free.append((start, last))
    return free


def peak(stretches, first, last=None):
    """The highest load on any day of ``[first, last]``."""
    changes = {}
    by_task = {}
    for stretch in stretches:
        by_task.setdefault(stretch.task, []).append(stretch)
    for parts in by_task.values():
        for begin, end, points in _once(parts):
            if (end is not None and end < first) or (last is not None and begin > last):
                continue
            begin = max(begin, first)
            changes[begin] = changes.get(begin, 0) + points
            if end is not None:
                changes[end + DAY] = changes.get(end + DAY, 0) - points
    load = highest = 0
    for day in sorted(changes):
        load += changes[day]
        if last is None or day <= last:
            highest = max(highest, load)
    return round(highest, 6)


def load_with(stretches, new):
    """The highest load on the days that ``new`` adds to, with it; None where it adds
    nothing, because the task is held already or weighs nothing."""
    if not new.points:
        return None
    held = [(s.first, s.last) for s in stretches if s.task == new.task]
    added = gaps(held, new.first, new.last)
    together = [*stretches, new]
    return max((peak(together, *part) for part in added), default=None)


def _once(parts):
    """``(first, last, points)`` of the stretches of one task, each day once."""
    taken = []
    for part in sorted(parts, key=lambda stretch: stretch.first):
        for first, last in gaps(taken, part.first, part.last):
            if last is None or last >= first:
                taken.append((first, last))
                yield first, last, part.points

"""Working time as a function of time. Pure functions, no database.

W(t) is how many seconds were worked from the beginning of the horizon up to the moment
t; W^-1 is its left inverse: the *earliest* moment by which so much was worked, so that
the last second of a day leads to its evening and not to the next morning. All moments
are naive and in UTC, all amounts whole seconds.
"""

from bisect import bisect_left, bisect_right
from datetime import datetime, timedelta
from itertools import accumulate

HALF_A_SECOND = timedelta(milliseconds=500)


class WorkingTime:
    """The working time of a calendar between two moments, its horizon.

    ``intervals`` are ``(start, stop)``, in any order; they are merged, cut at the
    horizon, and what is empty falls away. They are rounded to whole seconds: a shift
    "until 23:59:59.999999" ends at midnight.

    Both directions are a bisection in prefix sums, so many promises are made from
    the intervals that were read once.
    """

    __slots__ = ("_before", "_ends", "_starts", "_stops", "since", "until")

    def __init__(self, intervals, since, until):
        """
        :raises ValueError: when the horizon ends before it begins.
        """
        if until < since:
            raise ValueError(f"The horizon ends at {until}, before its begin {since}.")
        self.since = since
        self.until = until
        merged = _merge(_cut(*one, since, until) for one in intervals)
        self._starts = [start for start, _stop in merged]
        self._stops = [stop for _start, stop in merged]
        lengths = [_seconds(stop - start) for start, stop in merged]
        self._ends = list(accumulate(lengths))
        self._before = [0, *self._ends[:-1]]

    @classmethod
    def round_the_clock(cls):
        """24/7 without a horizon: W is the identity, counted from the year 1."""
        since, until = datetime.min, datetime.max.replace(microsecond=0)
        return cls([(since, until)], since, until)

    def __repr__(self):
        return f"<WorkingTime {self.since} - {self.until}: {self.total} s>"

    @property
    def total(self):
        """Working seconds of the whole horizon; 0 where nobody works at all."""
        return self._ends[-1] if self._ends else 0

    @property
    def intervals(self):
        """The merged ``[(start, stop)]`` in their order."""
        return list(zip(self._starts, self._stops, strict=True))

    def upto(self, moment):
        """W(moment): working seconds from the beginning of the horizon.

        :raises ValueError: outside the horizon, where nothing was read.
        """
        if not self.since <= moment <= self.until:
            raise ValueError(
                f"{moment} lies outside the horizon {self.since} - {self.until}."
            )
        place = bisect_right(self._starts, moment) - 1
        if place < 0:
            return 0
        stop = min(moment, self._stops[place])
        return self._before[place] + _seconds(stop - self._starts[place])

    def at(self, seconds):
        """W^-1(seconds): the earliest moment by which so much was worked, None when
        the horizon does not reach so far.

        :raises ValueError: for less than nothing.
        """
        if seconds < 0:
            raise ValueError(f"Nobody works {seconds} seconds.")
        if seconds == 0:
            return self.since
        place = bisect_left(self._ends, seconds)
        if place == len(self._ends):
            return None
        return self._starts[place] + timedelta(seconds=seconds - self._before[place])

    def between(self, begin, end):
        """Working seconds from ``begin`` to ``end``: W(end) - W(begin)."""
        return self.upto(end) - self.upto(begin)

    def first_from(self, moment):
        """The first moment from ``moment`` on at which work goes on, itself if it does;
        None when that is beyond the horizon."""
        place = bisect_right(self._stops, moment)
        if place == len(self._stops):
            return None
        return max(moment, self._starts[place])


def _seconds(span):
    return span.days * 86400 + span.seconds


def _round(moment):
    if not moment.microsecond:
        return moment
    return (moment + HALF_A_SECOND).replace(microsecond=0)


def _cut(start, stop, since, until):
    return max(_round(start), since), min(_round(stop), until)


def _merge(intervals):
    merged = []
    for start, stop in sorted(intervals):
        if start >= stop:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], stop))
        else:
            merged.append((start, stop))
    return merged

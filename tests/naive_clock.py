"""Clocks to try the arithmetic of promises on."""

from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st

from .naive_time import CALENDARS

calm = settings(deadline=None, database=None)
HOUR = 3600
TARGETS = st.integers(0, 40 * 60).map(lambda minutes: 60 * minutes)


def local(text):
    """A moment in Shanghai as a naive one in UTC: ``local("03-06 17:00")``."""
    return datetime.fromisoformat(f"2026-{text}") - timedelta(hours=8)


@st.composite
def clocks(draw, max_holds=4, can_wait=True):
    """``(calendar, start, holds)``, the last two in minutes of the calendar; holds
    overlap, nest and lie anywhere."""
    calendar = draw(st.sampled_from(CALENDARS))
    start = draw(st.integers(0, calendar.size))
    begins = st.integers(0, calendar.size)
    lengths = st.integers(0, 3 * 24 * 60)
    holds = draw(st.lists(st.tuples(begins, lengths), max_size=max_holds))
    holds = [(begin, min(begin + span, calendar.size)) for begin, span in holds]
    if holds and can_wait and draw(st.booleans()):
        holds[-1] = (holds[-1][0], None)
    return calendar, start, holds


def moments(calendar, holds):
    return [(calendar.moment(begin), calendar.moment(end)) for begin, end in holds]

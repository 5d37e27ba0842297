"""Arithmetic of dates that the areas share. Pure functions, no database."""

from datetime import date
from functools import lru_cache

from dateutil.relativedelta import relativedelta


def window_start(until: date, months: int) -> date:
    """First day of the half-open window ``[until - months, until)``.

    A day that the earlier month lacks becomes its last day, as a calendar on the
    wall would say it: three months before 31 May is 28 (or 29) February.
    """
    return until - relativedelta(months=months)


@lru_cache(maxsize=65536)
def months_between(earlier: date, later: date) -> float:
    """Months from ``earlier`` to ``later``: whole months plus the fraction of the
    running one, so that the same day three months on is exactly 3.0.

    The fraction is the days over the length of the month they lie in: from
    ``earlier`` on it grows strictly. Negative when ``later`` is the earlier one.
    Cached, because a whole customer base shares few distinct days.
    """
    if later < earlier:
        return -months_between(later, earlier)
    gap = relativedelta(later, earlier)
    whole = gap.years * 12 + gap.months
    reached = earlier + relativedelta(months=whole)
    following = earlier + relativedelta(months=whole + 1)
    return whole + (later - reached).days / max((following - reached).days, 1)


def period_start(day: date, months: int) -> date:
    """The first day of the period of so many months (1, 3, 6 or 12, counted from
    January) that holds ``day``."""
    return day.replace(month=day.month - (day.month - 1) % months, day=1)

"""Calendars that are asked minute by minute, the slowest and plainest way: what the
arithmetic of promises is compared with."""

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from ..tools.working_time import WorkingTime

UTC = ZoneInfo("UTC")
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def hours(*shifts):
    """``"09:00-12:00"`` as pairs of times; ``24:00`` is None."""
    pairs = []
    for shift in shifts:
        begin, end = shift.split("-")
        stop = None if end == "24:00" else time.fromisoformat(end)
        pairs.append((time.fromisoformat(begin), stop))
    return pairs


class NaiveCalendar:
    """The working minutes between two days in a zone.

    ``week`` maps weekdays (0 is Monday) to shifts, ``holidays`` are days without work,
    ``extra`` maps days to the shifts of that very day.
    """

    def __init__(self, zone, week, first, last, holidays=(), extra=None):
        self.zone = ZoneInfo(zone)
        self.week, self.holidays, self.extra = week, set(holidays), extra or {}
        self.days = [first + n * DAY for n in range((last - first).days)]
        self.since, self.until = self.utc(first, time()), self.utc(last, time())
        self.size = (self.until - self.since) // MINUTE
        self.minutes = bytearray(
            self.works((self.since + n * MINUTE).replace(tzinfo=UTC))
            for n in range(self.size)
        )

    def utc(self, day, clock):
        """A local time as a naive one in UTC."""
        if clock is None:
            day, clock = day + DAY, time()
        local = datetime.combine(day, clock, self.zone)
        return local.astimezone(UTC).replace(tzinfo=None)

    def shifts(self, day):
        if day in self.extra:
            return self.extra[day]
        return [] if day in self.holidays else self.week.get(day.weekday(), [])

    def works(self, moment):
        local = moment.astimezone(self.zone)
        clock = local.time()
        return any(
            begin <= clock and (end is None or clock < end)
            for begin, end in self.shifts(local.date())
        )

    def intervals(self):
        """The shifts as pairs of moments, for the arithmetic that is tested."""
        return [
            (self.utc(day, begin), self.utc(day, end))
            for day in self.days
            for begin, end in self.shifts(day)
        ]

    # --- Minutes ---

    def number(self, moment):
        return (moment - self.since) // MINUTE

    def moment(self, number):
        return None if number is None else self.since + number * MINUTE

    def upto(self, number):
        return 60 * sum(self.minutes[:number])

    def worked(self, start, holds, stop):
        """Seconds of the working minutes from ``start`` to ``stop`` in no hold."""
        return 60 * sum(
            self.minutes[n] and not _in_hold(holds, n) for n in range(start, stop)
        )

    def due(self, start, target, holds):
        """The number of the minute at whose beginning the target is used up."""
        if not target:
            return next((n for n in range(start, self.size) if self.minutes[n]), None)
        left = target // 60
        for n in range(start, self.size):
            if not left:
                return n
            left -= self.minutes[n] and not _in_hold(holds, n)
        return self.size if not left else None


def _in_hold(holds, number):
    return any(
        begin <= number and (end is None or number < end) for begin, end in holds
    )


OFFICE = hours("09:00-12:00", "13:00-18:00")
WEEK = dict.fromkeys(range(5), OFFICE)


def days(first, last):
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    return [begin + n * DAY for n in range((end - begin).days + 1)]


# The working week of design.md 4 around the Spring Festival of 2026.
SHANGHAI = NaiveCalendar(
    "Asia/Shanghai",
    WEEK,
    date(2026, 2, 9),
    date(2026, 3, 16),
    holidays=days("2026-02-15", "2026-02-23"),
    extra=dict.fromkeys([date(2026, 2, 14), date(2026, 2, 28)], OFFICE),
)
# A crew that also works in the nights in which the clocks change.
NIGHTS = {**dict.fromkeys(range(5), hours("08:00-12:30", "13:00-17:00"))}
NIGHTS |= {5: hours("22:00-24:00"), 6: hours("00:00-04:00")}
SPRING = NaiveCalendar(
    "Europe/Berlin",
    NIGHTS,
    date(2026, 3, 16),
    date(2026, 4, 20),
    holidays=days("2026-04-03", "2026-04-06"),
)
AUTUMN = NaiveCalendar("Europe/Berlin", NIGHTS, date(2026, 10, 12), date(2026, 11, 9))
LEAP = NaiveCalendar(
    "America/New_York",
    {**WEEK, 3: hours("00:00-24:00"), 5: hours("10:00-14:00")},
    date(2024, 2, 19),
    date(2024, 3, 18),
    extra={date(2024, 2, 25): hours("07:00-07:01", "23:59-24:00")},
)
IDLE = NaiveCalendar("UTC", {}, date(2026, 1, 5), date(2026, 1, 12))
CALENDARS = (SHANGHAI, SPRING, AUTUMN, LEAP, IDLE)


@cache
def work_of(calendar):
    """The same working time for the arithmetic that is tested."""
    return WorkingTime(calendar.intervals(), calendar.since, calendar.until)

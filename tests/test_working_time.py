"""Working time and its inverse, beside counting minute by minute."""

from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.working_time import WorkingTime
from .naive_time import CALENDARS, LEAP, MINUTE, SHANGHAI, SPRING, work_of

calm = settings(deadline=None, database=None)
SINCE = datetime(2026, 3, 1)
UNTIL = SINCE + 200 * MINUTE
SPANS = st.tuples(st.integers(-20, 220), st.integers(-20, 220))


def at_minute(number):
    return SINCE + number * MINUTE


@tagged("post_install", "-at_install")
class TestWorkingTime(BaseCase):
    """W and its left inverse (R087)."""

    @calm
    @given(st.lists(SPANS, max_size=8), st.data())
    def test_any_intervals(self, spans, data):
        """Overlapping, nested, touching, empty, reversed, unsorted intervals, also
        beyond the horizon: W counts each working minute of the horizon once."""
        worked = {n for begin, end in spans for n in range(begin, end) if 0 <= n < 200}
        intervals = [(at_minute(begin), at_minute(end)) for begin, end in spans]
        work = WorkingTime(intervals, SINCE, UNTIL)
        self.assertEqual(work.total, 60 * len(worked))
        number = data.draw(st.integers(0, 200))
        expected = 60 * sum(n < number for n in worked)
        self.assertEqual(work.upto(at_minute(number)), expected)
        following = min((n for n in worked if n >= number), default=None)
        self.assertEqual(
            work.first_from(at_minute(number)),
            None if following is None else at_minute(following),
        )

    @calm
    @given(st.sampled_from(CALENDARS), st.data())
    def test_calendars_of_the_world(self, calendar, data):
        """Zones, lunch breaks, holidays, make-up days, a night in which the clocks
        change, a leap day: W is what counting the minutes finds."""
        work = work_of(calendar)
        number = data.draw(st.integers(0, calendar.size))
        self.assertEqual(work.upto(calendar.moment(number)), calendar.upto(number))

    @calm
    @given(st.sampled_from(CALENDARS), st.data())
    def test_left_inverse(self, calendar, data):
        """W^-1(s) is the earliest moment t with W(t) = s."""
        work = work_of(calendar)
        seconds = data.draw(st.integers(0, work.total))
        moment = work.at(seconds)
        self.assertEqual(work.upto(moment), seconds)
        if seconds:
            earlier = moment - timedelta(seconds=1)
            self.assertEqual(work.upto(earlier), seconds - 1)
        else:
            self.assertEqual(moment, work.since)
        self.assertIsNone(work.at(work.total + 1))

    @calm
    @given(st.sampled_from(CALENDARS), st.data())
    def test_splitting_at_any_moment_is_additive(self, calendar, data):
        """Work from a to c is work from a to b and from b to c, to the second."""
        work = work_of(calendar)
        span = int((calendar.until - calendar.since).total_seconds())
        numbers = data.draw(st.lists(st.integers(0, span), min_size=3, max_size=3))
        first, split, last = (
            calendar.since + timedelta(seconds=number) for number in sorted(numbers)
        )
        self.assertEqual(
            work.between(first, last),
            work.between(first, split) + work.between(split, last),
        )

    def test_end_of_day_is_the_evening(self):
        """The eight hours of a Friday are over on Friday at 18:00, not on Monday."""
        work = work_of(SHANGHAI)
        evening = datetime(2026, 3, 6, 10)  # 18:00 in Shanghai
        self.assertEqual(work.at(work.upto(evening)), evening)
        monday = datetime(2026, 3, 9, 1)
        self.assertEqual(work.upto(monday), work.upto(evening))
        self.assertEqual(work.at(work.upto(monday)), evening)
        self.assertEqual(work.first_from(evening), monday)

    def test_hours_that_the_clock_change_takes_and_gives(self):
        """The night shift from 0 to 4 of the day on which summer begins has 3 hours."""
        night = [
            stop - start
            for start, stop in work_of(SPRING).intervals
            if stop == datetime(2026, 3, 29, 2)
        ]
        # one with the two hours before midnight
        self.assertEqual(night, [timedelta(hours=5)])

    def test_leap_day(self):
        """29 February 2024, a Thursday, is worked from midnight to midnight."""
        work = work_of(LEAP)
        begin, end = (LEAP.utc(date(2024, *day), None) for day in ((2, 28), (2, 29)))
        self.assertEqual(work.between(begin, end), 86400)

    def test_until_midnight_as_odoo_writes_it(self):
        """A shift until 23:59:59.999999 meets the one that begins at midnight."""
        midnight = datetime(2026, 3, 2)
        almost = midnight - timedelta(microseconds=1)
        work = WorkingTime(
            [(SINCE, almost), (midnight, midnight + timedelta(hours=1))],
            SINCE,
            midnight + timedelta(days=1),
        )
        self.assertEqual(len(work.intervals), 1)
        self.assertEqual(work.total, 25 * 3600)

    def test_outside_the_horizon_nothing_is_known(self):
        work = WorkingTime([(SINCE, UNTIL)], SINCE, UNTIL)
        for moment in (SINCE - MINUTE, UNTIL + MINUTE):
            with self.assertRaisesRegex(ValueError, "outside the horizon"):
                work.upto(moment)
        self.assertEqual(work.upto(UNTIL), work.total)
        with self.assertRaisesRegex(ValueError, "-1 seconds"):
            work.at(-1)
        with self.assertRaisesRegex(ValueError, "before its begin"):
            WorkingTime([], UNTIL, SINCE)

    def test_a_calendar_without_work(self):
        work = WorkingTime([], SINCE, UNTIL)
        self.assertEqual((work.total, work.upto(UNTIL), work.intervals), (0, 0, []))
        self.assertIsNone(work.at(1))
        self.assertIsNone(work.first_from(SINCE))

    @calm
    @given(st.datetimes(), st.integers(0, 10**9))
    def test_round_the_clock(self, moment, seconds):
        """24/7 every second counts, in any year."""
        work = WorkingTime.round_the_clock()
        moment = min(moment.replace(microsecond=0), datetime(9000, 1, 1))
        later = moment + timedelta(seconds=seconds)
        self.assertEqual(work.between(moment, later), seconds)
        self.assertEqual(work.at(work.upto(later)), later)
        self.assertEqual(work.first_from(moment), moment)

"""The arithmetic of loads beside the slowest way to do it: day by day."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.capacity import Stretch, gaps, load_with, meet, peak

calm = settings(
    deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
START = date(2026, 3, 1)
SPAN = 24


def day(number):
    return START + timedelta(days=number)


def days(first, last):
    """The days of a period, up to the end of the small world of this test."""
    end = day(SPAN * 2) if last is None else last
    return {
        first + timedelta(days=n)
        for n in range((end - first).days + 1)
        if first + timedelta(days=n) <= day(SPAN * 2)
    }


@st.composite
def periods(draw):
    first = draw(st.integers(0, SPAN))
    length = draw(st.one_of(st.none(), st.integers(-1, SPAN)))
    return day(first), None if length is None else day(first + length)


@st.composite
def stretches(draw):
    task = draw(st.integers(1, 3))
    # a task weighs the same whoever has it, and whenever
    return Stretch(task, (1.5, 2, 5)[task - 1], *draw(periods()))


def load_on(held, some_day):
    weights = {s.task: s.points for s in held if some_day in days(s.first, s.last)}
    return sum(weights.values())


@tagged("post_install", "-at_install")
class TestLoad(BaseCase):
    """How much a person carries (R110)."""

    @calm
    @given(st.lists(stretches(), max_size=6), periods())
    def test_peak_is_the_highest_day(self, held, period):
        """The peak is what counting day by day finds."""
        expected = max((load_on(held, one) for one in days(*period)), default=0)
        self.assertAlmostEqual(peak(held, *period), expected)

    @calm
    @given(st.lists(periods(), max_size=6), periods())
    def test_gaps_are_the_other_days(self, held, period):
        """What is held and its gaps make up the whole period, no day twice."""
        free = [days(*part) for part in gaps(held, *period)]
        together = set().union(*free)
        self.assertEqual(sum(map(len, free)), len(together))
        covered = set().union(*(days(*one) for one in held))
        self.assertEqual(together, days(*period) - covered)

    @calm
    @given(periods(), periods())
    def test_meet_is_a_common_day(self, one, other):
        self.assertEqual(meet(one, other), bool(days(*one) & days(*other)))

    @calm
    @given(st.lists(stretches(), max_size=6), stretches())
    def test_load_with_looks_at_the_days_it_adds(self, held, new):
        """Only days on which the task is not held already count."""
        held_days = set().union(
            *(days(s.first, s.last) for s in held if s.task == new.task)
        )
        added = days(new.first, new.last) - held_days
        expected = max((load_on([*held, new], one) for one in added), default=None)
        self.assertEqual(load_with(held, new), expected)

    def test_one_customer_counts_once(self):
        """Owner of a customer and member of his team: his points count once."""
        owned = Stretch(7, 5, day(0))
        self.assertEqual(peak([owned, Stretch(7, 5, day(3), day(9))], day(0)), 5)
        self.assertIsNone(load_with([owned], Stretch(7, 5, day(3))))

    def test_last_day_counts_and_the_next_does_not(self):
        """Somebody who ends on a day and another task that begins on the next."""
        held = [Stretch(1, 4, day(0), day(5))]
        self.assertEqual(load_with(held, Stretch(2, 3, day(5))), 7)
        self.assertEqual(load_with(held, Stretch(2, 3, day(6))), 3)

"""Months and windows, as a calendar on the wall would count them."""

from datetime import date, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.periods import months_between, window_start

DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))
SPANS = st.integers(0, 4000)


@tagged("post_install", "-at_install")
class TestPeriods(BaseCase):
    def test_same_day_three_months_on_is_three(self):
        """From 1 October to 1 January are exactly 3.0 months."""
        self.assertEqual(months_between(date(2025, 10, 1), date(2026, 1, 1)), 3.0)

    def test_part_of_a_month_is_measured_by_its_own_length(self):
        """Fourteen days of February are half a month, fourteen of March are less."""
        self.assertEqual(months_between(date(2026, 2, 1), date(2026, 2, 15)), 0.5)
        self.assertAlmostEqual(
            months_between(date(2026, 3, 1), date(2026, 3, 15)), 14 / 31
        )

    def test_leap_day(self):
        """A year from 29 February ends on 28 February, four years on the 29th."""
        leap = date(2024, 2, 29)
        self.assertEqual(months_between(leap, date(2025, 2, 28)), 12.0)
        self.assertGreater(months_between(leap, date(2025, 3, 1)), 12.0)
        self.assertEqual(months_between(leap, date(2028, 2, 29)), 48.0)
        self.assertLess(months_between(leap, date(2028, 2, 28)), 48.0)

    def test_end_of_month(self):
        """A month from 31 January is over on the last day of February."""
        self.assertEqual(months_between(date(2026, 1, 31), date(2026, 2, 28)), 1.0)
        self.assertLess(months_between(date(2026, 1, 31), date(2026, 2, 27)), 1.0)

    @settings(deadline=None, database=None)
    @given(DAYS, SPANS)
    def test_grows_strictly_from_day_to_day(self, earlier, span):
        """Every day later is strictly more months, however long the months are."""
        later = earlier + timedelta(days=span)
        self.assertLess(
            months_between(earlier, later),
            months_between(earlier, later + timedelta(days=1)),
        )

    @settings(deadline=None, database=None)
    @given(DAYS, DAYS)
    def test_backwards_is_negative(self, one, other):
        """Exchanging the two days changes the sign and nothing else."""
        self.assertEqual(months_between(one, other), -months_between(other, one))

    @settings(deadline=None, database=None)
    @given(DAYS, st.integers(0, 240))
    def test_whole_months_are_whole(self, day, months):
        """The first day of a window is as many months away as the window is long."""
        assume(day.day <= 28)
        self.assertEqual(months_between(window_start(day, months), day), float(months))

    @settings(deadline=None, database=None)
    @given(DAYS, st.integers(1, 120))
    def test_windows_follow_on_each_other(self, day, months):
        """A window ends where the next one begins: no day in both, none in neither."""
        assume(day.day <= 28)
        since = window_start(day, months)
        self.assertEqual(window_start(since, months), window_start(day, 2 * months))
        self.assertLess(since, day)

    def test_window_of_a_long_month(self):
        """Three months before 31 May is the last day of February."""
        self.assertEqual(window_start(date(2026, 5, 31), 3), date(2026, 2, 28))
        self.assertEqual(window_start(date(2024, 5, 31), 3), date(2024, 2, 29))

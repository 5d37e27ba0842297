"""Samples drawn at random that can be drawn again."""

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.samples import drawn

calm = settings(deadline=None, database=None)
IDS = st.lists(st.integers(1, 500), max_size=60)
SEEDS = st.text(max_size=8)


@tagged("post_install", "-at_install")
class TestSamples(BaseCase):
    def test_the_same_for_good(self):
        """R096: what this seed drew when this was written, it draws for ever."""
        self.assertEqual(drawn(range(1, 21), 4, "march"), [2, 6, 10, 11])

    @calm
    @given(IDS, st.integers(0, 70), SEEDS)
    def test_as_many_as_wanted_of_those_there_are(self, ids, count, seed):
        chosen = drawn(ids, count, seed)
        self.assertEqual(len(chosen), min(count, len(set(ids))))
        self.assertLessEqual(set(chosen), set(ids))
        self.assertEqual(chosen, drawn(ids[::-1], count, seed))

    @calm
    @given(IDS, st.integers(1, 20), SEEDS, st.integers(501, 600))
    def test_one_more_to_choose_from(self, ids, count, seed, extra):
        """One more ticket takes the place of one at most."""
        before, after = drawn(ids, count, seed), drawn([*ids, extra], count, seed)
        self.assertLessEqual(len(set(before) - set(after)), 1)
        self.assertLessEqual(set(after) - set(before), {extra})

    def test_seeds_draw_differently(self):
        """Every ticket has its chance: over many seeds each is drawn about as often."""
        times = dict.fromkeys(range(10), 0)
        for seed in range(1000):
            for one in drawn(times, 3, seed):
                times[one] += 1
        self.assertTrue(all(240 < often < 360 for often in times.values()), times)

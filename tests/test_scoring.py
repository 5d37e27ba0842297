"""The arithmetic of tiers: what a score is worth, and when a tier changes."""

from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import scoring
from ..tools.scoring import Criterion, Rules, Score, Tier

# The worked example of design.md 4.
EXAMPLE = (
    Criterion(weight=50, floor=0, target=500_000),
    Criterion(weight=30, floor=0, target=20),
    Criterion(weight=20, floor=12, target=0),
)
LADDER = (
    Tier(80, 70, is_key=True),
    Tier(60, 50, is_key=True),
    Tier(30, 20),
    Tier(0, 0),
)

NUMBERS = st.floats(-1e6, 1e6, allow_nan=False).map(lambda number: round(number, 2))
VALUES = st.none() | NUMBERS
MISSING = st.sampled_from(["skip", "zero"])
BOOLEANS = st.booleans()
PERCENT = st.floats(0, 100).map(lambda number: round(number, 2))


def same(value):
    return Score(value=value, coverage=1.0, subs=(value,))


@st.composite
def criteria(draw, missing=MISSING, gate=BOOLEANS):
    """One to six criteria whose weights sum to 100, zero weights among them."""
    cuts = draw(st.lists(st.integers(0, 100), max_size=5))
    edges = [0, *sorted(cuts), 100]
    return tuple(
        Criterion(high - low, draw(NUMBERS), draw(NUMBERS), draw(missing), draw(gate))
        for low, high in zip(edges, edges[1:], strict=False)
    )


@st.composite
def ladders(draw):
    """One to five tiers, best first, the last one entered from 0."""
    enters = draw(st.lists(st.integers(1, 100), max_size=4, unique=True))
    enters = [*sorted(enters, reverse=True), 0]
    keys = draw(st.integers(0, len(enters)))
    return tuple(
        Tier(enter, draw(st.integers(0, enter)), is_key=place < keys)
        for place, enter in enumerate(enters)
    )


RULES = st.builds(
    Rules, st.integers(1, 4), st.integers(1, 4), st.sampled_from([0, 0.5])
)


@tagged("post_install", "-at_install")
class TestScore(BaseCase):
    def test_worked_example(self):
        """250,000 net, 10 invoices, the last one 3 months ago: 50, 50, 75 give 55."""
        scored = scoring.score(EXAMPLE, (250_000, 10, 3))
        self.assertEqual(scored.subs, (50.0, 50.0, 75.0))
        self.assertEqual(scored.value, 55.0)
        self.assertEqual(scored.coverage, 1.0)

    def test_worked_example_without_the_third_value(self):
        """R009: without the third value the score is 50, on a coverage of 0.8."""
        scored = scoring.score(EXAMPLE, (250_000, 10, None))
        self.assertEqual(scored.subs, (50.0, 50.0, None))
        self.assertEqual((scored.value, scored.coverage), (50.0, 0.8))

    def test_worked_example_with_silence_as_zero(self):
        """Where silence counts as zero, the third value weighs in with no points."""
        strict = (*EXAMPLE[:2], replace(EXAMPLE[2], missing="zero"))
        scored = scoring.score(strict, (250_000, 10, None))
        self.assertEqual(scored.subs, (50.0, 50.0, 0.0))
        self.assertEqual((scored.value, scored.coverage), (40.0, 1.0))

    def test_no_data_is_no_score(self):
        """Without any value there is no score, which is not a score of zero."""
        scored = scoring.score(EXAMPLE, (None, None, None))
        self.assertEqual((scored.value, scored.coverage), (None, 0.0))

    def test_clamped_at_both_ends(self):
        """Beyond the target 100, before the floor 0, in both directions."""
        for raw, floor, target, expected in (
            (-1, 0, 10, 0),
            (0, 0, 10, 0),
            (2.5, 0, 10, 25),
            (10, 0, 10, 100),
            (11, 0, 10, 100),
            (13, 12, 0, 0),
            (12, 12, 0, 0),
            (9, 12, 0, 25),
            (0, 12, 0, 100),
            (-5, 12, 0, 100),
        ):
            with self.subTest(raw=raw, floor=floor, target=target):
                self.assertEqual(scoring.sub_score(raw, floor, target), expected)

    def test_floor_equal_to_target_is_a_threshold(self):
        """Floor and target in one point: all points from there on, none before."""
        self.assertEqual(scoring.sub_score(4.99, 5, 5), 0.0)
        self.assertEqual(scoring.sub_score(5, 5, 5), 100.0)
        self.assertEqual(scoring.sub_score(5.01, 5, 5), 100.0)

    def test_weights_of_0_and_100(self):
        """A weight of 0 counts for nothing, one of 100 for everything."""
        rules = (Criterion(100, 0, 10), Criterion(0, 0, 10))
        self.assertEqual(scoring.score(rules, (3, 9)).value, 30.0)
        self.assertEqual(scoring.score(rules, (3, None)).coverage, 1.0)
        alone = scoring.score(rules, (None, 9))
        self.assertEqual((alone.value, alone.coverage), (None, 0.0))

    @settings(deadline=None, database=None)
    @given(NUMBERS, NUMBERS, NUMBERS)
    def test_sub_score_between_0_and_100(self, raw, floor, target):
        """No value, floor or target makes a sub-score outside 0 to 100."""
        self.assertTrue(0.0 <= scoring.sub_score(raw, floor, target) <= 100.0)

    @settings(deadline=None, database=None)
    @given(st.data(), criteria())
    def test_score_and_coverage_in_range(self, data, rules):
        """R009: a score is 0 to 100, a coverage 0 to 1; no data, no coverage."""
        values = data.draw(st.tuples(*[VALUES] * len(rules)))
        scored = scoring.score(rules, values)
        self.assertTrue(0.0 <= scored.coverage <= 1.0)
        if scored.value is None:
            self.assertEqual(scored.coverage, 0.0)
        else:
            self.assertTrue(0.0 <= scored.value <= 100.0)

    @settings(deadline=None, database=None)
    @given(st.data(), criteria())
    def test_monotone_in_every_measure(self, data, rules):
        """R010: a better value never lowers a score, whichever way is better."""
        values = list(data.draw(st.tuples(*[VALUES] * len(rules))))
        place = data.draw(st.integers(0, len(rules) - 1))
        assume(values[place] is not None)
        before = scoring.score(rules, values)
        step = data.draw(st.floats(0, 1e6))
        less_is_better = rules[place].target < rules[place].floor
        values[place] += -step if less_is_better else step
        after = scoring.score(rules, values)
        self.assertEqual(after.coverage, before.coverage)
        if before.value is not None:
            self.assertGreaterEqual(after.value, before.value)
            self.assertLessEqual(after.gated, before.gated)

    @settings(deadline=None, database=None)
    @given(st.data(), criteria(), st.sampled_from([0.5, 2, 4]))
    def test_weights_are_relative(self, data, rules, factor):
        """R008: all weights scaled alike give the same score."""
        values = data.draw(st.tuples(*[VALUES] * len(rules)))
        scaled = [replace(rule, weight=rule.weight * factor) for rule in rules]
        self.assertEqual(
            scoring.score(scaled, values).value, scoring.score(rules, values).value
        )

    @settings(deadline=None, database=None)
    @given(st.data(), criteria(missing=st.just("skip")))
    def test_skipped_is_as_if_it_were_not_there(self, data, rules):
        """R009: a criterion without data is left out of score and coverage."""
        values = data.draw(st.tuples(*[VALUES] * len(rules)))
        known = [
            (rule, value)
            for rule, value in zip(rules, values, strict=True)
            if value is not None
        ]
        scored = scoring.score(rules, values)
        alone = scoring.score(*zip(*known, strict=True)) if known else None
        self.assertEqual(scored.value, alone and alone.value)
        expected = sum(rule.weight for rule, _value in known) / 100
        self.assertAlmostEqual(scored.coverage, expected)

    @settings(deadline=None, database=None)
    @given(st.data(), criteria(missing=st.just("zero"), gate=st.just(False)))
    def test_zero_is_the_worst_value(self, data, rules):
        """Silence that counts as zero is worth as much as the floor."""
        values = data.draw(st.tuples(*[VALUES] * len(rules)))
        assume(all(rule.floor != rule.target for rule in rules))
        filled = [
            rule.floor if value is None else value
            for rule, value in zip(rules, values, strict=True)
        ]
        self.assertEqual(scoring.score(rules, values), scoring.score(rules, filled))

    def test_gate_in_the_direction_of_its_target(self):
        """R012: a gate wants the floor reached, from below or from above."""
        up, down = Criterion(50, 10, 20, gate=True), Criterion(50, 30, 0, gate=True)
        self.assertTrue(scoring.passes_gate(10, up))
        self.assertFalse(scoring.passes_gate(9.99, up))
        self.assertTrue(scoring.passes_gate(30, down))
        self.assertFalse(scoring.passes_gate(30.01, down))
        self.assertFalse(scoring.passes_gate(None, up))

    @settings(deadline=None, database=None)
    @given(ladders(), PERCENT, PERCENT, st.booleans())
    def test_rank_monotone_in_score(self, ladder, one, other, gated):
        """A higher score never gives a worse tier."""
        low, high = sorted((one, other))
        self.assertLessEqual(
            scoring.rank_for(ladder, high, gated), scoring.rank_for(ladder, low, gated)
        )

    @settings(deadline=None, database=None)
    @given(ladders(), PERCENT)
    def test_failed_gate_leaves_no_key_tier(self, ladder, value):
        """R012: whoever fails a gate gets no key tier if there is any other."""
        rank = scoring.rank_for(ladder, value, gated=True)
        if not all(tier.is_key for tier in ladder):
            self.assertFalse(ladder[rank].is_key)


@tagged("post_install", "-at_install")
class TestDecision(BaseCase):
    """R011: who rises rises at once, who falls falls slowly."""

    def test_first_tier(self):
        """Without a tier the score alone decides."""
        for value, rank in ((80, 0), (79.99, 1), (60, 1), (30, 2), (29.99, 3), (0, 3)):
            with self.subTest(value=value):
                decision = scoring.decide(LADDER, Rules(), same(value))
                self.assertEqual((decision.rank, decision.why), (rank, "new"))

    def test_promotion_at_once_and_over_several_tiers(self):
        """Reaching the enter score is enough, however far up the tier is."""
        rules = Rules(demote_after=4, max_step=1, min_coverage=1)
        decision = scoring.decide(LADDER, rules, same(80), current=3, below=3)
        self.assertEqual(decision, scoring.Decision(0, 0, "promoted"))

    def test_kept_between_keep_and_enter(self):
        """From the keep score on a tier is kept, and the row starts anew."""
        decision = scoring.decide(LADDER, Rules(), same(50), current=1, below=1)
        self.assertEqual(decision, scoring.Decision(1, 0, "kept"))
        decision = scoring.decide(LADDER, Rules(), same(49.99), current=1)
        self.assertEqual(decision, scoring.Decision(2, 0, "demoted"))

    def test_demotion_only_after_so_many_in_a_row(self):
        """Below the keep score once is watched, twice is demoted; a good one between
        starts the row anew."""
        rules = Rules(demote_after=2)
        below, whys = 0, []
        for value in (40, 55, 40, 40):
            decision = scoring.decide(LADDER, rules, same(value), 1, below)
            below = decision.below
            whys.append(decision.why)
        self.assertEqual(whys, ["watched", "kept", "watched", "demoted"])

    def test_one_step_at_a_time(self):
        """From the best tier with no points left: one tier down, or two, as allowed."""
        for step, rank in ((1, 1), (2, 2), (3, 3), (9, 3)):
            with self.subTest(max_step=step):
                rules = Rules(max_step=step)
                self.assertEqual(scoring.decide(LADDER, rules, same(0), 0).rank, rank)

    def test_last_tier_cannot_be_left_downwards(self):
        """Nobody is watched or counted in the last tier."""
        decision = scoring.decide(LADDER, Rules(), same(0), current=3, below=2)
        self.assertEqual(decision, scoring.Decision(3, 0, "kept"))
        all_key = [replace(tier, is_key=True) for tier in LADDER]
        gated = Score(0.0, 1.0, (0.0,), gated=True)
        decision = scoring.decide(all_key, Rules(2), gated, current=3)
        self.assertEqual(decision, scoring.Decision(3, 0, "kept"))

    def test_little_data_never_demotes(self):
        """R009: on too little data the tier stays, and the row neither grows nor
        ends."""
        poor = Score(value=0.0, coverage=0.49, subs=(0.0, None))
        decision = scoring.decide(LADDER, Rules(1, 1, 0.5), poor, current=0, below=1)
        self.assertEqual(decision, scoring.Decision(0, 1, "low_coverage"))
        enough = replace(poor, coverage=0.5)
        decision = scoring.decide(LADDER, Rules(1, 1, 0.5), enough, current=0)
        self.assertEqual(decision.why, "demoted")

    def test_no_data_keeps_the_tier(self):
        """R009: without data nothing changes, not even the row."""
        nothing = Score(None, 0.0, (None,))
        for current in (None, 0, 3):
            with self.subTest(current=current):
                decision = scoring.decide(LADDER, Rules(), nothing, current, 1)
                self.assertEqual(decision, scoring.Decision(current, 1, "no_data"))

    def test_same_date_is_not_one_more_in_the_row(self):
        """An evaluation made again on its date does not count twice."""
        rules = Rules(demote_after=2)
        first = scoring.decide(LADDER, rules, same(40), 1, 0)
        again = scoring.decide(LADDER, rules, same(40), 1, first.below, counts=False)
        self.assertEqual(again, scoring.Decision(1, 1, "watched"))
        later = scoring.decide(LADDER, rules, same(40), 1, again.below)
        self.assertEqual(later.why, "demoted")

    def test_failed_gate_ends_a_key_tier_with_inertia(self):
        """R012: a key tier is left for a failed gate as for a low score; a tier that
        is not key needs no gate."""
        gated = Score(100.0, 1.0, (100.0,), gated=True)
        rules = Rules(demote_after=2, max_step=3)
        first = scoring.decide(LADDER, rules, gated, current=0)
        self.assertEqual(first, scoring.Decision(0, 1, "watched"))
        second = scoring.decide(LADDER, rules, gated, current=0, below=first.below)
        self.assertEqual(second, scoring.Decision(2, 0, "demoted"))
        self.assertEqual(scoring.decide(LADDER, rules, gated, 2).why, "kept")

    @settings(deadline=None, database=None)
    @given(ladders(), RULES, PERCENT, st.floats(0, 1), st.booleans(), st.data())
    def test_whatever_happens(self, ladder, rules, value, coverage, gated, data):
        """Any decision obeys the step, the row, the coverage and the enter scores."""
        current = data.draw(st.integers(0, len(ladder) - 1))
        below = data.draw(st.integers(0, rules.demote_after - 1))
        scored = Score(value, coverage, (value,), gated)
        decision = scoring.decide(ladder, rules, scored, current, below)
        fall = decision.rank - current
        reached = scoring.rank_for(ladder, value, gated)
        self.assertLessEqual(fall, rules.max_step)
        self.assertLess(decision.below, rules.demote_after)
        if fall < 0:
            self.assertEqual((decision.rank, decision.why), (reached, "promoted"))
        if fall > 0:
            self.assertEqual(decision.why, "demoted")
            self.assertLessEqual(decision.rank, reached)
            self.assertGreaterEqual(coverage, rules.min_coverage)
            self.assertEqual(below + 1, rules.demote_after)
            shut_out = gated and ladder[current].is_key
            self.assertTrue(shut_out or value < ladder[current].keep)
        if reached < current:
            self.assertEqual(decision.rank, reached)

    @settings(deadline=None, database=None)
    @given(ladders(), RULES, st.lists(PERCENT, min_size=1, max_size=12), st.data())
    def test_demoted_only_in_a_row(self, ladder, rules, values, data):
        """Over any history: each demotion ends a row of low scores of full length."""
        current = data.draw(st.integers(0, len(ladder) - 1))
        below, row = 0, 0
        for value in values:
            decision = scoring.decide(ladder, rules, same(value), current, below)
            low = value < ladder[current].keep
            row = row + 1 if low else 0
            self.assertEqual(decision.rank > current, low and row == rules.demote_after)
            if decision.rank != current:
                row = 0
            current, below = decision.rank, decision.below

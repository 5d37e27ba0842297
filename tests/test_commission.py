"""The arithmetic of commissions: slabs, terms, pools, shares and what is kept."""

from decimal import Decimal
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.commission import (
    Credit,
    Slab,
    cliffs,
    keep_back,
    keep_now,
    ladder,
    marginal_terms,
    percent,
    pick_slab,
    pool,
    share_out,
    whole_terms,
)

CENT = Decimal("0.01")
calm = settings(max_examples=200, deadline=None)


def cents(low, high):
    return st.integers(low, high).map(lambda number: number * CENT)


RATES = cents(0, 10_000)
MONEY = cents(-(10**9), 10**9)
SHARES = st.dictionaries(st.integers(1, 30), cents(1, 10_000), min_size=1, max_size=6)


@st.composite
def ladders(draw):
    """One to five slabs from 0 on, in any order."""
    bounds = draw(st.sets(cents(1, 10**8), max_size=4)) | {Decimal(0)}
    slabs = [
        Slab(number, lower, draw(RATES), draw(RATES), draw(RATES))
        for number, lower in enumerate(bounds)
    ]
    return draw(st.permutations(slabs))


def credits(*measures):
    return [Credit(key, Decimal(measure)) for key, measure in enumerate(measures)]


# The slabs of the worked example.
EXAMPLE = ladder(
    [
        Slab(1, Decimal(0), Decimal(3), Decimal(2), Decimal(5)),
        Slab(2, Decimal(100_000), Decimal(4), Decimal("2.5"), Decimal(10)),
        Slab(3, Decimal(300_000), Decimal(5), Decimal(3), Decimal(10)),
    ]
)


@tagged("post_install", "-at_install")
class TestSlabs(BaseCase):
    """commission I6, P2: [lower, next lower), without a gap (R118)."""

    @calm
    @given(ladders(), cents(0, 2 * 10**8))
    def test_every_amount_has_one_slab(self, slabs, amount):
        """commission I6: each amount lies in exactly one slab, from its lower bound
        (with it) to the next one (without)."""
        slabs = ladder(slabs)
        uppers = [slab.lower for slab in slabs[1:]] + [Decimal("Infinity")]
        holding = [
            slab
            for slab, upper in zip(slabs, uppers, strict=True)
            if slab.lower <= amount < upper
        ]
        self.assertEqual([pick_slab(slabs, amount)], holding)

    @calm
    @given(ladders(), MONEY, MONEY)
    def test_monotone(self, slabs, one, two):
        """commission I6: more sales never lie in a lower slab."""
        slabs = ladder(slabs)
        low, high = sorted((one, two))
        self.assertLessEqual(pick_slab(slabs, low).lower, pick_slab(slabs, high).lower)

    def test_ladder_needs_a_beginning(self):
        """commission P2: no ladder without 0, and no two slabs from one amount."""
        for bounds in ((), (5,), (0, 5, 5)):
            slabs = [Slab(n, Decimal(b), CENT, CENT) for n, b in enumerate(bounds)]
            with self.assertRaises(ValueError):
                ladder(slabs)

    @calm
    @given(ladders())
    def test_cliffs(self, slabs):
        """R118: a cliff is where one more cent of sales pays less, and only there."""
        slabs = ladder(slabs)
        found = {(cliff.lower, cliff.origin) for cliff in cliffs(slabs)}
        for below, above in pairwise(slabs):
            for origin in ("new", "existing"):
                pays = [
                    (s.rate(origin), s.rate(origin) * (100 - s.retention))
                    for s in (below, above)
                ]
                falls = pays[1][0] < pays[0][0] or pays[1][1] < pays[0][1]
                self.assertEqual((above.lower, origin) in found, falls)


@tagged("post_install", "-at_install")
class TestTerms(BaseCase):
    """The rates of the contracts of a month (R118, R119)."""

    def test_worked_example(self):
        """R118: 150,000 and 119,000 are in the second slab, all of them."""
        terms = whole_terms(EXAMPLE, credits(150_000, 119_000))
        self.assertEqual([t.rate for t in terms.values()], [4, 4])
        terms = marginal_terms(EXAMPLE, credits(150_000, 119_000))
        third = (Decimal(100_000) * 3 + Decimal(50_000) * 4) / 150_000
        self.assertEqual(terms[0].rate, third.quantize(Decimal("1e-8")))
        self.assertEqual(terms[1].rate, 4)

    @calm
    @given(ladders(), st.lists(cents(0, 10**6), min_size=1, max_size=6))
    def test_the_same_inside_the_lowest_slab(self, slabs, measures):
        """commission I6: inside the lowest slab, whole and marginal are one."""
        slabs = ladder(slabs)
        top = slabs[1].lower if len(slabs) > 1 else Decimal("Infinity")
        if sum(measures) >= top:
            measures = [Decimal(0) for _measure in measures]
        own = credits(*measures)
        self.assertEqual(whole_terms(slabs, own), marginal_terms(slabs, own))

    @calm
    @given(ladders(), cents(0, 2 * 10**8), cents(0, 100))
    def test_marginal_has_no_jump(self, slabs, amount, more):
        """commission I6: marginal, one cent more of sales pays at most the highest
        rate of it more: the pay of a month is continuous."""
        slabs = ladder(slabs)

        def paid(measure):
            terms = marginal_terms(slabs, credits(measure))
            return measure * terms[0].rate / 100

        step = paid(amount + more) - paid(amount)
        top = max(slab.rate_new for slab in slabs)
        # what is lost by keeping a rate with eight decimals
        slack = (amount + more) * Decimal("2e-10") + Decimal("1e-9")
        self.assertLessEqual(step, more * top / 100 + slack)
        self.assertGreaterEqual(step, -slack)

    @calm
    @given(ladders(), st.lists(cents(-(10**7), 10**8), min_size=1, max_size=5))
    def test_marginal_sums_to_the_whole_stretch(self, slabs, measures):
        """commission I6: cut into contracts or not, a month pays the same, and what is
        taken away again costs what it had brought."""
        slabs = ladder(slabs)
        parts = marginal_terms(slabs, credits(*measures))
        apart = sum(measure * parts[key].rate for key, measure in enumerate(measures))
        once = marginal_terms(slabs, credits(sum(measures)))
        together = sum(measures) * once[0].rate
        slack = sum(map(abs, measures)) * Decimal("2e-8") + 1
        self.assertLessEqual(abs(apart - together), slack)

    @calm
    @given(ladders(), st.permutations([10, 20, 30]))
    def test_whole_in_any_order(self, slabs, order):
        """commission I8: whole, the order of contracts does not matter."""
        slabs = ladder(slabs)
        own = credits(10_000, 20_000, 300_000)
        mixed = sorted(own, key=lambda credit: order[credit.key])
        self.assertEqual(whole_terms(slabs, own), whole_terms(slabs, mixed))

    @calm
    @given(ladders(), cents(0, 10**8))
    def test_origin(self, slabs, amount):
        """R119: a new and an existing customer have each his own rate of one slab."""
        slabs = ladder(slabs)
        own = [Credit(1, amount, "new"), Credit(2, Decimal(0), "existing")]
        terms = whole_terms(slabs, own)
        slab = pick_slab(slabs, amount)
        self.assertEqual(terms[1].rate, slab.rate_new)
        self.assertEqual(terms[2].rate, slab.rate_existing)


@tagged("post_install", "-at_install")
class TestShareOut(BaseCase):
    """One pool, divided to the cent (R122, commission I1)."""

    def test_worked_example(self):
        """R122: 1,025.00 by 70 to 30."""
        parts = share_out(Decimal(1025), {1: Decimal(70), 2: Decimal(30)})
        self.assertEqual(parts, {1: Decimal("717.50"), 2: Decimal("307.50")})

    def test_largest_remainder(self):
        """commission I1: what is left goes to who is short of most."""
        parts = share_out(CENT, {1: Decimal(10), 2: Decimal(90)})
        self.assertEqual(parts, {1: 0, 2: CENT})

    def test_ties_by_number(self):
        """commission I1: what is left goes to the smaller numbers."""
        thirds = dict.fromkeys((7, 5, 9), Decimal(1))
        for total, expected in (
            ("0.01", {5: "0.01", 7: "0", 9: "0"}),
            ("0.02", {5: "0.01", 7: "0.01", 9: "0"}),
            ("-0.01", {5: "-0.01", 7: "0", 9: "0"}),
        ):
            parts = share_out(Decimal(total), thirds)
            self.assertEqual(parts, {k: Decimal(v) for k, v in expected.items()})

    @calm
    @given(MONEY | cents(10**14, 10**15), SHARES)
    def test_sums_to_the_pool(self, total, shares):
        """commission I1: the parts are the pool, be it nothing, negative or huge."""
        self.assertEqual(sum(share_out(total, shares).values()), total)

    @calm
    @given(MONEY, SHARES)
    def test_less_than_a_cent_apart(self, total, shares):
        """commission I1: no part is a cent or more from what is exactly due."""
        whole = sum(shares.values())
        for key, part in share_out(total, shares).items():
            self.assertLess(abs(part - total * shares[key] / whole), CENT)

    @calm
    @given(MONEY, SHARES, st.randoms())
    def test_order_does_not_matter(self, total, shares, random):
        """commission I8: in whatever order people stand, the parts are the same."""
        mixed = [*shares.items()]
        random.shuffle(mixed)
        self.assertEqual(share_out(total, dict(mixed)), share_out(total, shares))

    @calm
    @given(MONEY, SHARES)
    def test_negative_mirrors_positive(self, total, shares):
        """commission I1: taken back as it was given."""
        minus = {key: -part for key, part in share_out(total, shares).items()}
        self.assertEqual(share_out(-total, shares), minus)

    def test_nobody(self):
        """commission I1: shares of nothing have nothing."""
        self.assertEqual(share_out(Decimal(5), {}), {})
        self.assertEqual(share_out(Decimal(5), {1: Decimal(0)}), {1: 0})


@tagged("post_install", "-at_install")
class TestPoolAndFund(BaseCase):
    """What a contract pays, and what is kept of it (R120, R121)."""

    @calm
    @given(MONEY, RATES)
    def test_loss(self, profit, rate):
        """commission P13: a loss pays nothing, or is taken off; a profit is the same
        under both rules."""
        floor, carry = (pool(profit, rate, rule) for rule in ("floor_zero", "carry"))
        self.assertEqual(carry, percent(rate, profit))
        self.assertEqual(floor, max(carry, 0))

    @calm
    @given(MONEY, RATES)
    def test_kept(self, earned, retention):
        """commission I2: what is kept is a part of what was earned, and nothing of a
        loss."""
        kept = keep_back(earned, retention)
        self.assertTrue(0 <= kept <= max(earned, 0))

    @calm
    @given(cents(0, 10**6), cents(0, 10**6), cents(0, 10**6))
    def test_never_more_back_than_there_is(self, target, kept, released):
        """commission I2: the fund of a contract does not become negative."""
        released = min(released, kept)
        more = keep_now(target, kept, kept - released)
        self.assertGreaterEqual(kept - released + more, 0)
        if target >= released:
            self.assertEqual(kept + more, target)

    def test_halves(self):
        """commission I1: half a cent is rounded away from zero, as money is in Odoo."""
        self.assertEqual(percent(Decimal(50), Decimal("0.01")), CENT)
        self.assertEqual(percent(Decimal(50), Decimal("-0.01")), -CENT)

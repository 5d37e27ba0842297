"""What runs book: differences that always sum to a fresh computation."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.commission import ZERO, keep_back
from ..tools.settlement import (
    NONE,
    Booked,
    Contract,
    Leader,
    Options,
    Person,
    Share,
    settle,
    targets,
    why_not,
)

CENT = Decimal("0.01")
START = date(2026, 1, 1)
calm = settings(max_examples=100, deadline=None)
MONEY = st.integers(-(10**8), 10**8).map(lambda number: number * CENT)
PERCENT = st.integers(0, 10_000).map(lambda number: number * CENT)
OPTIONS = st.builds(
    Options,
    st.just("final_payment"),
    st.sampled_from(["lead", "own"]),
    st.sampled_from(["floor_zero", "carry"]),
    st.integers(0, 12),
    st.sampled_from(["service", "payout"]),
)


@st.composite
def contracts(draw, number=1):
    """A collected contract of one to three people."""
    cuts = sorted(draw(st.sets(st.integers(1, 99), max_size=2)))
    percents = [b - a for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]
    rate, kept, options = draw(PERCENT), draw(PERCENT), draw(OPTIONS)
    own = options.pool_rate == "own"
    shares = tuple(
        Share(
            10 * number + place,
            place + 1,
            Decimal(part),
            draw(PERCENT) if own else rate,
            kept,
            ZERO,
            "new",
        )
        for place, part in enumerate(percents)
    )
    return Contract(
        id=number,
        state="collected",
        lead=1,
        day=START,
        month=START,
        origin="new",
        rate=rate,
        retention=kept,
        terms=options,
        split_state="agreed",
        is_confirmed=True,
        lower=ZERO,
        is_disputed=False,
        net_profit=draw(MONEY),
        expected=ZERO,
        invoiced=Decimal(1),
        paid_on=START,
        shares=shares,
    )


@st.composite
def portfolios(draw):
    """One to five contracts."""
    return [draw(contracts(number)) for number in range(1, draw(st.integers(2, 6)))]


PEOPLE = {
    1: Person(date(2025, 6, 15)),
    2: Person(date(2026, 1, 1)),
    3: Person(date(2020, 1, 1), date(2026, 8, 1)),
}
LEADERS = [Leader(9, Decimal(2), frozenset({1, 2, 3}))]


class Ledger:
    """What runs have booked, as the database keeps it."""

    def __init__(self):
        self.rows = []

    def booked(self):
        """``{(contract, share or 0, user): Booked}``"""
        found = defaultdict(lambda: NONE)
        for number, entry in enumerate(self.rows, 1):
            key = (entry.deal, entry.split or 0, entry.user)
            before = found[key]
            if entry.kind in ("earn", "adjust", "clawback"):
                found[key] = replace(
                    before,
                    earned=before.earned + entry.amount,
                    entry=before.entry or number,
                )
            elif entry.kind == "team_bonus":
                found[key] = replace(
                    before,
                    bonus=before.bonus + entry.amount,
                    entry=before.entry or number,
                )
            elif entry.kind == "retain":
                due = min(filter(None, (before.release_on, entry.release_on)))
                found[key] = replace(
                    before,
                    kept=before.kept - entry.amount,
                    kept_entry=before.kept_entry or number,
                    release_on=due,
                )
            elif entry.kind == "release":
                found[key] = replace(before, released=before.released + entry.amount)
        return dict(found)

    def run(self, portfolio, until, leaders=True):
        led = {c.id: LEADERS for c in portfolio} if leaders else {}
        entries, _left = settle(portfolio, self.booked(), PEOPLE, led, until)
        self.rows += entries
        return entries

    def sums(self, *kinds):
        """``{(contract, share, user): sum}`` without what is nothing."""
        found = defaultdict(Decimal)
        for entry in self.rows:
            if entry.kind in kinds:
                found[entry.deal, entry.split, entry.user] += entry.amount
        return {key: amount for key, amount in found.items() if amount}


EARNED = ("earn", "adjust", "clawback")


def settled(portfolio):
    return [replace(contract, state="settled") for contract in portfolio]


@tagged("post_install", "-at_install")
class TestDifferences(BaseCase):
    """commission I3, I7, I8: the sum of what was booked is what is due now."""

    @calm
    @given(portfolios(), st.lists(st.lists(MONEY, min_size=5, max_size=5), max_size=4))
    def test_any_history_sums_to_a_fresh_computation(self, portfolio, history):
        """commission I7: after whatever came later, all rows of a contract are what
        computing it anew would give, bonuses too."""
        ledger = Ledger()
        until = date(2026, 3, 31)
        ledger.run(portfolio, until)
        for profits in history:
            until += timedelta(days=91)
            portfolio = [
                replace(contract, state="settled", net_profit=profit)
                for contract, profit in zip(portfolio, profits, strict=False)
            ]
            ledger.run(portfolio, until)
        fresh = Ledger()
        fresh.run(portfolio, until)
        for kinds in (EARNED, ("team_bonus",)):
            self.assertEqual(ledger.sums(*kinds), fresh.sums(*kinds))

    @calm
    @given(portfolios())
    def test_idempotent(self, portfolio):
        """commission I3: without news, nothing is booked a second time."""
        ledger = Ledger()
        until = date(2026, 3, 31)
        ledger.run(portfolio, until)
        self.assertEqual(ledger.run(settled(portfolio), until), [])

    @calm
    @given(portfolios(), st.randoms(), st.integers(1, 3))
    def test_order_and_batches(self, portfolio, random, size):
        """commission I8: in any order and in batches of any size, the same rows."""
        until = date(2026, 3, 31)
        once = Ledger()
        once.run(portfolio, until)
        mixed = [*portfolio]
        random.shuffle(mixed)
        parts = Ledger()
        for first in range(0, len(mixed), size):
            parts.run(mixed[first : first + size], until)
        order = [repr(row) for row in once.rows], [repr(row) for row in parts.rows]
        self.assertEqual(sorted(order[0]), sorted(order[1]))

    @calm
    @given(contracts())
    def test_shares_are_the_pool(self, contract):
        """commission I1: what all earn by a contract is its pool, to the cent."""
        given_to = targets(contract, contract.shares, contract.net_profit, 2)
        base = contract.net_profit
        if contract.terms.loss == "floor_zero":
            base = max(base, ZERO)
        pool = base * contract.rate / 100
        if contract.terms.pool_rate == "lead":
            self.assertLessEqual(abs(sum(given_to.values()) - pool), CENT / 2)

    @calm
    @given(portfolios())
    def test_no_bonus_below_nothing(self, portfolio):
        """R123: what a leader is paid for a contract is never negative."""
        ledger = Ledger()
        ledger.run(portfolio, date(2026, 3, 31))
        for bonus in ledger.sums("team_bonus").values():
            self.assertGreater(bonus, ZERO)

    @calm
    @given(portfolios())
    def test_leaders_have_nothing_of_their_own(self, portfolio):
        """R123: a leader's own share is not what he is paid a bonus for."""
        led = {c.id: [Leader(1, Decimal(2), frozenset({2, 3}))] for c in portfolio}
        alone = [replace(c, shares=c.shares[:1]) for c in portfolio]
        entries, _left = settle(alone, {}, PEOPLE, led, date(2026, 3, 31))
        self.assertFalse([row for row in entries if row.kind == "team_bonus"])


@tagged("post_install", "-at_install")
class TestFund(BaseCase):
    """commission I2: the risk fund of each share, over any history (R120)."""

    @calm
    @given(portfolios(), st.lists(st.lists(MONEY, min_size=5, max_size=5), max_size=6))
    def test_never_negative(self, portfolio, history):
        """commission I2: at no time is more released than was kept, and no share has a
        negative fund; in the end of time all of it has come back."""
        ledger = Ledger()
        until = date(2026, 3, 31)
        for profits in [[c.net_profit for c in portfolio], *history]:
            portfolio = [
                replace(contract, net_profit=profit)
                for contract, profit in zip(portfolio, profits, strict=False)
            ]
            ledger.run(portfolio, until)
            portfolio = settled(portfolio)
            for booked in ledger.booked().values():
                self.assertGreaterEqual(booked.kept, ZERO)
                self.assertGreaterEqual(booked.held, ZERO)
            until += timedelta(days=91)
        ledger.run(portfolio, date(2040, 1, 1))
        for booked in ledger.booked().values():
            self.assertEqual(booked.held, ZERO)

    @calm
    @given(contracts())
    def test_kept_by_the_slab(self, contract):
        """R120: of who is here too short, the slab's percentage is kept of what he
        earned, with a day on which it is due."""
        ledger = Ledger()
        options = replace(
            contract.terms, retention_months=12, retention_clock="service"
        )
        ledger.run([replace(contract, terms=options)], date(2026, 3, 31))
        for key, booked in ledger.booked().items():
            if key[2] == 2:
                kept = keep_back(booked.earned, contract.retention)
                self.assertEqual(booked.kept, kept)
                self.assertEqual(booked.release_on, date(2027, 1, 1) if kept else None)
            if key[2] == 3:
                self.assertEqual(booked.kept, ZERO)

    def test_rows_of_releases(self):
        """R120: on the due day all of it; a day before, nothing."""
        share = Share(11, 2, Decimal(100), Decimal(4), Decimal(10), ZERO, "new")
        contract = Contract(
            1, "settled", 2, START, START, "new", Decimal(4), Decimal(10), Options(),
            "agreed", True, ZERO, False, Decimal(1000), ZERO, Decimal(1), START,
            (share,),
        )  # fmt: skip
        due = date(2027, 1, 1)
        booked = {(1, 11, 2): Booked(Decimal(40), Decimal(4), ZERO, ZERO, 1, 2, due)}
        for until, expected in ((date(2026, 12, 31), []), (due, [Decimal(4)])):
            entries, _left = settle([contract], booked, PEOPLE, {}, until)
            self.assertEqual([row.amount for row in entries], expected)


@tagged("post_install", "-at_install")
class TestReasons(BaseCase):
    """R121: why a contract is not settled."""

    @calm
    @given(contracts())
    def test_each_reason(self, contract):
        """R121: each thing that is missing has its own reason, the first one counts."""
        until = date(2026, 3, 31)
        later = until + timedelta(days=1)
        for reason, changes in (
            (None, {}),
            ("dispute", {"is_disputed": True, "state": "settled"}),
            (None, {"state": "settled", "paid_on": None}),
            (None, {"paid_on": until}),
            ("unpaid", {"paid_on": later}),
            ("unpaid", {"paid_on": None}),
            ("not_invoiced", {"paid_on": None, "invoiced": ZERO}),
            ("split", {"split_state": "waiting"}),
            ("incomplete", {"split_state": "incomplete"}),
            ("profit_open", {"is_confirmed": False}),
            ("unsigned", {"state": "draft", "terms": None, "month": None}),
            ("no_lead", {"state": "draft", "terms": None, "lead": None}),
            ("month_open", {"state": "draft", "terms": None, "month": later}),
            ("no_plan", {"state": "draft", "terms": None}),
        ):
            changed = replace(contract, **changes)
            self.assertEqual(why_not(changed, until), reason)

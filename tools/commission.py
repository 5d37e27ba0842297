"""The arithmetic of commissions: slabs, rates, pools, shares and retention.

Pure functions, no database. Money and percentages are exact ``Decimal``s; money is
rounded half away from zero to the decimals of its currency, as Odoo's currencies do.

A slab holds ``[lower, lower of the next one)``: only lower bounds exist, so that there
is neither a gap nor an overlap (R118). *Whole*: the month's measure picks one slab,
whose rate holds for every contract of the month. *Marginal*: the contracts of the
month fill the slabs one after the other, in the order in which they were signed, and
each one has the average of the rates of the slabs it fills.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import floor

HUNDRED = Decimal(100)
ZERO = Decimal(0)
# A marginal rate is an average: it is kept with this many decimals, and the pool is
# computed from what is kept, so that anybody can check it.
RATE_PLACES = 8


@dataclass(frozen=True, slots=True)
class Slab:
    """A step of the ladder. Rates and retention in percent."""

    key: Hashable
    lower: Decimal
    rate_new: Decimal
    rate_existing: Decimal
    retention: Decimal = ZERO

    def rate(self, origin: str) -> Decimal:
        """The rate for a customer who is ``new`` or ``existing`` (R119)."""
        return self.rate_new if origin == "new" else self.rate_existing


@dataclass(frozen=True, slots=True)
class Credit:
    """What one contract adds to the measure of a person's month."""

    key: Hashable
    measure: Decimal
    origin: str = "new"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a contract is paid by, frozen with the month. In percent."""

    slab: Slab
    rate: Decimal
    retention: Decimal
    origin: str = "new"


@dataclass(frozen=True, slots=True)
class Cliff:
    """A bound at which one more yuan of measure pays less, kept after ``retention``
    when ``of_net``, of the whole otherwise. Rates in percent."""

    lower: Decimal
    origin: str
    before: Decimal
    after: Decimal
    of_net: bool


def exact(value) -> Decimal:
    """The decimal that a number of the database stands for: the cursor hands floats
    out, whose shortest notation is what was stored."""
    return value if isinstance(value, Decimal) else Decimal(repr(value or 0.0))


def money(value: Decimal, places: int = 2) -> Decimal:
    """``value`` rounded to cents, halves away from zero."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def percent(value: Decimal, of: Decimal, places: int = 2) -> Decimal:
    """``value`` percent of an amount, in cents."""
    return money(of * value / HUNDRED, places)


def ladder(slabs: Iterable[Slab]) -> list[Slab]:
    """The slabs in the order of their lower bounds.

    :raises ValueError: when there is none at 0, or two have the same bound.
    """
    ordered = sorted(slabs, key=lambda slab: slab.lower)
    bounds = [slab.lower for slab in ordered]
    if not ordered or bounds[0] != 0 or len({*bounds}) != len(bounds):
        raise ValueError("one slab begins at 0, and no two at the same amount")
    return ordered


def pick_slab(slabs: Sequence[Slab], measure: Decimal) -> Slab:
    """The slab that holds ``measure``; a month below nothing is in the lowest one.

    ``slabs`` in the order of ``ladder``.
    """
    fitting = [slab for slab in slabs if slab.lower <= measure]
    return fitting[-1] if fitting else slabs[0]


def whole_terms(slabs: Sequence[Slab], credits: Sequence[Credit]) -> dict:
    """``{key: Terms}`` of the contracts of a month whose total picks the slab."""
    slab = pick_slab(slabs, sum((credit.measure for credit in credits), ZERO))
    return {
        credit.key: Terms(slab, slab.rate(credit.origin), slab.retention, credit.origin)
        for credit in credits
    }


def marginal_terms(slabs: Sequence[Slab], credits: Sequence[Credit]) -> dict:
    """``{key: Terms}`` of contracts that fill the slabs one after the other.

    ``credits`` in the order in which they count: by day of signing, then number. What
    takes measure away has the rate of what it takes away, from the top. The slab of
    the terms is the one in which the contract ends.
    """
    terms, reached = {}, ZERO
    for credit in credits:
        low, high = sorted((reached, reached + credit.measure))
        parts = _parts(slabs, low, high)
        width = high - low
        slab = pick_slab(slabs, low) if credit.measure < 0 else parts[-1][0]
        if width:
            rate = sum(s.rate(credit.origin) * size for s, size in parts) / width
            kept = sum(s.retention * size for s, size in parts) / width
        else:
            rate, kept = slab.rate(credit.origin), slab.retention
        places = Decimal(1).scaleb(-RATE_PLACES)
        terms[credit.key] = Terms(
            slab,
            rate.quantize(places, ROUND_HALF_UP),
            kept.quantize(places, ROUND_HALF_UP),
            credit.origin,
        )
        reached += credit.measure
    return terms


def _parts(slabs: Sequence[Slab], low: Decimal, high: Decimal):
    """``(slab, how much of [low, high) lies in it)``, the lowest slab first; at least
    one, with nothing in it for an empty stretch. Below 0 is the lowest slab."""
    parts = []
    for number, slab in enumerate(slabs):
        bottom = slab.lower if number else min(low, slab.lower)
        top = slabs[number + 1].lower if number + 1 < len(slabs) else max(high, bottom)
        size = min(high, top) - max(low, bottom)
        if size > 0:
            parts.append((slab, size))
    return parts or [(pick_slab(slabs, low), ZERO)]


TERMS = {"whole": whole_terms, "marginal": marginal_terms}


def pool(net_profit: Decimal, rate: Decimal, loss: str, places: int = 2) -> Decimal:
    """What a contract pays to all who share it: ``rate`` percent of its net profit.

    A loss pays nothing (``floor_zero``), or is taken off other contracts (``carry``).
    """
    base = max(net_profit, ZERO) if loss == "floor_zero" else net_profit
    return percent(rate, base, places)


def share_out(total: Decimal, shares: dict, places: int = 2) -> dict:
    """``total`` divided by ``shares`` (of any sum), to the cent.

    What rounding down leaves goes to the largest remainders, ties to the smaller key
    (R122). A negative total is divided like the positive one.

    :returns: ``{key: amount}``, the amounts adding up to ``total`` exactly.
    """
    cent = Decimal(1).scaleb(-places)
    whole = sum(shares.values(), ZERO)
    if not whole:
        return dict.fromkeys(shares, ZERO)
    cents = int(abs(total) / cent)
    sign = -1 if total < 0 else 1
    if len(shares) == 1:
        return dict.fromkeys(shares, sign * cents * cent)
    exact = {key: cents * share / whole for key, share in shares.items()}
    given = {key: floor(value) for key, value in exact.items()}
    left = cents - sum(given.values())
    for key in sorted(exact, key=lambda key: (given[key] - exact[key], key))[:left]:
        given[key] += 1
    return {key: sign * number * cent for key, number in given.items()}


def keep_back(earned: Decimal, retention: Decimal, places: int = 2) -> Decimal:
    """What is kept of an amount as risk fund (R120); nothing of a loss."""
    return percent(retention, max(earned, ZERO), places)


def keep_now(target: Decimal, kept: Decimal, held: Decimal) -> Decimal:
    """What is to be kept more (or given back, negative) so that ``target`` is kept of
    a contract of which ``kept`` was kept so far. Of that, ``held`` is still there: no
    more than that can come back out of it."""
    return max(target - kept, -held)


def cliffs(slabs: Sequence[Slab]) -> list[Cliff]:
    """The bounds at which one more yuan of measure pays less in all, in *whole* mode:
    because the rate falls, or because so much more of it is kept."""
    found = []
    for below, above in zip(slabs, slabs[1:], strict=False):
        for origin in ("new", "existing"):
            before, after = below.rate(origin), above.rate(origin)
            if after < before:
                found.append(Cliff(above.lower, origin, before, after, False))
                continue
            net_before = before * (HUNDRED - below.retention) / HUNDRED
            net_after = after * (HUNDRED - above.retention) / HUNDRED
            if net_after < net_before:
                found.append(Cliff(above.lower, origin, net_before, net_after, True))
    return found

"""What a run books: the difference between what contracts come to and what was booked
of them before. Pure functions, no database.

Every amount is a difference: of the first run it is all, of a run without news it is
nothing, and after a late cost or a credit note it is exactly what changed, at the rate
and the shares that were fixed with the month (I7). So the sum of all rows of a contract
is always what a fresh computation would give.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from .commission import ZERO, keep_back, keep_now, percent, pool, share_out

AGREED = ("agreed", "decided")


@dataclass(frozen=True, slots=True)
class Options:
    """What the version of a plan says about paying."""

    trigger: str = "final_payment"
    pool_rate: str = "lead"
    loss: str = "floor_zero"
    retention_months: int = 12
    retention_clock: str = "service"


@dataclass(frozen=True, slots=True)
class Share:
    """A person's share of a contract, with what he is paid by. In percent."""

    id: int
    user: int
    percent: Decimal
    rate: Decimal
    retention: Decimal
    lower: Decimal
    origin: str


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract with its figures up to the last day of the period."""

    id: int
    state: str
    lead: int
    day: date
    month: date
    origin: str
    rate: Decimal
    retention: Decimal
    terms: Options | None
    split_state: str
    is_confirmed: bool
    lower: Decimal
    is_disputed: bool
    net_profit: Decimal
    expected: Decimal
    invoiced: Decimal
    paid_on: date | None
    shares: tuple = ()


@dataclass(frozen=True, slots=True)
class Booked:
    """What earlier runs booked of a share; kept and released as positive amounts."""

    earned: Decimal = ZERO
    kept: Decimal = ZERO
    released: Decimal = ZERO
    bonus: Decimal = ZERO
    entry: int | None = None
    kept_entry: int | None = None
    release_on: date | None = None

    @property
    def held(self) -> Decimal:
        return self.kept - self.released


@dataclass(frozen=True, slots=True)
class Person:
    """Since when somebody has been here, and the day he left."""

    since: date
    left_on: date | None = None


@dataclass(frozen=True, slots=True)
class Leader:
    """Who leads people on the day of a contract, and his percentage of their profit."""

    user: int
    percent: Decimal
    people: frozenset


@dataclass(frozen=True, slots=True)
class Entry:
    """A row for the ledger."""

    kind: str
    amount: Decimal
    user: int
    deal: int
    split: int | None = None
    reverses: int | None = None
    release_on: date | None = None
    explain: dict = field(default_factory=dict)


NONE = Booked()


def settle(
    contracts: Iterable[Contract],
    booked: dict,
    people: dict,
    leaders: dict,
    until: date,
    places: int = 2,
) -> tuple[list[Entry], dict]:
    """What is to be booked with the last day ``until``.

    :param booked: ``{(contract, share or 0, user): Booked}`` of the runs before.
    :param people: ``{user: Person}``.
    :param leaders: ``{contract: [Leader]}``.
    :returns: the rows, and ``{contract: reason}`` of those that nothing came of.
    """
    entries, left_out = [], {}
    for contract in contracts:
        reason, own = why_not(contract, until), []
        shares = contract.shares
        if reason:
            left_out[contract.id] = reason
        else:
            profit = _base(contract, until)
            given = targets(contract, shares, profit, places)
            own = _earnings(
                contract, shares, given, profit, booked, people, until, places
            )
            own += _bonuses(
                contract, shares, profit, booked, leaders.get(contract.id, ()), places
            )
            if not own and contract.state != "settled":
                left_out[contract.id] = "loss" if profit <= 0 else "no_rate"
        own += _releases(contract, shares, own, booked, people, until)
        entries += own
    return entries, left_out


def why_not(contract: Contract, until: date) -> str | None:
    """Why a contract is not settled by ``until``, or None."""
    if contract.is_disputed:
        return "dispute"
    if contract.state == "settled":
        return None
    if contract.state == "draft" or not contract.terms:
        return _why_not_credited(contract, until)
    if contract.terms.trigger == "final_payment":
        if not contract.paid_on or contract.paid_on > until:
            return "unpaid" if contract.invoiced else "not_invoiced"
    if contract.split_state not in AGREED:
        return "incomplete" if contract.split_state == "incomplete" else "split"
    return None if contract.is_confirmed else "profit_open"


def _why_not_credited(contract: Contract, until: date) -> str:
    if not contract.month:
        return "unsigned"
    if not contract.lead:
        return "no_lead"
    return "month_open" if contract.month > until else "no_plan"


def _base(contract: Contract, until: date) -> Decimal:
    """The net profit; before the final payment what is to be expected of it."""
    paid = contract.paid_on and contract.paid_on <= until
    early = contract.terms and contract.terms.trigger == "signed" and not paid
    return contract.expected if early else contract.net_profit


def targets(contract: Contract, shares: list[Share], profit: Decimal, places: int):
    """``{share id: what it comes to}``."""
    return pool_shares(profit, contract.rate, shares, contract.terms, places)


def pool_shares(profit, rate, shares, options, places=2):
    """``{share id: amount}``: one pool at the rate of the lead, divided; or everybody's
    part of the net profit at his own rate."""
    percents = {s.id: s.percent for s in shares}
    if options.pool_rate == "lead":
        return share_out(pool(profit, rate, options.loss, places), percents, places)
    parts = share_out(profit, percents, places)
    return {s.id: pool(parts[s.id], s.rate, options.loss, places) for s in shares}


def _earnings(contract, shares, given, profit, booked, people, until, places):
    entries = []
    for share in shares:
        before = booked.get((contract.id, share.id, share.user), NONE)
        target = given[share.id]
        delta = target - before.earned
        rate = contract.rate if contract.terms.pool_rate == "lead" else share.rate
        if delta:
            kind = "earn" if not before.entry else "adjust" if delta > 0 else "clawback"
            explain = {
                "how": "earn",
                "net_profit": str(profit),
                "rate": str(rate),
                "pool": str(pool(profit, rate, contract.terms.loss, places)),
                "share": str(share.percent),
                "target": str(target),
                "booked": str(before.earned),
                "lower": str(share.lower),
                "month": str(contract.month),
                "origin": share.origin or contract.origin,
            }
            entries.append(
                Entry(
                    kind,
                    delta,
                    share.user,
                    contract.id,
                    share.id,
                    before.entry if kind != "earn" else None,
                    explain=explain,
                )
            )
        entries += _retention(contract, share, target, before, people, until, places)
    return entries


def _retention(contract, share, target, before, people, until, places):
    """What is kept of a share: as the slab says, as long as the fund is open to him."""
    due = release_day(contract, before, people.get(share.user), until)
    if not due:
        return []
    goal = keep_back(target, share.retention, places)
    more = keep_now(goal, before.kept, before.held)
    if not more:
        return []
    explain = {
        "how": "retain",
        "retention": str(share.retention),
        "earned": str(target),
        "target": str(goal),
        "kept": str(before.kept),
    }
    reverses = before.kept_entry if more < 0 else None
    return [
        Entry(
            "retain", -more, share.user, contract.id, share.id, reverses, due, explain
        )
    ]


def release_day(contract, before, person, until):
    """The day on which what is kept now is due; None when nothing is kept any more:
    of who has been here long enough, or who left, or of a contract whose fund was
    paid out."""
    if before.entry:
        return before.release_on if before.held > 0 else None
    months = relativedelta(months=contract.terms.retention_months)
    if contract.terms.retention_clock == "payout":
        due = until + months
    else:
        due = person.since + months if person else until + months
    gone = person and person.left_on and person.left_on <= until
    return None if gone or due <= until else due


def _releases(contract, shares, entries, booked, people, until):
    """What was kept of earlier periods and is due, or all of who left; without what
    ``entries`` of this period have given back of it already."""
    now = {}
    for entry in entries:
        if entry.kind == "retain":
            now[entry.split] = now.get(entry.split, ZERO) - entry.amount
    rows = []
    for share in shares:
        before = booked.get((contract.id, share.id, share.user), NONE)
        if before.held <= 0:
            continue
        person = people.get(share.user)
        left = person.left_on if person else None
        gone = bool(left and left <= until)
        due = before.release_on
        if not gone and (not due or due > until):
            continue
        held = before.held + now.get(share.id, ZERO)
        if held > 0:
            explain = {
                "how": "release",
                "due": str(left if gone and (not due or left < due) else due),
                "held": str(held),
                "left": gone and (not due or left < due),
            }
            rows.append(
                Entry(
                    "release",
                    held,
                    share.user,
                    contract.id,
                    share.id,
                    before.kept_entry,
                    explain=explain,
                )
            )
    return rows


def _bonuses(contract, shares, profit, booked, leaders, places):
    """The leader's percentage of what the shares of his people are of the net profit,
    his own left out (R123)."""
    entries = []
    if not leaders:
        return entries
    parts = share_out(profit, {s.id: s.percent for s in shares}, places)
    for leader in leaders:
        base = sum((parts[s.id] for s in shares if s.user in leader.people), ZERO)
        target = percent(leader.percent, max(base, ZERO), places)
        before = booked.get((contract.id, 0, leader.user), NONE)
        delta = target - before.bonus
        if delta:
            explain = {
                "how": "bonus",
                "base": str(base),
                "pct": str(leader.percent),
                "target": str(target),
                "booked": str(before.bonus),
            }
            entries.append(
                Entry(
                    "team_bonus",
                    delta,
                    leader.user,
                    contract.id,
                    None,
                    before.entry if before.bonus else None,
                    explain=explain,
                )
            )
    return entries

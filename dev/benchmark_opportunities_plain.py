"""What the deals of a sales pipeline pay, computed from the file with nothing but
Decimals: the other side of `dev/bench opportunities`. Nothing of the addon is used
here on purpose, so that what is compared was computed twice, in two ways.

The columns are those of the data set "CRM Sales Opportunities"
(``tests/data/ORIGIN.txt``).
"""

import csv
from collections import defaultdict
from dataclasses import astuple, dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

LAST_DAYS = {1: (3, 31), 2: (6, 30), 3: (9, 30), 4: (12, 31)}


class Deal(NamedTuple):
    """A deal that was won: signed, invoiced and paid on one day."""

    day: date
    number: str
    seller: str
    customer: str
    value: Decimal

    @property
    def quarter(self):
        return self.day.year, (self.day.month + 2) // 3


class Plan(NamedTuple):
    """What all are paid by: ``(from, new, existing, kept)`` of each slab and the
    percentage of the leaders."""

    slabs: list
    bonus: int


@dataclass
class Sums:
    """What a statement says."""

    gross: Decimal = Decimal(0)
    retained: Decimal = Decimal(0)
    released: Decimal = Decimal(0)
    team_bonus: Decimal = Decimal(0)
    net: Decimal = Decimal(0)


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def won_deals(rows):
    """The deals that were won, in the order in which they were."""
    return sorted(
        Deal(
            date.fromisoformat(row["close_date"]),
            row["opportunity_id"],
            row["sales_agent"],
            row["account"],
            Decimal(row["close_value"]),
        )
        for row in rows
        if row["deal_stage"] == "Won"
    )


def first_days(rows):
    """``{seller: the day he first engaged in a deal}``, won or not."""
    days = {}
    for row in rows:
        if row["engage_date"]:
            day = date.fromisoformat(row["engage_date"])
            days[row["sales_agent"]] = min(day, days.get(row["sales_agent"], day))
    return days


def turnover_of_leaders(deals, leader_of):
    """``{(leader, quarter): turnover of his people}``."""
    sums = defaultdict(Decimal)
    for deal in deals:
        sums[leader_of[deal.seller], deal.quarter] += deal.value
    return dict(sums)


def turnover_of_sellers(deals):
    """``{(seller, first day of the month): turnover}``."""
    sums = defaultdict(Decimal)
    for deal in deals:
        sums[deal.seller, deal.day.replace(day=1)] += deal.value
    return dict(sums)


def statements(deals, leader_of, since, plan, quarters):
    """``{(person, quarter): Sums}`` of everybody for whom there is anything.

    :param since: ``{seller: first day of his service}``; what is kept of him is due a
        year after it, and nothing is kept in the quarter of that day or later.
    """
    found, held = defaultdict(Sums), defaultdict(Decimal)
    months, is_new = turnover_of_sellers(deals), found_by(deals)
    for year, quarter in sorted(quarters):
        last = date(year, *LAST_DAYS[quarter])
        due = {
            seller
            for seller, day in since.items()
            if (day.year + 1, day.month, day.day) <= (last.year, last.month, last.day)
        }
        for deal in deals:
            if deal.quarter != (year, quarter):
                continue
            month = months[deal.seller, deal.day.replace(day=1)]
            _lower, new, existing, kept = [s for s in plan.slabs if s[0] <= month][-1]
            pay = percent(new if is_new[deal.number] else existing, deal.value)
            own = found[deal.seller, (year, quarter)]
            own.gross += pay
            if deal.seller not in due:
                own.retained += percent(kept, pay)
                held[deal.seller] += percent(kept, pay)
            leader = found[leader_of[deal.seller], (year, quarter)]
            leader.gross += percent(plan.bonus, deal.value)
            leader.team_bonus += percent(plan.bonus, deal.value)
        for seller in due & held.keys():
            found[seller, (year, quarter)].released += held.pop(seller)
    for sums in found.values():
        sums.net = sums.gross - sums.retained + sums.released
    return {key: sums for key, sums in found.items() if any(astuple(sums))}


def found_by(deals):
    """``{number: whether its seller found the customer}``: nobody dealt with the
    customer before he did."""
    finder, is_new = {}, {}
    for deal in deals:
        finder.setdefault(deal.customer, deal.seller)
        is_new[deal.number] = finder[deal.customer] == deal.seller
    return is_new


def percent(rate, amount):
    """``rate`` percent of an amount in cents, halves away from zero."""
    exact = amount * Decimal(str(rate)) / 100
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)

"""Grade the customers of a file and compare every tier with the pure function.

The raw values are read from the CSV once more, in the plainest way, and scored by
`tools/scoring.py`; the evaluation reads them from the books. Nothing is kept: the
caller rolls the evaluation back.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from odoo.fields import Command

from ..tools import scoring
from ..tools.periods import months_between, window_start

CENT = Decimal("0.01")

# The scheme of the worked example, in the order of the values below.
CRITERIA = (
    ("invoiced_net", scoring.Criterion(50, 0, 5_000)),
    ("invoice_count", scoring.Criterion(30, 0, 20)),
    ("months_since_last_invoice", scoring.Criterion(20, 12, 0)),
)
TIERS = (
    ("A", scoring.Tier(75, 65, True)),
    ("B", scoring.Tier(50, 40, True)),
    ("C", scoring.Tier(25, 20)),
    ("D", scoring.Tier(0, 0)),
)


@dataclass(frozen=True)
class Grades:
    """`(score, tier)` of each customer by his reference, computed in two ways."""

    until: date
    in_file: dict[str, tuple]
    in_evaluation: dict[str, tuple]

    @property
    def differences(self) -> dict[str, tuple]:
        """(file, evaluation) of the customers whose score or tier differ."""
        return {
            customer: (self.in_file.get(customer), self.in_evaluation.get(customer))
            for customer in sorted({*self.in_file, *self.in_evaluation})
            if self.in_file.get(customer) != self.in_evaluation.get(customer)
        }

    def sentences(self) -> list[str]:
        """The report, one sentence a line."""
        counts = defaultdict(int)
        for _score, tier in self.in_file.values():
            counts[tier] += 1
        lines = [
            f"{len(self.in_file):,} customers graded as of {self.until}: "
            + ", ".join(f"{code} {counts[code]:,}" for code, _tier in TIERS)
            + "."
        ]
        for customer, (ours, theirs) in list(self.differences.items())[:20]:
            lines.append(f"Customer {customer}: {ours} by the file, {theirs} graded.")
        lines.append(
            f"{len(self.differences):,} customers differ."
            if self.differences
            else "Every score and tier is what the pure function says."
        )
        return lines


def verify_tiers(env, stream: Iterable[str], until: date) -> Grades:
    """Grade all customers of the company on `until` and compare those of the file."""
    in_file = recompute_tiers(stream, until)
    scheme = env["key.account.scheme"].create(_scheme_vals(env.company))
    evaluation = env["key.account.evaluation"].create(
        {"scheme_id": scheme.id, "company_id": env.company.id, "date": until}
    )
    env["key.account"]._open_missing(env.company)
    for _step in evaluation._simulate():
        pass
    in_evaluation = {}
    for line in evaluation.line_ids:
        customer = line.account_id.partner_id.ref
        if customer in in_file:
            in_evaluation[customer] = (line.score, line.computed_tier_id.code)
    return Grades(until, in_file, in_evaluation)


def recompute_tiers(stream: Iterable[str], until: date) -> dict[str, tuple]:
    """`(score, code of the tier)` of every customer with documents before `until`."""
    documents = defaultdict(Decimal)
    for row in csv.DictReader(stream):
        day = date.fromisoformat(row["InvoiceDate"][:10])
        if row["CustomerID"] and day < until:
            customer = row["CustomerID"].removesuffix(".0")
            amount = Decimal(row["Quantity"]) * Decimal(row["UnitPrice"])
            documents[customer, row["InvoiceNo"], day] += amount
    per_customer = defaultdict(list)
    for (customer, number, day), amount in documents.items():
        net = amount.quantize(CENT, ROUND_HALF_UP)
        per_customer[customer].append((day, net, number.startswith("C")))
    return {
        customer: _grade(rows, until, window_start(until, 12))
        for customer, rows in per_customer.items()
    }


def _grade(rows, until, since):
    bought = [day for day, _net, is_credit in rows if not is_credit]
    values = (
        float(sum(net for day, net, _is_credit in rows if day >= since)),
        sum(day >= since for day in bought),
        round(months_between(max(bought), until), 6) if bought else None,
    )
    scored = scoring.score([criterion for _measure, criterion in CRITERIA], values)
    tiers = [tier for _code, tier in TIERS]
    decision = scoring.decide(tiers, scoring.Rules(), scored)
    return scored.value, TIERS[decision.rank][0]


def _scheme_vals(company):
    return {
        "name": "Worked example",
        "company_id": company.id,
        "criterion_ids": [
            Command.create(
                {
                    "measure": measure,
                    "weight": criterion.weight,
                    "floor": criterion.floor,
                    "target": criterion.target,
                }
            )
            for measure, criterion in CRITERIA
        ],
        "tier_ids": [
            Command.create(
                {
                    "sequence": place,
                    "code": code,
                    "name": code,
                    "enter_score": tier.enter,
                    "keep_score": tier.keep,
                    "is_key": tier.is_key,
                }
            )
            for place, (code, tier) in enumerate(TIERS)
        ],
    }

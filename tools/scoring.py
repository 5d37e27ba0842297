"""The arithmetic of the tiers (R002, R005-R009, R011). Pure functions, no database.

A criterion turns a raw value into a sub-score: linear from 0 at ``floor`` to 100 at
``target``, clamped at both ends; a target below the floor means that less is better.

    score    = sum(weight x sub-score) / sum(weight)   over the criteria with data
    coverage = sum(weight of the criteria with data) / 100

Missing data is not zero: a criterion without a value is left out of both sums, unless
its policy says ``zero``, which is the decision to treat silence as the worst value.

The tier follows the score with inertia. A better tier is entered at once when the
score reaches its ``enter`` score. A tier is left only when the score stayed below its
``keep`` score in ``demote_after`` evaluations in a row, by ``max_step`` tiers at most,
and never on less data than ``min_coverage``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

SKIP, ZERO = "skip", "zero"

# Why an account ends up in the tier it does.
NEW = "new"
PROMOTED = "promoted"
KEPT = "kept"
WATCHED = "watched"
DEMOTED = "demoted"
LOW_COVERAGE = "low_coverage"
NO_DATA = "no_data"


@dataclass(frozen=True, slots=True)
class Criterion:
    """How one measure counts: ``weight`` in points of 100, ``floor`` and ``target`` in
    the unit of the measure. ``gate``: who does not reach the floor (or has no data)
    cannot be in a key tier, whatever his score."""

    weight: float
    floor: float
    target: float
    missing: str = SKIP
    gate: bool = False


@dataclass(frozen=True, slots=True)
class Tier:
    """A level of a scheme; tiers are given best first."""

    enter: float
    keep: float
    is_key: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """The inertia of a scheme. ``min_coverage`` is a share, 0 to 1."""

    demote_after: int = 1
    max_step: int = 1
    min_coverage: float = 0.0


@dataclass(frozen=True, slots=True)
class Score:
    """``value`` is 0 to 100 with two decimals, None without any data; ``subs`` holds a
    sub-score (or None) for each criterion, in their order."""

    value: float | None
    coverage: float
    subs: tuple[float | None, ...]
    gated: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """``rank`` is the index of the tier (None: no tier yet), ``below`` the evaluations
    in a row below the keep score, ``why`` one of the constants above."""

    rank: int | None
    below: int
    why: str


def sub_score(raw: float, floor: float, target: float) -> float:
    """0 at ``floor``, 100 at ``target``, linear between, clamped.

    Where both are equal the criterion is a threshold: 100 from the target on, else 0.
    """
    if floor == target:
        return 100.0 if raw >= target else 0.0
    return min(100.0, max(0.0, 100.0 * (raw - floor) / (target - floor)))


def passes_gate(raw: float | None, criterion: Criterion) -> bool:
    """Whether a value reaches the floor of a gate, in the direction of its target."""
    if raw is None:
        return False
    if criterion.target < criterion.floor:
        return raw <= criterion.floor
    return raw >= criterion.floor


def score(criteria: Sequence[Criterion], values: Sequence[float | None]) -> Score:
    """Weighs the raw ``values``, one for each criterion, None where there is no data.

    The score is rounded to two decimals here and nowhere else: the figure that is
    printed is the figure that decides.
    """
    total = weighed = 0.0
    gated = False
    subs = []
    for criterion, raw in zip(criteria, values, strict=True):
        if criterion.gate and not passes_gate(raw, criterion):
            gated = True
        if raw is not None:
            sub = sub_score(raw, criterion.floor, criterion.target)
        elif criterion.missing == ZERO:
            sub = 0.0
        else:
            subs.append(None)
            continue
        subs.append(sub)
        weighed += criterion.weight
        total += criterion.weight * sub
    value = round(total / weighed, 2) if weighed else None
    return Score(value, round(weighed / 100.0, 4), tuple(subs), gated)


def rank_for(tiers: Sequence[Tier], value: float, gated: bool = False) -> int:
    """Index of the best tier whose enter score the value reaches; the last tier takes
    everybody else. A failed gate leaves only the tiers that are not key."""
    for rank, tier in enumerate(tiers):
        if value >= tier.enter and not (gated and tier.is_key):
            return rank
    return len(tiers) - 1


def decide(
    tiers: Sequence[Tier],
    rules: Rules,
    scored: Score,
    current: int | None = None,
    below: int = 0,
    counts: bool = True,
) -> Decision:
    """The tier that a score gives to an account now in tier ``current``.

    :param below: evaluations in a row, before this one, below the keep score.
    :param counts: False when an evaluation of the same date was applied already: it
        may correct the score but is not one more evaluation in the row.
    """
    if scored.value is None:
        return Decision(current, below, NO_DATA)
    reached = rank_for(tiers, scored.value, scored.gated)
    if current is None:
        return Decision(reached, 0, NEW)
    if reached < current:
        return Decision(reached, 0, PROMOTED)
    shut_out = scored.gated and tiers[current].is_key
    if not shut_out and scored.value >= tiers[current].keep:
        return Decision(current, 0, KEPT)
    if reached == current:  # the last tier cannot be left downwards
        return Decision(current, 0, KEPT)
    if scored.coverage < rules.min_coverage:
        return Decision(current, below, LOW_COVERAGE)
    below += 1 if counts else 0
    if below < rules.demote_after:
        return Decision(current, below, WATCHED)
    return Decision(min(reached, current + rules.max_step), 0, DEMOTED)

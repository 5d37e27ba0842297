"""What a complaint lacks before it may be closed (R093), as a pure function.

Closing is not a matter of wishing: each condition below is one that customers and
auditors ask about later. The texts are in ``models/tickets/ticket_closing.py``.
"""

from dataclasses import dataclass

ATTEMPTS = 2
SEVERE = "high"


@dataclass(frozen=True, slots=True)
class Complaint:
    """The facts that decide. ``attempts_on`` are the days on which the customer could
    not be reached."""

    cause: bool = False
    department: bool = False
    corrected: bool = False
    approved: bool = False
    agreed: bool = False
    overridden: bool = False
    satisfaction: str | None = None
    attempts_on: tuple = ()
    final: bool = False
    justified: bool = False
    importance: str = "medium"
    prevention_dated: bool = False


def gaps(complaint):
    """The keys of everything that is missing, in the order in which it is done.

    ``cause, department, corrected, approved, agreed, satisfaction, attempts,
    dissatisfied, prevention``
    """
    found = []
    for key in ("cause", "department", "corrected", "approved"):
        if not getattr(complaint, key):
            found.append(key)
    if not (complaint.agreed or complaint.overridden):
        found.append("agreed")
    if not complaint.satisfaction:
        found.append("satisfaction")
    if complaint.satisfaction == "unreachable":
        days = set(complaint.attempts_on)
        if len(complaint.attempts_on) < ATTEMPTS or len(days) < ATTEMPTS:
            found.append("attempts")
    if complaint.satisfaction == "dissatisfied" and not complaint.final:
        found.append("dissatisfied")
    severe = complaint.justified and complaint.importance == SEVERE
    if severe and not complaint.prevention_dated:
        found.append("prevention")
    return found

"""What a customer is told of the state of a ticket, without a database: he sees fewer
states than we do, and whose turn it is.

Requirements R086, R092.
"""

STATES = [
    ("received", "Received"),
    ("accepted", "Accepted"),
    ("answering", "Being Answered"),
    ("answered", "Answered"),
    ("investigating", "Being Looked Into"),
    ("planning", "Solution Being Prepared"),
    ("proposed", "Proposal for You"),
    ("executing", "Being Put Right"),
    ("done", "Done"),
    ("closed", "Closed"),
    ("unjustified", "Declined"),
    ("withdrawn", "Taken Back"),
    ("merged", "Goes On Elsewhere"),
]

_SAME = ("answered", "investigating", "planning", "executing", "accepted")
_ENDS = ("closed", "unjustified", "withdrawn", "merged")
# How we check, and whom we ask, is ours.
_OF_STATE = {
    "new": "received",
    "assigned": "answering",
    "consulting": "answering",
    "review": "planning",
    "negotiating": "proposed",
    "follow_up": "done",
    **{state: state for state in _SAME + _ENDS},
}

# Where we wait for the customer.
HIS_TURN = ("answered", "proposed", "done")
# What we promise to him, as opposed to what our people promise to each other.
METRICS = (
    "acknowledge",
    "first_reply",
    "next_reply",
    "progress",
    "resolve",
    "follow_up",
)
# What he hears of by these, in a plan that was approved.
MEASURES = ("containment", "correction", "compensation")


def shown_state(state):
    """The state that the customer sees, for one of ``ticket_rules.STATES``."""
    return _OF_STATE[state]


def states_behind(shown):
    """The states of tickets that are shown to customers as one of ``shown``."""
    return [state for state, seen in _OF_STATE.items() if seen in shown]


def promise_state(state, stopped, missed):
    """How a customer would call it: ``kept``, ``missed``, ``running``, ``late`` or
    ``held``.

    :param state: of the clock; ``stopped`` and ``missed``: when, if it was.
    """
    if state == "paused":
        return "held"
    if not stopped:
        return "late" if missed else "running"
    return "kept" if state == "met" else "missed"

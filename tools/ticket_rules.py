"""The rules of enquiries and complaints that need no database: which state follows
which, how urgent something is, and what a promise is called.

Requirements R087, R088, R090, R093, R095.
"""

KINDS = [("enquiry", "Enquiry"), ("complaint", "Complaint")]

STATES = [
    ("new", "New"),
    ("assigned", "Assigned"),
    ("consulting", "Asking Departments"),
    ("answered", "Answered"),
    ("accepted", "Accepted"),
    ("investigating", "Investigating"),
    ("planning", "Planning"),
    ("review", "In Review"),
    ("negotiating", "With the Customer"),
    ("executing", "Carrying Out"),
    ("follow_up", "Following Up"),
    ("closed", "Closed"),
    ("unjustified", "Unjustified"),
    ("withdrawn", "Withdrawn"),
    ("merged", "Merged"),
]

# Where a ticket rests: nobody owes the customer anything more.
RESTING = ("closed", "unjustified", "withdrawn", "merged")
# Ways out beside the main road. Their promises are void, never met.
SIDE_EXITS = ("unjustified", "withdrawn", "merged")

ENQUIRY = {
    "new": ("assigned", "closed", "withdrawn", "merged"),
    "assigned": ("consulting", "answered", "withdrawn", "merged"),
    "consulting": ("assigned", "answered", "withdrawn", "merged"),
    "answered": ("assigned", "closed", "withdrawn", "merged"),
    "closed": ("assigned",),
    "withdrawn": ("assigned",),
}

COMPLAINT = {
    "new": ("accepted", "unjustified", "withdrawn", "merged"),
    "accepted": ("investigating", "unjustified", "withdrawn", "merged"),
    "investigating": ("planning", "unjustified", "withdrawn", "merged"),
    "planning": ("review", "unjustified", "withdrawn", "merged"),
    "review": ("planning", "negotiating", "unjustified", "withdrawn", "merged"),
    "negotiating": ("planning", "executing", "unjustified", "withdrawn", "merged"),
    "executing": ("follow_up", "withdrawn", "merged"),
    "follow_up": ("planning", "closed", "withdrawn", "merged"),
    "closed": ("planning",),
    "unjustified": ("accepted",),
    "withdrawn": ("accepted",),
}

TRANSITIONS = {"enquiry": ENQUIRY, "complaint": COMPLAINT}

PRIORITIES = [("0", "Low"), ("1", "Normal"), ("2", "High"), ("3", "Urgent")]
LEVELS = [("low", "Low"), ("medium", "Medium"), ("high", "High")]
# Urgency and importance weigh the same: 0 for low, 1 for medium, 2 for high, added up.
PRIORITY_OF_SUM = ("0", "1", "1", "2", "3")

METRICS = [
    ("acknowledge", "Acknowledge"),
    ("first_reply", "First Reply"),
    ("next_reply", "Next Reply"),
    ("dept_answer", "Answer of a Department"),
    ("investigate", "Investigate"),
    ("plan", "Plan"),
    ("progress", "Report Progress"),
    ("resolve", "Resolve"),
    ("follow_up", "Follow Up"),
]
# Promised from the moment a ticket arrives; the others begin with what they are about.
AT_ONCE = ("acknowledge", "first_reply", "resolve")
OF_COMPLAINTS = ("investigate", "plan", "progress", "follow_up")


def priority(urgency, importance, floor="0"):
    """How soon a ticket is served (R088): the matrix of urgency and importance; the
    tier of the customer raises it to ``floor``, and never lowers it.

    :param urgency: a key of ``LEVELS``; so is ``importance``.
    :return: a key of ``PRIORITIES``.
    """
    keys = [key for key, _label in LEVELS]
    total = keys.index(urgency or "low") + keys.index(importance or "low")
    return max(PRIORITY_OF_SUM[total], floor or "0")


def followers(kind, state):
    """The states that may follow ``state`` for a ticket of ``kind``."""
    return TRANSITIONS[kind].get(state, ())


def states_of(kind):
    """The states a ticket of ``kind`` can be in, in the order of ``STATES``."""
    table = TRANSITIONS[kind]
    known = set(table).union(*table.values())
    return [state for state, _label in STATES if state in known]


def metrics_of(kind):
    """What can be promised on a ticket of ``kind``, in the order of ``METRICS``."""
    hidden = OF_COMPLAINTS if kind == "enquiry" else ()
    return [metric for metric, _label in METRICS if metric not in hidden]

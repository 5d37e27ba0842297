"""The rules of tickets that need no database."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import closing
from ..tools import ticket_rules as rules

LEVELS = [key for key, _label in rules.LEVELS]
PRIORITIES = [key for key, _label in rules.PRIORITIES]


@tagged("post_install", "-at_install")
class TestTicketRules(BaseCase):
    def test_matrix(self):
        """R088: urgency and importance weigh the same, and both high is urgent."""
        table = {
            ("low", "low"): "0",
            ("low", "medium"): "1",
            ("medium", "medium"): "1",
            ("low", "high"): "1",
            ("medium", "high"): "2",
            ("high", "high"): "3",
        }
        for (one, other), expected in table.items():
            self.assertEqual(rules.priority(one, other), expected)
            self.assertEqual(rules.priority(other, one), expected)

    @given(st.sampled_from(LEVELS), st.sampled_from(LEVELS))
    def test_the_tier_raises_and_never_lowers(self, urgency, importance):
        """R088, R018: whatever the tier says, the priority is at least that, and at
        least what the matrix says."""
        own = rules.priority(urgency, importance)
        for floor in PRIORITIES:
            self.assertEqual(
                rules.priority(urgency, importance, floor), max(own, floor)
            )

    def test_more_urgent_is_not_lower(self):
        for one, other, fixed in product(range(3), range(3), LEVELS):
            if one <= other:
                self.assertLessEqual(
                    rules.priority(LEVELS[one], fixed),
                    rules.priority(LEVELS[other], fixed),
                )

    def test_states_are_known_and_reached(self):
        """Every state of the tables is a state, and each can be reached from new."""
        for kind, table in rules.TRANSITIONS.items():
            known = {state for state, _label in rules.STATES}
            self.assertLessEqual(set(rules.states_of(kind)), known)
            reached, todo = set(), ["new"]
            while todo:
                state = todo.pop()
                if state not in reached:
                    reached.add(state)
                    todo += table.get(state, ())
            self.assertEqual(reached, set(rules.states_of(kind)))

    def test_the_main_road_of_the_design(self):
        """design.md 3: each step of both roads, and the ways back, are allowed."""
        roads = {
            "enquiry": "new assigned consulting answered closed",
            "complaint": "new accepted investigating planning review negotiating"
            " executing follow_up closed",
        }
        for kind, road in roads.items():
            states = road.split()
            for state, following in zip(states, states[1:], strict=False):
                self.assertIn(following, rules.followers(kind, state))
        for state in ("review", "negotiating", "follow_up"):
            self.assertIn("planning", rules.followers("complaint", state))
        self.assertIn("closed", rules.followers("enquiry", "new"))
        self.assertIn("assigned", rules.followers("enquiry", "answered"))
        self.assertNotIn("executing", rules.followers("complaint", "review"))

    def test_only_follow_up_leads_to_closed(self):
        """I1: there is one way for a complaint to be closed."""
        ways = [s for s, after in rules.COMPLAINT.items() if "closed" in after]
        self.assertEqual(ways, ["follow_up"])


WHOLE = closing.Complaint(
    cause=True,
    department=True,
    corrected=True,
    approved=True,
    agreed=True,
    satisfaction="satisfied",
)


def whole(**changes):
    return closing.Complaint(
        **{slot: getattr(WHOLE, slot) for slot in WHOLE.__slots__} | changes
    )


@tagged("post_install", "-at_install")
class TestClosing(BaseCase):
    def test_nothing_is_missing(self):
        self.assertEqual(closing.gaps(WHOLE), [])

    def test_each_condition(self):
        """R093, I1: what is taken away is what is missing, and nothing else."""
        for name in ("cause", "department", "corrected", "approved", "agreed"):
            self.assertEqual(closing.gaps(whole(**{name: False})), [name])
        self.assertEqual(closing.gaps(whole(satisfaction=None)), ["satisfaction"])
        self.assertEqual(
            closing.gaps(whole(satisfaction="dissatisfied")), ["dissatisfied"]
        )
        self.assertEqual(
            closing.gaps(whole(satisfaction="dissatisfied", final=True)), []
        )
        self.assertEqual(closing.gaps(whole(agreed=False, overridden=True)), [])

    @given(st.lists(st.integers(1, 5), max_size=6))
    def test_attempts(self, days):
        """I1: two attempts on two days, however many on one."""
        missing = closing.gaps(
            whole(satisfaction="unreachable", attempts_on=tuple(days))
        )
        self.assertEqual(missing == [], len(set(days)) >= 2)

    @given(st.booleans(), st.sampled_from(LEVELS), st.booleans())
    def test_severe(self, justified, importance, dated):
        """I1: justified and important takes a dated check of what prevents it."""
        missing = closing.gaps(
            whole(justified=justified, importance=importance, prevention_dated=dated)
        )
        severe = justified and importance == "high"
        self.assertEqual(missing, ["prevention"] if severe and not dated else [])

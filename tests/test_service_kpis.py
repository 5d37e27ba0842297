"""The figures by which service is judged: the worked example of doc/service-kpis.md,
and what must hold whatever is counted."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import service_kpis as kpis
from ..tools.service_kpis import Ended, Hold, Promise
from ..tools.ticket_rules import METRICS, SIDE_EXITS

calm = settings(deadline=None, database=None)
STATES = ("closed", *SIDE_EXITS)
OUTCOMES = (None, "satisfied", "neutral", "dissatisfied", "unreachable")
MARKS = st.none() | st.integers(1, 5)
MINUTES = st.integers(0, 10_000)

# The month of doc/service-kpis.md.
TICKETS = [
    Ended(1, "enquiry", "closed", asked=True, satisfaction="satisfied", attitude=5),
    Ended(
        2,
        "enquiry",
        "closed",
        asked=True,
        satisfaction="satisfied",
        by_phone=True,
        sample="same",
    ),
    Ended(
        3,
        "complaint",
        "closed",
        accepted=True,
        asked=True,
        satisfaction="neutral",
        attitude=4,
        unhappy_before=True,
    ),
    Ended(
        4,
        "complaint",
        "closed",
        accepted=True,
        refused=True,
        asked=True,
        satisfaction="dissatisfied",
        by_phone=True,
    ),
    Ended(5, "complaint", "withdrawn"),
    Ended(6, "enquiry", "merged"),
    Ended(7, "enquiry", "closed", asked=True),
]
PROMISES = [
    Promise(1, "first_reply", "met", worked=60),
    Promise(2, "first_reply", "missed", late=90, worked=210),
    Promise(3, "next_reply", "met", worked=100),
    Promise(4, "first_reply", "met", worked=50),
    Promise(5, "resolve", "met", held=120, worked=500),
    Promise(6, "first_reply", "missed", late=30, worked=150),
    Promise(7, "first_reply", "met", worked=10),
    Promise(8, "resolve", "void"),
    Promise(9, "first_reply", "void"),
    Promise(10, "plan", "void", replaced=True),
]
HOLDS = [Hold(1, "approved"), Hold(2, "asked"), Hold(3, "refused")]


def tickets(first=0):
    """Lists of any tickets, each with an id of its own."""
    rows = st.builds(
        Ended,
        id=st.just(0),
        kind=st.sampled_from(("enquiry", "complaint")),
        state=st.sampled_from(STATES),
        accepted=st.booleans(),
        refused=st.booleans(),
        asked=st.booleans(),
        satisfaction=st.sampled_from(OUTCOMES),
        by_phone=st.booleans(),
        sample=st.sampled_from((None, "same", "differs")),
        unhappy_before=st.booleans(),
        reopened=st.booleans(),
        attitude=MARKS,
        speed=MARKS,
    )
    return st.lists(rows, max_size=12).map(lambda many: _numbered(many, first))


def promises(first=0):
    rows = st.builds(
        Promise,
        id=st.just(0),
        metric=st.sampled_from([key for key, _label in METRICS]),
        state=st.sampled_from(("met", "missed", "void")),
        late=MINUTES,
        held=MINUTES,
        worked=MINUTES,
        replaced=st.booleans(),
    )
    return st.lists(rows, max_size=12).map(lambda many: _numbered(many, first))


def _numbered(rows, first):
    values = ({name: getattr(row, name) for name in row.__slots__} for row in rows)
    return [
        type(row)(**{**vals, "id": first + place})
        for place, (row, vals) in enumerate(zip(rows, values, strict=True), 1)
    ]


@tagged("post_install", "-at_install")
class TestServiceKpis(BaseCase):
    def figures(self, *rows):
        numbers, _members = kpis.tally(*rows)
        return {name: kpis.figure(name, numbers) for name in kpis.RATIOS}

    def test_worked_example(self):
        """R113: the month of doc/service-kpis.md, to the last decimal."""
        self.assertEqual(
            self.figures(TICKETS, PROMISES, HOLDS),
            {
                "on_time": 66.67,  # 4 of 6
                "success": 50.0,  # 1 of 2
                "satisfaction": 50.0,  # 2 of 4
                "satisfaction_self": 50.0,  # 1 of 2
                "satisfaction_phone": 50.0,  # 1 of 2
                "response": 80.0,  # 4 of 5
                "attitude": 4.5,  # 9 of 2 marks
                "speed": None,
                "held": 10.0,  # 120 of 1,200 minutes
            },
        )

    def test_worked_example_names_its_tickets(self):
        """Each number knows what it counts."""
        numbers, members = kpis.tally(TICKETS, PROMISES, HOLDS)
        self.assertEqual(numbers["reply_late_minutes"], 120)
        self.assertEqual(
            {name: ids for name, ids in members.items() if ids},
            {
                "ended": [1, 2, 3, 4, 5, 6, 7],
                "closed": [1, 2, 3, 4, 7],
                "complaint": [3, 4],
                "success": [3],
                "refused": [4],
                "asked": [1, 2, 3, 4, 7],
                "rated": [1, 2, 3, 4],
                "satisfied": [1, 2],
                "rated_phone": [2, 4],
                "satisfied_phone": [2],
                "rated_self": [1, 3],
                "satisfied_self": [1],
                "sampled": [2],
                "unhappy_before": [3],
                "attitude": [1, 3],
                "reply": [1, 2, 3, 4, 6, 7],
                "reply_met": [1, 3, 4, 7],
                "promise": [1, 2, 3, 4, 5, 6, 7],
                "promise_met": [1, 3, 4, 5, 7],
                "void": [8, 9],
                "hold": [1],
                "hold_undecided": [2],
            },
        )

    def test_nothing_is_not_zero_percent(self):
        """A month in which nothing ended has no figures, and reaches no target."""
        figures = self.figures()
        self.assertEqual(set(figures.values()), {None})
        self.assertIsNone(kpis.is_reached(figures["on_time"], 90))

    def test_what_is_printed_counts(self):
        """Figures are rounded half up, and the rounded one is compared."""
        self.assertEqual(kpis.rounded(1, 800), 0.13)
        self.assertEqual(kpis.rounded(2, 3), 66.67)
        self.assertEqual(kpis.rounded(17_999, 20_000), 90.0)
        self.assertTrue(kpis.is_reached(kpis.rounded(17_999, 20_000), 90))
        self.assertFalse(kpis.is_reached(kpis.rounded(8_999, 10_000), 90))
        self.assertIsNone(kpis.is_reached(50.0, 0))

    @calm
    @given(st.integers(0, 10**6), st.integers(1, 10**6), st.sampled_from((1, 100)))
    def test_rounding_is_exact(self, top, bottom, factor):
        exact = Fraction(factor * top, bottom)
        off = Fraction(str(kpis.rounded(top, bottom, factor))) - exact
        self.assertTrue(Fraction(-1, 200) < off <= Fraction(1, 200))

    @calm
    @given(tickets(), tickets(100), promises(), promises(100))
    def test_teams_add_up_to_the_company(self, some, others, ours, theirs):
        """The numbers of two teams together are their sums, their members the union."""
        whole, all_members = kpis.tally(some + others, ours + theirs)
        (one, left), (other, right) = (
            kpis.tally(some, ours),
            kpis.tally(others, theirs),
        )
        self.assertEqual(whole, {name: one[name] + other[name] for name in one})
        self.assertEqual(
            all_members, {name: sorted(left[name] + right[name]) for name in left}
        )

    @calm
    @given(tickets(), promises())
    def test_parts_are_no_more_than_their_whole(self, some, ours):
        """Percentages lie between 0 and 100, means of marks between 1 and 5."""
        numbers, members = kpis.tally(some, ours)
        self.assertEqual(kpis.flaws(numbers), [])
        for name, ratio in kpis.RATIOS.items():
            value = kpis.figure(name, numbers)
            low, high = (1, 5) if ratio.factor == 1 else (0, 100)
            self.assertTrue(value is None or low <= value <= high, name)
        for name, ids in members.items():
            self.assertEqual(len(ids), numbers[name])

    @calm
    @given(tickets(), promises(), st.sampled_from(SIDE_EXITS), st.booleans())
    def test_side_exits_and_void_promises_do_not_count(
        self, some, ours, state, accepted
    ):
        """One more complaint that was withdrawn, merged or unjustified, and one more
        void promise, change neither success nor the replies in time."""
        exit_ = Ended(999, "complaint", state, accepted=accepted)
        void = Promise(999, "first_reply", "void", late=7, held=7, worked=7)
        before = self.figures(some, ours)
        after = self.figures([*some, exit_], [*ours, void])
        for name in ("success", "on_time", "held", "satisfaction"):
            self.assertEqual(after[name], before[name])

    @calm
    @given(tickets(), promises())
    def test_order_does_not_matter(self, some, ours):
        self.assertEqual(kpis.tally(some, ours), kpis.tally(some[::-1], ours[::-1]))

    def test_flaws_are_named(self):
        """A number below zero, more satisfied than asked, marks beyond 5."""
        numbers, _members = kpis.tally(TICKETS, PROMISES, HOLDS)
        for counter, number, flaw in (
            ("void", -1, ("void", None)),
            ("satisfied", 5, ("satisfied", "rated")),
            ("reply_met", 7, ("reply_met", "reply")),
            ("attitude_sum", 11, ("attitude_sum", "attitude")),
            ("attitude_sum", 1, ("attitude_sum", "attitude")),
        ):
            with self.subTest(counter):
                self.assertIn(flaw, kpis.flaws({**numbers, counter: number}))

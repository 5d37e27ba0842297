"""Service promises beside a clock that is simulated minute by minute."""

from datetime import datetime

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import promises
from ..tools.promises import due, held, outcome, remaining, step_at, union
from ..tools.working_time import WorkingTime
from .naive_clock import HOUR, TARGETS, calm, clocks, local, moments
from .naive_time import MINUTE, SHANGHAI, work_of

FOREVER = datetime.max


@tagged("post_install", "-at_install")
class TestWorkedExamples(BaseCase):
    """The clock of design.md 4, literally (R087, R095)."""

    def setUp(self):
        super().setUp()
        self.work = work_of(SHANGHAI)
        self.friday = local("03-06 17:00")

    def test_two_hours_from_friday_evening(self):
        """Received on Friday at 17:00, answered within 2 h: Monday 10:00."""
        self.assertEqual(due(self.work, self.friday, 2 * HOUR), local("03-09 10:00"))

    def test_sixteen_hours_from_friday_evening(self):
        """16 h end on Tuesday at 17:00."""
        self.assertEqual(due(self.work, self.friday, 16 * HOUR), local("03-10 17:00"))

    def test_sixteen_hours_with_a_hold(self):
        """A hold on Monday from 9 to 11 moves the 16 h to Wednesday 10:00."""
        hold = (local("03-09 09:00"), local("03-09 11:00"))
        self.assertEqual(
            due(self.work, self.friday, 16 * HOUR, [hold]), local("03-11 10:00")
        )

    def test_make_up_day_before_the_holidays(self):
        """Received on Saturday 14 February at 10:00, a make-up working day; the days
        from the 15th to the 23rd are holidays: 8 h end on Tuesday 24th at 10:00."""
        self.assertEqual(
            due(self.work, local("02-14 10:00"), 8 * HOUR), local("02-24 10:00")
        )


@tagged("post_install", "-at_install")
class TestPromises(BaseCase):
    """The laws of deadlines (R087)."""

    # --- Holds ---

    @calm
    @given(clocks())
    def test_union(self, clock):
        """The union holds exactly the minutes that a hold holds, in order, apart."""
        calendar, _start, holds = clock
        merged = [
            (calendar.number(begin), calendar.size if end is None else end)
            for begin, end in (
                (begin, end and calendar.number(end))
                for begin, end in union(moments(calendar, holds))
            )
        ]
        expected = {
            n
            for begin, end in holds
            for n in range(begin, calendar.size if end is None else end)
        }
        self.assertEqual({n for one in merged for n in range(*one)}, expected)
        for (_begin, end), (begin, _end) in zip(merged, merged[1:], strict=False):
            self.assertLess(end, begin)

    @calm
    @given(clocks(), st.data())
    def test_held(self, clock, data):
        """Held seconds are the working minutes in a hold, each once."""
        calendar, start, holds = clock
        until = data.draw(st.integers(0, calendar.size))
        without = calendar.worked(start, [], until)
        expected = without - calendar.worked(start, holds, until)
        self.assertEqual(
            held(
                work_of(calendar),
                moments(calendar, holds),
                calendar.moment(start),
                calendar.moment(until),
            ),
            expected,
        )

    # --- Due ---

    @calm
    @given(clocks(max_holds=0), TARGETS)
    def test_due_without_holds(self, clock, target):
        """Due is the end of the minute in which the target is used up."""
        calendar, start, _holds = clock
        self.assertEqual(
            due(work_of(calendar), calendar.moment(start), target),
            calendar.moment(calendar.due(start, target, [])),
        )

    @settings(calm, max_examples=300)
    @given(clocks(), TARGETS)
    def test_due_with_holds(self, clock, target):
        """Overlapping, nested, ended and open holds: due is where the simulation gets
        to, or unknown where it never does."""
        calendar, start, holds = clock
        assume(target)
        self.assertEqual(
            due(
                work_of(calendar),
                calendar.moment(start),
                target,
                moments(calendar, holds),
            ),
            calendar.moment(calendar.due(start, target, holds)),
        )

    @calm
    @given(clocks(), TARGETS, TARGETS)
    def test_due_is_monotone_in_the_target(self, clock, one, other):
        """A longer promise is never due earlier."""
        calendar, start, holds = clock
        holds, start = moments(calendar, holds), calendar.moment(start)
        less, more = (
            due(work_of(calendar), start, target, holds)
            for target in sorted((one, other))
        )
        self.assertLessEqual(less or FOREVER, more or FOREVER)

    @calm
    @given(clocks(can_wait=False), TARGETS)
    def test_idle_holds_change_nothing(self, clock, target):
        """A hold without any working time in it changes nothing."""
        calendar, start, holds = clock
        work, start = work_of(calendar), calendar.moment(start)
        gaps = [
            (one[1], other[0])
            for one, other in zip(work.intervals, work.intervals[1:], strict=False)
        ]
        holds = moments(calendar, holds)
        self.assertEqual(
            due(work, start, target, holds + gaps), due(work, start, target, holds)
        )

    @calm
    @given(clocks(max_holds=0), TARGETS, st.data())
    def test_pauses_add(self, clock, target, data):
        """Pauses one after the other before due move it by their sum."""
        calendar, start, _holds = clock
        work, begin = work_of(calendar), calendar.moment(start)
        plain = due(work, begin, target)
        assume(target and plain)
        edges = data.draw(
            st.lists(
                st.integers(start, calendar.number(plain) - 1), min_size=4, max_size=4
            )
        )
        edges = [calendar.moment(number) for number in sorted(edges)]
        pauses = [tuple(edges[:2]), tuple(edges[2:])]
        total = sum(work.between(*pause) for pause in pauses)
        self.assertEqual(
            due(work, begin, target, pauses), due(work, begin, target + total)
        )

    def test_a_hold_after_due_does_not_move_it(self):
        """Who puts a clock on hold once it is due has not gained anything."""
        work, start = work_of(SHANGHAI), local("03-06 09:00")
        self.assertEqual(due(work, start, 2 * HOUR), local("03-06 11:00"))
        for begin, expected in (
            ("03-06 11:00", "03-06 11:00"),
            ("03-06 10:59", "03-06 14:01"),
        ):
            hold = (local(begin), local("03-06 14:00"))
            with self.subTest(begin):
                self.assertEqual(due(work, start, 2 * HOUR, [hold]), local(expected))

    def test_an_open_hold(self):
        """As long as a hold lasts nobody knows when it is due; one that began after due
        does not matter, one that began before the start counts from there."""
        work, start = work_of(SHANGHAI), local("03-06 09:00")
        self.assertIsNone(due(work, start, 2 * HOUR, [(local("03-06 10:00"), None)]))
        self.assertIsNone(due(work, start, 2 * HOUR, [(local("03-05 10:00"), None)]))
        self.assertEqual(
            due(work, start, 2 * HOUR, [(local("03-06 11:30"), None)]),
            local("03-06 11:00"),
        )
        early = (local("03-05 10:00"), local("03-06 10:00"))
        self.assertEqual(due(work, start, 2 * HOUR, [early]), local("03-06 12:00"))

    def test_target_of_zero(self):
        """At once: at the start, or when work begins again."""
        work = work_of(SHANGHAI)
        for start, expected in (
            ("03-06 10:00", "03-06 10:00"),
            ("03-06 12:30", "03-06 13:00"),
            ("03-06 18:00", "03-09 09:00"),
            ("03-07 10:00", "03-09 09:00"),
        ):
            with self.subTest(start):
                self.assertEqual(due(work, local(start), 0), local(expected))
        with self.assertRaisesRegex(ValueError, "no target"):
            due(work, local("03-06 10:00"), -1)

    def test_beyond_the_horizon(self):
        """What the horizon does not reach is unknown, not wrong."""
        work, start = work_of(SHANGHAI), local("03-06 09:00")
        self.assertIsNone(due(work, start, 1000 * HOUR))
        ends_later = (local("03-06 10:00"), local("04-06 10:00"))
        self.assertIsNone(due(work, start, 8 * HOUR, [ends_later]))
        with self.assertRaisesRegex(ValueError, "outside the horizon"):
            due(work, local("01-01 10:00"), HOUR)

    def test_round_the_clock(self):
        """24/7 a promise of 48 h ends on Sunday."""
        work = WorkingTime.round_the_clock()
        friday = local("03-06 17:00")
        self.assertEqual(due(work, friday, 48 * HOUR), local("03-08 17:00"))
        self.assertEqual(
            outcome(work, friday, 48 * HOUR, [], local("03-08 18:00")), (False, HOUR)
        )

    # --- Steps and outcomes ---

    @calm
    @given(clocks(), TARGETS, st.integers(1, 200))
    def test_steps(self, clock, target, percent):
        """A step of the ladder is reached when so much of the target is used up."""
        calendar, start, holds = clock
        target = target - target % (100 * 60) + 100 * 60
        share = target * percent // 100
        self.assertEqual(
            step_at(
                work_of(calendar),
                calendar.moment(start),
                target,
                moments(calendar, holds),
                percent,
            ),
            calendar.moment(calendar.due(start, share, holds)),
        )

    def test_half_of_two_hours(self):
        work, friday = work_of(SHANGHAI), local("03-06 17:00")
        steps = [step_at(work, friday, 2 * HOUR, [], p) for p in (50, 75, 100, 150)]
        self.assertEqual(
            steps,
            [
                local("03-06 18:00"),
                local("03-09 09:30"),
                local("03-09 10:00"),
                local("03-09 11:00"),
            ],
        )

    @settings(calm, max_examples=300)
    @given(clocks(), TARGETS, st.data())
    def test_outcome(self, clock, target, data):
        """Met iff the working time outside holds up to the stop is within the target,
        whatever the state the clock was stopped from; late by the rest."""
        calendar, start, holds = clock
        stop = data.draw(st.integers(start, calendar.size))
        used = calendar.worked(start, holds, stop)
        arguments = (
            work_of(calendar),
            calendar.moment(start),
            target,
            moments(calendar, holds),
            calendar.moment(stop),
        )
        self.assertEqual(outcome(*arguments), (used <= target, max(0, used - target)))
        self.assertEqual(remaining(*arguments), target - used)
        self.assertEqual(promises.is_missed(*arguments), used > target)

    @calm
    @given(clocks(), TARGETS, st.data())
    def test_who_stops_by_the_due_moment_has_kept_it(self, clock, target, data):
        """Due and outcome say the same: whoever stops until due has met it, and who
        stops after a working minute more, outside of holds, has not."""
        calendar, start, holds = clock
        work, begin = work_of(calendar), calendar.moment(start)
        spans = moments(calendar, holds)
        until = due(work, begin, target, spans)
        assume(until)
        stop = data.draw(st.integers(start, calendar.size))
        met, _late = outcome(work, begin, target, spans, calendar.moment(stop))
        beyond = calendar.worked(calendar.number(until), holds, stop)
        if target:
            self.assertEqual(met, not beyond)
        elif not met:
            self.assertTrue(beyond)

    def test_answer_after_hours(self):
        """Due on Friday at 18:00, answered on Saturday: nobody was at work in between,
        so it is in time. On Monday at 9:01 it is a minute late."""
        work, start = work_of(SHANGHAI), local("03-06 09:00")
        self.assertEqual(due(work, start, 8 * HOUR), local("03-06 18:00"))
        for stop, expected in (
            ("03-07 10:00", (True, 0)),
            ("03-09 09:00", (True, 0)),
            ("03-09 09:01", (False, 60)),
        ):
            with self.subTest(stop):
                self.assertEqual(
                    outcome(work, start, 8 * HOUR, [], local(stop)), expected
                )

    def test_answered_on_the_spot(self):
        """Who answers at the start has met any promise."""
        work, start = work_of(SHANGHAI), local("03-06 09:00")
        for target in (0, HOUR):
            self.assertEqual(outcome(work, start, target, [], start), (True, 0))
        before = start - MINUTE
        self.assertEqual(outcome(work, start, 0, [], before), (True, 0))

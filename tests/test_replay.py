"""The log of a clock, played again."""

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import promises
from ..tools.promises import Event, due, outcome
from ..tools.working_time import WorkingTime
from .naive_clock import HOUR, TARGETS, calm, clocks, local
from .naive_time import SHANGHAI, work_of


@tagged("post_install", "-at_install")
class TestReplay(BaseCase):
    """The log of a clock says everything about it (R087)."""

    def setUp(self):
        super().setUp()
        self.work = work_of(SHANGHAI)
        self.start = local("03-06 09:00")

    def replay(self, *rows, target=8 * HOUR, now=None, works=None):
        """``(kind, "03-06 10:00", values)`` after a start on Friday at 9:00."""
        events = [Event("start", self.start, target_seconds=target)]
        events += [Event(row[0], local(row[1]), **dict(*row[2:])) for row in rows]
        return promises.replay(
            events,
            lambda event: (works or {}).get(event.calendar, self.work),
            now and local(now),
        )

    def assertReplay(self, replayed, state, due_at, late=0, missed=False, stop=None):
        self.assertEqual(
            replayed,
            promises.Replay(
                state,
                due_at and local(due_at),
                stop and local(stop),
                late,
                local(due_at) if missed else None,
            ),
        )

    @settings(calm, max_examples=300)
    @given(clocks(max_holds=3), TARGETS, st.data())
    def test_replay_equals_direct_computation(self, clock, target, data):
        """A log of holds that begin and end, overlap and nest, with a stop: what its
        replay finds is what ``due`` and ``outcome`` say."""
        calendar, start, holds = clock
        work, begin = work_of(calendar), calendar.moment(start)
        stop = data.draw(st.integers(start, calendar.size))
        # a log has only what happened from the start to the stop
        spans = [
            (
                calendar.moment(max(first, start)),
                calendar.moment(stop if last is None else min(last, stop)),
            )
            for first, last in holds
            if first < stop and (last is None or last > start)
        ]
        steps = [("hold", one, number) for number, (one, _) in enumerate(spans)]
        steps += [("resume", end, number) for number, (_, end) in enumerate(spans)]
        steps.sort(key=lambda step: (step[1], step[2], step[0]))
        events = [Event("start", begin, target_seconds=target)]
        events += [Event(kind, at, hold=number) for kind, at, number in steps]
        end = Event("stop", calendar.moment(stop))
        replayed = promises.replay([*events, end], lambda _event: work)
        met, late = outcome(work, begin, target, spans, end.at)
        self.assertEqual(replayed.state, "met" if met else "missed")
        self.assertEqual(replayed.late_seconds, late)
        self.assertEqual(replayed.stop_at, end.at)
        self.assertEqual(replayed.due_at, due(work, begin, target, spans))
        self.assertEqual(replayed.missed_at, None if met else replayed.due_at)
        before = promises.replay(events, lambda _event: work, end.at)
        self.assertEqual(before.state == "missed", not met)
        self.assertIsNone(before.stop_at)

    def test_running_and_paused(self):
        self.assertReplay(self.replay(), "running", "03-06 18:00")
        self.assertReplay(self.replay(("hold", "03-06 10:00")), "paused", None)
        resumed = (("hold", "03-06 10:00"), ("resume", "03-06 12:00"))
        self.assertReplay(self.replay(*resumed), "running", "03-09 11:00")

    def test_missed_when_working_time_has_passed_since_due(self):
        """Neither the stored due moment nor the evening after it is a miss."""
        self.assertReplay(self.replay(now="03-09 09:00"), "running", "03-06 18:00")
        missed = ("missed", "03-06 18:00", 0, True)
        self.assertReplay(self.replay(now="03-09 09:01"), *missed)
        self.assertReplay(self.replay(("miss", "03-09 09:01")), *missed)
        self.assertReplay(
            self.replay(("miss", "03-06 18:00")), "running", "03-06 18:00"
        )

    def test_late_when_it_stops(self):
        """Missed on Friday, done on Monday at 11: two hours late."""
        done = self.replay(("miss", "03-09 09:01"), ("stop", "03-09 11:00"))
        self.assertReplay(
            done, "missed", "03-06 18:00", 2 * HOUR, True, stop="03-09 11:00"
        )

    def test_stopped_on_hold(self):
        """Who answers while he waits for somebody has met the promise (whatever the
        state it was stopped from); due is as if the hold ended there."""
        stopped = self.replay(("hold", "03-06 10:00"), ("stop", "03-10 10:00"))
        self.assertReplay(stopped, "met", "03-10 18:00", stop="03-10 10:00")

    def test_a_recalled_hold_never_counts(self):
        """A hold that was refused: what it seemed to give is gone, and the clock may
        have been missed in the meantime."""
        hold = ("hold", "03-06 10:00", {"hold": 1})
        recalled = ("recalled", "03-06 12:00", {"hold": 1})
        self.assertReplay(self.replay(hold, recalled), "running", "03-06 18:00")
        recalled = ("recalled", "03-09 12:00", {"hold": 1})
        self.assertReplay(self.replay(hold, recalled), "missed", "03-06 18:00", 0, True)
        ended = ("resume", "03-06 11:00", {"hold": 1})
        other = ("hold", "03-06 15:00", {"hold": 2})
        kept = self.replay(
            hold,
            ended,
            other,
            ("resume", "03-06 16:00", {"hold": 2}),
            ("recalled", "03-06 17:00", {"hold": 1}),
        )
        self.assertReplay(kept, "running", "03-09 10:00")

    def test_overlapping_holds_by_name(self):
        """Two reasons to wait: the clock goes on when the last of them has ended."""
        rows = [
            ("hold", "03-06 10:00", {"hold": 1}),
            ("hold", "03-06 11:00", {"hold": 2}),
            ("resume", "03-06 12:00", {"hold": 1}),
        ]
        self.assertReplay(self.replay(*rows), "paused", None)
        rows.append(("resume", "03-06 14:00", {"hold": 2}))
        self.assertReplay(self.replay(*rows), "running", "03-09 12:00")

    def test_target_up_and_down(self):
        """Another priority: new target, same start and holds. A new due moment in the
        past is a miss at once; a past miss stays one."""
        hold = [("hold", "03-06 09:00"), ("resume", "03-06 10:00")]
        up = ("target", "03-06 11:00", {"target_seconds": 16 * HOUR})
        self.assertReplay(self.replay(*hold, up), "running", "03-10 10:00")
        down = ("target", "03-06 14:00", {"target_seconds": 2 * HOUR})
        missed = self.replay(*hold, up, down)
        self.assertReplay(missed, "missed", "03-06 12:00", 0, True)
        again = ("target", "03-06 15:00", {"target_seconds": 16 * HOUR})
        self.assertReplay(
            self.replay(*hold, down, again), "missed", "03-06 12:00", 0, True
        )
        stopped = self.replay(*hold, down, again, ("stop", "03-06 16:00"))
        self.assertReplay(
            stopped, "missed", "03-06 12:00", 3 * HOUR, True, stop="03-06 16:00"
        )

    def test_calendar_changes_while_it_runs(self):
        """A Saturday becomes a working day: running clocks are due earlier, missed and
        stopped ones stay."""
        saturday = (local("03-07 09:00"), local("03-07 18:00"))
        works = {
            "new": WorkingTime(
                [*self.work.intervals, saturday], self.work.since, self.work.until
            )
        }
        change = ("calendar", "03-06 15:00", {"calendar": "new"})
        long = {"target": 10 * HOUR, "works": works}
        self.assertReplay(self.replay(**long), "running", "03-09 11:00")
        self.assertReplay(self.replay(change, **long), "running", "03-07 11:00")
        later = ("calendar", "03-09 10:00", {"calendar": "new"})
        self.assertReplay(self.replay(later, **long), "missed", "03-07 11:00", 0, True)
        missed = self.replay(("miss", "03-09 12:00"), change_at("03-09 13:00"), **long)
        self.assertReplay(missed, "missed", "03-09 11:00", 0, True)
        met = self.replay(("stop", "03-06 12:00"), change, **long)
        self.assertReplay(met, "met", "03-09 11:00", stop="03-06 12:00")
        both = {"calendar": "new", "target_seconds": 11 * HOUR}
        self.assertReplay(
            self.replay(("calendar", "03-06 15:00", both), **long),
            "running",
            "03-07 12:00",
        )

    def test_void_is_never_met(self):
        """A ticket withdrawn in time owes nothing; what was missed before stays so."""
        gone = self.replay(("void", "03-06 12:00"))
        self.assertReplay(gone, "void", "03-06 18:00", stop="03-06 12:00")
        still = self.replay(("void", "03-06 12:00"), ("stop", "03-06 13:00"))
        self.assertReplay(still, "void", "03-06 18:00", stop="03-06 12:00")
        late = self.replay(("void", "03-09 10:00"))
        self.assertReplay(late, "missed", "03-06 18:00", HOUR, True, stop="03-09 10:00")

    def test_a_stop_is_final(self):
        """Nothing that comes after the stop changes what it found."""
        met = self.replay(
            ("stop", "03-06 12:00"),
            ("hold", "03-06 13:00"),
            ("target", "03-06 14:00", {"target_seconds": 60}),
            ("void", "03-06 15:00"),
            ("miss", "03-09 15:00"),
            now="03-10 09:00",
        )
        self.assertReplay(met, "met", "03-06 18:00", stop="03-06 12:00")

    def test_reopening_is_a_new_run(self):
        """A second run has a log of its own, with its own start; the first one stays
        missed."""
        first = self.replay(("stop", "03-09 10:00"))
        self.assertReplay(
            first, "missed", "03-06 18:00", HOUR, True, stop="03-09 10:00"
        )
        self.start = local("03-10 09:00")
        self.assertReplay(self.replay(), "running", "03-10 18:00")

    def test_logs_that_cannot_be(self):
        start = Event("start", self.start, target_seconds=HOUR)
        hold = Event("hold", local("03-06 10:00"), hold=1)
        for events, message in (
            ([], "begins with a start"),
            ([hold], "begins with its start"),
            ([start, start], "has no other"),
            ([start, hold, Event("stop", self.start)], "happened before"),
            ([start, Event("resume", local("03-06 10:00"))], "not there"),
            ([start, hold, Event("recalled", hold.at, hold=2)], "not there"),
        ):
            with self.subTest(message), self.assertRaisesRegex(ValueError, message):
                promises.replay(events, lambda _event: self.work)
        with self.assertRaisesRegex(ValueError, "no kind"):
            Event("pause", self.start)


def change_at(when):
    return "calendar", when, {"calendar": "new"}

"""Clocks: how promises run, stand still, change and end, and that their log says so."""

from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .ticket_case import FRIDAY, TicketCase

MONDAY = datetime(2026, 3, 9, 1, 0)  # 9:00 in Shanghai


@tagged("post_install", "-at_install")
class TestSlaClock(TicketCase):
    def setUp(self):
        super().setUp()
        self._at(FRIDAY)

    def _at(self, moment):
        """It is ``moment`` now, until the end of the test or the next call."""
        frozen = freeze_time(moment)
        frozen.start()
        self.addCleanup(frozen.stop)

    def assertReplays(self, tickets, now=None):
        """What is stored of each clock is what its log comes to."""
        for clock in tickets.sudo().clock_ids:
            replayed = clock._replay(now)
            with self.subTest(clock=clock.display_name, state=clock.state):
                self.assertEqual(replayed.state, clock.state)
                self.assertEqual(replayed.stop_at, clock.stop_at or None)
                self.assertEqual(replayed.missed_at, clock.missed_at or None)
                self.assertEqual(
                    clock.late_minutes,
                    replayed.late_seconds and max(replayed.late_seconds // 60, 1),
                )
                if clock.state in ("running", "missed", "met"):
                    self.assertEqual(replayed.due_at, clock.due_at)

    def test_what_begins(self):
        """R087: acknowledgement, reply and solution are promised from the moment that
        the ticket was received, however late somebody typed it in."""
        ticket = self._create_ticket(received_at=FRIDAY - timedelta(hours=1))
        clocks = ticket.sudo().clock_ids
        self.assertEqual(
            set(clocks.mapped("metric")), {"acknowledge", "first_reply", "resolve"}
        )
        self.assertEqual(set(clocks.mapped("start_at")), {ticket.received_at})
        self.assertEqual(clocks.mapped("event_ids.kind"), ["start"] * 3)
        self.assertReplays(ticket)

    def test_late_is_counted_in_working_time(self):
        """Due on Monday at 10:00, answered on Tuesday at 9:30: late by 7.5 hours of
        work, whatever the night was long."""
        ticket = self._create_ticket()
        self._at(datetime(2026, 3, 10, 1, 30))
        ticket.action_log_call("It is being printed.")
        clock = self._clock(ticket, "first_reply")
        self.assertRecordValues(
            clock,
            [
                {
                    "state": "missed",
                    "late_minutes": 450,
                    "late_hours": 7.5,
                    "missed_at": datetime(2026, 3, 9, 2, 0),
                    "failed_by_id": False,
                }
            ],
        )
        self.assertReplays(ticket)

    def test_after_hours_nothing_is_late(self):
        """Due at the end of a working day, done in the evening: in time, and the watch
        does not call it missed in between."""
        self.policy.line_ids.filtered(lambda p: p.metric == "first_reply").minutes = 60
        ticket = self._create_ticket()
        clock = self._clock(ticket, "first_reply")
        self.assertEqual(clock.due_at, datetime(2026, 3, 6, 10, 0))
        self._at(datetime(2026, 3, 7, 3, 0))
        self.env["key.account.sla.clock"]._watch(datetime(2026, 3, 7, 3, 0))
        self.assertEqual(clock.state, "running")
        self.assertEqual(clock.next_event_at, datetime(2026, 3, 9, 1, 0, 1))
        ticket.action_log_call("On Saturday")
        self.assertEqual(clock.state, "met")
        self.assertReplays(ticket)

    def test_a_hold_that_is_refused_never_was(self):
        """A hold counts from its first moment; when the leader refuses it, the promise
        ran all the time, and is late if it would have been."""
        ticket = self._create_ticket()
        ticket.action_accept()
        self._at(MONDAY)
        ticket.action_hold("customer", "A drawing")
        clock = self._clock(ticket, "resolve")
        self.assertRecordValues(clock, [{"state": "paused", "due_at": False}])
        self.assertEqual(ticket.current_hold_id.note, "A drawing")
        self._at(datetime(2026, 3, 12, 1, 0))
        hold = ticket.current_hold_id
        with self.assertRaises(UserError):
            hold.with_user(self.agent).action_refuse()
        hold.with_user(self.leader).action_refuse()
        self.assertRecordValues(
            clock, [{"state": "missed", "missed_at": datetime(2026, 3, 10, 9, 0)}]
        )
        self.assertFalse(ticket.current_hold_id)
        self.assertReplays(ticket)

    def test_one_of_two_holds_is_refused(self):
        """The other one still counts."""
        ticket = self._create_ticket()
        ticket.action_accept()
        holds = self.env["key.account.ticket.hold"]
        for start, end in ((1, 2), (3, 4)):
            self._at(datetime(2026, 3, 9, start, 0))
            ticket.action_hold("customer", "A drawing")
            holds |= ticket.current_hold_id
            self._at(datetime(2026, 3, 9, end, 0))
            ticket.action_resume()
        clock = self._clock(ticket, "resolve")
        self.assertEqual(clock.due_at, datetime(2026, 3, 11, 2, 0))
        holds[0].with_user(self.leader).action_refuse()
        holds[1].with_user(self.leader).action_approve()
        self.assertEqual(clock.due_at, datetime(2026, 3, 10, 10, 0))
        self.assertReplays(ticket)

    def test_a_clock_that_begins_on_hold_stands_still(self):
        """A complaint that goes to planning while it waits for the organiser."""
        ticket = self._create_ticket("complaint")
        ticket.action_accept()
        ticket.action_hold("organiser", "The hall plan")
        ticket.action_investigate()
        clock = self._clock(ticket, "investigate")
        self.assertEqual(clock.state, "paused")
        self._at(MONDAY + timedelta(hours=1))
        ticket.action_resume()
        # one hour on Friday and one on Monday were held
        self.assertEqual(clock.due_at, datetime(2026, 3, 11, 2, 0))
        self.assertReplays(ticket)

    def test_priority_up_and_down(self):
        """The promised time follows the priority, the start does not move, and each
        promise stays in the books (I5)."""
        fast = self._create_policy(
            {"first_reply": 1, "resolve": 8}, name="Urgent", priority="3", sequence=1
        )
        ticket = self._create_ticket()
        slow = self._clock(ticket, "resolve")
        self._at(MONDAY)
        ticket.write({"urgency": "high", "importance": "high"})
        self.assertEqual(ticket.policy_id, fast)
        quick = self._clock(ticket, "resolve")
        self.assertRecordValues(
            quick,
            [
                {
                    "start_at": FRIDAY,
                    "due_at": datetime(2026, 3, 9, 9, 0),
                    "replaces_id": slow.id,
                    "run": 1,
                }
            ],
        )
        self.assertRecordValues(slow, [{"state": "void", "stop_at": MONDAY}])
        # not promised any more
        self.assertFalse(self._clock(ticket, "acknowledge"))
        ticket.write({"urgency": "medium"})
        self.assertEqual(self._clock(ticket, "resolve").due_at, slow.due_at)
        self.assertReplays(ticket)

    def test_a_miss_survives_a_change(self):
        """What was late stays late when the ticket becomes less urgent, and becomes
        late at once when the new time is over already."""
        self._create_policy({"resolve": 8}, priority="3", sequence=1)
        ticket = self._create_ticket()
        self._at(datetime(2026, 3, 10, 2, 0))
        ticket.write({"urgency": "high", "importance": "high"})
        clock = self._clock(ticket, "resolve")
        self.assertRecordValues(
            clock, [{"state": "missed", "missed_at": datetime(2026, 3, 9, 9, 0)}]
        )
        ticket.write({"urgency": "low", "importance": "low"})
        self.assertEqual(self._clock(ticket, "resolve"), clock)
        self.assertEqual(ticket.sla_state, "late")
        self.assertReplays(ticket)

    def test_another_team_begins_nothing_anew(self):
        """A ticket that is passed on keeps its start and its due time."""
        ticket = self._create_ticket()
        due = self._clock(ticket, "resolve").due_at
        self._at(MONDAY)
        other = self.team.copy({"member_ids": [Command.set(self.agent.ids)]})
        ticket.write({"team_id": other.id, "user_id": self.agent.id})
        self.assertEqual(self._clock(ticket, "resolve").due_at, due)

    def test_a_holiday_is_added_while_it_runs(self):
        """Running promises move, finished ones do not."""
        done, running = self._create_ticket(), self._create_ticket()
        done.action_log_call("Yes.")
        self._at(MONDAY - timedelta(hours=2))
        answered = self._clock(done, "first_reply")
        before = answered.due_at
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "company_id": self.company.id,
                "date_from": datetime(2026, 3, 8, 16, 0),
                "date_to": datetime(2026, 3, 9, 16, 0),
            }
        )
        self.assertEqual(
            self._clock(running, "first_reply").due_at, datetime(2026, 3, 10, 2, 0)
        )
        self.assertIn(
            "calendar", self._clock(running, "first_reply").event_ids.mapped("kind")
        )
        self.assertEqual(answered.due_at, before)
        self.assertReplays(running)

    def test_another_run_after_reopening(self):
        """The first solution was in time; the second has a time of its own (D4)."""
        ticket = self._create_ticket()
        ticket.action_close(answer="Hall 3.", nothing_else="said")
        self._at(MONDAY)
        ticket.action_reopen("It was hall 4.")
        first, second = (
            self._clock(ticket, "resolve"),
            self._clock(ticket, "resolve", 2),
        )
        self.assertEqual(first.state, "met")
        self.assertRecordValues(
            second,
            [{"start_at": MONDAY, "due_at": datetime(2026, 3, 10, 10), "run": 2}],
        )
        self.assertRecordValues(
            ticket, [{"closed_at": False, "reopen_count": 1, "state": "assigned"}]
        )
        self.assertReplays(ticket)

    def test_day_and_night(self):
        """A promise for the time of the show knows no weekend."""
        self._create_policy(
            {"first_reply": 2}, phase="show", around_the_clock=True, sequence=1
        )
        ticket = self._create_ticket(event_phase="show")
        clock = self._clock(ticket, "first_reply")
        self.assertFalse(clock.calendar_id)
        self.assertEqual(clock.due_at, FRIDAY + timedelta(hours=2))
        self.assertReplays(ticket)

    def test_no_promise_is_allowed(self):
        """A ticket that no policy fits has no clocks and works all the same."""
        self.policy.kind = "complaint"
        ticket = self._create_ticket()
        self.assertFalse(ticket.policy_id)
        self.assertFalse(ticket.sudo().clock_ids)
        self.assertRecordValues(ticket, [{"sla_state": "none", "next_due_at": False}])
        ticket.action_accept()

    def test_hours_without_work(self):
        """A calendar in which nobody ever works keeps no ticket out: its promises run
        day and night."""
        self.calendar.attendance_ids.unlink()
        ticket = self._create_ticket()
        clock = self._clock(ticket, "first_reply")
        self.assertEqual(clock.due_at, FRIDAY + timedelta(hours=2))

    def test_a_manager_begins_a_promise_anew(self):
        """I5: with a reason that stays in the log; the agent cannot, what is over
        stays, and what was late stays late beside the new one."""
        ticket = self._create_ticket()
        clock = self._clock(ticket, "resolve")
        with self.assertRaises(UserError):
            clock.with_user(self.agent).action_reset("I was away")
        self._at(MONDAY)
        clock.with_user(self.manager).action_reset("It is another question")
        self.assertEqual(clock.state, "void")
        self.assertIn("It is another question", clock.event_ids.mapped("note"))
        new = self._clock(ticket, "resolve", 2)
        self.assertRecordValues(new, [{"start_at": MONDAY, "state": "running"}])
        self._at(datetime(2026, 3, 20, 1, 0))
        new.with_user(self.manager).action_reset("Once more")
        self.assertRecordValues(new, [{"state": "missed"}])
        self.assertEqual(self._clock(ticket, "resolve", 3).state, "running")
        with self.assertRaises(UserError):
            new.with_user(self.manager).action_reset("And again")
        self.assertReplays(ticket)

    def test_nobody_writes_clocks(self):
        """I5: neither a manager nor the system itself writes, makes or deletes a clock
        or its log, unless it is the engine."""
        clock = self._clock(self._create_ticket(), "resolve")
        for record in (clock, clock.event_ids):
            for env in (self.env, self.env(user=self.manager.id)):
                rows = record.with_env(env)
                with self.assertRaises(UserError):
                    rows.write({"company_id": self.company.id})
                with self.assertRaises(UserError):
                    rows.unlink()
                with self.assertRaises(UserError):
                    rows.copy()

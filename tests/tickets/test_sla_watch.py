"""The minute job: warnings once, never lost, whatever happens to it."""

from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .ticket_case import FRIDAY, TicketCase

MONDAY = datetime(2026, 3, 9, 1, 0)


@tagged("post_install", "-at_install")
class TestSlaWatch(TicketCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Clock = cls.env["key.account.sla.clock"]
        cls.Notice = cls.env["key.account.sla.notice"]
        cls.env["key.account.sla.ladder"].create(
            [
                {"company_id": cls.company.id, "percent": percent, "receiver": receiver}
                for percent, receiver in (
                    (50, "owner"),
                    (80, "leader"),
                    (100, "holder"),
                    (150, "director"),
                )
            ]
        )
        cls.company.key_account_general_manager_id = cls.manager
        with freeze_time(FRIDAY):
            cls.ticket = cls._create_ticket(user_id=cls.agent.id)
        cls.clock = cls.ticket.sudo().clock_ids.filtered(
            lambda clock: clock.metric == "resolve"
        )

    def told(self):
        notices = self.Notice.search(
            [("clock_id", "=", self.clock.id)], order="percent"
        )
        return [(notice.percent, notice.user_id) for notice in notices]

    def watch(self, moment):
        with freeze_time(moment):
            return self.Clock._watch(moment)

    def test_the_ladder(self):
        """R087: at 50, 80, 100 and 150 % of sixteen hours of work the handler, the
        leader, the owner of the customer and the general manager hear of it."""
        steps = [
            # 50 % of 16 h from Friday 17:00: Monday 17:00
            (datetime(2026, 3, 9, 9, 0), 50, self.agent, "ok"),
            # 80 %, 12.8 h: Tuesday 13:48
            (datetime(2026, 3, 10, 5, 48), 80, self.leader, "soon"),
            # 100 %: Tuesday 17:00
            (datetime(2026, 3, 10, 9, 0, 1), 100, self.seller, "late"),
            # 150 %, 24 h: Wednesday 17:00
            (datetime(2026, 3, 11, 9, 0), 150, self.manager, "late"),
        ]
        for others in self.ticket.sudo().clock_ids - self.clock:
            with freeze_time(FRIDAY):
                others._stop()
        expected = []
        for moment, percent, user, state in steps:
            self.watch(moment - timedelta(seconds=2))
            self.assertEqual(self.told(), expected, "not a second too early")
            self.watch(moment)
            expected.append((percent, user))
            self.assertEqual(self.told(), expected)
            self.assertEqual(self.ticket.sla_state, state)
        self.assertFalse(self.clock.next_event_at)
        self.assertEqual(self.watch(moment + timedelta(days=9)), 0)
        self.assertEqual(self.told(), expected)

    def test_late_at_once(self):
        """A job that did not run for days takes all steps, each once."""
        self.watch(datetime(2026, 3, 20, 1, 0))
        self.assertEqual(
            [percent for percent, _user in self.told()], [50, 80, 100, 150]
        )
        self.assertEqual(self.clock.ladder_step, 150)
        self.assertEqual(self.clock.missed_at, datetime(2026, 3, 10, 9, 0))
        self.watch(datetime(2026, 3, 20, 1, 0))
        self.assertEqual(len(self.told()), 4)

    def test_nothing_due(self):
        """One question, whatever is open."""
        with freeze_time(FRIDAY):
            self.Clock.flush_model()
            with self.assertQueryCount(1):
                self.assertEqual(self.Clock._watch(FRIDAY), 0)

    def test_somebody_is_missing(self):
        """No handler: the leader; no leader either, or archived: the general manager;
        nobody at all: it is written down without a person."""
        self.ticket.sudo().user_id = False
        receiver = self.ticket._receiver
        self.assertEqual(receiver("owner", self.clock), self.leader)
        self.leader.active = False
        self.assertEqual(receiver("owner", self.clock), self.manager)
        self.assertEqual(receiver("department", self.clock), self.manager)
        self.company.key_account_general_manager_id = False
        self.assertEqual(receiver("leader", self.clock), self.manager)
        self.manager.group_ids = [Command.set(self.env.ref("base.group_user").ids)]
        self.watch(datetime(2026, 3, 20, 1, 0))
        self.assertTrue(self.Notice.search([("clock_id", "=", self.clock.id)]))

    def test_one_person_twice(self):
        """Who is handler and leader hears of a step once."""
        self.team.leader_id = self.agent
        self.env["key.account.sla.ladder"].create(
            {"company_id": self.company.id, "percent": 50, "receiver": "leader"}
        )
        self.watch(datetime(2026, 3, 9, 9, 0))
        self.assertEqual(self.told(), [(50, self.agent)])

    def test_the_job(self):
        """As the scheduler runs it."""
        with freeze_time(datetime(2026, 3, 10, 9, 0, 1)):
            self._run_cron("key.account.sla.clock", "_cron_watch")
            self._run_cron("key.account.sla.clock", "_cron_watch")
        self.assertEqual([percent for percent, _user in self.told()], [50, 80, 100])
        self.assertEqual(self.clock.state, "missed")

    def test_many(self):
        """R087: the queries do not grow with the clocks."""
        counts = []
        for number in (3, 30):
            with freeze_time(FRIDAY):
                for _time in range(number):
                    self._create_ticket()
            moment = datetime(2026, 3, 20, 1, 0)
            with freeze_time(moment):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                self.Clock._watch(moment)
                self.env.flush_all()
                counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)

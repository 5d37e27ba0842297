from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.tickets.sla_digest import KeyAccountSlaDigest
from .ticket_case import FRIDAY, TicketCase

# In Shanghai it is eight hours later.
MONDAY = datetime(2026, 3, 9, 1, 0)
TUESDAY = datetime(2026, 3, 10, 1, 0)
SATURDAY = datetime(2026, 3, 7, 2, 0)


@tagged("post_install", "-at_install")
@freeze_time(FRIDAY)
class TestSlaNotice(TicketCase):
    """Who hears of promises at risk, and how (R087)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Notice = cls.env["key.account.sla.notice"].sudo()
        cls.env["key.account.sla.ladder"].create(
            [
                {
                    "company_id": cls.company.id,
                    "percent": percent,
                    "receiver": receiver,
                    "make_activity": loud,
                }
                for percent, receiver, loud in (
                    (50, "owner", False),
                    (100, "owner", True),
                    (100, "leader", False),
                )
            ]
        )
        cls.policy.line_ids.filtered(
            lambda line: line.metric not in ("resolve", "dept_answer")
        ).unlink()

    def ticket(self, **vals):
        """A ticket of the agent with 16 h to solve it: 50 % on Monday at 17:00, due on
        Tuesday at 17:00."""
        return self._create_ticket(user_id=self.agent.id, **vals)

    def watch(self, moment):
        with freeze_time(moment):
            self.env["key.account.sla.clock"].sudo()._watch(moment)

    def deliver(self, moment):
        """Runs the job, and returns the new messages of all people."""
        before = self.digests()
        with freeze_time(moment):
            self._run_cron("key.account.sla.notice", "_cron_deliver")
        return self.digests() - before

    def digests(self, user=None):
        people = (user or self.env["res.users"].search([])).partner_id
        return self.env["mail.message"].search(
            [
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", people.ids),
                ("model", "=", False),
            ]
        )

    def states(self, **terms):
        domain = [(name, "=", value) for name, value in terms.items()]
        return self.Notice.search(domain, order="id").mapped("state")

    # --- One digest ---

    def test_one_digest_per_person(self):
        """R087: many warnings make one message for each person, the latest promise on
        top, and each promise stands in it once."""
        late = self.ticket(name="Late one")
        soon = self.ticket(name="Early one", received_at=MONDAY)
        self.watch(TUESDAY + timedelta(hours=8))
        told = self.deliver(TUESDAY + timedelta(hours=8, minutes=30))
        self.assertEqual(
            told.partner_ids, self.agent.partner_id | self.leader.partner_id
        )
        mine = told.filtered(lambda m: m.partner_ids == self.agent.partner_id)
        self.assertEqual(len(mine), 1)
        self.assertEqual(mine.subject, "Promises: 1 late, 1 nearly late")
        body = str(mine.body)
        self.assertEqual(body.count(late.name), 1)
        self.assertLess(body.index(late.name), body.index(soon.name))
        self.assertEqual(set(self.states()), {"told"})

    def test_words_of_the_digest(self):
        """The message says what is due, when in the reader's zone, how late it is in
        working time, and leads to the ticket."""
        ticket = self.ticket()
        self.watch(TUESDAY + timedelta(hours=8))
        told = self.deliver(TUESDAY + timedelta(days=1, hours=2))
        told = told.filtered(lambda m: m.partner_ids == self.agent.partner_id)
        self.assertEqual(told.subject, f"{ticket.number}: Resolve 3 h late")
        body = str(told.body)
        self.assertIn("Tue, Mar 10 17:00", body)
        self.assertIn("Resolve · ka_agent", body)
        self.assertIn(
            f"/mail/view?model=key.account.ticket&amp;res_id={ticket.id}", body
        )

    def test_time_that_is_left(self):
        """Before it is late, the message says how much time there is."""
        ticket = self.ticket()
        self.watch(MONDAY + timedelta(hours=8))
        told = self.deliver(TUESDAY + timedelta(hours=7, minutes=20))
        self.assertEqual(told.subject, f"{ticket.number}: Resolve in 40 min")

    def test_zone_and_language_of_the_reader(self):
        """A reader in Berlin whose language is Chinese reads his own."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.agent.write({"lang": "zh_CN", "tz": "Europe/Berlin"})
        self.ticket()
        self.watch(MONDAY + timedelta(hours=8))
        body = str(self.deliver(TUESDAY).body)
        self.assertIn("3月10日周二", body)
        self.assertIn("10:00", body)

    def test_department_reads_its_question_only(self):
        """I9: who is asked is led to his question; what the customer wrote is not
        told him."""
        ticket = self.ticket(name="Secret of the customer")
        consult = (
            self.env["key.account.ticket.consult"]
            .with_user(self.agent)
            .create(
                {
                    "ticket_id": ticket.id,
                    "department_id": self.workshop.id,
                    "question": "When?",
                }
            )
        )
        self.watch(MONDAY + timedelta(hours=4))
        self.deliver(MONDAY + timedelta(hours=5))
        body = str(self.digests(self.builder).body)
        self.assertIn(f"model=key.account.ticket.consult&amp;res_id={consult.id}", body)
        self.assertNotIn("Secret", body)
        self.assertIn("Workshop", body)

    # --- When ---

    def test_only_in_working_hours(self):
        """R087: nobody is told in the evening, at night, during lunch or on Sunday, but
        at the first minute of work."""
        self.ticket()
        self.watch(MONDAY + timedelta(hours=8))
        for moment in (
            MONDAY + timedelta(hours=9),  # 18:00, the day is over
            MONDAY + timedelta(hours=15),
            TUESDAY - timedelta(minutes=1),
            TUESDAY + timedelta(hours=3),  # lunch
            TUESDAY + timedelta(days=4),  # Saturday
        ):
            with self.subTest(moment=moment):
                self.assertFalse(self.deliver(moment))
        self.assertEqual(self.states(), ["waiting"])
        self.assertEqual(len(self.deliver(TUESDAY)), 1)

    def test_own_hours_before_those_of_the_company(self):
        """Who works in other hours than the company is told in his own."""
        night = self._create_calendar()
        night.attendance_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "name": "Night",
                        "dayofweek": str(day),
                        "hour_from": 20,
                        "hour_to": 23,
                    }
                )
                for day in range(5)
            ),
        ]
        self.env["hr.employee"].create(
            {
                "name": "Agent",
                "user_id": self.agent.id,
                "company_id": self.company.id,
                "resource_calendar_id": night.id,
            }
        )
        self.ticket()
        self.watch(MONDAY + timedelta(hours=8))
        self.assertFalse(self.deliver(TUESDAY))
        self.assertTrue(self.deliver(TUESDAY + timedelta(hours=11)))

    def test_holiday(self):
        """On a holiday nobody is told; the next day he is."""
        self.ticket()
        self.watch(MONDAY + timedelta(hours=8))
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Tomb Sweeping",
                "calendar_id": self.calendar.id,
                "company_id": self.company.id,
                "date_from": "2026-03-09 16:00:00",
                "date_to": "2026-03-10 15:59:59",
            }
        )
        self.assertFalse(self.deliver(TUESDAY))
        self.assertTrue(self.deliver(TUESDAY + timedelta(days=1)))

    def test_make_up_day(self):
        """On a Saturday that is a working day he is told, as working time says."""
        self.ticket(received_at="2026-03-05 01:00:00")
        self.watch(FRIDAY + timedelta(hours=1))
        self.assertFalse(self.deliver(SATURDAY))
        self.env["key.account.work.exception"].create(
            {
                "name": "Makes up for the Lantern Festival",
                "company_id": self.company.id,
                "date_from": "2026-03-07",
            }
        )
        self.assertFalse(self.deliver(SATURDAY - timedelta(hours=2)))
        self.assertTrue(self.deliver(SATURDAY))

    def test_day_and_night(self):
        """R087: what is promised day and night is told day and night, and does not take
        along what can wait."""
        self._create_policy(
            {"resolve": 2}, sequence=1, phase="show", around_the_clock=True
        )
        self.ticket(name="Waits")
        show = self.ticket(name="Dark stand", event_phase="show", received_at=MONDAY)
        night = MONDAY + timedelta(hours=15)
        self.watch(night)
        told = self.deliver(night)
        self.assertEqual(len(told), 2)
        for message in told:
            self.assertIn(show.name, str(message.body))
            self.assertNotIn("Waits", str(message.body))
        self.assertEqual(self.states(state="waiting"), ["waiting"])

    # --- Changes in between ---

    def test_done_in_the_meantime(self):
        """What was done before somebody had to be told is not told."""
        ticket = self.ticket()
        self.watch(MONDAY + timedelta(hours=8))
        with freeze_time(MONDAY + timedelta(hours=9)):
            ticket.action_close(answer="It is mended.", nothing_else="said")
        self.assertFalse(self.deliver(TUESDAY))
        self.assertEqual(self.states(), ["moot"])

    def test_held_in_the_meantime(self):
        """What stands still is told when it goes on, if it still is at risk."""
        ticket = self.ticket()
        ticket.action_accept()
        self.watch(MONDAY + timedelta(hours=8))
        with freeze_time(MONDAY + timedelta(hours=9)):
            ticket.action_hold("customer", "A drawing")
        self.assertFalse(self.deliver(TUESDAY))
        self.assertEqual(self.states(), ["waiting"])
        with freeze_time(TUESDAY + timedelta(hours=1)):
            ticket.action_resume()
        self.assertTrue(self.deliver(TUESDAY + timedelta(hours=1, minutes=1)))

    def test_who_has_left(self):
        """R087: what was to be told to somebody who left is told to whoever stands in
        for him: it is never lost, and never told twice."""
        self.ticket()
        self.watch(MONDAY + timedelta(hours=8))
        self.agent.active = False
        self.assertFalse(self.deliver(MONDAY + timedelta(hours=8, minutes=10)))
        self.assertEqual(self.states(), ["passed", "waiting"])
        told = self.deliver(TUESDAY)
        self.assertEqual(told.partner_ids, self.leader.partner_id)
        self.assertEqual(self.states(), ["passed", "told"])
        self.assertFalse(self.deliver(TUESDAY + timedelta(hours=1)))

    def test_who_has_left_and_was_told_already(self):
        """The leader who hears of it anyway does not hear it twice."""
        self.ticket()
        self.watch(TUESDAY + timedelta(hours=8))
        self.agent.active = False
        told = self.deliver(TUESDAY + timedelta(hours=8))
        told |= self.deliver(TUESDAY + timedelta(days=1))
        told |= self.deliver(TUESDAY + timedelta(days=1, hours=1))
        self.assertEqual(told.partner_ids, self.leader.partner_id)
        percents = self.Notice.search([("user_id", "=", self.leader.id)])
        self.assertEqual(sorted(percents.mapped("percent")), [50, 100])

    def test_nobody_to_tell(self):
        """What nobody could be told of is kept, and found by a filter."""
        ticket = self.ticket()
        with patch.object(
            type(ticket), "_receiver", lambda *args: self.env["res.users"]
        ):
            self.watch(MONDAY + timedelta(hours=8))
        self.assertEqual(self.states(), ["nobody"])
        self.assertFalse(self.deliver(TUESDAY))
        self.assertEqual(self.states(), ["nobody"])

    # --- Failures ---

    def test_killed_half_way(self):
        """R087: where the digest of one person fails, the others are told, he is told
        the next time, and nobody is told twice."""
        self.ticket()
        self.watch(TUESDAY + timedelta(hours=8))
        send = KeyAccountSlaDigest._send_digest

        def fail(notices, user, now):
            send(notices, user, now)
            if user == self.agent:
                raise ValueError("The mail server burns")

        with (
            patch.object(KeyAccountSlaDigest, "_send_digest", fail),
            mute_logger("odoo.addons.key_account.models.tickets.sla_notice"),
        ):
            told = self.deliver(TUESDAY + timedelta(hours=8))
        self.assertEqual(told.partner_ids, self.leader.partner_id)
        self.assertEqual(set(self.states(user_id=self.agent.id)), {"waiting"})
        told = self.deliver(TUESDAY + timedelta(hours=8, minutes=10))
        self.assertEqual(told.partner_ids, self.agent.partner_id)
        self.assertEqual(len(told), 1)
        self.assertEqual(set(self.states()), {"told"})

    def test_run_twice(self):
        """R087: watched and delivered twice, each is told once, with one activity."""
        ticket = self.ticket()
        for _time in range(2):
            self.watch(TUESDAY + timedelta(hours=8))
        notices = self.Notice.search([])
        self.assertEqual(
            sorted((n.percent, n.user_id.login) for n in notices),
            [(50, "ka_agent"), (100, "ka_agent"), (100, "ka_leader")],
        )
        first = self.deliver(TUESDAY + timedelta(hours=8))
        self.assertEqual(len(first), 2)
        self.assertFalse(self.deliver(TUESDAY + timedelta(hours=8, minutes=10)))
        activities = self.env["mail.activity"].search(
            [("res_model", "=", ticket._name), ("res_id", "=", ticket.id)]
        )
        self.assertEqual(activities.user_id, self.agent)
        self.assertEqual(len(activities), 1)
        self.assertIn("Resolve", activities.summary)

    def test_rows_are_a_ledger(self):
        """Nobody writes or deletes what was told, the manager included."""
        self.ticket()
        self.watch(MONDAY + timedelta(hours=8))
        notice = self.Notice.search([])
        for change in (
            lambda: notice.write({"state": "told"}),
            lambda: notice.with_user(self.manager).sudo().unlink(),
        ):
            with self.assertRaisesRegex(UserError, "ledger"), self.cr.savepoint():
                change()

    def test_forgotten_after_a_year(self):
        """What was dealt with is forgotten after a year; what was not is kept."""
        self.ticket()
        self.watch(TUESDAY + timedelta(hours=8))
        notices = self.Notice.search([])
        notices[0]._settle("told", TUESDAY)
        with freeze_time(TUESDAY + timedelta(days=367)):
            self.Notice._gc_told()
        self.assertEqual(notices.exists(), notices[1:])

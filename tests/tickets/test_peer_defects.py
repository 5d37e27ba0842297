# pylint: disable=translation-required
"""Twelve defects of the best-known peer (tickets D1 to D12): ours is right on each."""

from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .ticket_case import FRIDAY, TicketCase

MONDAY = datetime(2026, 3, 9, 1, 0)


@tagged("post_install", "-at_install")
@freeze_time(FRIDAY)
class TestPeerDefects(TicketCase):
    def _mail(self, sender, subject="Fascia board", **headers):
        """A mail to the mailbox of the team, as the gateway receives it."""
        lines = [
            f"From: {sender}",
            f"To: {self.mailbox.alias_full_name}",
            f"Subject: {subject}",
            f"Message-Id: <{datetime.now().timestamp()}-{subject}@mail.example.com>",
            *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
            "",
            "The fascia board is wrong.",
        ]
        number = self.env["mail.thread"].message_process(None, "\n".join(lines))
        return self.env["key.account.ticket"].browse(number)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        domain = cls.env["mail.alias.domain"].create({"name": "fairs.example.com"})
        cls.company.alias_domain_id = domain
        cls.mailbox = cls.env["key.account.ticket.mailbox"].create(
            {
                "team_id": cls.team.id,
                "kind": "enquiry",
                "alias_name": "service-desk",
                "alias_domain_id": domain.id,
            }
        )

    def test_d1_closed_from_a_hold(self):
        """On hold with an hour of sixteen used, and done long after the frozen due
        time: in time all the same."""
        ticket = self._create_ticket()
        ticket.action_accept()
        ticket.action_hold("customer", "A drawing")
        clock = self._clock(ticket, "resolve")
        with freeze_time(MONDAY + timedelta(days=30)):
            self.env["key.account.sla.clock"]._watch(datetime.now())
            self.assertEqual(clock.state, "paused")
            ticket.action_log_call("There it is.")
            ticket.action_done()
        self.assertRecordValues(clock, [{"state": "met", "late_minutes": 0}])

    def test_d2_priority_raised(self):
        """The promise follows the priority by itself, and the history stays."""
        self._create_policy({"resolve": 4}, priority="3", sequence=1)
        ticket = self._create_ticket()
        old = self._clock(ticket, "resolve")
        ticket.write({"urgency": "high", "importance": "high"})
        new = self._clock(ticket, "resolve")
        self.assertEqual((new.target_minutes, new.replaces_id), (240, old))
        self.assertTrue(old.exists())

    def test_d3_what_is_not_done_is_not_met(self):
        """Withdrawn, unjustified and merged tickets met no promise."""
        goal = self._create_ticket("complaint")
        for leave in (
            lambda t: t.action_withdraw("Never mind."),
            lambda t: t.with_user(self.leader).action_unjustified("Not our stand."),
            lambda t: t.action_merge(goal.id),
        ):
            ticket = self._create_ticket("complaint")
            leave(ticket)
            self.assertEqual(set(ticket.sudo().clock_ids.mapped("state")), {"void"})

    def test_d4_reopening(self):
        """The time of closing goes, the first run stays in the books."""
        ticket = self._create_ticket()
        ticket.action_close(answer="Hall 3.", nothing_else="said")
        self.assertTrue(ticket.closed_at)
        ticket.action_reopen("It was hall 4.")
        self.assertFalse(ticket.closed_at)
        self.assertEqual(self._clock(ticket, "resolve").state, "met")
        self.assertEqual(self._clock(ticket, "resolve", 2).state, "running")

    def test_d5_a_team_without_hours(self):
        """No calendar of the team or the policy: the company's; no policy, no leader,
        nobody in the team: the ticket is taken in."""
        self.assertFalse(self.team.calendar_id)
        self.team.write({"leader_id": False, "member_ids": [(5,)]})
        ticket = self._mail("Lin <lin@aurora.example.com>")
        self.assertEqual(self._clock(ticket, "resolve").calendar_id, self.calendar)
        self.policy.active = False
        self.assertFalse(self._mail("A <a@nowhere.example>", "Other").policy_id)

    def test_d6_a_word_to_a_closed_ticket(self):
        """Within the days of grace it is taken up again; later it is a new one."""
        ticket = self._create_ticket()
        ticket.action_close(answer="Hall 3.", nothing_else="said")

        def write():
            ticket.with_user(self.env.user).sudo().message_post(
                body="It was hall 4.",
                message_type="email",
                author_id=self.contact.id,
                subtype_xmlid="mail.mt_comment",
            )

        write()
        self.assertEqual(ticket.state, "assigned")
        ticket.action_log_call("So it was.")
        ticket.action_done()
        ticket.action_close(nothing_else="said")
        with freeze_time(FRIDAY + timedelta(days=8)):
            write()
            self.assertEqual(ticket.state, "closed")
            later = ticket.search([("origin_id", "=", ticket.id)])
            self.assertRecordValues(
                later, [{"state": "new", "partner_id": self.contact.id}]
            )

    def test_d7_replies_are_measured(self):
        """The first reply and each next one have a clock of their own."""
        ticket = self._create_ticket()
        ticket.action_accept()
        self.assertEqual(self._clock(ticket, "first_reply").state, "running")
        ticket.action_log_call("Hall 3.")
        ticket.sudo()._customer_wrote_at(FRIDAY)
        self.assertEqual(self._clock(ticket, "next_reply").state, "running")

    def test_d8_lateness_in_hours(self):
        """Done late: when, and by how many working hours."""
        ticket = self._create_ticket()
        ticket.action_accept()
        with freeze_time(datetime(2026, 3, 11, 1, 30)):
            ticket.action_log_call("There.")
            ticket.action_done()
        clock = self._clock(ticket, "resolve")
        self.assertRecordValues(
            clock,
            [
                {
                    "state": "missed",
                    "stop_at": datetime(2026, 3, 11, 1, 30),
                    "late_hours": 1.5,
                    "failed_by_id": self.agent.id,
                }
            ],
        )

    def test_d9_a_breach_is_noticed(self):
        """By itself, with somebody told and the state stored."""
        self.env["key.account.sla.ladder"].create(
            {
                "company_id": self.company.id,
                "percent": 100,
                "receiver": "leader",
                "make_activity": True,
            }
        )
        ticket = self._create_ticket()
        with freeze_time(datetime(2026, 3, 9, 3, 0)):
            self.env["key.account.sla.clock"]._watch(datetime.now())
        clock = self._clock(ticket, "first_reply")
        self.assertEqual((clock.state, ticket.sla_state), ("missed", "late"))
        notice = self.env["key.account.sla.notice"].search(
            [("clock_id", "=", clock.id)]
        )
        self.assertEqual(notice.user_id, self.leader)
        self.assertIn(self.leader, ticket.sudo().activity_ids.user_id)

    def test_d10_closed_by_wishing(self):
        """An untouched ticket does not close."""
        complaint, enquiry = self._create_ticket("complaint"), self._create_ticket()
        with self.assertRaises(UserError):
            complaint.action_close()
        self.assertEqual(enquiry.action_close()["res_model"], "key.account.ticket.step")
        self.assertEqual(enquiry.state, "new")

    def test_d11_an_unknown_sender(self):
        """No contact is made of him before somebody accepts the ticket, and he is
        known by then."""
        Partner = self.env["res.partner"]
        before = Partner.search_count([])
        ticket = self._mail("Zhao <zhao@nowhere.example>")
        self.assertEqual(Partner.search_count([]), before)
        self.assertFalse(ticket.partner_id)
        ticket.with_user(self.agent).action_accept()
        self.assertEqual(ticket.partner_id.email, "zhao@nowhere.example")

    def test_d12_a_customer_and_the_ticket_of_another(self):
        """A portal user neither reads nor closes what is not his company's; the pages
        are tried in test_portal.py."""
        other = self._create_user("ka_other", "base.group_portal")
        ticket = self._create_ticket().with_user(other)
        for attempt in (
            lambda: ticket.read(["name"]),
            lambda: ticket.action_close(answer="x", nothing_else="said"),
            lambda: ticket.action_withdraw("x"),
            lambda: ticket.write({"name": "x"}),
        ):
            with self.assertRaises(UserError):
                attempt()
        self.assertFalse(ticket.search([]))

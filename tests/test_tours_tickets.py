from contextlib import contextmanager

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .tickets.ticket_case import TicketCase

LANGUAGES = ("en_US", "zh_CN")
MAIL = """From: "Ms Lin" <lin@aurora.example.com>
To: complaints@huazhan.example.com
Subject: The fascia board is wrong
Message-ID: <{number}@aurora.example.com>
Content-Type: text/plain; charset=utf-8

It shows the name of last year, and we open tomorrow.
"""


class TicketTourCase(TicketCase, HttpCase):
    """A service team whose mailbox customers write to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in LANGUAGES:
            cls.env["res.lang"]._activate_lang(lang)
        cls.walkers = cls.agent + cls.leader + cls.reviewer + cls.builder + cls.employee
        cls.walkers.odoobot_state = "disabled"
        cls.team.member_ids = [Command.set((cls.agent + cls.leader).ids)]
        cls.company.alias_domain_id = cls.env["mail.alias.domain"].create(
            {"name": "huazhan.example.com"}
        )
        cls.env["key.account.ticket.mailbox"].create(
            {
                "team_id": cls.team.id,
                "kind": "complaint",
                "alias_name": "complaints",
                "alias_domain_id": cls.company.alias_domain_id.id,
            }
        )

    @contextmanager
    def _speaking(self, lang):
        self.walkers.lang = lang
        with self.subTest(lang):
            yield

    def _walk(self, url, tour, user):
        name = f"key_account_ticket_{tour}"
        self.start_tour(f"/odoo/{url}", name, login=user.login, timeout=180)
        self.env.invalidate_all()

    def _walk_on(self, ticket, tour, user):
        self._walk(f"key-account-tickets/{ticket.id}", tour, user)

    def _receive_complaint(self):
        """A complaint as the mail server hands it over."""
        number = self.env["key.account.ticket"].search_count([])
        ticket_id = self.env["mail.thread"].message_process(
            False, MAIL.format(number=number)
        )
        return self.env["key.account.ticket"].browse(ticket_id)


class TicketStories:
    """What each size of screen runs."""

    # the telephone rings in both languages, the longer stories are told in one of them
    told_in = LANGUAGES

    def test_answered_on_the_telephone(self):
        """The telephone rings; by his number the agent knows who it is and what is
        going on with him, and answers on the spot (R086, R095)."""
        self._create_ticket(name="No water")
        for lang in LANGUAGES:
            with self._speaking(lang):
                self._walk("key-account-inbox", "hotline", self.agent)
                ticket = self.env["key.account.ticket"].search(
                    [], limit=1, order="id desc"
                )
                self.assertRecordValues(
                    ticket,
                    [
                        {
                            "name": "Where is gate 3?",
                            "state": "closed",
                            "partner_id": self.contact.id,
                            "account_id": self.account.id,
                            "user_id": self.agent.id,
                        }
                    ],
                )

    def test_a_department_is_asked(self):
        """An agent asks a department, whose employee answers without seeing the ticket;
        he asks for a hold, and his leader approves it (R095)."""
        for lang in self.told_in:
            ticket = self._create_ticket(name="Which carpet is on stand 12?")
            with self._speaking(lang):
                self._walk_on(ticket, "ask", self.agent)
                self.assertEqual(ticket.state, "consulting")
                self._walk("key-account-questions", "answer", self.builder)
                self.assertEqual(ticket.state, "assigned")
                self.assertEqual(ticket.consult_ids.answer, "Carpet 402.")
                self._walk_on(ticket, "approve_hold", self.leader)
                self.assertRecordValues(
                    ticket.hold_ids,
                    [
                        {
                            "state": "approved",
                            "reason": "organiser",
                            "decided_by_id": self.leader.id,
                            "is_running": False,
                        }
                    ],
                )

    def test_a_complaint_to_the_end(self):
        """A complaint that came by mail is investigated and planned; the reviewer sends
        the plan back and approves it later, the customer agrees and is not satisfied
        with what was done; it is planned again, and ends when he is (R089 to R093)."""
        for lang in self.told_in:
            ticket = self._receive_complaint()
            self.assertEqual((ticket.kind, ticket.state), ("complaint", "new"))
            with self._speaking(lang):
                self._walk_on(ticket, "plan", self.agent)
                self._walk_on(ticket, "reject", self.reviewer)
                self.assertEqual(ticket.state, "planning")
                self._walk_on(ticket, "submit", self.agent)
                self._walk_on(ticket, "approve", self.reviewer)
                self._walk_on(ticket, "agree", self.agent)
                self._walk("key-account-measures", "done", self.builder)
                self.assertTrue(ticket.measure_ids.done_at)
                self._walk_on(ticket, "dissatisfied", self.agent)
                self.assertEqual(ticket.state, "review")
                self._walk_on(ticket, "approve", self.reviewer)
                self._walk_on(ticket, "close", self.agent)
                self.assertRecordValues(
                    ticket,
                    [
                        {
                            "state": "closed",
                            "satisfaction": "satisfied",
                            "cause_id": self.cause.id,
                            "partner_id": self.contact.id,
                            "user_id": self.agent.id,
                            "plan_approved_by_id": self.reviewer.id,
                        }
                    ],
                )
                self.assertEqual(
                    ticket.round_ids.mapped("answer"), ["accept", "accept"]
                )
                ticket.sudo().responsible_user_id = self.employee
                self._walk_on(ticket, "accused", self.employee)


@tagged("post_install", "-at_install")
class TestTicketToursDesktop(TicketStories, TicketTourCase):
    browser_size = "1366x768"
    told_in = ("en_US",)


@tagged("post_install", "-at_install")
class TestTicketToursPhone(TicketStories, TicketTourCase):
    browser_size = "390x844"
    touch_enabled = True
    told_in = ("zh_CN",)

    def test_a_few_taps(self):
        """An enquiry is answered and closed, and another handed over (R087, R095)."""
        for lang in self.told_in:
            ticket = self._create_ticket(channel="email", email_from=self.contact.email)
            other = self._create_ticket(name="When does hall 5 open?")
            with self._speaking(lang):
                self._walk_on(ticket, "taps", self.agent)
                self.assertEqual((ticket.state, ticket.user_id), ("closed", self.agent))
                self._walk_on(other, "hand_over", self.agent)
                self.assertEqual((other.state, other.user_id), ("new", self.leader))

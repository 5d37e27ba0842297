from datetime import timedelta
from email import message_from_string, policy
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import html2plaintext, mute_logger

from .mail_case import BOX, COMPLAINTS, DOMAIN, MailCase
from .ticket_case import FRIDAY

LOG = "odoo.addons.key_account.models.tickets.ticket_acknowledgement"


@tagged("post_install", "-at_install")
@freeze_time(FRIDAY)
class TestTicketAcknowledgement(MailCase):
    def _acknowledged(self, *args, **kwargs):
        """A ticket made of a mail, and what the customer got for it."""
        with self.mock_mail_gateway():
            ticket = self._mail(*args, **kwargs)
            self._acknowledge()
            return ticket, list(self._mails)

    def test_known_customer(self):
        """R086: the number and what is promised, in the customer's time, from the
        address he wrote to, marked so that no program answers it."""
        self.contact.tz = "Europe/Berlin"
        ticket, (mail,) = self._acknowledged()
        self.assertIn("lin@aurora.example.com", mail["email_to"][0])
        self.assertIn(f'"Service" <{BOX}>', mail["email_from"])
        self.assertIn(BOX, mail["reply_to"])
        self.assertEqual(mail["headers"]["Auto-Submitted"], "auto-replied")
        self.assertEqual(mail["headers"]["X-Auto-Response-Suppress"], "All")
        self.assertIn(ticket.number, mail["subject"])
        text = html2plaintext(mail["body"])
        self.assertIn(ticket.number, text)
        self.assertIn("Ms Lin", text)
        self.assertIn("First Reply: 3/9/26, 3:00", text)
        self.assertIn("Resolve: 3/10/26, 10:00", text)
        self.assertIn("Europe/Berlin", text)
        self.assertEqual(ticket.acknowledgement, "sent")
        self.assertEqual(ticket.acknowledged_at, FRIDAY)

    def test_it_is_the_promised_one_and_no_reply(self):
        """I7: the acknowledgement stops its own clock and no clock of a reply."""
        ticket, _mails = self._acknowledged()
        self.assertEqual(self._clock(ticket, "acknowledge").state, "met")
        self.assertEqual(self._clock(ticket, "first_reply").state, "running")
        self.assertEqual(self._clock(ticket, "resolve").state, "running")
        self.assertFalse(ticket.last_reply_at)
        self.assertEqual(ticket.state, "new")

    def test_unknown_sender(self):
        """R086, tickets D11: a stranger gets it as well, and stays one. Nothing of a
        page he could not log in to."""
        self.company.partner_id.tz = False
        partners = self.env["res.partner"].search_count([])
        ticket, (mail,) = self._acknowledged("Mr Wu <wu@stranger.example.org>")
        self.assertIn("wu@stranger.example.org", mail["email_to"][0])
        text = html2plaintext(mail["body"])
        self.assertIn("Mr Wu", text)
        self.assertIn("First Reply: 3/9/26, 10:00", text)
        self.assertIn("Asia/Shanghai", text)
        self.assertNotIn("follow it here", text)
        self.assertEqual(self.env["res.partner"].search_count([]), partners)
        self.assertFalse(ticket.message_partner_ids)

    def test_link_for_portal_users(self):
        """Who may log in gets the link to his ticket."""
        self._create_user("lin@aurora.example.com", "base.group_portal")
        self.env["res.users"].search(
            [("login", "=", "lin@aurora.example.com")]
        ).partner_id = self.contact
        url = f"/my/tickets/{self._mail().id}"
        Ticket = type(self.env["key.account.ticket"])
        with patch.object(Ticket, "access_url", url):
            ticket = self._mail()
            self.assertEqual(ticket._portal_link(), ticket.get_base_url() + url)
        self.assertEqual(self._mail("wu@stranger.example.org")._portal_link(), "")

    def test_language(self):
        """In the contact's language, else in the company's."""
        self.env["res.lang"]._activate_lang("zh_CN")
        template = self.env.ref("key_account.mail_template_acknowledgement")
        chinese = template.with_context(lang="zh_CN")
        chinese.subject = "我们已收到您的来信：{{ object.number }}"
        chinese.body_html = "<p>您好 <t t-out='object.number'/></p>"
        self.contact.lang = "zh_CN"
        ticket, (mail,) = self._acknowledged()
        self.assertEqual(mail["subject"], f"我们已收到您的来信：{ticket.number}")
        self.assertIn("您好", mail["body"])
        _ticket, (mail,) = self._acknowledged("wu@stranger.example.org")
        self.assertIn("We have your message", mail["subject"])
        self.company.partner_id.lang = "zh_CN"
        _ticket, (mail,) = self._acknowledged("he@stranger.example.org")
        self.assertIn("我们已收到", mail["subject"])

    def test_one_an_hour(self):
        """A loop guard: nobody gets more than one an hour, and the next ticket says so.
        Somebody else does."""
        self._acknowledged("wu@stranger.example.org")
        ticket, mails = self._acknowledged("WU@stranger.example.org")
        self.assertFalse(mails)
        self.assertEqual(ticket.acknowledgement, "left_out")
        self.assertIn("within the last hour", str(ticket.message_ids.mapped("body")))
        self.assertEqual(self._clock(ticket, "acknowledge").state, "running")
        self.assertEqual(len(self._acknowledged("he@stranger.example.org")[1]), 1)
        with freeze_time(FRIDAY + timedelta(minutes=61)):
            self.assertEqual(len(self._acknowledged("wu@stranger.example.org")[1]), 1)

    def test_never_twice(self):
        """Whoever calls it again, and however often the job runs: one letter."""
        ticket, mails = self._acknowledged()
        self.assertEqual(len(mails), 1)
        with self.mock_mail_gateway(), freeze_time(FRIDAY + timedelta(hours=5)):
            ticket._acknowledge()
            ticket.with_user(self.agent)._acknowledge()
            self._acknowledge()
            self.assertFalse(self._mails)

    def test_tickets_that_came_another_way(self):
        """A hotline or portal ticket with an address is acknowledged when it is asked
        for, from the team's mailbox for its kind; without an address it is not."""
        ticket = self._create_ticket("complaint")
        with self.mock_mail_gateway():
            ticket._acknowledge()
        self.assertIn(COMPLAINTS, self._mails[0]["email_from"])
        self.assertEqual(ticket.acknowledgement, "sent")
        silent = self._create_ticket(partner_id=False, phone="+86 21 5550 7788")
        with self.mock_mail_gateway():
            silent._acknowledge()
            self.assertFalse(self._mails)
        self.assertEqual(silent.acknowledgement, "left_out")

    def test_the_customer_asks_for_it_himself(self):
        """On the portal it is the customer who makes the ticket: he gets his letter."""
        user = self._create_user("lin@aurora.example.com", "base.group_portal")
        self.contact.user_ids = user
        user.partner_id = self.contact
        ticket = self._create_ticket(channel="portal")
        with self.mock_mail_gateway():
            ticket.with_user(user).sudo()._acknowledge()
        self.assertEqual(len(self._sent_to("lin@aurora.example.com")), 1)

    def test_never_to_ourselves(self):
        """Our own addresses, whatever ticket they stand on, get no letter."""
        for address in (BOX, f"catchall@{DOMAIN}", f"bounce@{DOMAIN}"):
            with self.subTest(address), self.mock_mail_gateway():
                ticket = self._create_ticket(partner_id=False, email_from=address)
                ticket._acknowledge()
                self.assertFalse(self._mails)
                self.assertEqual(ticket.acknowledgement, "left_out")
        self.agent.partner_id.email = "agent@huazhan.example.com"
        ticket = self._create_ticket(
            partner_id=False, email_from="agent@huazhan.example.com"
        )
        with self.mock_mail_gateway():
            ticket._acknowledge()
            self.assertFalse(self._mails)

    @mute_logger(LOG)
    def test_what_fails_here_fails_nothing_else(self):
        """A broken template: the ticket is there, says that nobody was told, and the
        others get their letters."""
        template = self.env.ref("key_account.mail_template_acknowledgement")
        body = template.body_html
        template.body_html = "<p t-out='object.no_such_field'/>"
        ticket, mails = self._acknowledged()
        self.assertFalse(mails)
        self.assertEqual(ticket.acknowledgement, "left_out")
        self.assertFalse(ticket.acknowledged_at)
        self.assertIn("No acknowledgement", str(ticket.message_ids.mapped("body")))
        template.body_html = body
        with self.mock_mail_gateway():
            ticket._acknowledge()
        self.assertEqual(ticket.acknowledgement, "sent")

    def test_what_ended_is_not_acknowledged(self):
        """Withdrawn before the job came by: no letter, and no waiting for ever."""
        ticket = self._mail()
        ticket.action_withdraw("By mistake")
        with self.mock_mail_gateway():
            self._acknowledge()
            self.assertFalse(self._mails)
        self.assertEqual(ticket.acknowledgement, "left_out")

    def test_job(self):
        """The minute job is there, and asks one question when nothing is to do."""
        job = self.env.ref("key_account.cron_acknowledge_tickets")
        self.assertEqual((job.interval_number, job.interval_type), (1, "minutes"))
        self._acknowledge()
        root = self.env["key.account.ticket"].sudo()
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        root._acknowledge_waiting()
        self.assertLessEqual(self.env.cr.sql_log_count - before, 2)
        ticket = self._mail()
        with self.mock_mail_gateway(), self.enter_registry_test_mode():
            job.method_direct_trigger()
        ticket.invalidate_recordset()
        self.assertEqual(ticket.acknowledgement, "sent")
        letters = self.env["mail.mail"].search([("res_id", "=", ticket.id)])
        self.assertEqual(letters.recipient_ids, self.contact)

    def test_nobody_forges_it(self):
        """That one was sent is written by nobody but the one who sends it."""
        ticket = self._create_ticket()
        for vals in (
            {"acknowledgement": "wanted"},
            {"acknowledged_at": FRIDAY},
            {"acknowledged_to": "x@example.org"},
        ):
            with self.subTest(**vals), self.assertRaises(UserError):
                ticket.with_user(self.agent).write(vals)

    def test_headers_on_the_wire(self):
        """What a mail server gets carries the marks, too."""
        with self.mock_smtplib_connection():
            ticket = self._mail()
            with patch.object(
                type(self.env["ir.mail_server"]), "_disable_send", lambda server: False
            ):
                self._acknowledge()
        sent = message_from_string(self.emails[0]["message"], policy=policy.SMTP)
        self.assertEqual(sent["Auto-Submitted"], "auto-replied")
        self.assertEqual(sent["X-Auto-Response-Suppress"], "All")
        self.assertIn(f"-{ticket.id}-key.account.ticket@", sent["Message-Id"])

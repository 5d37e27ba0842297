from unittest.mock import patch

import psycopg2
from freezegun import freeze_time

from odoo.exceptions import ConcurrencyError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .mail_case import MailCase
from .ticket_case import FRIDAY

LOG = "odoo.addons.key_account.models.tickets.ticket_gateway"
TICKETS = "key.account.ticket"


@tagged("post_install", "-at_install")
@freeze_time(FRIDAY)
class TestTicketIntake(MailCase):
    """Whatever is missing or goes wrong, mails are taken in, and fast enough."""

    # --- Nothing stops intake ---

    def test_whatever_is_missing(self):
        """Tickets D5: without policy, leader, members or hours, with people who left
        and hours that never come, a mail is taken in."""
        endless = self.env["resource.calendar"].create(
            {"name": "Never", "attendance_ids": [Command.clear()]}
        )
        cases = {
            "no policy": lambda: self.policy.unlink(),
            "no leader": lambda: self.team.write({"leader_id": False}),
            "nobody in the team": lambda: self.team.write(
                {"member_ids": [Command.clear()], "leader_id": False}
            ),
            "leader left": lambda: self.leader.action_archive(),
            "agent left": lambda: self.agent.action_archive(),
            "archived team": lambda: self.team.write({"active": False}),
            "hours without work": lambda: self.policy.write(
                {"calendar_id": endless.id}
            ),
            "team without hours": lambda: self.team.write({"calendar_id": False}),
            "company without hours": lambda: self.company.write(
                {"resource_calendar_id": False}
            ),
            "no mail template": lambda: self.env.ref(
                "key_account.mail_template_acknowledgement"
            ).unlink(),
        }
        for case, prepare in cases.items():
            savepoint = self.env.cr.savepoint()
            with self.subTest(case), self.mock_mail_gateway(), mute_logger(LOG):
                prepare()
                ticket = self._mail(Subject=case)
                self.assertEqual(ticket.name, case)
                self.assertEqual(bool(ticket.policy_id), case != "no policy")
                with mute_logger(
                    "odoo.addons.key_account.models.tickets.ticket_acknowledgement"
                ):
                    self._acknowledge()
                self.assertIn(ticket.acknowledgement, ("sent", "left_out"))
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def test_no_mail_domain(self):
        """Without a mail domain a mailbox has no address; what a server fetches is
        taken in all the same, and answered from the company's."""
        self.company.email = "office@huazhan.example.com"
        (self.box | self.complaint_box).alias_domain_id = False
        self.company.alias_domain_id = False
        self.env["mail.alias"].search(
            [("alias_domain_id", "=", self.alias_domain.id)]
        ).alias_domain_id = False
        self.alias_domain.unlink()
        ticket = self._receive(self._raw(), TICKETS)
        self.assertEqual(ticket.company_id, self.company)
        with self.mock_mail_gateway():
            self._acknowledge()
        self.assertIn("office@huazhan.example.com", self._mails[0]["email_from"])

    def test_a_mail_that_breaks_something_is_kept(self):
        """What fails with the mail as it is, is tried with what is left of it; what
        fails again is refused, and those behind it come in."""
        Ticket = type(self.env["key.account.ticket"])
        real = Ticket.message_new

        def fail_once(ticket, msg_dict, custom_values=None):
            if "original.eml" not in str(msg_dict["attachments"]):
                raise AttributeError("broken")
            return real(ticket, msg_dict, custom_values)

        def fail(ticket, msg_dict, custom_values=None):
            ticket.env.cr.execute("SELECT 1 / 0")

        with mute_logger(LOG, "odoo.sql_db"):
            with patch.object(Ticket, "message_new", fail_once):
                ticket = self._mail(body="Please help.")
            self.assertIn("Please help", ticket.description)
            self.assertEqual(ticket.message_ids.attachment_ids.name, "original.eml")
            with patch.object(Ticket, "message_new", fail):
                self.assertFalse(self._receive(self._raw()))
        self.assertEqual(self._refusals().reason, "broken")
        self.assertIn("division by zero", self._refusals().detail)
        self.assertEqual(self.box.alias_status, "valid")
        self._mail()

    def test_what_must_be_tried_again_is(self):
        """Two transactions in each other's way: the mail is tried again at once, as a
        server that fetches mails does not bring it twice, but not for ever."""
        Ticket = type(self.env["key.account.ticket"])
        real, left = Ticket.message_new, [2]

        def collide(ticket, *args, **kwargs):
            left[0] -= 1
            if left[0] >= 0:
                raise psycopg2.errors.SerializationFailure()
            return real(ticket, *args, **kwargs)

        with patch.object(Ticket, "message_new", collide):
            with self.enter_registry_test_mode():
                self.assertEqual(len(self._receive(self._raw())), 1)
                left[0] = 99
                with self.assertRaises(ConcurrencyError):
                    self._receive(self._raw())
        self.assertFalse(self._refusals())

    # --- Speed ---

    def test_queries(self):
        """Design 8: taking a mail in takes 25 queries at most, of somebody known and of
        a stranger, as soon as the settings are in the cache."""
        root = self.env(user=self.env.ref("base.user_root"), context={})
        thread = root["mail.thread"]
        for sender in ("lin@aurora.example.com", "{}@stranger.example.org"):
            thread.message_process(None, self._raw(sender.format("first")))
            for name in ("second", "third"):
                raw = self._raw(sender.format(name))
                self.env.flush_all()
                with self.subTest(sender=sender, mail=name):
                    before = self.env.cr.sql_log_count
                    self.assertTrue(thread.message_process(None, raw))
                    self.env.flush_all()
                    self.assertLessEqual(self.env.cr.sql_log_count - before, 25)

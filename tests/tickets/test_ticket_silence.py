from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .mail_case import MailCase
from .ticket_case import FRIDAY

DAY = timedelta(days=1)
LOG = "odoo.addons.key_account.models.tickets.ticket_silence"


@tagged("post_install", "-at_install")
@freeze_time(FRIDAY)
class TestTicketSilence(MailCase):
    def _answered(self, **vals):
        ticket = self._create_ticket(**vals)
        ticket.action_accept()
        ticket.action_log_call("Told her Monday")
        ticket.action_done()
        return ticket

    def _run(self, at=FRIDAY + 8 * DAY):
        """The daily job, without its commits: what it left out."""
        with freeze_time(at):
            root = self.env["key.account.ticket"].with_user(
                self.env.ref("base.user_root")
            )
            seen, left_out = root._close_silent(fields.Datetime.now())
            self.env.invalidate_all()
            return {ticket.id: why for ticket, why in left_out.items()}

    def test_closed_after_some_days(self):
        """R095: who says nothing for the days of his company has nothing else to ask.
        Running again closes nothing twice."""
        ticket, open_one = self._answered(), self._create_ticket()
        complaint = self._create_ticket("complaint")
        self.assertFalse(self._run(FRIDAY + 6 * DAY))
        self.assertEqual(ticket.state, "answered")
        self._run()
        self.assertEqual(ticket.state, "closed")
        self.assertEqual(ticket.nothing_else, "silent")
        self.assertEqual(ticket.closed_at, FRIDAY + 8 * DAY)
        self.assertEqual(ticket.user_id, self.agent)
        self.assertEqual((open_one | complaint).mapped("state"), ["new", "new"])
        self._run(FRIDAY + 20 * DAY)
        self.assertEqual(ticket.closed_at, FRIDAY + 8 * DAY)

    def test_each_company_has_its_days(self):
        """Another company waits longer."""
        self.company.key_account_silence_days = 30
        ticket = self._answered()
        self._run()
        self.assertEqual(ticket.state, "answered")
        self._run(FRIDAY + 31 * DAY)
        self.assertEqual(ticket.state, "closed")

    def test_a_word_of_his_starts_it_anew(self):
        """Who wrote in the meantime has more, and is waited for from our next answer
        on."""
        ticket = self._answered(email_from="lin@aurora.example.com")
        with freeze_time(FRIDAY + 5 * DAY):
            ticket.sudo()._customer_wrote(self.env["mail.message"])
            self._run(FRIDAY + 8 * DAY)
            self.assertEqual(ticket.state, "assigned")
            ticket.action_log_call("Again")
            ticket.action_done()
        self._run(FRIDAY + 8 * DAY)
        self.assertEqual(ticket.state, "answered")
        self._run(FRIDAY + 12 * DAY)
        self.assertEqual(ticket.state, "closed")

    def test_one_that_fails_stops_none(self):
        """What is left out is said, with the reason, once and to somebody; the others
        are closed."""
        held, broken, fine = self._answered(), self._answered(), self._answered()
        held.action_hold("customer", "A drawing")
        Ticket = type(held)
        real = Ticket._close_enquiries

        def fail(tickets, *args):
            if tickets == broken:
                tickets.env.cr.execute("SELECT 1 / 0")
            return real(tickets, *args)

        with patch.object(Ticket, "_close_enquiries", fail):
            with mute_logger("odoo.sql_db", LOG):
                left_out = self._run()
                self.assertEqual(set(left_out), {held.id, broken.id})
                self._run(FRIDAY + 9 * DAY)
        self.assertIn("on hold", left_out[held.id])
        self.assertIn("division by zero", left_out[broken.id])
        self.assertEqual(fine.state, "closed")
        for ticket in (held, broken):
            (todo,) = ticket.sudo().activity_ids
            self.assertEqual(todo.user_id, self.agent)
            self.assertIn(left_out[ticket.id], todo.summary)
        self._run(FRIDAY + 10 * DAY)
        self.assertEqual(broken.state, "closed")

    def test_somebody_is_working_on_it(self):
        """A ticket that somebody holds waits for the next day, and nobody is told."""
        ticket = self._answered()
        nothing = ticket.browse()
        with patch.object(
            type(ticket), "try_lock_for_update", lambda *args, **kwargs: nothing
        ):
            self.assertIn("working on it", self._run()[ticket.id])
        self.assertFalse(ticket.sudo().activity_ids)
        self._run()
        self.assertEqual(ticket.state, "closed")

    def test_nobody_there_to_be_told(self):
        """With everybody gone a manager gets what was left out."""
        ticket = self._answered()
        ticket.action_hold("customer", "A drawing")
        (self.agent | self.leader).action_archive()
        self._run()
        todo = ticket.sudo().activity_ids
        self.assertTrue(todo.user_id.has_group("key_account.group_manager"))

    def test_job(self):
        """The daily job goes through all of them, however many, and runs twice without
        harm."""
        tickets = self._answered() | self._answered() | self._answered()
        job = self.env.ref("key_account.cron_close_silent_tickets")
        self.assertEqual((job.interval_number, job.interval_type), (1, "days"))
        with (
            freeze_time(FRIDAY + 8 * DAY),
            patch("odoo.addons.key_account.models.tickets.ticket_silence.BATCH", 2),
            self.enter_registry_test_mode(),
        ):
            job.method_direct_trigger()
            job.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(set(tickets.mapped("state")), {"closed"})

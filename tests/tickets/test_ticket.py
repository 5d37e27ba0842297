# pylint: disable=translation-required
from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .ticket_case import FRIDAY, TicketCase


@tagged("post_install", "-at_install")
@freeze_time(FRIDAY)
class TestTicket(TicketCase):
    def test_clock_of_the_design(self):
        """R087: received on Friday at 17:00, two hours end on Monday at 10:00, sixteen
        on Tuesday at 17:00 (design.md 4)."""
        ticket = self._create_ticket()
        self.assertEqual(
            self._clock(ticket, "first_reply").due_at, datetime(2026, 3, 9, 2, 0)
        )
        self.assertEqual(
            self._clock(ticket, "resolve").due_at, datetime(2026, 3, 10, 9, 0)
        )
        self.assertEqual(ticket.sla_state, "ok")
        self.assertEqual(ticket.next_metric, "acknowledge")

    def test_a_hold_moves_the_due_time(self):
        """With a hold on Monday from 9:00 to 11:00 sixteen hours end on Wednesday at
        10:00 (design.md 4)."""
        ticket = self._create_ticket()
        ticket.action_accept()
        with freeze_time(datetime(2026, 3, 9, 1, 0)):
            ticket.action_hold("customer", "A drawing")
            self.assertEqual(self._clock(ticket, "resolve").state, "paused")
        with freeze_time(datetime(2026, 3, 9, 3, 0)):
            ticket.action_resume()
        self.assertEqual(
            self._clock(ticket, "resolve").due_at, datetime(2026, 3, 11, 2, 0)
        )

    def test_enquiry_to_the_end(self):
        """R095: answered, and closed when the customer has nothing else."""
        ticket = self._create_ticket()
        ticket.action_accept()
        self.assertEqual(ticket.state, "assigned")
        with self.assertRaises(UserError):
            ticket.action_done()
        ticket.message_post(
            body="It is being printed anew.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        ticket.action_done()
        self.assertEqual(ticket.state, "answered")
        ticket.action_close(nothing_else="said")
        self.assertEqual(ticket.state, "closed")
        self.assertEqual(set(ticket.sudo().clock_ids.mapped("state")), {"met"})

    def test_complaint_to_the_end(self):
        """R089 to R093: investigated, planned, reviewed, agreed, carried out, and the
        customer is satisfied."""
        ticket = self._create_ticket("complaint")
        self._plan_complaint(ticket)
        with self.assertRaises(UserError):
            ticket.action_approve()
        self._solve_complaint(ticket)
        self.assertEqual(ticket.state, "follow_up")
        with self.assertRaises(UserError):
            ticket.action_close()
        ticket.action_record_satisfaction("satisfied")
        ticket.action_close()
        self.assertEqual(ticket.state, "closed")

"""Measures: who does what until when, and whether it works."""

from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .ticket_case import FRIDAY, TicketCase


@tagged("post_install", "-at_install")
@freeze_time(FRIDAY)
class TestTicketMeasure(TicketCase):
    def _asked(self, record):
        return record.sudo().activity_ids.user_id

    def test_owners_are_asked_when_the_customer_agreed(self):
        """R090, R091: a measure stands among the activities of its owner from then on,
        and no longer once it is done; containment does not wait."""
        ticket = self._create_ticket("complaint")
        self._plan_complaint(ticket)
        measure = ticket.measure_ids
        first_aid = self._add_measure(ticket, "containment")
        self.assertFalse(self._asked(measure))
        self.assertEqual(self._asked(first_aid), self.builder)
        with self.assertRaises(UserError):
            measure.with_user(self.builder).action_done()
        first_aid.with_user(self.builder).action_done()
        ticket.action_submit()
        ticket.with_user(self.reviewer).action_approve()
        ticket.action_customer_accept("All right.")
        self.assertEqual(self._asked(measure), self.builder)
        with self.assertRaises(UserError):
            ticket.action_done()
        measure.with_user(self.builder).action_done()
        self.assertFalse(self._asked(measure))
        ticket.action_done()

    def test_whether_it_works_is_asked_on_its_day(self):
        """R091: once, of who is to check it; where nobody can be, the ticket says
        so."""
        ticket = self._create_ticket("complaint")
        self._plan_complaint(ticket)
        checked = self._add_measure(
            ticket, "corrective", effect_due="2026-03-10", verifier_id=self.leader.id
        )
        alone = self._add_measure(ticket, "preventive", effect_due="2026-03-10")
        self.team.leader_id = self.builder
        self._solve_complaint(ticket)
        cron = ("key.account.ticket.measure", "_cron_ask_for_effects")
        self._run_cron(*cron)
        self.assertFalse(self._asked(checked))
        with freeze_time(FRIDAY + timedelta(days=4)):
            self._run_cron(*cron)
            self._run_cron(*cron)
            self.assertEqual(checked.sudo().activity_ids.mapped("user_id"), self.leader)
            self.assertEqual(len(checked.sudo().activity_ids), 1)
            self.assertFalse(self._asked(alone))
            notes = ticket.sudo().message_ids.filtered(
                lambda message: "Nobody could be asked" in (message.body or "")
            )
            self.assertEqual(len(notes), 1)
            checked.with_user(self.leader).action_effective("Three shows without it.")
        self.assertFalse(self._asked(checked))

    def test_the_owner_does_not_check_himself(self):
        """I4."""
        ticket = self._create_ticket("complaint")
        self._plan_complaint(ticket)
        with self.assertRaises(UserError):
            self._add_measure(ticket, "corrective", verifier_id=self.builder.id)

    def test_a_department_is_asked_to_investigate(self):
        """R089: the head of it, where nobody is named; what it found ends the
        activity and stays."""
        ticket = self._create_ticket("complaint")
        ticket.action_accept()
        ticket.action_investigate()
        line = (
            self.env["key.account.ticket.investigation"]
            .with_user(self.agent)
            .create({"ticket_id": ticket.id, "department_id": self.workshop.id})
        )
        self.assertEqual(self._asked(line), self.builder)
        with self.assertRaises(UserError):
            ticket.action_plan()
        mine = line.with_user(self.builder)
        with self.assertRaises(UserError):
            mine.write({"department_id": self.workshop.copy().id})
        mine.write({"finding": "The file was of last year."})
        self.assertEqual(line.found_at, FRIDAY)
        self.assertFalse(self._asked(line))
        with self.assertRaises(UserError):
            line.unlink()
        ticket.action_plan()
        self.assertEqual(ticket.state, "planning")

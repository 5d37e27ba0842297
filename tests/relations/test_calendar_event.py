from datetime import datetime

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .visit_case import AIM, SECRET, VisitCase


@tagged("post_install", "-at_install")
class TestCalendarEventOfVisit(VisitCase):
    """The calendar knows when somebody is with a customer, and who; nothing else."""

    def event_of(self, visit):
        return visit.sudo().event_id

    def test_time_and_people(self):
        """Host and colleagues are invited, customers are not (R050)."""
        event = self.event_of(self.receive(minutes=f"<p>{SECRET}</p>"))
        self.assertEqual(event.partner_ids, (self.seller | self.employee).partner_id)
        self.assertRecordValues(
            event,
            [
                {
                    "name": "Reception",
                    "start": datetime(2026, 3, 17, 2),
                    "stop": datetime(2026, 3, 17, 5),
                    "user_id": self.seller.id,
                    "privacy": "private",
                    "description": False,
                    "location": False,
                    "notes": False,
                }
            ],
        )
        self.assertFalse(event.activity_ids)
        said = str(event.read())
        for word in (AIM, SECRET, "Orient"):
            self.assertNotIn(word, said)

    def test_nobody_outside_is_written_to(self):
        """No mail goes to a customer, whatever happens to the visit."""
        visit = self.receive()
        visit.action_replan("2026-03-18 02:00:00")
        visit.action_cancel()
        self.env.flush_all()
        told = self.env["mail.message"].search(
            [("model", "=", "calendar.event"), ("res_id", "=", visit.event_id.id)]
        )
        self.assertTrue(told)
        self.assertLessEqual(
            told.sudo().notified_partner_ids, (self.seller | self.employee).partner_id
        )
        self.assertNotIn("Orient", str(told.sudo().mapped("body")))
        self.assertFalse(
            self.env["mail.mail"].search([("recipient_ids", "in", self.guest.ids)])
        )

    def test_follows_the_visit(self):
        """Time and people of the event are those of the visit."""
        visit = self.receive()
        event = self.event_of(visit)
        visit.write({"planned_at": "2026-03-18 03:00:00", "duration": 1})
        self.assertEqual(event.start, datetime(2026, 3, 18, 3))
        self.assertEqual(event.stop, datetime(2026, 3, 18, 4))
        guard = self._create_user("ka_guard", "base.group_user")
        visit.colleague_ids = [Command.set(guard.ids)]
        self.assertEqual(event.partner_ids, (self.seller | guard).partner_id)
        visit.kind = "online"
        self.assertEqual(event.name, "Online Meeting")
        self.account._change_holder(self.colleague)
        visit.with_user(self.colleague).user_id = self.colleague
        self.assertEqual(event.user_id, self.colleague)
        self.assertEqual(event.partner_ids, (self.colleague | guard).partner_id)

    def test_guests_of_the_calendar_stay(self):
        """Whom somebody invites in the calendar himself is not thrown out."""
        visit = self.receive()
        event = self.event_of(visit)
        event.with_context(no_mail_to_attendees=True).partner_ids += self.guest
        visit.colleague_ids = [Command.clear()]
        self.assertEqual(event.partner_ids, self.seller.partner_id | self.guest)

    def test_called_off(self):
        """What is called off takes no time, and takes it again when it is planned
        again; what was missed was in the calendar."""
        visit = self.receive()
        event = self.event_of(visit)
        visit.action_cancel()
        self.assertFalse(event.active)
        visit.action_replan("2026-03-19 02:00:00")
        self.assertTrue(event.active)
        self.assertEqual(self.event_of(visit), event)
        self.assertEqual(event.start, datetime(2026, 3, 19, 2))
        # done before its time: the time is free
        visit.action_done()
        self.assertFalse(event.active)

    def test_what_takes_no_time(self):
        """Nobody blocks an hour for an e-mail, nor for what is over."""
        self.assertFalse(self.plan("mail").event_id)
        past = self.plan(planned_at="2026-03-10 03:00:00")
        self.assertFalse(past.event_id)
        past.planned_at = "2026-03-12 03:00:00"
        self.assertTrue(past.event_id)

    def test_moved_in_the_calendar(self):
        """Who serves the customer moves the visit in his calendar, who only helps
        does not."""
        visit = self.receive()
        event = self.event_of(visit)
        event.with_user(self.seller).write(
            {"start": "2026-03-18 05:00:00", "stop": "2026-03-18 06:30:00"}
        )
        self.assertEqual(visit.planned_at, datetime(2026, 3, 18, 5))
        self.assertEqual(visit.duration, 1.5)
        self.assertEqual(visit.item_ids[-1].due_on.isoformat(), "2026-03-18")
        with self.assertRaisesRegex(UserError, "open to those who serve him"):
            event.with_user(self.employee).write(
                {"start": "2026-03-20 05:00:00", "stop": "2026-03-20 06:30:00"}
            )
        self.env.invalidate_all()
        self.assertEqual(visit.planned_at, datetime(2026, 3, 18, 5))

    def test_event_is_deleted(self):
        """The visit stays, and gets another event when it moves."""
        visit = self.receive()
        self.event_of(visit).with_user(self.seller).unlink()
        self.assertFalse(visit.event_id)
        visit.planned_at = "2026-03-19 02:00:00"
        self.assertTrue(visit.event_id.active)

    def test_moved_by_who_takes_no_part(self):
        """Whoever serves the customer moves a colleague's visit, in whose calendar he
        could not write himself."""
        visit = self.receive()
        visit.with_user(self.manager).action_replan("2026-03-18 02:00:00")
        self.assertEqual(self.event_of(visit).start, datetime(2026, 3, 18, 2))

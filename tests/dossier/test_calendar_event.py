from odoo.tests import tagged

from .leak_case import LeakCase


@tagged("post_install", "-at_install")
class TestCalendarEvent(LeakCase):
    """Events of our records are private, whatever is asked for."""

    def test_private_from_the_start(self):
        """Made by a form or a program, with another wish or with none."""
        for vals in ({}, {"privacy": "public"}, {"privacy": "confidential"}):
            with self.subTest(vals=vals):
                self.assertEqual(self._create_event(**vals).privacy, "private")

    def test_stays_private(self):
        """Neither is it opened up later, by whomever, nor linked to us while open."""
        event = self._create_event()
        event.write({"privacy": "public"})
        self.assertEqual(event.privacy, "private")
        loose = (
            self.env["calendar.event"]
            .with_user(self.seller)
            .create({"name": "Talk", "start": "2026-03-02", "stop": "2026-03-02"})
        )
        self.assertFalse(loose.privacy)
        loose.write(
            {
                "res_model_id": self.env["ir.model"]._get_id("key.account"),
                "res_id": self.account.id,
            }
        )
        self.assertEqual(loose.privacy, "private")

    def test_other_events(self):
        """Other events are as open as before, and found by their words."""
        event = (
            self.env["calendar.event"]
            .with_user(self.seller)
            .create(
                {"name": "Staff Party", "start": "2026-03-02", "stop": "2026-03-02"}
            )
        )
        mine = self.env["calendar.event"].with_user(self.colleague)
        self.assertIn(event, mine.search([("name", "ilike", "staff")]))
        self.assertEqual(event.with_user(self.colleague).name, "Staff Party")

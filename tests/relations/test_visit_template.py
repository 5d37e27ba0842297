from odoo.exceptions import AccessError
from odoo.tests import tagged

from .visit_case import VisitCase


@tagged("post_install", "-at_install")
class TestVisitTemplate(VisitCase):
    """What is always prepared for a kind of visit (R050)."""

    def test_reception_begins_with_a_checklist(self):
        """Notice, room, material, tour, meal, offer: each of the host, with its day."""
        items = self.receive().item_ids
        self.assertEqual(len(items), 8)
        text = " ".join(items.mapped("name"))
        for word in (
            "front desk",
            "guard",
            "meeting room",
            "name signs",
            "samples",
            "screen",
            "tour",
            "meal, within the limit",
            "offer",
        ):
            self.assertIn(word, text)
        self.assertEqual(items.user_id, self.seller)
        self.assertEqual(items, items.sorted("due_on"))

    def test_what_begins_without_one(self):
        """Other kinds, what was prepared by hand, and what is over."""
        self.assertFalse(self.plan("call").item_ids)
        own = self.receive(item_ids=[(0, 0, {"name": "Flowers"})])
        self.assertEqual(own.item_ids.mapped("name"), ["Flowers"])
        self.assertFalse(self.receive(planned_at="2026-03-09 02:00:00").item_ids)

    def test_becomes_a_reception(self):
        """A visit that turns out to be a reception gets the list then, once."""
        visit = self.plan()
        visit.kind = "reception"
        self.assertEqual(len(visit.item_ids), 8)
        visit.kind = "visit"
        visit.kind = "reception"
        self.assertEqual(len(visit.item_ids), 8)

    def test_other_kinds(self):
        """The manager says what is prepared for what; members read it."""
        Template = self.env["key.account.visit.template"]
        template = Template.with_user(self.manager).create(
            {"name": "Read the last minutes", "kind": "review", "days_before": 5}
        )
        [item] = self.plan("review").item_ids
        self.assertEqual((item.name, item.days_before), ("Read the last minutes", 5))
        template.active = False
        self.assertFalse(self.plan("review").item_ids)
        mine = template.with_user(self.seller)
        self.assertTrue(mine.name)
        with self.assertRaises(AccessError):
            mine.name = "Nothing"

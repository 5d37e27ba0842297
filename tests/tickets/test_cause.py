from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .ticket_case import FRIDAY, TicketCase


@tagged("post_install", "-at_install")
@freeze_time(FRIDAY)
class TestCause(TicketCase):
    """Why things go wrong, as a tree (R089, R094)."""

    def test_ready_tree(self):
        """R089: a tree of two levels is there, each cause with a code of its own."""
        top = self.env.ref("key_account.cause_graphics")
        leaf = self.env.ref("key_account.cause_graphics_text")
        self.assertEqual(leaf.parent_id, top)
        self.assertEqual(leaf.display_name, "Graphics / Wrong Text or Logo")
        names = self.env["ir.model.data"].search(
            [("module", "=", "key_account"), ("model", "=", "key.account.cause")]
        )
        causes = self.env["key.account.cause"].browse(names.mapped("res_id"))
        self.assertGreaterEqual(len(causes), 30)
        self.assertTrue(all(causes.mapped("code")))

    def test_no_circle(self):
        """A cause is not a part of itself, at any distance."""
        narrow = self.cause.copy({"name": "Narrow", "parent_id": self.cause.id})
        with self.assertRaises(UserError):
            self.cause.parent_id = narrow

    def test_codes(self):
        """Codes are unique, so that reports and imports find one cause."""
        self.cause.code = "fascia"
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.env["key.account.cause"].create({"name": "Again", "code": "fascia"})

    def test_counted_on_every_level(self):
        """R094: a complaint counts for its cause and for those above it, and for those
        who may see it only."""
        narrow = self.cause.create({"name": "Narrow", "parent_id": self.cause.id})
        narrower = self.cause.create({"name": "Narrower", "parent_id": narrow.id})
        for cause in (self.cause, narrow, narrow, narrower):
            self._create_ticket("complaint", cause_id=cause.id)
        self._create_ticket("enquiry")
        every = self.cause | narrow | narrower
        self.assertEqual(every.mapped("complaint_count"), [4, 3, 1])
        listed = self.env["key.account.ticket"].search(
            narrow.action_open_complaints()["domain"]
        )
        self.assertEqual(listed.cause_id, narrow | narrower)
        self.assertEqual(len(listed), 3)
        self.assertEqual(self.cause.with_user(self.reader).complaint_count, 0)

    def test_used_causes_stay(self):
        """A cause that complaints have is not deleted; it is archived."""
        self._create_ticket("complaint", cause_id=self.cause.id)
        with mute_logger("odoo.sql_db"), self.assertRaises(Exception) as caught:
            self.cause.unlink()
        self.assertIn("cause_id", str(caught.exception))

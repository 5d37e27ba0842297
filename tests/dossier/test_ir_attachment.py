from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .leak_case import LeakCase


@tagged("post_install", "-at_install")
class TestIrAttachment(LeakCase):
    """What lies in a file; who may not look into it is in test_leaks."""

    def test_who_serves(self):
        """The owner, the steward and the manager find and read it."""
        for role, user in self.serving.items():
            with self.subTest(role):
                mine = self.env["ir.attachment"].with_user(user)
                domain = [("res_model", "=", "key.account")]
                self.assertIn(self.attachment, mine.search(domain))
                self.assertIn(
                    self.attachment, mine.search([("name", "=", "offer.txt")])
                )
                self.assertTrue(self.attachment.with_user(user).raw)

    def test_never_public(self):
        """No address that works for everybody, neither made nor moved there."""
        with self.assertRaisesRegex(ValidationError, "cannot be public"):
            self.attachment.public = True
        loose = self.env["ir.attachment"].create({"name": "a", "public": True})
        with self.assertRaisesRegex(ValidationError, "cannot be public"):
            loose.write({"res_model": "key.account", "res_id": self.account.id})

    def test_strangers_add_nothing(self):
        """Neither do they put something into it, or move theirs there."""
        for role, user in self.strangers.items():
            mine = self.env["ir.attachment"].with_user(user)
            place = {"res_model": "key.account", "res_id": self.account.id}
            with self.subTest(role), self.assertRaises(AccessError):
                mine.create({"name": "a", **place})
            with self.subTest(role), self.assertRaises(AccessError):
                mine.create({"name": "a"}).write(place)

    def test_other_records(self):
        """Attachments elsewhere are as they were, in one search with ours too."""
        partner = self.account.partner_id
        other = self.attachment.copy({"res_model": "res.partner", "res_id": partner.id})
        both = [("id", "in", (other | self.attachment).ids)]
        named = [("res_model", "in", ["res.partner", "key.account"]), *both]
        for domain in (both, named):
            found = self.env["ir.attachment"].with_user(self.colleague).search(domain)
            self.assertEqual(found, other)
            found = self.env["ir.attachment"].with_user(self.seller).search(domain)
            self.assertEqual(found, other | self.attachment)
        self.assertTrue(other.with_user(self.colleague).raw)

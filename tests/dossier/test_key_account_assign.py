from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import KeyAccountCase


@tagged("post_install", "-at_install")
class TestKeyAccountAssign(KeyAccountCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts = cls._create_account("Orient") | cls._create_account("Delta")

    def assign(self, user, new_owner):
        wizard = (
            self.env["key.account.assign"]
            .with_user(user)
            .create(
                {
                    "account_ids": [Command.set(self.accounts.ids)],
                    "user_id": new_owner.id,
                    "reason": "Region east is his",
                }
            )
        )
        return wizard.action_assign()

    def test_manager_assigns_many(self):
        """The wizard hands several accounts over; each keeps the reason."""
        self.assign(self.manager, self.seller)
        self.assertEqual(self.accounts.holder_id, self.seller)
        for account in self.accounts:
            bodies = " ".join(account.message_ids.mapped("body"))
            self.assertIn("Region east is his", bodies)

    def test_member_does_not_assign(self):
        """A member cannot open the wizard, not even for an account he owns."""
        self.accounts._change_holder(self.seller)
        with self.assertRaises(AccessError):
            self.assign(self.seller, self.chair)
        self.assertEqual(self.accounts.holder_id, self.seller)

    def test_archived_user_becomes_no_owner(self):
        """Who has left the company is refused, and nothing changes."""
        self.seller.active = False
        with self.assertRaisesRegex(UserError, "cannot own"):
            self.assign(self.manager, self.seller)
        self.assertFalse(self.accounts.holder_id)

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import KeyAccountCase


@tagged("post_install", "-at_install")
class TestMergeRights(KeyAccountCase):
    """Nobody gets into a file by making its customer one with his own (R035)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        contacts = cls.env.ref("base.group_partner_manager")
        (cls.seller | cls.chair | cls.manager | cls.employee).group_ids = [
            Command.link(contacts.id)
        ]
        cls.mine = cls._create_account("Orient", needs="Light")
        cls.mine._change_holder(cls.seller)
        cls.other = cls._create_account("Oriental", needs="Height")
        cls.other._change_holder(cls.chair)
        cls.nobodys = cls._create_account("Occident", needs="Depth")

    def merge(self, user, kept, gone):
        partners = (kept | gone).partner_id
        wizard = (
            self.env["base.partner.merge.automatic.wizard"]
            .with_user(user)
            .create(
                {
                    "partner_ids": [Command.set(partners.ids)],
                    "dst_partner_id": kept.partner_id.id,
                }
            )
        )
        wizard.action_merge()
        self.env.invalidate_all()

    def test_a_stranger_merges_no_files(self):
        """Neither into his own nor his own into another's, nor what nobody owns."""
        for kept, gone in (
            (self.mine, self.other),
            (self.other, self.mine),
            (self.mine, self.nobodys),
            (self.nobodys, self.mine),
        ):
            with self.subTest(kept=kept.name, gone=gone.name):
                with self.assertRaisesRegex(UserError, "those who serve him"):
                    self.merge(self.seller, kept, gone)
                self.assertTrue((kept | gone).exists() == kept | gone)

    def test_a_stranger_takes_no_customer_under_his_own(self):
        """A customer with a file does not become a contact of another one's customer
        by the hand of somebody who may not open both."""
        for user in (self.seller, self.employee):
            with self.subTest(user.login):
                with self.assertRaisesRegex(UserError, "those who serve him"):
                    self.other.partner_id.with_user(user).write(
                        {"parent_id": self.mine.partner_id.id, "is_company": False}
                    )
                self.env.invalidate_all()
        self.assertFalse(self.mine.with_user(self.chair).may_open)

    def test_who_may_open_both_merges_them(self):
        """The manager, and the owner of both."""
        self.merge(self.manager, self.mine, self.other)
        self.assertEqual(self.mine.needs, "Light\nHeight")
        self.nobodys._change_holder(self.seller)
        self.merge(self.seller, self.mine, self.nobodys)
        self.assertEqual(self.mine.needs, "Light\nHeight\nDepth")

    def test_a_file_moves_with_its_customer(self):
        """A customer without a second file is merged by anybody: nobody reads more
        than before, as the owner stays."""
        plain = self._create_customer("Oriental Ltd")
        wizard = (
            self.env["base.partner.merge.automatic.wizard"]
            .with_user(self.seller)
            .create(
                {
                    "partner_ids": [
                        Command.set((plain | self.other.partner_id).ids),
                    ],
                    "dst_partner_id": plain.id,
                }
            )
        )
        wizard.action_merge()
        self.env.invalidate_all()
        self.assertEqual(self.other.partner_id, plain)
        self.assertEqual(self.other.holder_id, self.chair)
        self.assertFalse(self.other.with_user(self.seller).may_open)

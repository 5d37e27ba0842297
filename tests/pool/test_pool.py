from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import KeyAccountCase


@tagged("post_install", "-at_install")
class TestPool(KeyAccountCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pool = cls.env["key.account.pool"].create({"name": "East"})
        cls.nobody = cls.env["res.users"]
        cls.account = cls._create_account("Nordlicht GmbH")

    def test_a_customer_goes_into_a_pool_and_out_again(self):
        """Without an owner he waits in the pool; who gets an owner leaves it (R137)."""
        self.account._change_holder(self.seller)
        self.account._change_holder(self.nobody, pool=self.pool)
        self.assertEqual(self.account.pool_id, self.pool)
        self.assertFalse(self.account.holder_id)
        self.assertEqual(self.pool.account_count, 1)
        self.account._change_holder(self.seller)
        self.assertFalse(self.account.pool_id)
        self.assertEqual(self.pool.account_count, 0)

    def test_owner_and_pool_exclude_each_other(self):
        with self.assertRaisesRegex(UserError, "choose one"):
            self.account._change_holder(self.seller, pool=self.pool)
        self.account._change_holder(self.nobody, pool=self.pool)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.account._authorized().write({"holder_id": self.seller.id})
            self.env.flush_all()

    def test_the_pool_is_not_written_by_hand(self):
        for user in (self.manager, self.env.user):
            with self.subTest(user.login), self.assertRaises(UserError):
                self.account.with_user(user).write({"pool_id": self.pool.id})
        with self.assertRaises(UserError):
            self.account.create(
                {
                    "partner_id": self._create_customer("New").id,
                    "pool_id": self.pool.id,
                }
            )

    def test_a_pool_of_another_company_or_archived(self):
        sister = self._create_company("Sister Exhibitions")
        foreign = self.env["key.account.pool"].create(
            {"name": "Hers", "company_id": sister.id}
        )
        with self.assertRaises(UserError):
            self.account._change_holder(self.nobody, pool=foreign)
        self.pool.active = False
        with self.assertRaisesRegex(UserError, "is archived"):
            self.account._change_holder(self.nobody, pool=self.pool)

    def test_a_pool_with_customers_is_not_archived_nor_deleted(self):
        self.account._change_holder(self.nobody, pool=self.pool)
        with self.assertRaisesRegex(ValidationError, "still 1 customers"):
            self.pool.active = False
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.pool.unlink()

    def test_its_people_work_in_its_company(self):
        sister = self._create_company("Sister Exhibitions")
        stranger = self._create_user("ka_hers", "key_account.group_member", sister)
        for field in ("manager_ids", "member_ids"):
            with (
                self.subTest(field),
                self.assertRaisesRegex(ValidationError, "do not work in"),
            ):
                self.pool[field] = stranger

    def test_managers_make_pools_and_readers_see_their_names(self):
        self.env["key.account.pool"].with_user(self.manager).create({"name": "West"})
        self.assertEqual(self.pool.with_user(self.reader).name, "East")
        with self.assertRaises(AccessError):
            self.env["key.account.pool"].with_user(self.steward).create({"name": "N"})

    def test_the_check_of_a_customer_names_the_pool(self):
        """Who asks for a customer in a pool learns which one (R134)."""
        self.account._change_holder(self.nobody, pool=self.pool)
        wizard = (
            self.env["key.account.duplicate.check"]
            .with_user(self.seller)
            .create({"name": "Nordlicht"})
        )
        wizard.action_check()
        self.assertEqual(wizard.line_ids.answer, "In pool East")
        self.assertFalse(wizard.line_ids.account_id)

    def test_merging_keeps_owner_before_pool(self):
        """Of two files that become one, the owned one wins; without an owner the pool
        stays."""
        other = self._create_account("Nordlicht Hamburg")
        third = self._create_account("Nordlicht Kiel")
        self.account._change_holder(self.nobody, pool=self.pool)
        family = {"parent_id": self.account.partner_id.id, "is_company": False}
        other.partner_id.write(family)
        self.assertFalse(other.exists())
        self.assertEqual(self.account.pool_id, self.pool)
        third._change_holder(self.seller)
        third.partner_id.write(family)
        self.assertEqual(self.account.holder_id, self.seller)
        self.assertFalse(self.account.pool_id)

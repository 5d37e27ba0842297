from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import KeyAccountCase


@tagged("post_install", "-at_install")
class TestMending(KeyAccountCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer("Orient Motors", email="lin@orient.cn")
        cls.account = cls._create_account(cls.customer)
        cls.account._change_holder(cls.seller)

    def offered(self, user):
        return {
            entry["code"]: entry["mend"]
            for entry in self.account.with_user(user).missing_item_actions
        }

    def test_missing_items_are_named(self):
        """Who may open the file reads what it lacks, in the order of the items."""
        account = self.account.with_user(self.seller)
        self.assertTrue(account.missing_items.startswith("Phone, City"))
        self.assertNotIn("E-mail", account.missing_items)
        account.needs = "White stands"
        self.assertNotIn("Needs", account.missing_items)
        self.env.ref("key_account.file_item_vat").sequence = 1
        self.env.invalidate_all()
        self.assertTrue(account.missing_items.startswith("Tax ID, Phone"))

    def test_strangers_learn_the_percentage_only(self):
        """For whom the file is closed it lacks nothing: not even whether needs or an
        agreement are recorded shows."""
        stranger = self._create_user("ka_stranger", "key_account.group_member")
        for user in (self.reader, stranger, self.second):
            account = self.account.with_user(user)
            self.assertGreater(account.completeness, 0)
            self.assertEqual(account.missing_items, "")
            self.assertFalse(account.missing_item_actions)
            with self.assertRaises(UserError):
                account.action_mend_item("needs")

    def test_no_answer_is_kept_for_the_next_reader(self):
        """What one user has seen is not in the cache of another one."""
        self.assertTrue(self.account.with_user(self.seller).missing_items)
        self.assertEqual(self.account.with_user(self.reader).missing_items, "")

    def test_links_where_one_can_mend(self):
        """An item is a link for who may fill it in, and only a name for others."""
        seller, steward = self.offered(self.seller), self.offered(self.steward)
        self.assertTrue(seller["phone"] and seller["potential"])
        self.assertFalse(seller["agreement"])
        self.assertTrue(steward["agreement"])
        self.account._change_holder(self.env["res.users"])
        self.assertFalse(self.offered(self.steward)["owner"])
        self.assertTrue(self.offered(self.manager)["owner"])

    def mend(self, code, user=None):
        return self.account.with_user(user or self.manager).action_mend_item(code)

    def test_each_link_opens_its_place(self):
        """Phone on the contact, potential and needs on their pages, the owner in the
        window that assigns him (R031)."""
        action = self.mend("phone")
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("res.partner", self.customer.id)
        )
        for code, page in (("potential", "profile"), ("needs", "needs")):
            action = self.mend(code)
            self.assertEqual(action["tag"], "key_account_show_place")
            self.assertEqual(action["params"], {"field": code, "page": page})
        self.assertEqual(self.mend("verified")["params"], {"button": "action_verify"})
        self.assertEqual(self.mend("owner")["res_model"], "key.account.assign")
        action = self.mend("agreement")
        agreement = self.env[action["res_model"]].with_context(**action["context"])
        defaults = agreement.default_get(["party", "account_id"])
        self.assertEqual(defaults, {"party": "customer", "account_id": self.account.id})

    def test_every_item_opens_something(self):
        """No item leads nowhere, for whoever is offered its link."""
        for code in self.account._file_items():
            with self.subTest(code):
                self.assertIn("type", self.mend(code))

    def test_unknown_item(self):
        """A code that no file knows is refused in words."""
        with self.assertRaisesRegex(UserError, "No file holds an item vip"):
            self.mend("vip")

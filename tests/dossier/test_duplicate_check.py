from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import KeyAccountCase


@tagged("post_install", "-at_install")
class TestDuplicateCheck(KeyAccountCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer("Secret Robotics GmbH", phone="02155501234")
        cls.account = cls._create_account(cls.customer)

    def check(self, user, **vals):
        wizard = self.env["key.account.duplicate.check"].with_user(user).create(vals)
        action = wizard.action_check()
        self.assertEqual(action["res_id"], wizard.id)
        return wizard

    def test_nobody_has_him(self):
        """A customer without a file is free (R134)."""
        wizard = self.check(self.seller, name="Nobody Knows Him Ltd")
        self.assertTrue(wizard.is_checked)
        self.assertFalse(wizard.line_ids)

    def test_a_member_learns_where_and_no_more(self):
        """Whoever may not open the file reads neither name nor number nor link."""
        self.account._change_holder(self.chair)
        wizard = self.check(self.seller, name="SECRET ROBOTICS", phone="12345678")
        line = wizard.line_ids
        self.assertEqual(line.answer, f"Held in {self.company.name}")
        self.assertEqual(line.matched_by, "name")
        shown = str(line.read() + wizard.read())
        self.assertNotIn("Secret Robotics", shown)
        self.assertNotIn("55501234", shown)
        self.assertFalse(line.account_id)
        self.assertFalse(line.sudo().account_id)

    def test_who_may_open_the_file_gets_the_link(self):
        self.account._change_holder(self.seller)
        for user in (self.seller, self.steward, self.manager):
            with self.subTest(user.login):
                line = self.check(user, phone="021 5550 1234").line_ids
                self.assertEqual(line.account_id, self.account)
                self.assertEqual(line.matched_by, "phone")

    def test_other_companies_are_searched_and_not_shown(self):
        """A sister company has him: that is said, though the asker reads nothing
        there."""
        sister = self._create_company("Sister Exhibitions")
        self.env.user.company_ids = [Command.link(sister.id)]
        customer = self._create_customer("Only Hers AG")
        account = self.env["key.account"].sudo()._open_for(customer, sister)
        line = self.check(self.manager, name="Only Hers").line_ids
        self.assertEqual(line.answer, "Without an owner in Sister Exhibitions")
        self.assertFalse(line.account_id)
        stranger = account.with_env(self.env(user=self.manager))
        self.assertFalse(stranger.has_access("read"))

    def test_equal_answers_are_said_once(self):
        """How many files lie behind an answer is not told."""
        for number in range(3):
            self._create_account(f"Twin {number}")
        partners = self.env["res.partner"].search([("name", "like", "Twin ")])
        partners.email = "info@twins.example.com"
        wizard = self.check(self.seller, email="x@twins.example.com")
        self.assertEqual(len(wizard.line_ids), 1)
        self.assertEqual(wizard.line_ids.matched_by, "mail domain")

    def test_checking_again_forgets_the_first_answer(self):
        wizard = self.check(self.seller, name="Secret Robotics")
        self.assertTrue(wizard.line_ids)
        wizard.name = "Somebody Else"
        wizard.action_check()
        self.assertFalse(wizard.line_ids)

    def test_nothing_to_look_for(self):
        for vals in ({}, {"name": "★"}, {"email": "a@qq.com"}, {"phone": "12"}):
            with (
                self.subTest(vals),
                self.assertRaisesRegex(UserError, "Write the name"),
            ):
                self.check(self.seller, **vals)

    def test_readers_do_not_ask(self):
        """The check is for those who win customers."""
        with self.assertRaises(AccessError):
            self.check(self.reader, name="Secret Robotics")

    def test_another_users_answers_are_his(self):
        wizard = self.check(self.steward, name="Secret Robotics")
        with self.assertRaises(AccessError):
            wizard.line_ids.with_user(self.seller).read(["account_id"])

    def test_from_a_lead(self):
        """A lead asks with what it knows."""
        lead = self.env["crm.lead"].create(
            {
                "name": "Wants a stand",
                "partner_name": "Secret Robotics",
                "phone": "1",
                "email_from": "ann@qq.com",
            }
        )
        action = lead.action_check_customer()
        wizard = (
            self.env["key.account.duplicate.check"]
            .with_user(self.seller)
            .with_context(**action["context"])
            .create({})
        )
        wizard.action_check()
        self.assertEqual(wizard.line_ids.matched_by, "name")

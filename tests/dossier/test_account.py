from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import KeyAccountCase

MAIL = """From: {sender}
To: accounts@example.com
Subject: Re: Stand
Message-ID: <answer-1@example.com>
In-Reply-To: {parent}
Date: Tue, 03 Mar 2026 09:30:00 +0800

We will come to the show.
"""


@tagged("post_install", "-at_install")
class TestAccount(KeyAccountCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer("Orient Motors", email="lin@orient.cn")
        cls.account = cls._create_account(cls.customer)

    def message(self):
        return self.account.message_ids.sorted("id")[-1:]

    # --- Whose file ---

    def test_unique_with_a_clear_message(self):
        """A second account of a customer in a company is refused in words."""
        with mute_logger("odoo.sql_db"), self.assertRaises(Exception) as caught:
            self.env["key.account"].create({"partner_id": self.customer.id})
        name = caught.exception.diag.constraint_name
        constraint = self.env["key.account"]._partner_company_uniq
        self.assertEqual(name, "key_account_partner_company_uniq")
        message = constraint.get_error_message(self.env["key.account"])
        self.assertIn("already has an account in this company", message)

    def test_unique_when_imported(self):
        """An import that repeats a customer is told so."""
        result = self.env["key.account"].load(
            ["partner_id/.id"], [[str(self.customer.id)]]
        )
        self.assertFalse(result["ids"])
        self.assertIn("already has an account", result["messages"][0]["message"])

    def test_contact_has_no_account_of_his_own(self):
        """A contact as the partner of an account is refused, naming his company."""
        contact = self.env["res.partner"].create(
            {"name": "Ms Lin", "parent_id": self.customer.id}
        )
        with self.assertRaisesRegex(ValidationError, "contact of Orient Motors"):
            self.env["key.account"].create({"partner_id": contact.id})

    def test_stays_with_its_customer(self):
        """Nobody points an account at another customer or company."""
        other = self._create_customer("Delta Robotics")
        with self.assertRaisesRegex(UserError, "stays with its customer"):
            self.account.partner_id = other
        with self.assertRaisesRegex(UserError, "stays with its customer"):
            self.account.company_id = self._create_company("Far Events")
        self.account.write({"partner_id": self.customer.id, "employees": 7})
        self.assertEqual(self.account.employees, 7)

    def test_not_referred_by_itself(self):
        """A customer, or a contact of his, cannot be his own referrer."""
        contact = self.env["res.partner"].create(
            {"name": "Ms Lin", "parent_id": self.customer.id}
        )
        with self.assertRaisesRegex(ValidationError, "referred by itself"):
            self.account.referrer_id = contact

    # --- Deletion ---

    def test_account_is_never_deleted(self):
        """Not even the superuser deletes an account."""
        with self.assertRaisesRegex(UserError, "never deleted"):
            self.account.sudo().unlink()

    def test_partner_with_account_is_not_deleted(self):
        """The partner of an account is kept, and the message says why."""
        with self.assertRaisesRegex(UserError, "Orient Motors cannot be deleted"):
            self.customer.unlink()
        self.assertTrue(self.account.exists())

    def test_partner_with_an_account_elsewhere_is_not_deleted(self):
        """An account that only another company sees protects the partner as well."""
        shared = self._create_customer("Shared Ltd")
        other = self._create_company("Far Events")
        self.env["key.account"].sudo()._open_for(shared, other)
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            shared.unlink()
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            shared.with_user(self.partner_manager()).unlink()

    def partner_manager(self):
        return self._create_user("ka_partners", "base.group_partner_manager")

    def test_archived_partner_keeps_everything(self):
        """Archiving the contact hides nothing of the file."""
        self.account.business_focus = "Cars"
        self.customer.action_archive()
        self.assertEqual(self.env["key.account"]._of(self.customer), self.account)
        self.assertRecordValues(
            self.account, [{"business_focus": "Cars", "partner_active": False}]
        )
        self.assertEqual(
            self.env["res.partner"].search(
                [("key_account_id", "=", self.account.id), ("active", "=", False)]
            ),
            self.customer,
        )

    # --- States ---

    def test_close_and_reopen(self):
        """A manager closes a prospect and takes it up again."""
        account = self.account.with_user(self.manager)
        account.action_close()
        self.assertEqual(account.state, "closed")
        account.action_reopen()
        self.assertEqual(account.state, "prospect")

    def test_reopened_customer_is_active(self):
        """A closed account of somebody with business comes back as active."""
        self._set_books_up()
        account = self.account.with_user(self.manager)
        account.action_close()
        self._invoice(self.customer, 100, "2026-01-10")
        account.action_reopen()
        self.assertEqual(account.state, "active")

    def test_exiting_customer_is_kept(self):
        """Reopening keeps a customer who was to exit."""
        self.account._move("active")
        self.account._move("exiting")
        self.account.with_user(self.manager).action_reopen()
        self.assertEqual(self.account.state, "active")

    def test_active_customer_is_not_closed(self):
        """An active customer exits by the committee, not by closing (R017)."""
        self.account._move("active")
        with self.assertRaisesRegex(
            UserError, "Orient Motors is in state Active and cannot become Closed"
        ):
            self.account.with_user(self.manager).action_close()

    def test_reopening_bypasses_no_committee(self):
        """Reopening admits no candidate and no prospect (R015)."""
        for state in ("prospect", "candidate"):
            if state != "prospect":
                self.account._move(state)
            with self.assertRaisesRegex(UserError, "nothing to reopen"):
                self.account.with_user(self.manager).action_reopen()
            self.assertEqual(self.account.state, state)

    def test_only_a_manager_closes(self):
        """A member is told whom to ask."""
        self.account._change_holder(self.seller)
        for action in ("action_close", "action_reopen"):
            with self.assertRaisesRegex(UserError, "Only a manager"):
                getattr(self.account.with_user(self.seller), action)()

    def test_every_transition_of_the_table_and_no_other(self):
        """States move along the table: all its steps, none besides."""
        states = dict(self.account._fields["state"].selection)
        table = self.account._transitions
        self.assertEqual(set(table), set(states))
        for start in states:
            for end in states:
                with self.subTest(start=start, end=end):
                    self.account._authorized().state = start
                    if end in table[start]:
                        self.account._move(end)
                        self.assertEqual(self.account.state, end)
                    else:
                        with self.assertRaisesRegex(UserError, "cannot become"):
                            self.account._move(end)
                        self.assertEqual(self.account.state, start)

    # --- Last contact ---

    def done_activity(self, xmlid):
        activity = self.account.activity_schedule(xmlid, user_id=self.env.uid)
        with freeze_time("2026-03-01 02:00:00"):
            activity.action_feedback(feedback="All well")

    def test_done_call_and_meeting_are_contacts(self):
        """A done call or meeting sets the last contact."""
        for xmlid in (
            "mail.mail_activity_data_call",
            "mail.mail_activity_data_meeting",
        ):
            with self.subTest(xmlid):
                self.account.last_contact_at = False
                self.done_activity(xmlid)
                self.assertEqual(self.account.last_contact_at, datetime(2026, 3, 1, 2))

    def test_done_to_do_is_none(self):
        """A done to-do and a note are no contact with the customer."""
        self.done_activity("mail.mail_activity_data_todo")
        note = "He may come."
        self.account.message_post(body=note)
        self.assertFalse(self.account.last_contact_at)

    def receive(self, sender):
        question = "Are you coming?"
        parent = self.account.message_post(body=question)
        mail = MAIL.format(sender=sender, parent=parent.message_id)
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            self.env["mail.thread"].message_process(False, mail)
        self.assertIn("We will come", self.message().body)

    def test_mail_of_the_customer_is_a_contact(self):
        """An incoming mail sets the last contact to the time it was sent."""
        self.receive("lin@orient.cn")
        self.assertEqual(self.account.last_contact_at, datetime(2026, 3, 3, 1, 30))

    def test_mail_of_a_colleague_is_none(self):
        """A colleague who answers a notification by mail is no customer."""
        self.receive(self.seller.email)
        self.assertFalse(self.account.last_contact_at)

    def test_late_mail_does_not_turn_time_back(self):
        """A mail that arrives after a later call leaves the call standing."""
        self.account.last_contact_at = datetime(2026, 3, 5)
        self.receive("lin@orient.cn")
        self.assertEqual(self.account.last_contact_at, datetime(2026, 3, 5))

    def test_register_contact(self):
        """The button records a contact now and says so in the history."""
        self.account._change_holder(self.seller)
        with freeze_time("2026-03-01 02:00:00"):
            self.account.with_user(self.seller).action_register_contact()
        self.assertEqual(self.account.last_contact_at, datetime(2026, 3, 1, 2))
        self.assertIn("Spoke with the customer", self.message().body)

    # --- Who keeps it ---

    def test_member_keeps_what_he_owns(self):
        """A member writes the accounts he owns and no others."""
        account = self.account.with_user(self.seller)
        with self.assertRaises(AccessError):
            account.business_focus = "Cars"
        self.account._change_holder(self.seller)
        account.business_focus = "Cars"
        self.assertEqual(self.account.business_focus, "Cars")

    def test_member_fills_in_the_industry(self):
        """The owner records the industry, which lies on the contact (R003, R016)."""
        self.account._change_holder(self.seller)
        industry = self.env["res.partner.industry"].create({"name": "Cars"})
        self.account.with_user(self.seller).industry_id = industry
        self.assertEqual(self.customer.industry_id, industry)

    def test_change_holder(self):
        """The change of the owner leaves its reason in the history."""
        self.account._change_holder(self.seller, reason="Knows the trade")
        self.assertEqual(self.account.holder_id, self.seller)
        self.assertIn("Knows the trade", self.message().body)

    def test_stranger_does_not_become_owner(self):
        """Who does not work in the company cannot own its customers."""
        other = self._create_company("Far Events")
        far = self._create_user("ka_far", "key_account.group_member", other)
        with self.assertRaisesRegex(UserError, "does not work in"):
            self.account._change_holder(far)
        portal = self._create_user("ka_portal", "base.group_portal")
        with self.assertRaisesRegex(UserError, "does not work in"):
            self.account._change_holder(portal)
        self.assertFalse(self.account.holder_id)

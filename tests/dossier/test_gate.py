from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .request_case import DataRequestCase


@tagged("post_install", "-at_install")
class TestGate(DataRequestCase):
    def export(self, records, *names, user=None):
        return records.with_user(user or self.seller).export_data(list(names))["datas"]

    def test_no_export_without_a_request(self):
        """Nobody exports customers, not even a manager; the sentence counts them
        (R038)."""
        self.manager.group_ids = [
            Command.link(self.env.ref("base.group_allow_export").id)
        ]
        self._approved(self.accounts[:1])
        for user, missing in ((self.seller, 2), (self.manager, 3)):
            with self.assertRaisesRegex(AccessError, f"{missing} of 3 customers"):
                self.export(self.accounts, "name", user=user)
        self.assertFalse(self._uses())

    def test_covered_export_passes_and_is_noted(self):
        """With an approved request the export runs and leaves one row (R038)."""
        request = self._approved()
        rows = self.export(self.accounts, "name", "phone")
        self.assertEqual(len(rows), 3)
        self.assertRecordValues(
            self._uses(),
            [
                {
                    "request_id": request.id,
                    "user_id": self.seller.id,
                    "channel": "export",
                    "res_model": "key.account",
                    "row_count": 3,
                    "account_count": 3,
                    "field_names": "name, phone",
                }
            ],
        )

    def test_whose_and_what_for(self):
        """Another's request, one for another channel and one that is not approved do
        not count; a named colleague's does."""
        request = self._approved(user_ids=[Command.link(self.chair.id)])
        allow = Command.link(self.env.ref("base.group_allow_export").id)
        (self.chair | self.second).group_ids = [allow]
        self.assertTrue(self.export(self.accounts, "name", user=self.chair))
        with self.assertRaises(AccessError):
            self.export(self.accounts, "name", user=self.second)
        request.action_close()
        self._approved(channel="email")
        self._request()
        with self.assertRaises(AccessError):
            self.export(self.accounts, "name")

    def test_ended_request(self):
        """The day after the last one nothing passes, though no job has run."""
        with freeze_time("2026-03-10 04:00:00"):
            self._approved(expires_on="2026-03-12")
            self.assertTrue(self.export(self.accounts, "name"))
        with freeze_time("2026-03-12 16:01:00"), self.assertRaises(AccessError):
            self.export(self.accounts, "name")

    def test_contacts_of_customers(self):
        """Contacts and branches of a customer are his data; partners without an
        account are free."""
        branch = self._create_customer(
            "Branch", parent_id=self.partners[0].id, is_company=False
        )
        self.assertTrue(self.export(self.stranger, "name", "email"))
        for partner in (self.partners[0], branch, self.stranger | branch):
            with self.assertRaisesRegex(AccessError, "1 of 1"):
                self.export(partner, "name")
        self._approved(self.accounts[0])
        self.assertTrue(self.export(self.stranger | branch, "name"))
        self.assertEqual(self._uses().row_count, 2)
        self.assertEqual(self._uses().account_count, 1)

    def test_what_hangs_on_an_account(self):
        """Its profile and its agreements are behind the gate; an agreement with an
        employee is not."""
        self.accounts[0]._change_holder(self.seller)
        account = self.accounts[0].with_user(self.seller)
        account.needs = "White stands"
        nda = self.env["key.account.nda"].create(
            {"party": "customer", "account_id": account.id}
        )
        own = self.env["key.account.nda"].create(
            {"party": "employee", "user_id": self.seller.id}
        )
        for records in (account.profile_ids, nda):
            with self.subTest(records._name), self.assertRaises(AccessError):
                self.export(records, "account_id")
        self.assertTrue(self.export(own, "user_id"))

    def test_paths_through_other_records(self):
        """An export of orders or leads does not carry addresses of customers along;
        their names are free."""
        lead = self.env["crm.lead"].create(
            {
                "name": "Stand",
                "partner_id": self.partners[0].id,
                "company_id": self.company.id,
                "user_id": self.seller.id,
            }
        )
        self.seller.group_ids = [
            Command.link(self.env.ref("sales_team.group_sale_salesman").id)
        ]
        self.assertTrue(self.export(lead, "name", "partner_id", "partner_id/id"))
        for path in (
            "partner_id/phone",
            "partner_id/child_ids/email",
            "partner_id/key_account_id/potential",
        ):
            with self.subTest(path), self.assertRaises(AccessError):
                self.export(lead, "name", path)
        self._approved(self.accounts[0])
        self.assertEqual(
            self.export(lead, "partner_id/email"), [["Orient@example.com"]]
        )

    def test_business_card(self):
        """A card to download is an export."""
        with self.assertRaises(AccessError):
            self.partners[0].with_user(self.seller)._get_vcard_file()
        self.assertTrue(self.stranger.with_user(self.seller)._get_vcard_file())

    def test_ids_and_superuser_are_free(self):
        """Ids alone say nothing; what runs as the superuser is not asked."""
        self.assertTrue(self.export(self.accounts, ".id"))
        self.assertTrue(self.accounts.sudo().export_data(["name"]))

    def test_two_companies(self):
        """A customer of two companies needs a request in each where one works; where
        one does not work, none."""
        other = self._create_company("Elsewhere")
        self.env["key.account"].sudo()._open_for(self.partners[0], other)
        self._approved()
        self.assertTrue(self.export(self.partners[0], "name"))
        self.seller.company_ids = [Command.link(other.id)]
        self.env.invalidate_all()
        with self.assertRaisesRegex(AccessError, "1 of 2"):
            self.export(self.partners[0], "name")

    def test_queries_do_not_grow(self):
        """The gate asks as many queries for fifty customers as for three."""
        many = self.accounts
        for place in range(47):
            many |= self._create_account(f"Customer {place}")
        self._approved(many)
        gate = self.env["key.account.gate"].with_user(self.seller)

        def count(accounts):
            gate._pass(accounts, "export", "key.account", 1)
            self.env.invalidate_all()
            self.env.flush_all()
            before = self.cr.sql_log_count
            gate._pass(accounts, "export", "key.account", 1)
            self.env.flush_all()
            return self.cr.sql_log_count - before

        self.assertEqual(count(many), count(self.accounts))
        self.assertLessEqual(count(many), 10)

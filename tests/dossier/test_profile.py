from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .leak_case import SECRET, LeakCase


@tagged("post_install", "-at_install")
class TestProfile(LeakCase):
    """The record behind the confidential facts of an account."""

    def test_one_for_each_account(self):
        """It comes with the first fact, and there is one."""
        self.assertEqual(len(self.account.profile_ids), 1)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.env["key.account.profile"].create({"account_id": self.account.id})

    def test_name_and_company(self):
        """It is called as its account and belongs to the same company."""
        profile = self.account.profile_ids
        self.assertEqual(profile.display_name, "Orient Motors")
        self.assertEqual(profile.company_id, self.company)
        self.assertEqual(profile.currency_id, self.company.currency_id)

    def test_who_serves(self):
        """Owner, steward and manager read and write it; nobody deletes it."""
        for role, user in self.serving.items():
            profile = self.account.profile_ids.with_user(user)
            with self.subTest(role):
                self.assertEqual(profile.needs, SECRET)
                profile.write({"promises": role})
                with self.assertRaises(AccessError):
                    profile.unlink()

    def test_merge_keeps_the_facts(self):
        """Of two files that become one, what one does not know the other tells, and
        of two texts both stay."""
        double = self._create_account("Orient Motors Co.")
        double.write({"needs": "Other needs", "promises": "A free hall plan"})
        self.account._absorb(double)
        both = f"{SECRET}\nOther needs"
        self.assertEqual(self.account.needs, both)
        self.assertEqual(self.account.promises, "A free hall plan")
        lone = self._create_account("Delta")
        lone._absorb(self.account)
        self.assertEqual(lone.needs, both)
        self.assertEqual(len(lone.profile_ids), 1)

from datetime import date

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .team_case import TeamCase


@tagged("post_install", "-at_install")
class TestReplace(TeamCase):
    """Somebody leaves, somebody else takes over from a day on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_account("Delta")
        cls.third = cls._create_account("Gamma")

    def wizard(self, **vals):
        return (
            self.env["key.account.replace"]
            .with_user(self.manager)
            .create(
                {
                    "from_user_id": self.seller.id,
                    "to_user_id": self.second.id,
                    "date_from": "2026-03-15",
                    "as_owner": False,
                    **vals,
                }
            )
        )

    def test_hands_on_memberships(self):
        """The one ends the day before, the other begins: same role, lead and end."""
        old = self.join(self.seller, self.leading, is_lead=True, date_to="2026-12-31")
        future = self.join(self.seller, account=self.other, date_from="2026-05-01")
        ended = self.join(
            self.seller,
            account=self.third,
            date_from="2026-01-01",
            date_to="2026-03-14",
        )
        message = self.wizard().action_replace()["params"]["message"]
        self.assertEqual(message, "Done: 2.")
        self.assertEqual(old.date_to, date(2026, 3, 14))
        self.assertFalse(future.exists())
        self.assertEqual(ended.date_to, date(2026, 3, 14))
        new = self.Member.search([("user_id", "=", self.second.id)], order="date_from")
        self.assertRecordValues(
            new,
            [
                {
                    "account_id": self.account.id,
                    "role_id": self.leading.id,
                    "is_lead": True,
                    "date_from": date(2026, 3, 15),
                    "date_to": date(2026, 12, 31),
                },
                {
                    "account_id": self.other.id,
                    "role_id": self.planner.id,
                    "is_lead": False,
                    "date_from": date(2026, 5, 1),
                    "date_to": False,
                },
            ],
        )

    def test_today_and_owner(self):
        """From today on: the file closes to the one and opens to the other."""
        self.account._change_holder(self.seller)
        self.join(self.seller, account=self.other)
        self.wizard(date_from="2026-03-10", as_owner=True).action_replace()
        self.assertEqual(self.account.holder_id, self.second)
        for account in self.account | self.other:
            self.assert_open(self.seller, False, account)
            self.assertTrue(account.with_user(self.second).is_mine)

    def test_only_some_customers(self):
        self.join(self.seller)
        self.join(self.seller, account=self.other)
        self.wizard(account_ids=[Command.set(self.other.ids)]).action_replace()
        members = self.Member.search([("user_id", "=", self.second.id)])
        self.assertEqual(members.account_id, self.other)

    def test_all_or_what_can_be(self):
        """Nothing happens while anything is refused; or the rest happens and what was
        left out is named with its reason."""
        heavy, middle = self.weigh(5, 3)
        self.join(self.seller, account=heavy)
        self.join(self.seller, account=middle)
        self.env["key.account.capacity"].create(
            {"user_id": self.second.id, "company_id": self.company.id, "points": 6}
        )
        wizard = self.wizard()
        self.assertEqual(wizard.line_ids.filtered("problem").account_id, heavy)
        with self.refused("(?s)Nothing was changed.*it would be 8"):
            wizard.action_replace()
        self.assertFalse(self.Member.search([("user_id", "=", self.second.id)]))
        message = self.wizard(only_possible=True).action_replace()["params"]["message"]
        self.assertIn("Done: 1. Left out: 1.", message)
        self.assertIn(heavy.name, message)
        mine = self.Member.search([("user_id", "=", self.seller.id)])
        rest = mine.filtered(lambda member: not member.date_to)
        self.assertEqual(rest.account_id, heavy)
        wizard = self.wizard(overload_reason="He has left")
        self.assertFalse(wizard.refused_count)
        wizard.action_replace()
        ledger = self.env["key.account.capacity.override"].search([])
        self.assertEqual(ledger.account_id, heavy)

    def test_what_makes_no_sense(self):
        """The past, the same person, an owner of tomorrow."""
        self.account._change_holder(self.seller)
        for vals, text in (
            ({"date_from": "2026-03-09"}, "The past stays"),
            ({"to_user_id": self.seller.id}, "same person"),
            ({"as_owner": True}, "An owner changes today"),
        ):
            self.join(self.seller, account=self._create_account(text))
            with self.subTest(text), self.refused(f"(?s){text}"):
                self.wizard(**vals).action_replace()

    def test_only_managers_replace(self):
        self.join(self.seller)
        with self.assertRaises(AccessError):
            self.wizard().with_user(self.steward).action_replace()

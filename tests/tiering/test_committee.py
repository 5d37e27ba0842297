from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import KeyAccountCase


@tagged("post_install", "-at_install")
class TestCommittee(KeyAccountCase):
    """Nobody decides what he asked for (key.account.committee, shown on overrides)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tier = cls._create_scheme().tier_ids[0]
        cls.account = cls._create_account("Orient Motors")

    def override(self, user):
        return (
            self.env["key.account.override"]
            .with_user(user)
            .create(
                {
                    "account_id": self.account.id,
                    "tier_id": self.tier.id,
                    "reason": "Flagship of the show",
                    "date_to": "2099-12-31",
                }
            )
        )

    def submitted(self, user):
        override = self.override(user)
        override.action_submit()
        return override

    def test_nobody_decides_his_own_request(self):
        """A member of the committee cannot approve or refuse what he requested."""
        override = self.submitted(self.chair)
        for action in ("action_approve", "action_refuse"):
            with self.assertRaisesRegex(UserError, "Another member of the committee"):
                getattr(override, action)()
        self.assertEqual(override.state, "review")
        self.assertFalse(override.can_decide)

    def test_not_even_as_superuser(self):
        """Rights do not matter: who asked is told so with sudo as well."""
        override = self.submitted(self.chair)
        with self.assertRaisesRegex(UserError, "You requested"):
            override.sudo().action_approve()

    def test_nobody_hides_behind_a_colleague(self):
        """Who drafts a request submits it, so that a colleague cannot lend his name
        and leave the decision to the drafter."""
        override = self.override(self.chair)
        with self.assertRaisesRegex(UserError, "was drafted by ka_chair"):
            override.with_user(self.manager).action_submit()
        self.assertEqual(override.state, "draft")

    def test_outsiders_are_told_whom_to_ask(self):
        """Who is not of the committee decides nothing and hears its members' names."""
        override = self.submitted(self.seller)
        for user in (self.manager, self.steward):
            with self.subTest(user.login), self.assertRaises(UserError) as caught:
                override.with_user(user).action_approve()
            self.assertIn("ka_chair", str(caught.exception))
            self.assertIn("ka_second", str(caught.exception))
            self.assertFalse(override.with_user(user).can_decide)

    def test_decision_names_who_and_when(self):
        """The decision carries the name of the member and the time."""
        override = self.submitted(self.seller)
        self.assertTrue(override.with_user(self.second).can_decide)
        override.with_user(self.second).action_refuse()
        self.assertRecordValues(
            override,
            [
                {
                    "requester_id": self.seller.id,
                    "approver_id": self.second.id,
                    "state": "refused",
                }
            ],
        )
        self.assertTrue(override.decided_on)

    def test_a_name_is_not_forged(self):
        """Requester, approver and time of the decision are nobody's to write."""
        override = self.override(self.seller)
        for name, value in (
            ("requester_id", self.manager.id),
            ("approver_id", self.chair.id),
            ("decided_on", "2026-01-01"),
        ):
            with self.subTest(name):
                with self.assertRaisesRegex(UserError, "cannot be written directly"):
                    override.write({name: value})
                with self.assertRaisesRegex(UserError, "cannot be written directly"):
                    override.copy({name: value})

    def test_the_committee_is_told(self):
        """Each member but the requester finds the request on his list; the decision
        takes it off."""
        override = self.submitted(self.chair)
        told = override.sudo().activity_ids.user_id
        self.assertIn(self.second, told)
        self.assertNotIn(self.chair, told)
        override.with_user(self.second).action_refuse()
        self.assertFalse(override.sudo().activity_ids)

    def test_committee_of_a_company(self):
        """A member who does not work in the company is not asked."""
        far = self._create_user(
            "ka_far", "key_account.group_committee", self._create_company("Far Events")
        )
        override = self.submitted(self.seller)
        self.assertNotIn(far, override.sudo().activity_ids.user_id)
        self.assertNotIn(far, override._committee())
        self.assertIn(far, override._committee(far.company_id))

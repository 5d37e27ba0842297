from odoo.fields import Command
from odoo.tests import tagged

from ..dossier.people_case import PeopleCase


@tagged("post_install", "-at_install")
class TestCoverage(PeopleCase):
    """Which people a tier asks us to know, and nobody of us does (R025)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        scheme = cls._create_scheme()
        cls.tier = scheme.tier_ids[0]
        cls.decider = cls.env.ref("key_account.buying_role_decider")
        cls.user = cls.env.ref("key_account.buying_role_user")
        cls.tier.required_buying_roles = cls.decider | cls.user
        for account in (cls.account, cls.foreign):
            account._set_tier(cls.tier, "evaluation")

    def gaps(self, user, account=None):
        return (account or self.account).with_user(user).uncovered_role_ids.sudo()

    def test_gap_closes_when_somebody_knows_him(self):
        """A role is covered once one of us knows a person who plays it."""
        self.assertEqual(self.gaps(self.seller), self.decider | self.user)
        self._know(self.boss, self.seller, "1")
        self.assertEqual(self.gaps(self.seller), self.user)
        self._know(self.aide, self.chair, "0")
        self.assertEqual(self.gaps(self.seller), self.user)
        self._know(self.aide, self.seller)
        self.assertFalse(self.gaps(self.seller))

    def test_who_is_gone_covers_nothing(self):
        """Archived people, and those who left the customer, do not count."""
        self._know(self.boss, self.seller)
        self._know(self.aide, self.seller)
        self.boss.active = False
        self.aide.partner_id.active = False
        self.assertEqual(self.gaps(self.seller), self.decider | self.user)

    def test_closed_file_shows_no_gap(self):
        """Who may not open the file learns nothing of its people."""
        self.assertEqual(
            self.gaps(self.manager, self.foreign), self.decider | self.user
        )
        for user in (self.seller, self.chair, self.reader):
            with self.subTest(user.login):
                self.assertFalse(self.gaps(user, self.foreign))
        self.assertFalse(self.gaps(self.reader))

    def test_nothing_asked_nothing_missing(self):
        """A tier without required roles, and a closed account, show no gap."""
        self.account._authorized().state = "closed"
        self.assertFalse(self.gaps(self.seller))
        self.account._authorized().state = "active"
        self.assertTrue(self.gaps(self.seller))
        self.tier.required_buying_roles = [Command.clear()]
        self.assertFalse(self.gaps(self.seller))

    def test_new_version_asks_the_same(self):
        """A new version of a scheme asks for the same people, and a live tier may ask
        for others at any time."""
        draft = self.env["key.account.scheme"].browse(
            self.tier.scheme_id.action_new_version()["res_id"]
        )
        self.assertEqual(
            draft.tier_ids[0].required_buying_roles, self.decider | self.user
        )

    def test_ready_schemes_ask_for_people(self):
        """The schemes that come with the addon ask for it in their key tiers."""
        tier = self.env.ref("key_account.scheme_abcd_a")
        self.assertIn(self.decider, tier.required_buying_roles)
        tier = self.env.ref("key_account.scheme_abcd_d")
        self.assertFalse(tier.required_buying_roles)

    def test_queries_do_not_grow(self):
        """Many accounts take as many queries as one."""
        accounts = self.account
        for number in range(5):
            account = self._create_account(f"Customer {number}")
            account._set_tier(self.tier, "evaluation")
            accounts |= account
        counts = []
        for some in (accounts, accounts[:1], accounts):
            self.env.invalidate_all()
            some = some.with_user(self.manager)
            some.read(["name"])
            before = self.cr.sql_log_count
            some.read(["uncovered_role_ids"])
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(*counts[1:])

from contextlib import contextmanager

from freezegun import freeze_time

from odoo.exceptions import UserError

from ..common import KeyAccountCase

# Noon of 10 March 2026 in Shanghai, which is eight hours ahead of UTC.
NOON = "2026-03-10 04:00:00"


class TeamCase(KeyAccountCase):
    """The account of Orient Motors, whom nobody owns, on 10 March 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(NOON)
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.second = cls._create_user("ka_planner", "key_account.group_member")
        cls.account = cls._create_account("Orient Motors")
        cls.planner = cls.env.ref("key_account.role_planner")
        cls.leading = cls.env.ref("key_account.role_manager")
        cls.Member = cls.env["key.account.member"].with_user(cls.manager)

    @classmethod
    def join(cls, user, role=None, account=None, **vals):
        """A membership that the manager makes."""
        return cls.Member.create(
            {
                "account_id": (account or cls.account).id,
                "user_id": user.id,
                "role_id": (role or cls.planner).id,
                "date_from": "2026-03-10",
                **vals,
            }
        )

    @classmethod
    def weigh(cls, *points):
        """Accounts of customers who weigh so much."""
        scheme = cls._create_scheme(
            tiers=[
                (f"T{n}", 30 * (len(points) - n - 1), 0, False)
                for n in range(len(points))
            ]
        )
        accounts = cls.env["key.account"]
        for tier, weight in zip(scheme.tier_ids, points, strict=True):
            tier.capacity_points = weight
            account = cls._create_account(f"Customer of {weight} points {tier.code}")
            account._set_tier(tier, "override")
            accounts |= account
        return accounts

    @contextmanager
    def refused(self, text, error=UserError):
        """Something is refused with ``text``, and leaves nothing behind."""
        with self.assertRaisesRegex(error, text), self.env.cr.savepoint():
            yield

    def assert_open(self, user, is_open, account=None, tz=None):
        """Whether ``user`` may open the file, however he asks."""
        self.env.invalidate_all()
        account = (account or self.account).with_user(user)
        if tz:
            account = account.with_context(tz=tz)
        self.assertEqual(account.is_mine, is_open)
        self.assertEqual(account.has_access("write"), is_open)
        found = account.search([("is_mine", "=", True), ("id", "=", account.id)])
        self.assertEqual(bool(found), is_open)
        profile = self.env["key.account.profile"].with_user(user)
        seen = profile.search([("account_id", "=", account.id)])
        self.assertEqual(bool(seen), is_open)

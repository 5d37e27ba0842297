from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .team_case import TeamCase


@tagged("post_install", "-at_install")
class TestCapacity(TeamCase):
    """Customers weigh the points of their tier; a person carries so many (R110)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.heavy, cls.middle, cls.light = cls.weigh(5, 3, 1)
        cls.company.key_account_capacity = 8
        cls.Capacity = cls.env["key.account.capacity"].with_user(cls.manager)

    def load(self, user=None):
        user = user or self.seller
        self.Capacity.action_open_loads()
        self.env.invalidate_all()
        return self.Capacity.search([("user_id", "=", user.id)])

    def test_load_counts_customers_once(self):
        """Owned or served or both: each customer weighs once, closed ones nothing."""
        self.heavy._change_holder(self.seller)
        self.join(self.seller, account=self.heavy)
        self.join(self.seller, self.leading, account=self.heavy)
        self.join(self.seller, account=self.light)
        self.middle._move("closed")
        self.join(self.seller, account=self.middle)
        self.assertRecordValues(
            self.load(),
            [
                {
                    "load_points": 6,
                    "limit_points": 8,
                    "free": 2,
                    "load_percent": 75,
                    "account_count": 2,
                    "is_over": False,
                    "is_near": False,
                }
            ],
        )
        domain = self.load().action_open_accounts()["domain"]
        accounts = self.env["key.account"].search(domain)
        self.assertEqual(accounts, (self.heavy | self.light).sorted("name"))

    def test_over_the_limit_is_refused(self):
        """As member and as owner, with what he carries and would carry."""
        self.join(self.seller, account=self.heavy)
        self.join(self.seller, account=self.middle)  # 8 of 8 is full, not too much
        text = "carries 8 of 8 points; with .* it would be 9"
        with self.refused(text):
            self.join(self.seller, account=self.light)
        with self.refused(text):
            self.light._change_holder(self.seller)
        # whom he serves already he may own
        self.heavy._change_holder(self.seller)

    def test_many_at_once_are_added_up(self):
        """Several owners and members of one call count together."""
        with self.refused("it would be 9"):
            (self.heavy | self.middle | self.light)._change_holder(self.seller)
        vals = [
            {
                "account_id": account.id,
                "user_id": self.seller.id,
                "role_id": self.planner.id,
            }
            for account in self.heavy | self.middle | self.light
        ]
        with self.refused("it would be 9"):
            self.Member.create(vals)
        self.Member.create(vals[:2])

    def test_the_highest_day_counts(self):
        """Who is full in May can take somebody until April, and from June."""
        self.join(self.seller, account=self.heavy)
        self.join(
            self.seller,
            account=self.middle,
            date_from="2026-05-01",
            date_to="2026-05-31",
        )
        april = self.join(self.seller, account=self.light, date_to="2026-04-30")
        self.join(self.seller, account=self.light, date_from="2026-06-01")
        with self.refused("it would be 9"):
            april.date_to = "2026-05-01"
        april.date_to = "2026-04-15"

    def test_own_limit_and_none(self):
        """A limit of one's own goes before the company's; 0 of both is none."""
        self.Capacity.create({"user_id": self.seller.id, "points": 3})
        with self.refused("of 3 points"):
            self.join(self.seller, account=self.heavy)
        self.join(self.second, account=self.heavy)
        self.company.key_account_capacity = 0
        self.join(self.second, account=self.middle)
        self.join(self.second, account=self.light)

    def test_overload_is_shown_not_undone(self):
        """Jobs and tiers that grow may overload somebody: the list says so."""
        self.seller.partner_id.user_id = self.seller
        self.join(self.seller, account=self.heavy)
        self.heavy.tier_id.capacity_points = 9
        self.join(self.second, account=self.light)
        self.light.tier_id.capacity_points = 7
        over = self.Capacity.search([("is_over", "=", True)])
        self.load()
        over = self.Capacity.search([("is_over", "=", True)])
        near = self.Capacity.search([("is_near", "=", True)])
        self.assertIn(self.seller, over.user_id)
        self.assertEqual((over | near).user_id & self.second, self.second)
        self.assertNotIn(self.second, over.user_id)
        rest = self.Capacity.search([("is_over", "=", False)])
        self.assertNotIn(self.seller, rest.user_id)

    def test_accounts_of_jobs_are_not_refused(self):
        """The nightly opening never fails for a salesperson who is full."""
        self.company.key_account_capacity = 0.1
        customer = self._create_customer("Late", user_id=self.seller.id)
        account = self.env["key.account"]._open_for(customer, self.company)
        self.assertEqual(account.holder_id, self.seller)

    def test_one_row_a_person(self):
        self.Capacity.create({"user_id": self.seller.id})
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.Capacity.create({"user_id": self.seller.id})

    def test_who_sees_loads(self):
        """Everybody his own, managers all."""
        self.join(self.seller, account=self.heavy)
        self.join(self.second, account=self.light)
        self.load()
        mine = self.Capacity.with_user(self.seller)
        self.assertEqual(mine.search([]).user_id, self.seller)
        with self.assertRaises(AccessError):
            mine.action_open_loads()
        with self.assertRaises(AccessError):
            self.Capacity.with_user(self.reader).search([])

    def test_manager_overloads_with_a_reason(self):
        """The reason and who gave it stand in a ledger, for members and owners."""
        self.company.key_account_capacity = 4
        self.join(self.seller, account=self.heavy, overload_reason="Nobody else now")
        wizard = self.env["key.account.assign"].with_user(self.manager)
        vals = {
            "account_ids": self.middle.ids,
            "user_id": self.seller.id,
            "reason": "Knows him",
        }
        with self.refused("it would be 8"):
            wizard.create(vals).action_assign()
        wizard.create({**vals, "overload_reason": "Until May"}).action_assign()
        ledger = self.env["key.account.capacity.override"].search([], order="id")
        self.assertRecordValues(
            ledger.filtered(lambda row: row.user_id == self.seller),
            [
                {
                    "account_id": account.id,
                    "load_points": load,
                    "limit_points": 4,
                    "reason": reason,
                    "decided_by_id": self.manager.id,
                }
                for account, load, reason in (
                    (self.heavy, 5, "Nobody else now"),
                    (self.middle, 8, "Until May"),
                )
            ],
        )

    def test_reason_is_not_for_others(self):
        """Neither a member nor a word in the context overloads anybody."""
        self.company.key_account_capacity = 4
        as_seller = self.heavy.with_user(self.seller)
        with self.refused("Only a manager"):
            as_seller._despite_overload("I can")
        for context in (
            {"key_account_waiver": "I can"},
            {"key_account_waiver": {"reason": "I can"}},
        ):
            with self.refused("it would be 5"):
                self.heavy.with_context(**context)._change_holder(self.seller)

    def test_longer_service_of_the_overloaded(self):
        """Who is overloaded may serve longer where that adds nothing, and shorter."""
        member = self.join(self.seller, account=self.heavy, date_to="2026-03-20")
        self.join(self.seller, account=self.middle)
        self.company.key_account_capacity = 2
        member.date_to = "2026-03-19"
        with self.refused("it would be 8"):
            member.date_to = "2026-03-21"
        member.write({"date_to": "2026-03-21", "overload_reason": "The show"})

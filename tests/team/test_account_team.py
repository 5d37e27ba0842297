from datetime import date

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .team_case import TeamCase


@tagged("post_install", "-at_install")
class TestAccountTeam(TeamCase):
    """What an account says of its team, and what becomes of it in a merger."""

    def test_team_of_the_moment(self):
        """Team, lead and people are those of now, shown and searched alike (R109)."""
        self.join(self.seller, self.leading, is_lead=True)
        self.join(self.second, date_to="2026-03-12")
        self.join(self.chair, date_from="2026-03-13")
        Account = self.env["key.account"]
        for moment, people in (
            ("2026-03-12 15:59:59", self.seller | self.second),
            ("2026-03-12 16:00:00", self.seller | self.chair),
        ):
            with self.subTest(moment), freeze_time(moment):
                self.env.invalidate_all()
                self.assertEqual(self.account.team_user_ids, people)
                self.assertEqual(self.account.current_member_ids.user_id, people)
                self.assertEqual(self.account.lead_id, self.seller)
                for user in self.seller | self.second | self.chair:
                    found = Account.search([("team_user_ids", "in", user.ids)])
                    self.assertEqual(self.account in found, user in people)
        found = Account.search([("lead_id", "=", self.seller.id)])
        self.assertEqual(found, self.account)
        found = Account.search([("lead_id", "ilike", self.second.name)])
        self.assertNotIn(self.account, found)
        leaderless = Account.search([("lead_id", "=", False)])
        self.assertNotIn(self.account, leaderless)
        delta = self._create_account("Delta")
        self.assertIn(delta, Account.search([("lead_id", "=", False)]))
        self.assertNotIn(
            self.account, Account.search([("lead_id", "!=", self.seller.id)])
        )

    def test_roles_to_fill(self):
        """A tier asks for roles; what nobody who works here fills now is a gap
        (R110)."""
        (account,) = self.weigh(5)
        Account = self.env["key.account"]
        self.assertFalse(account.has_team_gap)
        account.tier_id.required_role_ids = self.leading | self.planner
        self.join(self.seller, self.leading, account=account, date_to="2026-03-12")
        self.join(self.second, account=account)

        def missing():
            self.env.invalidate_all()
            found = Account.search([("has_team_gap", "=", True)])
            rest = Account.search([("has_team_gap", "=", False)])
            self.assertEqual(account in found, account.has_team_gap)
            self.assertEqual(account in rest, not account.has_team_gap)
            return account.missing_role_ids

        self.assertFalse(missing())
        with freeze_time("2026-03-12 16:00:00"):
            self.assertEqual(missing(), self.leading)
        self.second.active = False
        self.assertEqual(missing(), self.planner)
        account._move("closed")
        self.assertFalse(missing())

    def test_query_counts_do_not_grow(self):
        """The list of accounts costs a member who serves many as much as a manager,
        and as much for many accounts as for few."""
        customers = self.env["res.partner"].create(
            [{"name": f"Customer {n}", "is_company": True} for n in range(60)]
        )
        accounts = self.env["key.account"]._open_for(customers, self.company)
        counts = {}
        for number in (5, 25):
            for account in accounts[:number] - accounts[: number // 5 - 1]:
                if not account.member_ids:
                    self.join(self.seller, account=account)
            for user in (self.manager, self.seller):
                counts[number, user] = self.count_queries(user)
        self.assertEqual(len(set(counts.values())), 1, counts)
        self.assertLessEqual(max(counts.values()), 20)

    def count_queries(self, user):
        """Queries of the list with everything that it can show."""
        names = [
            "name",
            "holder_id",
            "lead_id",
            "team_user_ids",
            "missing_role_ids",
        ]
        Account = self.env["key.account"].with_user(user)
        for _warm in range(3):
            self.env.flush_all()
            self.env.invalidate_all()
            Account.search([("is_mine", "=", True)])
            before = self.env.cr.sql_log_count
            Account.search([]).read(names)
        return self.env.cr.sql_log_count - before

    # --- Merging ---

    def merged(self, *rows):
        """The team after another account with ``rows`` was merged into this one."""
        other = self._create_account("Orient Motor Co")
        for user, role, first, last, lead in rows:
            self.join(
                user,
                role,
                account=other,
                date_from=first,
                date_to=last,
                is_lead=lead,
            )
        partners = self.account.partner_id | other.partner_id
        self.env["base.partner.merge.automatic.wizard"].create(
            {
                "partner_ids": [Command.set(partners.ids)],
                "dst_partner_id": self.account.partner_id.id,
            }
        ).action_merge()
        self.env.invalidate_all()
        self.assertFalse(other.exists())
        return self.account.member_ids

    def periods(self, members, user):
        mine = members.filtered(lambda member: member.user_id == user)
        return sorted(
            (member.date_from, member.date_to or date.max, member.is_lead)
            for member in mine
            if not member.date_to or member.date_to >= member.date_from
        )

    def test_merger_keeps_days_outside(self):
        """Of overlapping memberships the days outside remain, on both sides."""
        self.join(self.seller, date_from="2026-03-10", date_to="2026-03-20")
        members = self.merged(
            (self.seller, self.planner, "2026-03-01", "2026-03-31", False)
        )
        self.assertEqual(
            self.periods(members, self.seller),
            [
                (date(2026, 3, 1), date(2026, 3, 9), False),
                (date(2026, 3, 10), date(2026, 3, 20), False),
                (date(2026, 3, 21), date(2026, 3, 31), False),
            ],
        )

    def test_merger_keeps_one_lead(self):
        """The lead of the account that stays leads; the other one stays as member."""
        self.join(self.seller, self.leading, is_lead=True)
        members = self.merged(
            (self.second, self.leading, "2026-03-01", False, True),
            (self.chair, self.planner, "2026-02-01", "2026-02-20", False),
        )
        self.assertEqual(len(members), 3)
        self.assertEqual(self.account.lead_id, self.seller)
        self.assertEqual(
            self.periods(members, self.second), [(date(2026, 3, 1), date.max, False)]
        )
        history = " ".join(self.account.message_ids.mapped("body"))
        self.assertIn("The team of Orient Motor Co was", history)
        self.assertIn("★", history)

    def test_merger_loses_no_row(self):
        """What one account has within the other's time stays as a row that never
        held; access is the same as before."""
        self.join(self.seller)
        before = self.env["key.account.member"].search_count([])
        members = self.merged((self.seller, self.planner, "2026-03-10", False, False))
        self.assertEqual(len(members), before + 1)
        self.assertEqual(
            self.periods(members, self.seller), [(date(2026, 3, 10), date.max, False)]
        )
        self.assert_serves(self.seller)

    def assert_serves(self, user):
        self.assertTrue(self.account.with_user(user).is_mine)

from psycopg2.errors import UniqueViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from .team_case import TeamCase


@tagged("post_install", "-at_install")
class TestRole(TeamCase):
    def test_five_roles_with_duties(self):
        """The five posts of a service team are there, each with its duties (R109,
        R111)."""
        roles = self.planner | self.env["key.account.role"].search([])
        codes = {"manager", "planner", "marketing", "onsite", "relations"}
        self.assertLessEqual(codes, set(roles.mapped("code")))
        for role in roles.filtered(lambda role: role.code in codes):
            self.assertGreaterEqual(str(role.duties).count("<li>"), 3, role.code)

    def test_counts_who_has_it_now(self):
        """A role counts its people once, and only those of today."""
        other = self._create_account("Delta")
        self.join(self.seller)
        self.join(self.seller, account=other)
        self.join(self.second, date_from="2026-03-11")
        self.assertEqual(self.planner.member_count, 1)
        domain = self.planner.action_open_members()["domain"]
        found = self.env["key.account.member"].search(domain)
        self.assertEqual(found.user_id, self.seller)

    def test_code_is_unique(self):
        """Two roles of one code are refused."""
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.env["key.account.role"].create({"name": "P", "code": "planner"})

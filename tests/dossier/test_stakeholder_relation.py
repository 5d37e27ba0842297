from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .people_case import PeopleCase


@tagged("post_install", "-at_install")
class TestStakeholderRelation(PeopleCase):
    def test_member_says_whom_he_knows(self):
        """A member records how well he knows a person of his customer (R028)."""
        Relation = self.env["key.account.stakeholder.relation"].with_user(self.seller)
        relation = Relation.create({"stakeholder_id": self.boss.id, "level": "3"})
        self.assertEqual(relation.user_id, self.seller)
        self.assertEqual(self.boss.relation_level, "3")
        self.assertEqual(relation.display_name, f"{self.seller.name} · Trusted")
        with self.assertRaises(AccessError):
            Relation.create({"stakeholder_id": self.stranger.id})

    def test_once_for_each_colleague(self):
        """One line says how well one colleague knows one person."""
        self._know(self.boss, self.seller)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._know(self.boss, self.seller)

    def test_below_wanted(self):
        """Who should be known better is found."""
        relation = self._know(self.boss, self.seller, "1")
        self.assertFalse(relation.is_below)
        relation.wanted_level = "3"
        People = self.env["key.account.stakeholder"]
        found = People.search([("relation_ids.is_below", "=", True)])
        self.assertIn(self.boss, found)
        relation.level = "3"
        self.assertFalse(relation.is_below)

    def test_relations_go_with_the_person(self):
        """No line is left of a person who is deleted."""
        relation = self._know(self.boss, self.seller)
        self.boss.unlink()
        self.assertFalse(relation.exists())

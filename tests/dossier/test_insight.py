from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .people_case import PeopleCase


@tagged("post_install", "-at_install")
class TestInsight(PeopleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Insight = cls.env["key.account.insight"]
        cls.general = cls.Insight.with_user(cls.chair).create(
            {"name": "Fair moves", "company_id": cls.company.id}
        )
        cls.ours = cls._note(cls.account)
        cls.theirs = cls._note(cls.foreign)

    @classmethod
    def _note(cls, account):
        return cls.Insight.create(
            {"name": "New plant", "kind": "customer", "account_id": account.id}
        )

    def seen_by(self, user):
        everything = self.general | self.ours | self.theirs
        return self.Insight.with_user(user).search([("id", "in", everything.ids)])

    def test_who_reads(self):
        """Notes on the market are for all readers, those on a customer for who serves
        him (R034)."""
        self.assertEqual(self.seen_by(self.reader), self.general)
        self.assertEqual(self.seen_by(self.seller), self.general | self.ours)
        self.assertEqual(
            self.seen_by(self.steward), self.general | self.ours | self.theirs
        )
        with self.assertRaises(AccessError):
            self.seen_by(self.employee)

    def test_who_writes(self):
        """A member changes what he wrote and what is in his customers' files; a
        steward all, a reader nothing."""
        for user, note, allowed in (
            (self.chair, self.general, True),
            (self.seller, self.general, False),
            (self.seller, self.ours, True),
            (self.chair, self.ours, False),
            (self.seller, self.theirs, False),
            (self.steward, self.general, True),
            (self.steward, self.theirs, True),
            (self.reader, self.general, False),
        ):
            with self.subTest(user=user.login, note=note.name):
                self.assertEqual(note.with_user(user).has_access("write"), allowed)

    def test_nobody_writes_in_anothers_name(self):
        """A member makes notes of his own, and none on customers of others."""
        Insight = self.Insight.with_user(self.seller)
        self.assertEqual(Insight.create({"name": "Heard"}).author_id, self.seller)
        with self.assertRaises(AccessError):
            Insight.create({"name": "Heard", "author_id": self.chair.id})
        with self.assertRaises(AccessError):
            Insight.create({"name": "Heard", "account_id": self.foreign.id})
        with self.assertRaises(AccessError):
            self.ours.with_user(self.seller).account_id = self.foreign

    def test_links_are_links(self):
        """A link opens a page and nothing else; scripts in a note are dropped."""
        with self.assertRaisesRegex(ValidationError, "does not begin with https://"):
            self.general.source_url = "javascript:alert(1)"
        self.general.source_url = "https://example.com"
        self.general.body = "<p>Hello<script>alert(1)</script></p>"
        self.assertNotIn("script", self.general.body)

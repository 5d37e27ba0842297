from odoo.exceptions import UserError
from odoo.tests import tagged

from .people_case import PeopleCase


@tagged("post_install", "-at_install")
class TestPrivacyLookup(PeopleCase):
    """Odoo's Privacy Lookup finds a person in the files and erases him (R028)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls.aide.partner_id
        cls.elsewhere = cls._create_person(cls.foreign, cls.person, is_external=True)
        cls.elsewhere.active = False
        cls.relation = cls._know(cls.aide, cls.seller)
        cls.private = cls._confide(cls.aide, interests="Tea")
        cls.records = cls.aide, cls.elsewhere, cls.relation, cls.private

    def lookup(self):
        wizard = self.env["privacy.lookup.wizard"].create(
            {"name": self.person.name, "email": self.person.email}
        )
        wizard.action_lookup()
        return wizard

    def found(self, wizard):
        return {(line.res_model, line.res_id) for line in wizard.line_ids}

    def assert_gone(self):
        self.env.invalidate_all()
        for record in self.records:
            self.assertFalse(record.exists())
        self.assertTrue(self.account.exists())
        self.assertEqual(self.buyer.reports_to_id, self.boss)

    def test_everything_is_found(self):
        """The person, archived or not, in every file, and the private facts, the
        withdrawn ones too."""
        self.aide.action_withdraw_consent()
        expected = {
            ("res.partner", self.person.id),
            ("key.account.stakeholder", self.aide.id),
            ("key.account.stakeholder", self.elsewhere.id),
            ("key.account.private", self.private.id),
        }
        self.assertEqual(self.found(self.lookup()), expected)

    def test_everything_is_erased(self):
        """One button erases the person from every file, and nothing is orphaned."""
        wizard = self.lookup()
        wizard.line_ids.action_unlink_all()
        self.assertFalse(self.person.exists())
        self.assertTrue(all(wizard.line_ids.mapped("is_unlinked")))
        self.assert_gone()

    def test_order_does_not_matter(self):
        """Line by line works as well, from the last to the first."""
        wizard = self.lookup()
        for line in wizard.line_ids.sorted("id", reverse=True):
            if not line.is_unlinked:
                line.action_unlink()
        self.assert_gone()

    def test_facts_alone(self):
        """The private facts may be erased alone."""
        wizard = self.lookup()
        line = wizard.line_ids.filtered(
            lambda row: row.res_model == "key.account.private"
        )
        line.action_unlink()
        self.assertFalse(self.private.exists())
        self.assertTrue(self.aide.exists())
        with self.assertRaises(UserError):
            line.action_unlink()

    def test_referrer_is_forgotten(self):
        """An account somebody brought to us forgets him, and stays."""
        self.foreign.referrer_id = self.person
        wizard = self.lookup()
        line = wizard.line_ids.filtered(lambda row: row.res_model == "key.account")
        line.action_unlink()
        self.assertFalse(self.foreign.referrer_id)
        self.assertTrue(self.foreign.exists())
        wizard.line_ids.action_unlink_all()
        self.assert_gone()

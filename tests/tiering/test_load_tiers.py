"""Customers graded on real sales have the tier that the pure function gives them."""

from datetime import date

from odoo.tests import tagged

from ...dev import load_tiers
from .load_common import LoadCase, extract


@tagged("post_install", "-at_install")
class TestLoadTiers(LoadCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.load(extract())

    def test_every_tier_is_what_the_pure_function_says(self):
        """R002, R009: scores and tiers of real customers, on three dates, are those
        recomputed from the file."""
        for until in (date(2011, 12, 1), date(2011, 6, 15), date(2012, 2, 29)):
            with self.subTest(until=until), extract() as stream:
                grades = load_tiers.verify_tiers(self.env, stream, until)
                self.assertGreater(len(grades.in_file), 10)
                self.assertFalse(grades.differences)

    def test_a_difference_is_named(self):
        """A customer whose books changed behind the file's back is named."""
        refund = self.env["account.move"].search(
            [("move_type", "=", "out_refund")], limit=1
        )
        refund.partner_id.ref = "moved"
        with extract() as stream:
            grades = load_tiers.verify_tiers(self.env, stream, date(2012, 1, 1))
        self.assertEqual(len(grades.differences), 1)
        self.assertIn("1 customers differ.", grades.sentences())

"""Tiers: their scores, and the service they promise."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import DAY, KeyAccountCase


@tagged("post_install", "-at_install")
class TestTier(KeyAccountCase):
    def refused(self, constraint, tiers):
        with (
            self.subTest(tiers=tiers),
            mute_logger("odoo.sql_db"),
            self.assertRaises(Exception) as caught,
            self.cr.savepoint(),
        ):
            self._create_scheme(tiers=tiers, publish=False)
        self.assertIn(constraint, str(caught.exception))

    def test_scores_in_range(self):
        """Scores lie between 0 and 100, and no tier is harder to keep than to enter."""
        self.refused("scores_in_range", [("A", 101, 100, True)])
        self.refused("scores_in_range", [("A", 80, 81, True)])
        self.refused("scores_in_range", [("A", 80, -1, True)])

    def test_codes_are_unique(self):
        """Two tiers of a scheme never have one code."""
        self.refused("code_uniq", [("A", 80, 70, True), ("A", 0, 0, False)])

    def test_standard_not_negative(self):
        """R018: no interval, budget or weight of a tier is negative."""
        tier = self._create_scheme().tier_ids[0]
        for name in ("capacity_points", "contact_interval_days", "care_budget"):
            with (
                self.subTest(field=name),
                mute_logger("odoo.sql_db"),
                self.assertRaises(Exception) as caught,
                self.cr.savepoint(),
            ):
                tier.write({name: -1})
                tier.flush_recordset()
            self.assertIn("standard_not_negative", str(caught.exception))

    def test_pricelist_of_another_company(self):
        """R019: a tier does not promise the prices of another company."""
        tier = self._create_scheme().tier_ids[0]
        other = self._create_company("Huazhan Guangzhou")
        prices = (
            self.env["product.pricelist"]
            .sudo()
            .create({"name": "Theirs", "company_id": other.id})
        )
        with self.assertRaisesRegex(ValidationError, "another company"):
            tier.pricelist_id = prices

    def test_contact_is_due_by_the_tier(self):
        """R018: the tier decides when the next contact is due, and a better promise
        shows at once."""
        account = self._create_account("Canton", potential=100)
        account.last_contact_at = "2026-01-01 08:00:00"
        scheme = self._create_scheme([("potential", 100, 0, 100)])
        scheme.tier_ids[0].contact_interval_days = 30
        self._evaluate(DAY)
        self.assertEqual(account.next_contact_due.isoformat(), "2026-01-31")
        scheme.tier_ids[0].contact_interval_days = 14
        self.assertEqual(account.next_contact_due.isoformat(), "2026-01-15")

    def test_count_and_list_of_accounts(self):
        """A tier counts and lists its customers, and no others."""
        account = self._create_account("Canton", potential=100)
        self._create_account("Suzhou", potential=1)
        scheme = self._create_scheme([("potential", 100, 0, 100)])
        self._evaluate(DAY)
        best = scheme.tier_ids[0]
        self.assertEqual(scheme.tier_ids.mapped("account_count"), [1, 0, 0, 1])
        action = best.action_open_accounts()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, account)

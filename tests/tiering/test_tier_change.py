from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import KeyAccountCase


@tagged("post_install", "-at_install")
class TestTierChange(KeyAccountCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tier_a, cls.tier_b = cls._create_scheme().tier_ids[:2]
        cls.account = cls._create_account("Orient Motors")

    def test_each_change_is_a_row(self):
        """Each change of the tier is a row: from what to what, when, why, by whom."""
        with freeze_time("2026-03-01 16:30:00"):
            self.account.with_user(self.manager).sudo()._set_tier(
                self.tier_a, "override", reason="Flagship"
            )
        self.account._set_tier(self.tier_b, "override_end")
        first, second = self.account.tier_change_ids.sorted("id")
        self.assertRecordValues(
            first,
            [
                {
                    "from_tier_id": False,
                    "to_tier_id": self.tier_a.id,
                    "date": date(2026, 3, 2),
                    "reason": "Flagship",
                    "user_id": self.manager.id,
                    "company_id": self.company.id,
                }
            ],
        )
        self.assertEqual(second.from_tier_id, self.tier_a)

    def test_no_change_no_row(self):
        """Setting the tier it has leaves no trace."""
        self.account._set_tier(self.tier_a, "override")
        self.account._set_tier(self.tier_a, "override")
        self.assertEqual(len(self.account.tier_change_ids), 1)

    def test_default_context_forges_nothing(self):
        """A default_ key of a client does not get into the log."""
        override = self.env["key.account.override"].create(
            {
                "account_id": self.account.id,
                "tier_id": self.tier_b.id,
                "reason": "Known",
                "date_to": "2099-12-31",
            }
        )
        self.account.with_context(default_override_id=override.id)._set_tier(
            self.tier_a, "evaluation"
        )
        self.assertFalse(self.account.tier_change_ids.override_id)

    def test_a_tier_of_the_log_is_not_deleted(self):
        """A tier that somebody has had stays, so that the log can be read for ever."""
        self.account._set_tier(self.tier_a, "override")
        with self.assertRaises(UserError):
            self.tier_a.unlink()

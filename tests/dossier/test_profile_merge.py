from odoo.fields import Command
from odoo.tests import tagged

from ..common import KeyAccountCase


@tagged("post_install", "-at_install")
class TestProfileMerge(KeyAccountCase):
    """Two confidential profiles of what turns out to be one customer."""

    def merged(self, kept, gone):
        """The account of a customer after another one was merged into him, with what
        was known of each."""
        first, second = self._create_account("Orient"), self._create_account("Oriental")
        first.write(kept)
        second.write(gone)
        partners = first.partner_id | second.partner_id
        wizard = self.env["base.partner.merge.automatic.wizard"].create(
            {
                "partner_ids": [Command.set(partners.ids)],
                "dst_partner_id": first.partner_id.id,
            }
        )
        wizard.action_merge()
        self.env.invalidate_all()
        return first

    def test_both_texts_stay(self):
        """What one lacks comes from the other, of two texts both stay, and what had to
        give way stands in the history (R030)."""
        account = self.merged(
            {"needs": "Light", "show_budget": 500},
            {
                "needs": "Height",
                "show_budget": 900,
                "risk": "high",
                "promises": "A draft",
            },
        )
        self.assertEqual(len(account.profile_ids), 1)
        self.assertRecordValues(
            account,
            [
                {
                    "needs": "Light\nHeight",
                    "show_budget": 500,
                    "risk": "high",
                    "promises": "A draft",
                }
            ],
        )
        self.assertIn("900", " ".join(account.message_ids.mapped("body")))

    def test_the_only_profile_moves_along(self):
        """Where the kept account had no profile, the other's comes with it."""
        self.assertEqual(self.merged({}, {"needs": "Height"}).needs, "Height")
        self.assertEqual(self.merged({"needs": "Light"}, {}).needs, "Light")

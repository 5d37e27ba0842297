from odoo.exceptions import UserError
from odoo.tests import tagged

from .team_case import TeamCase


@tagged("post_install", "-at_install")
class TestCapacityOverride(TeamCase):
    def test_ledger(self):
        """Who was overloaded, by whom and why, is neither made, changed nor deleted by
        hand (R110)."""
        (heavy,) = self.weigh(5)
        self.company.key_account_capacity = 4
        self.join(self.seller, account=heavy, overload_reason="Nobody else")
        row = self.env["key.account.capacity.override"].search(
            [("account_id", "=", heavy.id)]
        )
        self.assertEqual((row.load_points, row.limit_points), (5, 4))
        for ledger in (row, row.with_user(self.manager)):
            with self.assertRaises(UserError):
                ledger.copy()
            with self.assertRaises(UserError):
                ledger.write({"reason": "Better"})
            with self.assertRaises(UserError):
                ledger.unlink()

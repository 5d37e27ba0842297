from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .commission_case import CommissionCase


@tagged("post_install", "-at_install")
class TestCommissionPlan(CommissionCase):
    """key.account.commission.plan"""

    def test_new_version(self):
        """R118: the next version begins as the latest one, and there is one draft."""
        action = self.plan.with_user(self.officer).action_new_version()
        draft = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual((draft.state, draft.date_from), ("draft", date(2026, 11, 1)))
        self.assertEqual(draft.slab_ids.mapped("lower"), [0, 100_000, 300_000])
        again = self.plan.with_user(self.officer).action_new_version()
        self.assertEqual(again["res_id"], draft.id)
        with self.assertRaises(AccessError):
            self.plan.with_user(self.ann).action_new_version()

    def test_people_of_today(self):
        """R118: a plan says who is paid by it today, and by which version."""
        self._hire("dee", date_to=date(2026, 10, 31))
        self.assertEqual(self.plan.user_count, 2)
        self.assertEqual(self.plan.version_id, self.plan.version_ids)

    def test_seen_by_who_is_paid_by_it(self):
        """commission I10: each reads the plan he is paid by, and no other."""
        other = self._create_plan()
        self.assertTrue(self.plan.with_user(self.ann).has_access("read"))
        self.assertFalse(other.with_user(self.ann).has_access("read"))
        self.assertFalse(self.plan.with_user(self.cho).has_access("read"))
        self.assertTrue((self.plan | other).with_user(self.officer).has_access("read"))

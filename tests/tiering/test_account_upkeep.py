from odoo.tests import tagged

from ..common import DAY, KeyAccountCase
from .evaluation_case import NEXT, EvaluationCase


@tagged("post_install", "-at_install")
class TestAccountUpkeep(EvaluationCase):
    """What a complete file of a tier holds, and whom the reminders ask (R031, R032)."""

    def require(self, code, *items):
        records = self.env["key.account.file.item"].search([("code", "in", items)])
        self.tiers[code].required_item_ids = records
        return records

    def by_orm(self):
        """The percentages as the ORM computes them, one by one."""
        self.env.invalidate_all()
        for account in self.accounts:
            self.env.add_to_compute(account._fields["completeness"], account)
        return self.accounts.mapped("completeness")

    def stored(self):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT completeness FROM key_account WHERE id = ANY(%s) ORDER BY id",
            [self.accounts.ids],
        )
        return [row[0] for row in self.env.cr.fetchall()]

    def test_evaluation_measures_by_the_new_tier(self):
        """Applying an evaluation, which writes by SQL, leaves each file measured by
        what its new tier asks for, as the ORM would."""
        self.require("A", "potential", "phone")
        self.require("B", "potential")
        self._evaluate(DAY)
        self.assertEqual(self.accounts.mapped("tier_id.code"), ["A", "B", "D"])
        some = self.stored()
        self.assertEqual(some[:2], [50, 100])
        self.assertNotIn(some[2], (0, 50, 100))  # tier D asks for all items
        self.assertEqual(self.by_orm(), some)
        self.best.potential, self.good.potential = 65, 90
        self._evaluate(NEXT)
        self.assertEqual(self.good.tier_id, self.tiers["A"])
        self.assertEqual(self.good.completeness, 50)
        self.assertEqual(self.by_orm(), self.stored())

    def test_tier_asks_for_something_else(self):
        """Changing what a tier asks for measures its files anew, and no others."""
        self._evaluate(DAY)
        before = self.stored()
        self.require("A", "potential", "phone")
        self.assertEqual(self.best.completeness, 50)
        self.assertEqual(self.stored(), [50, *before[1:]])
        self.require("A", "potential")
        self.assertEqual(self.best.completeness, 100)
        self.tiers["A"].required_item_ids = False
        self.assertEqual(self.stored(), before)

    def test_items_may_change_while_the_scheme_is_live(self):
        """What a file holds is part of the service standard, not of the grading."""
        self.assertEqual(self.scheme.state, "live")
        self.require("A", "phone")
        copy = self.scheme.action_new_version()
        draft = self.scheme.browse(copy["res_id"])
        self.assertEqual(draft.tier_ids[0].required_item_ids.mapped("code"), ["phone"])

    def test_filled_in_item_that_the_tier_does_not_ask_for(self):
        """It adds nothing, and is not named as missing when it is not there."""
        self._evaluate(DAY)
        self.require("A", "potential", "vat")
        self.best.partner_id.phone = "+86 21 5555 0000"
        self.assertEqual(self.best.completeness, 50)
        self.assertEqual(self.best.missing_items, "Tax ID")

    def test_override_changes_the_tier_and_the_measure(self):
        """A tier given by decision counts at once."""
        self._evaluate(DAY)
        self.require("A", "potential")
        self.small._set_tier(self.tiers["A"], "override")
        self.assertEqual(self.small.completeness, 100)


@tagged("post_install", "-at_install")
class TestKeyReminders(KeyAccountCase):
    def test_only_key_accounts_are_asked_for(self):
        """Owners are asked for key accounts; the others are the steward's."""
        key, other = (self._create_account(name) for name in ("Key", "Other"))
        for account in key | other:
            account._change_holder(self.seller)
        key._authorized().write({"is_key": True})
        Account = self.env["key.account"]
        found = Account.search(Account._domain_to_remind())
        self.assertIn(key, found)
        self.assertNotIn(other, found)

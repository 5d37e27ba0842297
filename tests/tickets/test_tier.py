from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .ticket_case import FRIDAY, TicketCase


@tagged("post_install", "-at_install")
@freeze_time(FRIDAY)
class TestTierPromises(TicketCase):
    """What a tier is promised when its customers ask or complain (R018)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scheme = cls._create_scheme()
        cls.best, cls.second_best, cls.third = cls.scheme.tier_ids[:3]

    def test_tier_raises_and_never_lowers(self):
        """R018: the tier of the customer sets the lowest priority of his tickets."""
        self.best.ticket_priority = "2"
        self.account._set_tier(self.best, "evaluation")
        low = self._create_ticket(urgency="low", importance="low")
        urgent = self._create_ticket(urgency="high", importance="high")
        self.assertEqual((low.priority, urgent.priority), ("2", "3"))
        self.account._set_tier(self.third, "evaluation")
        self.assertEqual(
            self._create_ticket(urgency="low", importance="low").priority, "0"
        )
        self.assertEqual(low.priority, "2", "what was promised was promised")

    def test_promises_of_a_tier(self):
        """R018: the service standard shows what may hold for the tier, in the order in
        which it is looked through."""
        key = self._create_policy(
            {"first_reply": 1},
            name="Key",
            sequence=1,
            tier_ids=[Command.set((self.best | self.second_best).ids)],
        )
        single = self._create_policy(
            {"first_reply": 1},
            name="Aurora",
            sequence=2,
            account_ids=[Command.set(self.account.ids)],
        )
        self.assertEqual(self.best.sla_policy_ids, key | self.policy)
        self.assertEqual(self.third.sla_policy_ids, self.policy)
        self.account._set_tier(self.third, "evaluation")
        self.third.invalidate_recordset()
        self.assertEqual(self.third.sla_policy_ids, single | self.policy)

    def test_new_version_shows_the_same(self):
        """A tier of a new version has the promises of its code."""
        key = self._create_policy(
            {"first_reply": 1}, sequence=1, tier_ids=[Command.set(self.best.ids)]
        )
        new = self.scheme.browse(self.scheme.action_new_version()["res_id"])
        self.assertEqual(new.tier_ids[0].sla_policy_ids[0], key)

    def test_not_of_another_company(self):
        """Promises of another company are not shown."""
        elsewhere = self._create_company("Elsewhere")
        self._create_policy({"first_reply": 1}, company_id=elsewhere.id)
        self.assertEqual(self.best.sla_policy_ids, self.policy)

from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .commission_case import CommissionCase

MODELS = (
    "key.account.commission.scenario",
    "key.account.commission.scenario.line",
    "key.account.commission.scenario.slab",
)


@tagged("post_install", "-at_install")
class TestCommissionScenario(CommissionCase):
    """What if: past months by another ladder, side by side, with nothing booked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        customers = [cls._create_customer(name) for name in "XYZ"]
        cls._earn(cls.ann, customers[0], 60_000, 150_000, date(2026, 3, 3))
        cls.shared = cls._sign(cls.ann, customers[1], 100_000, day=date(2026, 3, 9))
        cls._split(cls.shared, {cls.ann: 70, cls.bo: 30})
        cls._pay(cls._bill(cls.shared, date(2026, 4, 2)), date(2026, 4, 2))
        cls._earn(cls.bo, customers[2], 10_000, 50_000, date(2026, 4, 8))
        cls._settle()

    def _scenario(self, **vals):
        scenario = (
            self.env["key.account.commission.scenario"]
            .with_user(self.officer)
            .create(
                {
                    "company_id": self.company.id,
                    "plan_id": self.plan.id,
                    "date_from": date(2026, 1, 1),
                    "date_to": date(2026, 6, 30),
                    **vals,
                }
            )
        )
        scenario.action_compare()
        return scenario

    def _line(self, scenario, user):
        return scenario.line_ids.filtered(lambda line: line.user_id == user)

    def test_the_same_ladder_pays_the_same(self):
        """R118: the ladder that holds gives what was booked, to the cent."""
        before = self.env["key.account.commission.entry"].search_count([])
        scenario = self._scenario()
        self.assertEqual(scenario.difference, 0)
        for user in (self.ann, self.bo):
            booked = sum(
                self.env["key.account.commission.entry"]
                .search([("user_id", "=", user.id), ("kind", "=", "earn")])
                .mapped("amount")
            )
            line = self._line(scenario, user)
            self.assertAlmostEqual(line.actual, booked, 2)
            self.assertAlmostEqual(line.tried, booked, 2)
            self.assertAlmostEqual(line.actual_kept, line.tried_kept, 2)
        after = self.env["key.account.commission.entry"].search_count([])
        self.assertEqual(before, after)

    def test_another_rate(self):
        """R118: Ann's month of 150,000 + 70,000 is in the second slab: with 6 instead
        of 4 percent there, her net profit of 60,000 and 70 % of 100,000 earn 2 percent
        of 130,000 more, and Bo's 30 % of it the 2 percent of 30,000."""
        scenario = self._scenario()
        second = scenario.slab_ids.filtered(lambda slab: slab.lower == 100_000)
        second.rate_new = 6
        scenario.action_compare()
        self.assertAlmostEqual(self._line(scenario, self.ann).difference, 2_600, 2)
        self.assertAlmostEqual(self._line(scenario, self.bo).difference, 600, 2)
        self.assertAlmostEqual(scenario.difference, 3_200, 2)

    def test_a_draft_in_parts(self):
        """R118: a draft that counts in parts. Of Ann's 220,000 the first 100,000 have 3
        and the rest 4 percent: the first contract (150,000) on average
        (100 x 3 + 50 x 4) / 150 percent, the second one 4."""
        draft = self._create_version(
            self.plan, approve=False, date_from=date(2027, 1, 1), slab_mode="marginal"
        )
        scenario = self._scenario(version_id=draft.id)
        first = round(60_000 * (100 * 3 + 50 * 4) / 150 / 100, 2)
        self.assertAlmostEqual(
            self._line(scenario, self.ann).tried, first + 0.7 * 4_000, 2
        )
        self.assertEqual(draft.state, "draft")

    def test_it_warns_of_cliffs(self):
        """R118: where one more yuan of sales would pay less, it says so."""
        scenario = self._scenario(
            slab_ids=[
                Command.clear(),
                Command.create({"lower": 0, "rate_new": 4, "rate_existing": 2}),
                Command.create({"lower": 50_000, "rate_new": 3, "rate_existing": 2}),
                Command.create(
                    {
                        "lower": 90_000,
                        "rate_new": 3.1,
                        "rate_existing": 2,
                        "retention_pct": 20,
                    }
                ),
            ]
        )
        lines = scenario.warning.splitlines()
        self.assertEqual(len(lines), 3, lines)
        self.assertIn("50,000", lines[0])
        self.assertIn("from 4 % to 3 %", lines[0])
        self.assertIn("more is kept back", lines[1])

    def test_a_ladder_with_a_gap(self):
        """R118: a ladder that does not begin at nothing is refused in words."""
        scenario = self._scenario()
        scenario.slab_ids.filtered(lambda slab: not slab.lower).lower = 10
        with self.assertRaisesRegex(UserError, "needs a slab from 0"):
            scenario.action_compare()

from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .commission_case import CommissionCase

MARCH = date(2026, 3, 12)
MAY = date(2026, 5, 20)


@tagged("post_install", "-at_install")
class TestTeamBonus(CommissionCase):
    """What a leader gets for what his team earns (R123)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer("Orient Motors")

    def bonus(self, run, user=None):
        rows = run.entry_ids.filtered(lambda entry: entry.kind == "team_bonus")
        return sum(
            rows.filtered(lambda row: row.user_id == (user or self.cho)).mapped(
                "amount"
            )
        )

    def test_base_own_commission_and_bonus(self):
        """R123: a leader has the commission of his own contracts and a percentage of
        the net profit of his team's; of his own contracts he has no bonus."""
        self._lead(self.cho, 2)
        self._assign(self.cho)
        self._earn(self.ann, self.customer, 60_000)
        self._earn(self.bo, self.customer, 40_000)
        self._earn(self.cho, self.customer, 50_000)
        run = self._compute()
        self.assertEqual(self.bonus(run), 2_000)
        self.assert_statement(
            run, self.cho, gross=50_000 * 0.02 + 2_000, team_bonus=2_000
        )

    def test_own_share_is_left_out(self):
        """R123: of a contract that the leader shares with his people, only their part
        counts."""
        self._lead(self.cho, 2)
        self._assign(self.cho)
        order = self._sign(self.ann, self.customer, 80_000, day=MARCH)
        self._split(order, {self.ann: 75, self.cho: 25})
        self._pay(self._bill(order, MAY), MAY)
        self.assertEqual(self.bonus(self._compute()), 1_200)

    def test_team_changes_between_two_contracts(self):
        """R123, I10: a contract belongs to the team of the day it was signed."""
        other = self.env["crm.team"].create(
            {"name": "Stands", "company_id": self.company.id}
        )
        dee = self._hire("dee", date_to=date(2026, 3, 15))
        self._assign(dee, since=date(2026, 3, 16), team_id=other.id)
        self._lead(self.cho, 2)
        early = self._earn(dee, self.customer, 50_000, day=date(2026, 3, 15))
        late = self._earn(dee, self.customer, 30_000, day=date(2026, 3, 16))
        self.assertEqual(self.bonus(self._compute()), 1_000)
        self.assertEqual(self._deal(early).leader_ids, self.cho)
        self.assertFalse(self._deal(late).leader_ids)

    def test_leader_changes(self):
        """R123: who led the team on the day of signing has the bonus."""
        dee = self._create_user("ka_dee", "key_account.group_member")
        self._lead(self.cho, 2, date_to=date(2026, 3, 31))
        self._lead(dee, 3, since=date(2026, 4, 1))
        self._earn(self.ann, self.customer, 50_000, day=date(2026, 3, 31))
        self._earn(self.ann, self.customer, 50_000, day=date(2026, 4, 1))
        run = self._compute()
        self.assertEqual((self.bonus(run), self.bonus(run, dee)), (1_000, 1_500))

    def test_late_cost_lessens_the_bonus(self):
        """commission I7: the bonus follows what comes later, by the difference."""
        self._lead(self.cho, 2)
        order = self._earn(self.ann, self.customer, 50_000)
        self._settle()
        self._spend(order, 10_000, date(2026, 7, 5))
        self.assertEqual(self.bonus(self._settle(date(2026, 7, 1))), -200)

    def test_loss_has_no_bonus(self):
        """R123: a loss of the team is no negative bonus."""
        self._lead(self.cho, 2)
        self._earn(self.ann, self.customer, -20_000, amount=10_000)
        self.assertFalse(self._compute().entry_ids)

    def test_settled_by_the_bonus_alone(self):
        """R123: a contract whose slab pays nothing is settled with the bonus of its
        leader."""
        free = self._create_plan(slabs=[(0, 0, 0, 0)])
        dee = self._hire("dee", plan=free)
        self._lead(self.cho, 2)
        order = self._earn(dee, self.customer, 50_000)
        run = self._settle()
        self.assertEqual(self.ledger(run), {"team_bonus": 1_000})
        self.assertEqual(self._deal(order).state, "settled")

    def test_history_of_leaders_stays(self):
        """commission I5: once months of a company are closed, nobody is written in or
        out of having led a team in them."""
        led = self._lead(self.cho, 2)
        self._earn(self.ann, self.customer, 50_000)
        self._settle()
        with self.assertRaisesRegex(UserError, "are closed for"):
            led.date_from = date(2026, 6, 1)
        with self.assertRaisesRegex(UserError, "are closed for"):
            led.unlink()
        led.date_to = date(2026, 7, 31)
        self.assertFalse(self._compute(date(2026, 7, 1)).entry_ids)

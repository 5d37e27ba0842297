from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .commission_case import CommissionCase

MODEL = "key.account.commission.proposing"


@tagged("post_install", "-at_install")
class TestCommissionProposing(CommissionCase):
    """The daily job proposes runs and tells of retention that is due."""

    def _runs(self):
        return self.env["key.account.commission.run"].search(
            [("company_id", "=", self.company.id)]
        )

    def test_a_run_is_proposed_once(self):
        """R121: after the quarter a draft run stands there, and officers are asked."""
        self._earn(self.ann, self._create_customer("X"), 60_000, day=date(2026, 8, 3))
        Run = self.env["key.account.commission.run"]
        Run._cron_propose()
        run = self._runs()
        self.assertEqual((run.date_from, run.state), (date(2026, 7, 1), "draft"))
        self.assertLessEqual(
            self.officer | self.second_officer, run.activity_ids.user_id
        )
        asked = len(run.activity_ids)
        Run._cron_propose()
        self.assertEqual(self._runs(), run)
        self.assertEqual(len(run.activity_ids), asked)

    def test_nothing_to_propose(self):
        """R121: without contracts there is no run."""
        self.env["key.account.commission.run"]._cron_propose()
        self.assertFalse(self._runs())

    def test_due_retention(self):
        """R120: what is kept longer than promised is put on the officers' desks."""
        self._earn(self.ann, self._create_customer("X"), 60_000, 150_000)
        run = self._settle(date(2026, 1, 1))
        run.with_user(self.officer).action_mark_paid()
        run.activity_ids.unlink()
        Run = self.env["key.account.commission.run"]
        Run._cron_propose()
        self.assertFalse(run.activity_ids)
        with freeze_time("2027-01-05 02:00:00"):
            Run._cron_propose()
        task = run.activity_ids.filtered(lambda a: a.user_id == self.officer)
        self.assertIn("240", task.summary)

    def test_reading_the_books(self):
        """R121: every few hours what was invoiced, paid and spent is read anew."""
        order = self._sign(
            self.ann, self._create_customer("X"), 50_000, day=date(2026, 3, 3)
        )
        self._pay(self._bill(order, date(2026, 3, 9)), date(2026, 4, 2))
        self._spend(order, 20_000, date(2026, 3, 9))
        deal = self._deal(order)
        self.assertFalse(deal.final_paid_on)
        self.env["key.account.commission.deal"]._cron_refresh()
        self.assertEqual(deal.final_paid_on, date(2026, 4, 2))
        self.assertEqual((deal.cost_amount, deal.net_profit), (20_000, 30_000))

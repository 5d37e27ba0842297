from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .commission_case import CommissionCase

MODELS = ("key.account.commission.forecast", "key.account.commission.forecast.line")


@tagged("post_install", "-at_install")
class TestCommissionForecast(CommissionCase):
    """A salesperson's own page: what is on its way, what it waits for, what is kept."""

    def _page(self, user, whose=None):
        Forecast = self.env["key.account.commission.forecast"].with_user(user)
        if not whose:
            return Forecast.browse(Forecast.action_open_mine()["res_id"])
        page = Forecast.create({"user_id": whose.id, "company_id": self.company.id})
        page.action_show()
        return page

    def test_the_month_and_the_next_slab(self):
        """R118: Ann has signed 80,000 in November: 20,000 more is the second slab."""
        self._sign(self.ann, self._create_customer("X"), 80_000, day=date(2026, 11, 3))
        page = self._page(self.ann)
        self.assertEqual(page.turnover, 80_000)
        self.assertEqual((page.slab_lower, page.rate_new), (0, 3))
        self.assertEqual((page.next_lower, page.missing_amount), (100_000, 20_000))

    def test_what_contracts_wait_for(self):
        """R121, R122: each contract says what it waits for, and what it comes to."""
        names = ["invoice", "payment", "shares", "run"]
        x, y, z, w = (self._create_customer(name) for name in names)
        day = date(2026, 3, 3)
        self._sign(self.ann, x, 40_000, day=day)
        self._bill(self._sign(self.ann, y, 30_000, day=day), day)
        shared = self._sign(self.ann, z, 20_000, day=day)
        self._split(shared, {self.ann: 50, self.bo: 50}, agree=False)
        self._earn(self.ann, w, 4_000, 10_000, day)
        self.env["key.account.commission.deal"].search([])._refresh_figures()
        page = self._page(self.ann)
        lines = {line.partner_id.name: line for line in page.line_ids}
        self.assertEqual(
            {name: line.waits_for for name, line in lines.items()},
            {name: name for name in names},
        )
        # 40,000 + 30,000 + half of 20,000 + 10,000 = 90,000: 3 percent
        self.assertEqual({line.rate for line in page.line_ids}, {3})
        self.assertEqual(lines["invoice"].amount, 1_200)
        self.assertEqual(lines["shares"].amount, 300)
        self.assertEqual(lines["run"].amount, 120)
        self.assertEqual(page.expected, 1_200 + 900 + 300 + 120)

    def test_it_is_what_the_run_then_books(self):
        """R121: what is paid in full is forecast to the cent."""
        self._earn(self.ann, self._create_customer("X"), 60_000.01, 150_000)
        self.env["key.account.commission.deal"].search([])._refresh_figures()
        expected = self._page(self.ann).expected
        run = self._settle()
        self.assertEqual(self._statement(run, self.ann).gross, expected)
        after = self._page(self.ann)
        self.assertFalse(after.line_ids)
        self.assertEqual(after.earned_year, expected)
        self.assertEqual(after.held_amount, 240)
        self.assertEqual(after.release_on, date(2027, 1, 1))
        self.assertEqual(after.release_amount, 240)

    def test_whose_page(self):
        """R121: a salesperson sees himself, a leader his team, an officer everybody."""
        self._assign(self.cho, role="leader")
        with self.assertRaisesRegex(UserError, "your own commission"):
            self._page(self.bo, self.ann)
        self.assertEqual(self._page(self.cho, self.ann).user_id, self.ann)
        self.assertEqual(self._page(self.officer, self.bo).user_id, self.bo)
        mine = self._page(self.ann)
        found = self.env["key.account.commission.forecast"].with_user(self.bo)
        self.assertFalse(found.search([("id", "=", mine.id)]))

    def test_nobody_assigned(self):
        """R118: without a plan the page says so and fails at nothing."""
        page = self._page(self.cho)
        self.assertFalse(page.has_plan)
        self.assertEqual(page.expected, 0)

from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from .commission_case import CommissionCase

MARCH = date(2026, 3, 12)
MAY = date(2026, 5, 20)
JULY = date(2026, 7, 15)


@tagged("post_install", "-at_install")
class TestCosts(CommissionCase):
    """What is taken off what was invoiced before commission is paid of it (R121)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer("Orient Motors")
        cls.vendor = cls._create_customer("Panels Ltd")
        cls._set_purchases_up(cls.vendor)

    def buy(self, product, amount, day, account):
        """A posted vendor bill on an analytic account."""
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.vendor.id,
                "company_id": self.company.id,
                "invoice_date": day,
                "date": day,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "account_id": self.expense.id,
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                            "analytic_distribution": {str(account.id): 100},
                        }
                    )
                ],
            }
        )
        bill.action_post()
        return bill

    def sell(self, amount=120_000, **vals):
        order = self._sign(self.ann, self.customer, amount, day=MARCH, **vals)
        self._pay(self._bill(order, MAY), MAY)
        return order, self._deal(order)

    def test_bill_lines_are_costs(self):
        """R121: a vendor bill on the analytic account of the order is a cost of it; the
        customer's own invoice, on the same account, is none."""
        _order, deal = self.sell()
        self.buy(self.stand, 20_000, MAY, deal.analytic_account_id)
        self._compute()
        self.assertEqual((deal.cost_amount, deal.net_profit), (20_000, 100_000))

    def test_what_passes_through_is_not_taken_off_twice(self):
        """R118: the organiser's fees and the transport are left out of the contract;
        what was really paid for them is no cost on top."""
        _order, deal = self.sell(pass_through=15_000, transport=5_000)
        account = deal.analytic_account_id
        self.buy(self.fees, 15_300, MAY, account)
        self.buy(self.freight, 4_800, MAY, account)
        self.buy(self.stand, 10_000, MAY, account)
        self._compute()
        self.assertEqual(deal.measure_amount, 100_000)
        self.assertEqual((deal.cost_amount, deal.net_profit), (10_000, 90_000))

    def test_account_of_two_orders(self):
        """commission I1: costs on an account that two orders share are divided by
        their turnover, and add up to what was spent."""
        one, deal = self.sell(30_000)
        _two, other = self.sell(60_000)
        other.analytic_account_id = deal.analytic_account_id
        self._spend(one, 1_000, MAY)
        self._compute()
        self.assertEqual((deal | other).mapped("cost_amount"), [333.33, 666.67])

    def test_costs_of_another_company(self):
        """commission I9: what another company books on a shared account is no cost of
        this one."""
        order, deal = self.sell()
        deal.analytic_account_id.company_id = False
        other = self._create_company("Far Events")
        self._spend(order, 50_000, MAY, company_id=other.id)
        self._spend(order, 10_000, MAY)
        self._compute()
        self.assertEqual(deal.cost_amount, 10_000)

    def test_costs_of_the_next_period(self):
        """R121: costs after the last day of the period are booked in the next one."""
        order, deal = self.sell()
        self._spend(order, 20_000, JULY)
        second = self._settle()
        self.assertEqual(self.ledger(second), {"earn": 4_800, "retain": -480})
        third = self._compute(date(2026, 7, 1))
        self.assertEqual(self.ledger(third), {"clawback": -800, "retain": 80})
        self.assertEqual(deal.net_profit, 100_000)

    def test_late_cost(self):
        """commission I7, P13: a cost that is booked after the payout is exactly the
        difference, at the rate that was fixed; more costs than profit take back all,
        and no more."""
        order, deal = self.sell()
        self._settle()
        self._spend(order, 200_000, JULY)
        third = self._settle(date(2026, 7, 1))
        self.assertEqual(self.ledger(third), {"clawback": -4_800, "retain": 480})
        self.assertEqual(
            self.ledger(deal), {"earn": 4_800, "clawback": -4_800, "retain": 0}
        )

    def test_price_list_of_products_does_not_matter(self):
        """commission P13: the cost is what was booked, not what a product costs now."""
        order, deal = self.sell()
        self._spend(order, 20_000, MAY, product_id=self.stand.id)
        run = self._compute()
        before = self.ledger(run)
        self.stand.standard_price = 99
        run.with_user(self.officer).action_compute()
        self.assertEqual(self.ledger(run), before)
        self.assertEqual(deal.cost_amount, 20_000)

    def test_a_product_becomes_passed_through(self):
        """commission I3: a change of what a product is reaches a run that was computed
        before."""
        order, deal = self.sell()
        self._spend(order, 20_000, MAY, product_id=self.stand.id)
        run = self._compute()
        self.stand.product_tmpl_id.key_account_cost_kind = "pass_through"
        run.with_user(self.officer).action_compute()
        self.assertEqual(deal.cost_amount, 0)
        self.assertEqual(self.ledger(run)["earn"], 4_800)

    def test_profit_is_confirmed(self):
        """R121: where finance confirms each net profit, nothing is paid before; who has
        a share does not confirm it."""
        self.company.key_account_confirm_profit = True
        _order, deal = self.sell()
        run = self._compute()
        self.assertEqual(self.reasons(run), {deal: "profit_open"})
        deal.with_user(self.officer).action_confirm_profit()
        run.with_user(self.officer).action_compute()
        self.assertEqual(self.ledger(run)["earn"], 4_800)
        self.assertEqual(deal.profit_confirmed_by_id, self.officer)

from datetime import date

from odoo.tests import tagged

from .commission_case import CommissionCase

MARCH = date(2026, 3, 12)
MAY = date(2026, 5, 20)
JUNE = date(2026, 6, 11)
JULY = date(2026, 7, 15)


@tagged("post_install", "-at_install")
class TestCollectedMoney(CommissionCase):
    """What is paid of the invoices of an order, in all the ways in which Odoo is paid:
    commission is due after the final payment, of what really came in (R121)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer("Orient Motors")

    def sign(self, amount=120_000):
        order = self._sign(self.ann, self.customer, amount, day=MARCH)
        return order, self._deal(order)

    def reconcile(self, *moves):
        lines = self.env["account.move"].union(*moves).line_ids
        lines.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()

    def make_no_entries(self):
        """A payment method without an outstanding account, where bank statements are
        what makes entries."""
        self.bank.inbound_payment_method_line_ids.payment_account_id = False
        self.patch(
            type(self.env["account.move"]),
            "_get_invoice_in_payment_state",
            lambda self: "in_payment",
        )

    def test_payment_without_journal_entry(self):
        """R121: a payment method without an outstanding account makes no journal
        entry; the invoice is paid all the same, on the day of the payment."""
        self.make_no_entries()
        order, deal = self.sign()
        payment = self._pay(self._bill(order, MAY), JUNE)
        self.assertFalse(payment.move_id)
        run = self._compute()
        self.assertEqual(deal.final_paid_on, JUNE)
        self.assertEqual(self.ledger(run), {"earn": 4_800, "retain": -480})

    def test_half_a_payment_without_journal_entry(self):
        """commission P7: 60 percent without a journal entry are no final payment."""
        self.make_no_entries()
        order, deal = self.sign()
        self._pay(self._bill(order, MAY), MAY, amount=72_000)
        run = self._compute()
        self.assertEqual(self.reasons(run), {deal: "unpaid"})
        self.assertFalse(deal.final_paid_on)

    def test_partial_payments(self):
        """R121: the last of several payments is the final one, and its quarter pays."""
        order, deal = self.sign()
        bill = self._bill(order, MAY)
        self._pay(bill, MAY, amount=72_000)
        second = self._settle()
        self.assertEqual(self.reasons(second), {deal: "unpaid"})
        self._pay(bill, JULY)
        third = self._compute(date(2026, 7, 1))
        self.assertEqual(deal.final_paid_on, JULY)
        self.assertEqual(deal.state, "collected")
        self.assertEqual(self.ledger(third), {"earn": 4_800, "retain": -480})

    def test_payment_after_the_period(self):
        """R121: what is paid after the last day of the period belongs to the next one,
        even when the run is computed later."""
        order, deal = self.sign()
        self._pay(self._bill(order, MAY), date(2026, 7, 1))
        second = self._settle()
        self.assertEqual(self.reasons(second), {deal: "unpaid"})
        third = self._compute(date(2026, 7, 1))
        self.assertEqual(self.ledger(third)["earn"], 4_800)

    def test_several_invoices(self):
        """R121: as long as a part is not invoiced or not paid, the final payment is
        not in."""
        order, deal = self.sign()
        line = order.order_line
        line.product_id.invoice_policy = "delivery"
        line.qty_delivered = 0.5
        self._pay(self._bill(order, date(2026, 4, 9)), date(2026, 4, 9))
        run = self._compute()
        self.assertEqual(deal.invoiced_amount, 60_000)
        self.assertEqual(self.reasons(run), {deal: "unpaid"})
        line.qty_delivered = 1
        second = self._bill(order, MAY)
        run.with_user(self.officer).action_compute()
        self.assertEqual(self.reasons(run), {deal: "unpaid"})
        self._pay(second, JUNE)
        run.with_user(self.officer).action_compute()
        self.assertEqual(deal.invoiced_amount, 120_000)
        self.assertEqual(deal.final_paid_on, JUNE)
        self.assertEqual(self.ledger(run)["earn"], 4_800)

    def test_down_payment(self):
        """R121: a down payment is no final payment, and is not counted twice."""
        order, deal = self.sign()
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "percentage", "amount": 30})
        )
        wizard.create_invoices()
        down = order.invoice_ids
        down.invoice_date = MARCH
        down.action_post()
        self._pay(down, MARCH)
        run = self._compute(date(2026, 1, 1))
        self.assertEqual(deal.invoiced_amount, 36_000)
        self.assertEqual(self.reasons(run), {deal: "unpaid"})
        self.assertEqual(deal.contract_amount, 120_000)
        self._approve(run)
        final = order._create_invoices(final=True)
        final.invoice_date = MAY
        final.action_post()
        self.assertEqual(final.amount_untaxed, 84_000)
        self._pay(final, MAY)
        second = self._compute()
        self.assertEqual(deal.invoiced_amount, 120_000)
        self.assertEqual(deal.final_paid_on, MAY)
        self.assertEqual(self.ledger(second)["earn"], 4_800)

    def test_credit_note_before_the_final_payment(self):
        """R121: what was credited before everything was paid is no profit; the rest,
        paid, is the final payment."""
        order, deal = self.sign()
        bill = self._bill(order, MAY)
        note = self._credit(bill, 20_000, MAY)
        self.reconcile(bill, note)
        self._pay(bill, JUNE)
        run = self._compute()
        self.assertEqual(deal.net_profit, 100_000)
        self.assertEqual(deal.final_paid_on, JUNE)
        self.assertEqual(self.ledger(run)["earn"], 4_000)

    def test_full_reversal_and_a_new_invoice(self):
        """commission P18: an invoice that is reversed is no money; the new one counts
        alone, and once it is paid."""
        order, deal = self.sign()
        first = self._bill(order, MAY)
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=first.ids)
            .create({"journal_id": first.journal_id.id, "date": MAY})
        )
        new = self.env["account.move"].browse(wizard.modify_moves()["res_id"])
        self.assertEqual(first.payment_state, "reversed")
        run = self._compute()
        self.assertEqual(deal.invoiced_amount, 0)
        self.assertFalse(deal.final_paid_on)
        new.invoice_date = JUNE
        new.action_post()
        self._pay(new, JUNE)
        run.with_user(self.officer).action_compute()
        self.assertEqual(deal.invoiced_amount, 120_000)
        self.assertEqual(deal.final_paid_on, JUNE)
        self.assertEqual(self.ledger(run)["earn"], 4_800)

    def test_write_off(self):
        """R121: an invoice whose last cents are written off is paid."""
        order, deal = self.sign()
        bill = self._bill(order, MAY)
        (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=bill.ids)
            .create(
                {
                    "payment_date": JUNE,
                    "journal_id": self.bank.id,
                    "amount": 119_999.5,
                    "payment_difference_handling": "reconcile",
                    "writeoff_account_id": self.expense.id,
                }
            )
            ._create_payments()
        )
        run = self._compute()
        self.assertEqual(deal.final_paid_on, JUNE)
        self.assertEqual(self.ledger(run)["earn"], 4_800)

    def test_money_in_another_currency(self):
        """commission P14, I9: an order in euros, signed, invoiced and paid at three
        rates: the turnover at that of signing, the profit at that of the invoice."""
        euro = self.env.ref("base.EUR")
        euro.active = True
        rates = {MARCH: 8, MAY: 7.5, JUNE: 10}
        self.env["res.currency.rate"].create(
            [
                {
                    "currency_id": euro.id,
                    "company_id": self.company.id,
                    "name": day,
                    "inverse_company_rate": rate,
                }
                for day, rate in rates.items()
            ]
        )
        self.company.currency_exchange_journal_id = self.env["account.journal"].create(
            {
                "name": "Exchange",
                "code": "EXC",
                "type": "general",
                "company_id": self.company.id,
            }
        )
        self.company.income_currency_exchange_account_id = self.income
        self.company.expense_currency_exchange_account_id = self.expense
        prices = self.env["product.pricelist"].create(
            {"name": "EUR", "currency_id": euro.id, "company_id": self.company.id}
        )
        order = self._sign(
            self.ann, self.customer, 20_000, day=MARCH, pricelist_id=prices.id
        )
        deal = self._deal(order)
        self.assertEqual(order.currency_id, euro)
        self.assertEqual(deal.measure_amount, 160_000)
        bill = self._bill(order, MAY)
        self.assertEqual(bill.currency_id, euro)
        self._pay(bill, JUNE)
        self._spend(order, 50_000, MAY)
        run = self._compute()
        self.assertEqual(deal.final_paid_on, JUNE)
        self.assertEqual(deal.invoiced_amount, 150_000)
        self.assertEqual(deal.net_profit, 100_000)
        self.assertEqual(self.ledger(run)["earn"], 4_000)
        self.assertEqual(run.entry_ids.currency_id, self.company.currency_id)
        self.assertFalse(deal.order_id.key_account_deal_ids - deal, "an amendment")

    def test_an_invoice_of_two_orders(self):
        """R121: each order has its lines of a common invoice, and both have its day."""
        one, deal = self.sign(30_000)
        two, other = self.sign(50_000)
        bill = (one | two)._create_invoices()
        self.assertEqual(len(bill), 1)
        bill.invoice_date = MAY
        bill.action_post()
        self._pay(bill, MAY)
        run = self._compute()
        self.assertEqual((deal | other).mapped("invoiced_amount"), [30_000, 50_000])
        self.assertEqual(self.ledger(run)["earn"], 80_000 * 0.03)

    def test_posting_costs_no_query(self):
        """R121: an invoice is made, posted and paid without a query on commissions, and
        no field of it belongs to them."""
        ours = [
            name
            for model in ("account.move", "account.move.line")
            for name, field in self.env[model]._fields.items()
            if field._module == "key_account" and (field.store or field.related)
        ]
        self.assertEqual(ours, [])
        order, _deal = self.sign()
        asked = []
        execute = type(self.env.cr).execute

        def spy(cursor, query, *args, **kwargs):
            asked.append(getattr(query, "code", query))
            return execute(cursor, query, *args, **kwargs)

        self.env.flush_all()
        self.patch(type(self.env.cr), "execute", spy)
        bill = self._bill(order, MAY)
        self.env.flush_all()
        self.assertTrue(asked)
        self.assertFalse([sql for sql in asked if "key_account_commission" in str(sql)])
        self.assertEqual(bill.state, "posted")

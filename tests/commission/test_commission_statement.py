from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .commission_case import CommissionCase


@tagged("post_install", "-at_install")
class TestCommissionStatement(CommissionCase):
    """key.account.commission.statement"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer("Orient Motors")

    def pay_out(self, run):
        run.with_user(self.officer).action_mark_paid()

    def paid(self, user):
        rows = self.env["key.account.commission.entry"].search(
            [("user_id", "=", user.id), ("kind", "=", "payout")]
        )
        return -sum(rows.mapped("amount"))

    def test_nothing_is_paid_twice(self):
        """commission I11: two approved runs, paid late and in any order, pay each
        amount once, and the ledger of the person ends at nothing."""
        self._earn(self.ann, self.customer, 50_000)
        second = self._settle()
        self._earn(self.ann, self.customer, 40_000, day=date(2026, 7, 3))
        third = self._settle(date(2026, 7, 1))
        self.assert_statement(third, self.ann, brought_forward=0, payable=1_140)
        self.pay_out(third)
        self.pay_out(second)
        self.assertEqual(self.paid(self.ann), 1_425 + 1_140)

    def test_negative_is_brought_forward(self):
        """A period that takes back more than it gives pays nothing; the next one pays
        that much less, and the one after it no less."""
        order = self._earn(self.ann, self.customer, 50_000, day=date(2026, 1, 9))
        first = self._settle(date(2026, 1, 1))
        self.pay_out(first)
        self._credit(order.invoice_ids, 50_000, date(2026, 4, 9))
        second = self._settle()
        self.assert_statement(second, self.ann, net=-1_425, payable=0)
        self._earn(self.ann, self.customer, 60_000, day=date(2026, 7, 3))
        third = self._settle(date(2026, 7, 1))
        self.assert_statement(
            third, self.ann, net=1_710, brought_forward=-1_425, payable=285
        )
        self.pay_out(second)
        self.pay_out(third)
        self.assertEqual(self.paid(self.ann), 1_425 + 285)

    def test_sums_are_those_of_the_rows(self):
        """commission I11: statements add up to the rows of their run, to the run, and
        to what is accrued."""
        self._set_accrual_up()
        self._lead(self.cho, 2)
        for number, user in enumerate((self.ann, self.bo, self.ann), 3):
            self._earn(user, self.customer, number * 10_000.37)
        run = self._settle()
        rows = run.entry_ids
        net = round(sum(rows.mapped("amount")), 2)
        self.assertEqual(round(sum(run.statement_ids.mapped("net")), 2), net)
        self.assertEqual(run.net, net)
        move = run.move_id
        self.assertEqual(move.state, "posted")
        balance = {line.account_id.code: line.balance for line in move.line_ids}
        kept = -sum(rows.filtered(lambda r: r.kind == "retain").mapped("amount"))
        self.assertAlmostEqual(balance["220300"], -net, 2)
        self.assertAlmostEqual(balance["220400"], -kept, 2)
        self.assertAlmostEqual(balance["640100"], net + kept, 2)

    def _set_accrual_up(self):
        accounts = self.env["account.account"].with_company(self.company)
        payable, kept = accounts.create(
            [
                {
                    "name": name,
                    "code": code,
                    "account_type": "liability_current",
                    "company_ids": [(6, 0, self.company.ids)],
                }
                for name, code in (("Commissions", "220300"), ("Fund", "220400"))
            ]
        )
        self.company.write(
            {
                "key_account_commission_expense_id": self.expense.id,
                "key_account_commission_liability_id": payable.id,
                "key_account_retention_liability_id": kept.id,
                "key_account_commission_journal_id": self.env["account.journal"]
                .create(
                    {
                        "name": "Accruals",
                        "code": "ACC",
                        "type": "general",
                        "company_id": self.company.id,
                    }
                )
                .id,
            }
        )

    def test_sums_cannot_be_written(self):
        """commission P12: nobody writes what is paid to him, its period or company."""
        self._earn(self.ann, self.customer, 50_000)
        run = self._compute()
        run.with_user(self.officer).action_submit()
        statement = self._statement(run, self.ann)
        for vals in (
            {"payable": 99_999},
            {"net": 99_999},
            {"brought_forward": 99_999},
            {"company_id": self.env.ref("base.main_company").id},
            {"user_id": self.bo.id},
            {"state": "paid"},
        ):
            for user in self.ann, self.officer, self.manager:
                with (
                    self.subTest(vals=vals),
                    self.assertRaises(UserError),
                ):
                    statement.with_user(user).write(vals)
        with self.assertRaisesRegex(UserError, "say under which number"):
            statement.with_user(self.ann).write({"pay_reference": "July"})
        statement.with_user(self.officer).write({"pay_reference": "July"})

    def test_acknowledged_by_himself(self):
        """Each says for himself that it is right."""
        self._earn(self.ann, self.customer, 50_000)
        run = self._compute()
        statement = self._statement(run, self.ann)
        with self.assertRaises(AccessError):
            statement.with_user(self.ann).action_acknowledge()
        run.with_user(self.officer).action_submit()
        with self.assertRaisesRegex(UserError, "answers for this statement"):
            statement.with_user(self.officer).action_acknowledge()
        statement.with_user(self.ann).action_acknowledge()
        self.assertEqual(statement.state, "acknowledged")
        self.assertTrue(statement.answered_on)

    def test_agent_is_paid_by_bill(self):
        """An agent who is no employee is paid by a vendor bill over what is payable."""
        vendor = self._create_customer("Agent Ltd")
        dee = self._hire("dee", partner_id=vendor.id)
        self._set_purchases_up(vendor)
        self.company.key_account_commission_product_id = self.stand
        self._earn(dee, self.customer, 50_000)
        run = self._settle()
        self.pay_out(run)
        bill = self._statement(run, dee).bill_id
        self.assertEqual(bill.partner_id, vendor)
        self.assertEqual(bill.amount_untaxed, 1_425)

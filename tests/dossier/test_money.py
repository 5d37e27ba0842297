from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from ..common import KeyAccountCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 04:00:00")
class TestMoney(KeyAccountCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_books_up()
        cls.customer = cls._create_customer("Lanhai")
        cls.branch = cls._create_customer("Lanhai North", parent_id=cls.customer.id)
        cls.branch.is_company = False
        cls.account = cls._create_account(cls.customer)
        cls.account._change_holder(cls.seller)

    def money(self, user):
        self.env.invalidate_all()
        account = self.account.with_user(user)
        return (
            account.invoiced_amount,
            account.receivable_amount,
            account.overdue_amount,
        )

    def test_money_of_the_last_year(self):
        """Invoices less credit notes of twelve months, of all contacts, and what is
        open and late of them (R022, R027)."""
        # a day too old to count, and never paid
        self._invoice(self.customer, 900, "2025-03-09", invoice_date_due="2025-04-09")
        self._invoice(self.customer, 500, "2025-03-10", invoice_date_due="2025-04-10")
        self._invoice(self.branch, 300, "2026-03-01", invoice_date_due="2026-03-10")
        self._invoice(self.customer, -100, "2026-03-02", invoice_date_due="2026-03-09")
        self._invoice(self._create_customer("Other"), 7000, "2026-03-02")
        self.assertEqual(self.money(self.seller), (700, 1600, 1300))

    def test_a_paid_invoice_is_not_owed(self):
        """A payment without a journal entry leaves the residual; the invoice counts as
        paid all the same."""
        invoice = self._invoice(self.customer, 500, "2026-02-01")
        self.assertEqual(self.money(self.seller)[1], 500)
        self.env.cr.execute(
            "UPDATE account_move SET payment_state = 'paid' WHERE id = %s", [invoice.id]
        )
        self.assertEqual(invoice.amount_residual, 500)
        self.assertEqual(self.money(self.seller)[1:], (0, 0))

    def test_a_stranger_sees_no_money(self):
        """The figures are summed up past the rights on invoices, for those alone who
        may open the file (R035)."""
        self._invoice(self.customer, 500, "2026-02-01", invoice_date_due="2026-03-01")
        for user in (self.seller, self.steward, self.manager):
            with self.subTest(user.login):
                self.assertEqual(self.money(user), (500, 500, 500))
        for user in (self.chair, self.second, self.reader):
            with self.subTest(user.login):
                self.assertEqual(self.money(user), (0, 0, 0))
                self.assertFalse(self.account.with_user(user).is_over_limit)

    def test_the_credit_limit_warns(self):
        """Who owes more than his limit is shown so (R022)."""
        self._invoice(self.customer, 500, "2026-02-01")
        self.customer.with_company(self.company).credit_limit = 400
        self.assertFalse(self.account.is_over_limit)
        self.company.account_use_credit_limit = True
        self.env.invalidate_all()
        self.assertEqual(self.account.with_user(self.seller).credit_limit, 400)
        self.assertTrue(self.account.with_user(self.seller).is_over_limit)
        self.customer.with_company(self.company).credit_limit = 500
        self.env.invalidate_all()
        self.assertFalse(self.account.with_user(self.seller).is_over_limit)

    def test_as_many_queries_for_many_as_for_one(self):
        """Money is summed up for all accounts of a page at once."""
        accounts = self.account | self.env["key.account"]._open_for(
            self.env["res.partner"].create([{"name": f"C{n}"} for n in range(30)]),
            self.company,
        )
        counts = []
        for some in (self.account, accounts):
            self.env.invalidate_all()
            some.with_user(self.manager).mapped("name")
            before = self.env.cr.sql_log_count
            some.with_user(self.manager).mapped("overdue_amount")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_buttons_open_what_belongs_to_the_customer(self):
        """Opportunities, orders, invoices and purchases of all his contacts (R027)."""
        product = self.env["product.product"].create({"name": "Stand"})
        order = self.env["sale.order"].create(
            {
                "partner_id": self.branch.id,
                "company_id": self.company.id,
                "order_line": [Command.create({"product_id": product.id})],
            }
        )
        lead = self.env["crm.lead"].create(
            {"name": "Stand", "type": "opportunity", "partner_id": self.branch.id}
        )
        invoice = self._invoice(self.branch, 5, "2026-02-01")
        for name, found in (
            ("action_open_orders", order),
            ("action_open_opportunities", lead),
            ("action_open_invoices", invoice),
        ):
            with self.subTest(name):
                action = getattr(self.account, name)()
                records = self.env[action["res_model"]].search(action["domain"])
                self.assertEqual(records, found)
        action = self.account.action_open_purchases()
        self.assertTrue(self.env[action["res_model"]].search_count(action["domain"]))

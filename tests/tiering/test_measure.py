"""Revenue and what else the invoices tell: what counts, from when to when, and whose
it is."""

from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from ..common import DAY
from .measure_case import MeasureCase

# The window of an evaluation of 1 January 2026 over twelve months.
FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)


@tagged("post_install", "-at_install")
class TestInvoiceMeasures(MeasureCase):
    def test_window_is_half_open(self):
        """R002: the first day of the window counts, the date itself does not."""
        self._invoice(self.customer, 1, date(2024, 12, 31))
        first = self._invoice(self.customer, 10, FIRST)
        last = self._invoice(self.customer, 100, LAST)
        self._invoice(self.customer, 1000, DAY)
        self.assertEqual(self.raw("invoiced_net"), 110)
        self.assertEqual(self.raw("invoice_count"), 2)
        self.assertEqual(self.behind("invoiced_net"), first | last)
        self.assertEqual(self.behind("invoice_count"), first | last)

    def test_window_months(self):
        """A window of three months ends three months back, and no day earlier."""
        self._invoice(self.customer, 1, date(2025, 9, 30))
        self._invoice(self.customer, 10, date(2025, 10, 1))
        self.assertEqual(self.raw("invoiced_net", window_months=3), 10)

    def test_credit_notes_are_taken_off(self):
        """R002: net revenue is invoices less credit notes, and they are not counted
        as invoices."""
        invoice = self._invoice(self.customer, 500, date(2025, 5, 1))
        note = self._invoice(self.customer, -120.5, date(2025, 6, 1))
        self.assertEqual(self.raw("invoiced_net"), 379.5)
        self.assertEqual(self.raw("invoice_count"), 1)
        behind = self.behind("invoiced_net")
        self.assertEqual(behind, invoice | note)
        self.assertEqual(sum(behind.mapped("amount_untaxed_signed")), 379.5)
        self.assertEqual(self.behind("invoice_count"), invoice)

    def test_negative_total(self):
        """A year with more credited than invoiced has a negative value."""
        self._invoice(self.customer, 100, date(2025, 5, 1))
        self._invoice(self.customer, -300, date(2025, 6, 1))
        self.assertEqual(self.raw("invoiced_net"), -200)

    def test_credit_notes_only(self):
        """Who has credit notes only has net revenue, and no invoice to date from."""
        self._invoice(self.customer, -300, date(2025, 6, 1))
        self.assertEqual(self.raw("invoiced_net"), -300)
        self.assertEqual(self.raw("invoice_count"), 0)
        self.assertEqual(self.raw("overdue_days"), 0)
        self.assertIsNone(self.raw("months_since_last_invoice"))
        self.assertIsNone(self.raw("tenure_months"))
        self.assertIsNone(self.raw("invoiced_growth"))

    def test_no_invoices_is_missing(self):
        """R009: no invoice at all is missing data, not a revenue of zero."""
        for measure in (
            "invoiced_net",
            "invoiced_growth",
            "invoice_count",
            "months_since_last_invoice",
            "tenure_months",
            "overdue_days",
        ):
            with self.subTest(measure=measure):
                self.assertIsNone(self.raw(measure))
                self.assertFalse(self.behind(measure))

    def test_earlier_business_is_a_revenue_of_zero(self):
        """A customer who bought before the window has bought nothing in it."""
        self._invoice(self.customer, 900, date(2023, 5, 1))
        self.assertEqual(self.raw("invoiced_net"), 0)
        self.assertEqual(self.raw("invoice_count"), 0)

    def test_refund_after_the_date(self):
        """What is credited after the evaluation date changes the next evaluation."""
        self._invoice(self.customer, 400, date(2025, 12, 30))
        self._invoice(self.customer, -400, date(2026, 1, 15))
        self.assertEqual(self.raw("invoiced_net"), 400)
        self.assertEqual(self.raw("invoiced_net", until=date(2026, 2, 1)), 0)

    def test_drafts_and_cancelled_do_not_count(self):
        """Only posted invoices count."""
        draft = self._invoice(self.customer, 10, date(2025, 5, 1))
        cancelled = self._invoice(self.customer, 100, date(2025, 5, 1))
        self._invoice(self.customer, 1000, date(2025, 5, 1))
        (draft | cancelled).button_draft()
        cancelled.button_cancel()
        self.assertEqual(self.raw("invoiced_net"), 1000)
        self.assertEqual(len(self.behind("invoiced_net")), 1)

    def test_contacts_are_rolled_up(self):
        """The invoices of all contacts and branches are the customer's own."""
        branch = self._create_customer(
            "Light Fair Suzhou", is_company=False, parent_id=self.customer.id
        )
        person = self._create_customer("Li Na", is_company=False, parent_id=branch.id)
        moves = self._invoice(branch, 10, FIRST) | self._invoice(person, 100, FIRST)
        moves |= self._invoice(self.customer, 1000, FIRST)
        self.assertEqual(self.raw("invoiced_net"), 1110)
        self.assertEqual(self.behind("invoiced_net"), moves)

    def test_contact_with_another_parent(self):
        """Who changes to another company takes his invoices along."""
        other = self._create_account("Canton Stands")
        person = self._create_customer(
            "Li Na", is_company=False, parent_id=self.customer.id
        )
        move = self._invoice(person, 70, FIRST)
        self.assertEqual(self.raw("invoiced_net"), 70)
        person.parent_id = other.partner_id
        self.assertIsNone(self.raw("invoiced_net"))
        self.assertEqual(self.raw("invoiced_net", other), 70)
        self.assertEqual(self.behind("invoiced_net", other), move)

    def test_archived_partner(self):
        """An archived customer, or contact, keeps his business."""
        person = self._create_customer(
            "Li Na", is_company=False, parent_id=self.customer.id
        )
        moves = self._invoice(person, 7, FIRST) | self._invoice(
            self.customer, 70, FIRST
        )
        person.active = False
        self.customer.active = False
        self.assertEqual(self.raw("invoiced_net"), 77)
        self.assertEqual(self.behind("invoiced_net"), moves)

    def test_two_companies_share_a_customer(self):
        """Each company counts its own invoices."""
        branch = self._create_company("Huazhan Guangzhou")
        self.env.user.company_ids |= branch
        self.env = self.env(
            context={"allowed_company_ids": [self.company.id, branch.id]}
        )
        self._set_books_up(branch)
        theirs = self.env["key.account"]._open_for(self.customer, branch)
        ours = self._invoice(self.customer, 10, FIRST)
        move = self._invoice(self.customer, 100, FIRST, company=branch)
        self.assertEqual(self.raw("invoiced_net"), 10)
        self.assertEqual(self.behind("invoiced_net"), ours)
        criterion = self.criterion("invoiced_net")
        values = self.env["key.account.measure"]._read_values(branch, DAY, criterion)
        self.assertEqual(values[theirs.id], [100])
        self.assertNotIn(self.account.id, values)
        self.assertEqual(self.behind("invoiced_net", theirs), move)

    def test_foreign_currency_at_the_rate_of_the_document(self):
        """1,000 dollars count at the rate of their day, whatever the rate is later."""
        dollar = self.env.ref("base.USD")
        dollar.active = True
        for day, rate in (("2025-01-01", 0.2), ("2025-07-01", 0.1)):
            self.env["res.currency.rate"].create(
                {
                    "name": day,
                    "rate": rate,
                    "currency_id": dollar.id,
                    "company_id": self.company.id,
                }
            )
        vals = {"currency_id": dollar.id}
        self._invoice(self.customer, 1000, date(2025, 3, 1), **vals)
        self.assertEqual(self.raw("invoiced_net"), 5000)
        self._invoice(self.customer, 1000, date(2025, 8, 1), **vals)
        self.assertEqual(self.raw("invoiced_net"), 15000)
        behind = self.behind("invoiced_net")
        self.assertEqual(sum(behind.mapped("amount_untaxed_signed")), 15000)

    def test_growth(self):
        """R007: growth compares the window with the equally long one before it."""
        self._invoice(self.customer, 999, date(2023, 12, 31))
        earlier = self._invoice(self.customer, 200, date(2024, 1, 1))
        now = self._invoice(self.customer, 250, FIRST)
        self.assertEqual(self.raw("invoiced_growth"), 25)
        self.assertEqual(self.behind("invoiced_growth"), earlier | now)

    def test_no_growth_without_earlier_business(self):
        """R009: a new customer has no growth, neither zero nor infinite."""
        self._invoice(self.customer, 250, FIRST)
        self.assertIsNone(self.raw("invoiced_growth"))

    def test_first_and_last_invoice(self):
        """Months since the last invoice and since the first, wherever they lie."""
        first = self._invoice(self.customer, 10, date(2022, 1, 1))
        last = self._invoice(self.customer, 10, date(2025, 10, 1))
        self._invoice(self.customer, -5, date(2025, 12, 1))
        self._invoice(self.customer, 10, DAY)
        self.assertEqual(self.raw("months_since_last_invoice"), 3)
        self.assertEqual(self.raw("tenure_months"), 48)
        behind = self.behind("months_since_last_invoice")
        self.assertEqual(max(behind.mapped("invoice_date")), last.invoice_date)
        behind = self.behind("tenure_months")
        self.assertEqual(min(behind.mapped("invoice_date")), first.invoice_date)

    def test_overdue(self):
        """Days overdue are those of the oldest invoice that is due and not paid."""
        due = {"invoice_date_due": date(2025, 12, 12), "invoice_payment_term_id": False}
        late = self._invoice(self.customer, 10, date(2025, 11, 1), **due)
        later = {**due, "invoice_date_due": date(2026, 3, 1)}
        self._invoice(self.customer, 10, date(2025, 11, 2), **later)
        self.assertEqual(self.raw("overdue_days"), 20)
        self.assertEqual(self.behind("overdue_days"), late)

    def test_not_due_is_not_overdue(self):
        """An invoice due on the day itself or later is no day late."""
        for due in (DAY, date(2026, 3, 1)):
            vals = {"invoice_date_due": due, "invoice_payment_term_id": False}
            self._invoice(self.customer, 10, date(2025, 11, 1), **vals)
        self.assertEqual(self.raw("overdue_days"), 0)
        self.assertFalse(self.behind("overdue_days"))

    def test_paid_without_journal_entry(self):
        """A payment that has no journal entry leaves the residual, but nothing is
        overdue."""
        due = {"invoice_date_due": date(2025, 6, 1), "invoice_payment_term_id": False}
        move = self._invoice(self.customer, 10, date(2025, 5, 1), **due)
        self.assertEqual(self.raw("overdue_days"), 214)
        bank = self.env["account.journal"].create(
            {
                "name": "Bank of Shanghai",
                "code": "BNK",
                "type": "bank",
                "company_id": self.company.id,
            }
        )
        self.company.transfer_account_id = self.income
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_id": self.customer.id,
                "amount": 10,
                "journal_id": bank.id,
                "invoice_ids": [Command.set(move.ids)],
            }
        )
        payment.outstanding_account_id = False
        payment.action_post()
        self.assertFalse(payment.move_id)
        self.assertEqual(move.amount_residual, 10)
        self.assertEqual(self.raw("overdue_days"), 0)
        self.assertFalse(self.behind("overdue_days"))

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from ..common import KeyAccountCase


@tagged("post_install", "-at_install")
class TestAccountOpening(KeyAccountCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_books_up()
        cls.product = cls.env["product.product"].create({"name": "Stand"})
        cls.customer = cls._create_customer("Orient Motors")
        cls.Account = cls.env["key.account"]

    def account_of(self, customer, company=None):
        return self.Account._of(customer, company or self.company)

    def order(self, customer):
        order = self.env["sale.order"].create(
            {
                "partner_id": customer.id,
                "order_line": [
                    Command.create({"product_id": self.product.id, "price_unit": 100})
                ],
            }
        )
        order.action_confirm()
        return order

    # --- By hand ---

    def test_button_opens_a_prospect(self):
        """The button of a customer without business opens him as a prospect (R014)."""
        action = self.customer.with_user(self.seller).action_open_account()
        account = self.Account.browse(action["res_id"])
        self.assertRecordValues(
            account,
            [
                {
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "state": "prospect",
                    "name": "Orient Motors",
                }
            ],
        )

    def test_button_on_a_contact_opens_the_company(self):
        """A contact's button opens the account of his commercial entity."""
        contact = self.env["res.partner"].create(
            {"name": "Ms Lin", "parent_id": self.customer.id}
        )
        action = contact.with_user(self.seller).action_open_account()
        account = self.Account.browse(action["res_id"])
        self.assertEqual(account.partner_id, self.customer)

    def test_button_twice_opens_once(self):
        """A customer who has an account gets no second one."""
        first = self.customer.action_open_account()
        second = self.customer.action_open_account()
        self.assertEqual(first["res_id"], second["res_id"])
        self.assertEqual(len(self.account_of(self.customer)), 1)

    def test_reader_opens_nothing(self):
        """A reader is told whom to ask, and no account comes into being."""
        with self.assertRaisesRegex(Exception, "Ask a member"):
            self.customer.with_user(self.reader).action_open_account()
        self.assertFalse(self.account_of(self.customer))

    def test_reader_is_shown_what_is_there(self):
        """A reader opens the account that exists."""
        account = self._create_account(self.customer)
        action = self.customer.with_user(self.reader).action_open_account()
        self.assertEqual(action["res_id"], account.id)

    def test_many_at_once(self):
        """Many customers, contacts among them, open at once; each entity once."""
        contact = self.env["res.partner"].create(
            {"name": "Ms Lin", "parent_id": self.customer.id}
        )
        other = self._create_customer("Delta Robotics")
        action = (self.customer | contact | other).action_open_accounts()
        accounts = self.Account.search(action["domain"])
        self.assertEqual(accounts.partner_id, self.customer | other)
        self.assertEqual(len(accounts), 2)

    # --- The first owner ---

    def test_salesperson_becomes_owner(self):
        """The salesperson of the customer becomes the owner."""
        self.customer.user_id = self.seller
        self.assertEqual(self._create_account(self.customer).holder_id, self.seller)

    def test_salesperson_of_another_company_does_not(self):
        """A salesperson who cannot work in the company does not become the owner."""
        stranger = self._create_user(
            "ka_far", "base.group_user", self._create_company("Far Events")
        )
        self.customer.user_id = stranger
        self.assertFalse(self._create_account(self.customer).holder_id)

    def test_default_context_forges_nothing(self):
        """A client cannot slip a tier in through default_ keys of the context."""
        account = self.Account.with_context(
            default_is_key=True, default_score=99, default_below_count=3
        )._open_for(self.customer, self.company)
        self.assertRecordValues(
            account, [{"is_key": False, "score": 0, "below_count": 0}]
        )

    # --- By business ---

    def test_nightly_for_an_invoice(self):
        """Who was invoiced has an active account the next morning (R027)."""
        self._invoice(self.customer, 100, "2026-01-10")
        self._run_cron("key.account", "_cron_open_accounts")
        self.assertEqual(self.account_of(self.customer).state, "active")

    def test_nightly_for_a_contact_invoiced(self):
        """An invoice to a contact opens the account of his company."""
        contact = self.env["res.partner"].create(
            {"name": "Ms Lin", "parent_id": self.customer.id}
        )
        self._invoice(contact, 100, "2026-01-10")
        self._run_cron("key.account", "_cron_open_accounts")
        self.assertEqual(self.account_of(contact).partner_id, self.customer)

    def test_nightly_for_an_order(self):
        """A confirmed order is business, a quotation is not."""
        asker = self._create_customer("Only Asked")
        self.env["sale.order"].create({"partner_id": asker.id})
        self.order(self.customer)
        self._run_cron("key.account", "_cron_open_accounts")
        self.assertEqual(self.account_of(self.customer).state, "active")
        self.assertFalse(self.account_of(asker))

    def test_nightly_not_for_drafts_and_bills(self):
        """Draft invoices and vendor bills make nobody a customer."""
        move = self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": self.customer.id}
        )
        self.assertEqual(move.state, "draft")
        self._run_cron("key.account", "_cron_open_accounts")
        self.assertFalse(self.account_of(self.customer))

    def test_nightly_for_an_opportunity(self):
        """The customer of an opportunity has a prospect's account the next day."""
        self.env["crm.lead"].create(
            {
                "name": "Stand at the motor show",
                "type": "opportunity",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
            }
        )
        self._run_cron("key.account", "_cron_open_accounts")
        self.assertEqual(self.account_of(self.customer).state, "prospect")

    def test_nightly_per_company(self):
        """Business with one company opens no account in another one."""
        other = self._create_company("Far Events")
        self._invoice(self.customer, 100, "2026-01-10")
        self._run_cron("key.account", "_cron_open_accounts")
        self.assertTrue(self.account_of(self.customer))
        self.assertFalse(self.account_of(self.customer, other))

    def test_nightly_twice_changes_nothing(self):
        """The job is idempotent."""
        self._invoice(self.customer, 100, "2026-01-10")
        self._run_cron("key.account", "_cron_open_accounts")
        account = self.account_of(self.customer)
        before = (account.id, account.write_date)
        count = self.Account.search_count([])
        self._run_cron("key.account", "_cron_open_accounts")
        account = self.account_of(self.customer)
        self.assertEqual((account.id, account.write_date), before)
        self.assertEqual(self.Account.search_count([]), count)

    def test_prospect_wakes(self):
        """A prospect who buys is active after the next night."""
        account = self._create_account(self.customer)
        self.assertEqual(account.state, "prospect")
        self._invoice(self.customer, 100, "2026-01-10")
        self._run_cron("key.account", "_cron_open_accounts")
        self.assertEqual(account.state, "active")

    def test_closed_customer_is_not_woken(self):
        """Only prospects wake: a closed account waits for a manager."""
        account = self._create_account(self.customer)
        account.with_user(self.manager).action_close()
        self._invoice(self.customer, 100, "2026-01-10")
        self._run_cron("key.account", "_cron_open_accounts")
        self.assertEqual(account.state, "closed")

    def test_candidate_is_not_woken(self):
        """A candidate is before the committee, whatever he buys meanwhile (R015)."""
        account = self._create_account(self.customer)
        account._move("candidate")
        self._invoice(self.customer, 100, "2026-01-10")
        self._run_cron("key.account", "_cron_open_accounts")
        self.assertEqual(account.state, "candidate")

    # --- Dates and cost ---

    def test_opened_on_in_the_zone_of_the_company(self):
        """At 18:00 UTC the accounts of a company in Shanghai open tomorrow."""
        with freeze_time("2026-03-01 15:59:59"):
            before = self._create_account("Before Midnight")
        with freeze_time("2026-03-01 16:00:00"):
            after = self._create_account("After Midnight")
        self.assertEqual(str(before.opened_on), "2026-03-01")
        self.assertEqual(str(after.opened_on), "2026-03-02")

    def queries_to_open(self, count):
        partners = self.env["res.partner"].create(
            [
                {
                    "name": f"Exhibitor {place}",
                    "is_company": True,
                    "phone": "+86 21 5555 0000",
                    "user_id": self.seller.id,
                }
                for place in range(count)
            ]
        )
        self.env["crm.lead"].search([]).unlink()
        self.env.flush_all()
        self.env.cr.execute(
            """INSERT INTO sale_order (name, partner_id, partner_invoice_id,
                      partner_shipping_id, company_id, state, date_order)
               SELECT 'S', id, id, id, %s, 'sale', now() AT TIME ZONE 'UTC'
                 FROM res_partner WHERE id = ANY(%s)""",
            [self.company.id, partners.ids],
        )
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        opened = self.Account.sudo()._open_missing(self.company)
        self.env.flush_all()
        queries = self.env.cr.sql_log_count - before
        self.assertEqual(opened, count)
        accounts = self.account_of(partners)
        self.assertEqual(set(accounts.mapped("state")), {"active"})
        held = {"phone", "owner"}
        items = self.Account._file_items()
        self.assertEqual(
            set(accounts.sudo().mapped("held_items")),
            {sum(items[code].mask for code in held)},
        )
        return queries

    def test_thousand_accounts_in_twenty_queries(self):
        """Opening takes at most 20 queries for 1,000 accounts, and as many for each
        further thousand."""
        self.queries_to_open(10)
        one = self.queries_to_open(1_000)
        self.assertLessEqual(one, 20)
        three = self.queries_to_open(3_000)
        self.assertLessEqual(three, 3 * 20)

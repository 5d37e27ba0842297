from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tests import tagged

from ...dev import benchmark_pages as pages
from .commission_case import CommissionCase


@tagged("post_install", "-at_install")
class TestCommissionNext(CommissionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create({"name": "Ruifeng"})

    def test_a_contract_says_what_keeps_it_from_being_paid(self):
        """Shares first, then the invoice, the payment and the profit (R121, R122)."""
        order = self._sign(self.ann, self.customer, 100_000, day=date(2026, 3, 10))
        deal = self._deal(order)
        self.assertEqual(deal.next_step, "It is not invoiced yet.")
        self._split(order, {self.ann: 70, self.bo: 30}, agree=False)
        self.assertIn("must agree to the shares", deal.next_step)
        self.assertIn(self.bo.name, deal.next_step)
        self.assertNotIn(self.ann.name, deal.next_step)
        deal.with_user(self.bo).action_agree()
        self.assertEqual(deal.next_step, "It is not invoiced yet.")
        moves = self._bill(order, date(2026, 4, 2))
        deal.action_refresh()
        self.assertIn("final payment", deal.next_step)
        self._pay(moves, date(2026, 5, 2))
        deal.action_refresh()
        self.assertIn("paid in full since 2026-05-02", deal.next_step)
        self.company.key_account_confirm_profit = True
        deal.invalidate_recordset()
        self.assertIn("officer confirms the net profit", deal.next_step)
        deal.with_user(self.officer).action_confirm_profit()
        self.assertIn("paid in full since 2026-05-02", deal.next_step)

    def test_it_says_whose_turn_it_is(self):
        """Who has to agree, to complete the shares, or to confirm the profit (R122)."""
        order = self._earn(self.ann, self.customer, 50_000)
        deal = self._split(order, {self.ann: 70, self.bo: 30}, agree=False)
        self.assertTrue(deal.with_user(self.bo).is_my_turn)
        self.assertFalse(deal.with_user(self.ann).is_my_turn)
        self.assertFalse(deal.with_user(self.officer).is_my_turn)
        deal.with_user(self.bo).action_agree()
        self.assertFalse(deal.with_user(self.bo).is_my_turn)
        self.company.key_account_confirm_profit = True
        deal.action_refresh()
        deal.invalidate_recordset()
        self.assertTrue(deal.with_user(self.officer).is_my_turn)
        self.assertFalse(deal.with_user(self.ann).is_my_turn)

    def test_what_is_settled_waits_for_nobody(self):
        order = self._earn(self.ann, self.customer, 50_000)
        self._settle()
        deal = self._deal(order)
        self.assertEqual(deal.state, "settled")
        self.assertFalse(deal.next_step)
        self.assertFalse(deal.with_user(self.officer).is_my_turn)

    def test_held_is_what_was_kept_and_has_not_come_back(self):
        """R120: kept in the first run, released by the first one after its day."""
        self._earn(self.ann, self.customer, 50_000, paid=date(2026, 4, 10))
        self._settle()
        Entry = self.env["key.account.commission.entry"]
        company = Domain("company_id", "=", self.company.id)
        held = Entry.search(company & Domain("is_held", "=", True))
        self.assertEqual(held.mapped("kind"), ["retain"])
        self.assertTrue(held.is_held)
        rest = Entry.search(company & Domain("is_held", "=", False))
        self.assertEqual(rest, Entry.search(company) - held)
        self.env["key.account.commission.leave"].with_user(self.officer).create(
            {
                "user_id": self.ann.id,
                "company_id": self.company.id,
                "left_on": date(2026, 8, 31),
            }
        ).action_leave()
        self._settle(date(2026, 7, 1))
        self.assertFalse(Entry.search(company & Domain("is_held", "=", True)))
        self.assertFalse(held.is_held)

    def test_only_officers_say_under_which_number_somebody_was_paid(self):
        self._earn(self.ann, self.customer, 50_000)
        run = self._settle()
        statement = self._statement(run, self.ann)
        with self.assertRaisesRegex(UserError, "Commission officers"):
            statement.with_user(self.ann).pay_reference = "2026-07/1"
        statement.with_user(self.officer).pay_reference = "2026-07/1"
        self.assertEqual(statement.pay_reference, "2026-07/1")

    def test_the_list_for_payroll_is_that_of_the_run(self):
        self._earn(self.ann, self.customer, 50_000)
        run = self._settle()
        action = run.with_user(self.officer).action_open_payroll()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, run.statement_ids)

    def test_an_account_opens_its_contracts(self):
        order = self._earn(self.ann, self.customer, 50_000)
        account = self.env["key.account"]._open_for(self.customer, self.company)
        action = account.action_open_deals()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, self._deal(order))

    def test_every_page_opens_for_whom_it_is(self):
        """No field of a page is beyond what a salesperson, or an officer who sells
        nothing and keeps no books, may read: as the web client asks for it."""
        order = self._earn(self.ann, self.customer, 50_000)
        run = self._compute()
        run.with_user(self.officer).action_submit()
        statement = self._statement(run, self.ann)
        dispute = statement.with_user(self.ann)._raise_dispute(
            statement.entry_ids[0], "The rate"
        )
        self._sign(self.ann, self.customer, 10_000, day=date(2026, 4, 3))
        run.with_user(self.officer).action_return()
        run.with_user(self.officer).action_compute()
        run.with_user(self.officer).action_submit()
        deal = self._deal(order)
        version = self.plan.version_ids
        shared = (
            self.plan,
            version,
            version.slab_ids[0],
            self.plan.assignment_ids.filtered(lambda row: row.user_id == self.ann),
            deal,
            deal.split_ids,
            self.env["key.account.commission.turnover"].search(
                [("user_id", "=", self.ann.id)], limit=1
            ),
            self.env["key.account.origin"].search([("user_id", "=", self.ann.id)]),
        )
        office = (run, run.left_out_ids[0])
        for user, records in (
            (self.ann, (*shared, *statement.exists())),
            (self.officer, (*shared, *office)),
        ):
            for record in records:
                with self.subTest(user=user.login, model=record._name):
                    page = pages.form_page(record.with_user(user))()
                    self.assertEqual(page[0]["id"], record.id)

    def test_officers_work_is_in_no_menu_of_a_salesperson(self):
        menus = ("run", "close", "leave", "configuration")
        ids = {
            name: self.env.ref(f"key_account.commission_{name}_menu").id
            for name in menus
        }
        for user, sees in ((self.ann, set()), (self.officer, set(ids.values()))):
            visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            self.assertEqual({*ids.values()} & {*visible}, sees)

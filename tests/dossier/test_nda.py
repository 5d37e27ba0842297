from datetime import date

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import KeyAccountCase


@tagged("post_install", "-at_install")
class TestNda(KeyAccountCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time("2026-03-10 04:00:00")
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.account = cls._create_account("Orient Motors")
        cls.account._change_holder(cls.seller)

    def nda(self, user=None, **vals):
        """An agreement with the customer, or with an employee."""
        party = (
            {"party": "employee", "user_id": user.id}
            if user
            else {"party": "customer", "account_id": self.account.id}
        )
        return (
            self.env["key.account.nda"]
            .with_user(self.steward)
            .create({"valid_from": "2026-01-01", **party, **vals})
        )

    def remind(self, moment="2026-03-10 04:00:00"):
        with freeze_time(moment):
            self._run_cron("key.account.nda", "_cron_remind")

    # --- What it is ---

    def test_names_one_party(self):
        """An agreement is with an employee or a customer, not with both or nobody."""
        for vals in (
            {"party": "employee"},
            {"user_id": self.seller.id},
            {"account_id": False},
        ):
            with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
                self.nda(**vals)
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self.nda(valid_to="2025-12-31")

    def test_status_follows_the_company(self):
        """Valid from midnight to midnight in Shanghai (R036, R037)."""
        nda = self.nda(valid_from="2026-03-12", valid_to="2026-03-15")
        for moment, state in (
            ("2026-03-11 15:59:59", "future"),
            ("2026-03-11 16:00:00", "valid"),
            ("2026-03-15 15:59:59", "valid"),
            ("2026-03-15 16:00:00", "expired"),
        ):
            with self.subTest(moment), freeze_time(moment):
                self.env.invalidate_all()
                self.assertEqual(nda.state, state)
                found = nda.search([("state", "=", state)])
                self.assertIn(nda, found)
                self.assertNotIn(nda, nda.search([("state", "!=", state)]))

    def test_who_sees_it(self):
        """The steward all; an employee his own and those of whom he serves."""
        customer, own = self.nda(), self.nda(self.seller)
        self.assertTrue((customer | own).with_user(self.seller).mapped("name"))
        for nda in (customer, own):
            with self.assertRaises(AccessError):
                nda.with_user(self.chair).read(["name"])
            with self.assertRaises(AccessError):
                nda.with_user(self.seller).write({"valid_to": False})
            with self.assertRaises(AccessError):
                nda.with_user(self.reader).read(["name"])

    def test_gate_closes_with_the_agreement(self):
        """Where the company asks for it, the file closes on the midnight after the
        last day of the employee's agreement (R036)."""
        self.company.key_account_nda_required = True
        mine = self.account.with_user(self.seller)
        self.assertFalse(mine.is_mine)
        self.nda(self.seller, valid_to="2026-03-15")
        for moment, is_open in (
            ("2026-03-15 15:59:59", True),
            ("2026-03-15 16:00:00", False),
        ):
            with freeze_time(moment):
                self.env.invalidate_all()
                self.assertEqual(mine.is_mine, is_open)
                self.assertEqual(mine.has_access("write"), is_open)

    # --- Reminders ---

    def test_reminds_once_thirty_days_before(self):
        """The owner of the customer gets one activity thirty days before the end,
        however often the job runs (R037)."""
        nda = self.nda(valid_to="2026-04-10")
        self.remind("2026-03-10 15:59:59")
        self.assertFalse(nda.activity_ids)
        for _run in range(2):
            self.remind("2026-03-10 16:00:00")
        self.remind("2026-04-01 04:00:00")
        self.assertRecordValues(
            nda.activity_ids,
            [{"user_id": self.seller.id, "date_deadline": date(2026, 4, 10)}],
        )
        self.assertEqual(nda.reminded_on, date(2026, 3, 11))

    def test_days_of_notice(self):
        """The company says how many days before."""
        self.company.key_account_nda_notice_days = 5
        nda = self.nda(valid_to="2026-03-16")
        self.remind()
        self.assertFalse(nda.activity_ids)
        self.remind("2026-03-11 04:00:00")
        self.assertTrue(nda.activity_ids)

    def test_employee_is_for_the_steward(self):
        """Somebody else who keeps the library is asked, not the employee himself."""
        mine = self.nda(self.seller, valid_to="2026-03-20")
        stewards = self.nda(self.steward, valid_to="2026-03-20")
        self.remind()
        self.assertEqual(mine.activity_ids.user_id, self.steward)
        keeper = stewards.activity_ids.user_id
        self.assertTrue(keeper.has_group("key_account.group_steward"))
        self.assertNotEqual(keeper, self.steward)

    def test_new_end_new_reminder(self):
        """A prolonged agreement is reminded of again; one that is continued by
        another one is not at all."""
        nda = self.nda(valid_to="2026-03-20")
        self.remind()
        nda.valid_to = "2026-06-30"
        self.assertFalse(nda.reminded_on)
        self.remind("2026-06-15 04:00:00")
        self.assertEqual(len(nda.activity_ids), 2)
        followed = self.nda(self.seller, valid_to="2026-03-20")
        self.nda(self.seller, valid_from="2026-03-21")
        gap = self.nda(self.chair, valid_to="2026-03-20")
        self.nda(self.chair, valid_from="2026-03-22")
        self.remind()
        self.assertFalse(followed.activity_ids)
        self.assertTrue(gap.activity_ids)

    def test_nobody_to_ask_is_written_down(self):
        """Without an owner, a steward and a manager the agreement says so, once, and
        is tried again."""
        nda = self.nda(valid_to="2026-03-20")
        self.account._change_holder(self.env["res.users"])
        keepers = self.env["res.users"].search(
            [
                (
                    "all_group_ids",
                    "in",
                    self.env.ref("key_account.group_steward").ids,
                ),
                ("company_ids", "in", self.company.ids),
            ]
        )
        others = self.env["res.company"].search([("id", "!=", self.company.id)])
        for keeper in keepers:
            keeper.write(
                {
                    "company_id": others[0].id,
                    "company_ids": [Command.set(others[0].ids)],
                }
            )
        for _run in range(2):
            self.remind()
        self.assertIn("Nobody could be reminded", nda.sudo().reminder_problem)
        bodies = nda.sudo().message_ids.mapped("body")
        self.assertEqual(sum("Nobody could be" in body for body in bodies), 1)
        self.steward.write(
            {
                "company_ids": [Command.set(self.company.ids)],
                "company_id": self.company.id,
            }
        )
        self.remind()
        self.assertEqual(nda.sudo().activity_ids.user_id, self.steward)
        self.assertFalse(nda.sudo().reminder_problem)

from datetime import date, datetime

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .leak_case import LeakCase


@tagged("post_install", "-at_install")
class TestAccess(LeakCase):
    """The log of who opened which file (R035)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Access = cls.env["key.account.access"]

    def _write(self, *moments):
        self.Access._write_openings(
            [(self.account.id, self.seller.id, moment) for moment in moments]
        )
        return self.Access.search([("account_id", "=", self.account.id)])

    def test_one_row_a_day(self):
        """The day is the company's, and its first opening counts: 23:59 and 00:00 in
        Shanghai are two days, though one in UTC."""
        rows = self._write(datetime(2026, 3, 1, 15, 59), datetime(2026, 3, 1, 16, 0))
        rows = self._write(datetime(2026, 3, 2, 9, 0))
        self.assertEqual(
            rows.mapped(lambda row: (row.day, row.opened_at)),
            [
                (date(2026, 3, 2), datetime(2026, 3, 1, 16, 0)),
                (date(2026, 3, 1), datetime(2026, 3, 1, 15, 59)),
            ],
        )

    def test_nobody_writes_it(self):
        """Rows are neither made, changed nor deleted, not even by the system."""
        row = self._write(datetime(2026, 3, 1))
        for user in (self.manager, self.env.user):
            rows = row.with_user(user)
            for attempt in (
                lambda rows=rows: rows.write({"user_id": self.manager.id}),
                lambda rows=rows: rows.unlink(),
                lambda rows=rows: rows.create(
                    {"account_id": self.account.id, "user_id": self.manager.id}
                ),
            ):
                with self.assertRaises(UserError):
                    attempt()

    def test_managers_read_it(self):
        """Of their own companies; nobody else does."""
        row = self._write(datetime(2026, 3, 1))
        self.assertEqual(row.with_user(self.manager).user_id, self.seller)
        for user in (self.seller, self.steward, self.reader, self.employee):
            with self.subTest(user.login), self.assertRaises(AccessError):
                row.with_user(user).read(["day"])
        other = self._create_company("Delta Exhibitions")
        foreign = self._create_user("ka_foreign", "key_account.group_manager", other)
        theirs = row.with_user(foreign).with_context(allowed_company_ids=other.ids)
        self.assertFalse(theirs.search([]))

    def test_old_rows_are_forgotten(self):
        """After the months the company set, to the day."""
        self.company.key_account_access_months = 6
        rows = self._write(datetime(2026, 3, 9, 4), datetime(2026, 3, 10, 4))
        with freeze_time("2026-09-10 03:00:00"):
            self.Access._gc_old_openings()
        self.assertEqual(rows.exists().day, date(2026, 3, 10))
        self.assertEqual(self.env["res.company"].new().key_account_access_months, 24)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.company.key_account_access_months = 0
            self.env.flush_all()

    def test_settings(self):
        """The months stand on the settings page."""
        settings = self.env["res.config.settings"].create({})
        with Form(settings) as form:
            form.key_account_access_months = 12
        settings.execute()
        self.assertEqual(self.company.key_account_access_months, 12)

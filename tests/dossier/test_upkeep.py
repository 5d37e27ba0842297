from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval

from ...tools.file_items import share
from ..common import KeyAccountCase

NOON = "2026-03-02 04:00:00"  # Monday noon in Shanghai


@tagged("post_install", "-at_install")
class TestCompleteness(KeyAccountCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer("Orient Motors", email="lin@orient.cn")
        cls.account = cls._create_account(cls.customer)
        cls.items = cls.account._file_items()

    def held(self):
        mask = self.account.sudo().held_items
        return {code for code, item in self.items.items() if item.mask & mask}

    def percent(self, count):
        return share((1 << count) - 1, (1 << len(self.items)) - 1)

    def test_each_item(self):
        """Each item counts from when it is filled in to when it is emptied (R031)."""
        industry = self.env["res.partner.industry"].create({"name": "Cars"})
        fills = {
            "phone": (self.customer, {"phone": "+86 21 5555 0000"}),
            "email": (self.customer, {"email": "new@orient.cn"}),
            "city": (self.customer, {"city": "Shanghai"}),
            "country": (self.customer, {"country_id": self.env.ref("base.cn").id}),
            "industry": (self.customer, {"industry_id": industry.id}),
            "vat": (self.customer, {"vat": "91310000MA1FL1AA0X"}),
            "business_focus": (self.account, {"business_focus": "Cars"}),
            "potential": (self.account, {"potential": 1}),
            "owner": (self.account._authorized(), {"holder_id": self.seller.id}),
            "needs": (self.account, {"needs": "White stands"}),
            "verified": (self.account, {"verified_on": "2026-03-02"}),
        }
        self.customer.email = False
        self.assertEqual(self.held(), set())
        for code, (record, vals) in fills.items():
            with self.subTest(code):
                record.write(vals)
                self.assertEqual(self.held(), {code})
                self.assertEqual(self.account.completeness, self.percent(1))
                record.write(dict.fromkeys(vals, False))
                self.assertEqual(self.held(), set())
                self.assertEqual(self.account.completeness, 0)

    def test_contacts(self):
        """One contact of the customer is enough."""
        self.customer.child_ids = [(0, 0, {"name": "Ms Lin"})]
        self.assertEqual(self.held(), {"email", "contacts"})

    def test_full_file(self):
        """A file that holds everything has 100 percent."""
        every = sum(item.mask for item in self.items.values())
        self.assertEqual(share(every, self.account._required_mask()), 100)

    @freeze_time(NOON)
    def test_agreement_counts_while_it_holds(self):
        """An agreement counts from its first day to its last, and the nightly job
        sees both pass (R037)."""
        nda = self.env["key.account.nda"].create(
            {
                "account_id": self.account.id,
                "company_id": self.company.id,
                "valid_from": "2026-03-04",
                "valid_to": "2026-03-06",
            }
        )
        for moment, holds in (
            (NOON, False),
            ("2026-03-03 15:59:00", False),
            ("2026-03-03 16:00:00", True),
            ("2026-03-06 15:59:00", True),
            ("2026-03-06 16:00:00", False),
        ):
            with self.subTest(moment), freeze_time(moment):
                self.env["key.account"]._refresh_agreements()
                self.assertEqual("agreement" in self.held(), holds)
        with freeze_time("2026-03-05 04:00:00"):
            nda.valid_to = False
            self.assertIn("agreement", self.held())
            nda.valid_to = "2026-03-04"
            self.assertNotIn("agreement", self.held())

    def test_sql_says_what_python_says(self):
        """The expression for many accounts at once gives the same percentages."""
        every = (1 << 31) - 1
        masks = [0, 1, 2, 3, 0b101, 0b111, 0b11111111, 0x2AAAAAAA, every - 1, every]
        for held in masks:
            for required in masks:
                query = self.account._completeness_sql(held, required)
                ((found,),) = self.env.execute_query(SQL("SELECT %s", query))
                self.assertEqual(found, share(held, required), (held, required))

    def test_nobody_writes_it(self):
        """Percentage and dates come of the file, not of who would like them so."""
        account = self.account.with_user(self.manager)
        for vals in (
            {"completeness": 100},
            {"file_due_on": "2099-01-01"},
            {"reminded_on": "2099-01-01"},
            {"held_items": 1},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                account.write(vals)
            with self.subTest(vals), self.assertRaises(UserError):
                account.create(
                    {"partner_id": self._create_customer("Other").id, **vals}
                )

    def test_nobody_reads_the_bits(self):
        """What the percentage is made of is read and searched by nobody."""
        for user in (self.reader, self.seller, self.manager):
            account = self.account.with_user(user)
            self.assertNotIn("held_items", account.fields_get())
            with self.assertRaises(AccessError):
                account.read(["held_items"])
            with self.assertRaises(AccessError):
                account.search([("held_items", ">", 0)])
            with self.assertRaises(AccessError):
                account._read_group([], ["held_items"])

    def test_merged_file_holds_both(self):
        """A merged file holds what either of the two did."""
        other = self._create_customer("Orient Cars")
        self._create_account(other, needs="White stands", business_focus="Cars")
        self.env["key.account"]._follow_partners(other, self.customer)
        self.assertEqual(self.held(), {"email", "needs", "business_focus"})


@tagged("post_install", "-at_install")
class TestDueDate(KeyAccountCase):
    def opened(self, day):
        with freeze_time(f"{day} 04:00:00"):
            return self._create_account(f"Opened on {day}")

    def holiday(self, first, last):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holidays",
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": f"{first} 00:00:00",
                "date_to": f"{last} 15:59:59",
            }
        )

    def test_new_file_is_due_on_the_next_working_day(self):
        """The day after, after the weekend, after the holidays (R031)."""
        self.holiday("2026-02-15", "2026-02-23")
        for opened, due in (
            ("2026-03-02", date(2026, 3, 3)),
            ("2026-03-06", date(2026, 3, 9)),
            ("2026-02-13", date(2026, 2, 24)),
        ):
            with self.subTest(opened):
                self.assertEqual(self.opened(opened).file_due_on, due)

    def test_zone_of_the_company(self):
        """It is Tuesday in Shanghai while it is Monday in the server's zone."""
        with freeze_time("2026-03-02 17:00:00"):
            account = self._create_account("Late at Night")
        self.assertEqual(account.file_due_on, date(2026, 3, 4))

    def test_two_weeks_and_half_holidays(self):
        """A calendar of two weeks is read week by week; a holiday of half a day leaves
        a working day."""
        calendar = self.company.resource_calendar_id
        calendar.switch_calendar_type()
        week = str(calendar.attendance_ids.get_week_type(date(2026, 3, 6)))
        shifts = calendar.attendance_ids.filtered(lambda shift: not shift.display_type)
        shifts.filtered(
            lambda shift: shift.dayofweek == "4" and shift.week_type == week
        ).unlink()
        self.assertEqual(self.opened("2026-03-05").file_due_on, date(2026, 3, 9))
        self.assertEqual(self.opened("2026-03-12").file_due_on, date(2026, 3, 13))
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Inventory",
                "calendar_id": calendar.id,
                "date_from": "2026-03-15 16:00:00",
                "date_to": "2026-03-16 05:00:00",
            }
        )
        self.assertEqual(self.opened("2026-03-13").file_due_on, date(2026, 3, 16))

    def test_as_odoo_counts(self):
        """The day is the one Odoo's own calendar finds."""
        self.holiday("2026-04-04", "2026-04-06")
        calendar = self.company.resource_calendar_id
        for offset in range(40):
            day = date(2026, 3, 20) + timedelta(days=offset)
            midnight = self.company._key_account_midnight(day + timedelta(days=1))
            end = calendar.plan_days(1, midnight, compute_leaves=True)
            self.assertEqual(
                self.company._key_account_next_working_day(day),
                self.company._key_account_day(end),
            )

    def test_without_a_calendar(self):
        """A company without working hours works from Monday to Friday."""
        self.company.resource_calendar_id = False
        self.assertEqual(self.opened("2026-03-06").file_due_on, date(2026, 3, 9))
        self.assertEqual(self.opened("2026-03-07").file_due_on, date(2026, 3, 9))
        self.assertEqual(self.opened("2026-03-09").file_due_on, date(2026, 3, 10))

    def test_checked_file_is_due_after_the_days_of_the_company(self):
        """Found right today, due again in thirty days, or what the company sets."""
        account = self.opened("2026-03-02")
        account.verified_on = "2026-03-10"
        self.assertEqual(account.file_due_on, date(2026, 4, 9))
        fresh = self.opened("2026-03-02")
        self.company.key_account_update_days = 90
        self.assertEqual(account.file_due_on, date(2026, 6, 8))
        self.assertEqual(fresh.file_due_on, date(2026, 3, 3))
        account.verified_on = "2026-03-11"
        self.assertEqual(account.file_due_on, date(2026, 6, 9))

    def test_days_late(self):
        """Late from the day after, by the company's days; a closed file is not late."""
        account = self.opened("2026-03-02")
        for moment, days in (
            ("2026-03-03 15:59:00", 0),
            ("2026-03-03 16:00:00", 1),
            ("2026-04-02 04:00:00", 30),
        ):
            with self.subTest(moment), freeze_time(moment):
                self.env.invalidate_all()
                self.assertEqual(account.file_days_late, days)
        account.with_user(self.manager).action_close()
        self.assertEqual(account.file_days_late, 0)

    def test_days_are_a_setting(self):
        """The page of the settings holds the days, one at least."""
        self.env.user.group_ids += self.env.ref("base.group_system")
        with Form(self.env["res.config.settings"]) as form:
            self.assertEqual(form.key_account_update_days, 30)
            form.key_account_update_days = 14
        form.record.execute()
        self.assertEqual(self.company.key_account_update_days, 14)

    def test_file_is_right(self):
        """The steward finds many files right at once, on the company's day; they leave
        his queue."""
        new = self.opened("2026-03-02")
        stale = self.opened("2026-01-05")
        stale.verified_on = "2026-01-06"
        fresh = self.opened("2026-03-02")
        fresh.verified_on = "2026-03-01"
        action = self.env.ref("key_account.account_check_action")
        with freeze_time("2026-03-02 16:30:00"):
            files = self.env["key.account"].with_user(self.steward)
            queue = files.search(self.domain_of(action))
            self.assertEqual(queue, (new | stale).with_user(self.steward))
            queue.action_verify()
            self.assertFalse(files.search(self.domain_of(action)))
        self.assertEqual(set((new | stale).mapped("verified_on")), {date(2026, 3, 3)})
        self.assertEqual(fresh.verified_on, date(2026, 3, 1))

    def domain_of(self, action):
        return [*safe_eval(action.domain), ("company_id", "=", self.company.id)]

    def test_closed_files_are_not_checked(self):
        """A closed account is in nobody's queue."""
        account = self.opened("2026-03-02")
        account.with_user(self.manager).action_close()
        action = self.env.ref("key_account.account_check_action")
        found = self.env["key.account"].search(self.domain_of(action))
        self.assertNotIn(account, found)

    def test_stranger_finds_nothing_right(self):
        """Who may not open a file cannot say that it is right."""
        account = self.opened("2026-03-02")
        for user in (self.reader, self.seller):
            with self.assertRaises(AccessError):
                account.with_user(user).action_verify()

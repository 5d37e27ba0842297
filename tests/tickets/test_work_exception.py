from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .calendar_case import CalendarCase


@tagged("post_install", "-at_install")
class TestWorkException(CalendarCase):
    """Days that are worked although the calendar does not say so (R087)."""

    def test_a_make_up_day_takes_two_fields(self):
        """Name and day, and a Saturday is worked like a Monday."""
        form = Form(self.env["key.account.work.exception"].with_user(self.manager))
        form.name = "Spring Festival"
        form.date_from = "2026-02-28"
        exception = form.save()
        self.assertRecordValues(
            exception,
            [
                {
                    "kind": "make_up",
                    "like_weekday": "0",
                    "company_id": self.company.id,
                    "calendar_id": False,
                }
            ],
        )
        self.assertEqual(exception.date_to, exception.date_from)
        self.assertEqual(
            self.hours("2026-02-28"),
            [("28 09:00", "28 12:00"), ("28 13:00", "28 18:00")],
        )

    def test_the_last_day_follows_the_first(self):
        """Whoever moves the first day beyond the last one moves both."""
        exception = self._add_exception("2026-03-07", "2026-03-08")
        exception.date_from = "2026-03-14"
        self.assertEqual(str(exception.date_to), "2026-03-14")
        exception.date_to = "2026-03-15"
        exception.date_from = "2026-03-13"
        self.assertEqual(str(exception.date_to), "2026-03-15")

    def test_days_in_order(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._add_exception("2026-03-08", "2026-03-07")
            self.env.flush_all()

    def test_a_make_up_day_is_like_a_weekday(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._add_exception("2026-03-07", like_weekday=False)
            self.env.flush_all()

    def test_hours_of_a_show(self):
        """Within one day, from an hour to a later one."""
        for begin, end in ((9, 9), (18, 9), (-1, 9), (9, 24.5)):
            with (
                self.subTest(begin=begin, end=end),
                self.assertRaisesRegex(ValidationError, "to a later one"),
            ):
                self._add_exception(
                    "2026-03-07", kind="show", hour_from=begin, hour_to=end
                )
        self._add_exception("2026-03-07", kind="show", hour_from=0, hour_to=24)
        # a make-up day does not ask for them
        self._add_exception("2026-03-07", hour_from=18, hour_to=9)

    def test_break_of_a_show(self):
        for begin, end in ((12, 12), (13, 12), (8, 10), (17, 19), (0, 10), (12, 0)):
            with (
                self.subTest(begin=begin, end=end),
                self.assertRaisesRegex(ValidationError, "break of Extra"),
            ):
                self._add_exception(
                    "2026-03-07", kind="show", break_from=begin, break_to=end
                )
        show = self._add_exception("2026-03-14", kind="show", break_from=9, break_to=18)
        self.assertEqual(self.hours("2026-03-14"), [])
        with self.assertRaises(ValidationError):
            show.hour_to = 17

    def test_managers_write_and_employees_read(self):
        exception = self._add_exception("2026-03-07")
        mine = exception.with_user(self.employee)
        self.assertEqual(mine.name, "Extra")
        for change in (
            lambda: mine.write({"name": "Mine"}),
            mine.unlink,
            lambda: mine.create({"name": "Mine", "date_from": "2026-03-08"}),
        ):
            with self.assertRaises(AccessError):
                change()
        # everybody else up to the steward is an employee, too
        with self.assertRaises(AccessError):
            exception.with_user(self.steward).write({"name": "Hers"})
        exception.with_user(self.manager).write({"name": "Build-up"})
        exception.with_user(self.manager).unlink()

    def test_companies_are_apart(self):
        """Neither seen nor made across companies, nor put on a foreign calendar."""
        far = self._create_company("Far Events")
        stranger = self._create_user("ka_far", "key_account.group_manager", far)
        exception = self._add_exception("2026-03-07")
        there = {"allowed_company_ids": far.ids}
        Theirs = self.env["key.account.work.exception"].with_user(stranger)
        Theirs = Theirs.with_context(**there)
        self.assertFalse(Theirs.search([("id", "=", exception.id)]))
        with self.assertRaises(AccessError):
            Theirs.browse(exception.id).read(["name"])
        with self.assertRaises(UserError):
            self._add_exception("2026-03-07", calendar_id=far.resource_calendar_id.id)
        with self.assertRaises(UserError):
            Theirs.create(
                {
                    "name": "Ours",
                    "date_from": "2026-03-07",
                    "company_id": self.company.id,
                }
            )

from contextlib import contextmanager
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import KeyAccountCase


@tagged("post_install", "-at_install")
class TestOverride(KeyAccountCase):
    """From 10 to 20 March 2026 in Shanghai, which is eight hours ahead of UTC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scheme = cls._create_scheme()
        cls.tier_a, cls.tier_b, cls.tier_c = cls.scheme.tier_ids[:3]
        cls.account = cls._create_account("Orient Motors")
        cls.account._set_tier(cls.tier_c, "evaluation")
        cls.account._authorized().earned_tier_id = cls.tier_c

    @contextmanager
    def at(self, moment):
        """The world at a moment of UTC."""
        with freeze_time(moment):
            yield

    def override(self, **vals):
        return (
            self.env["key.account.override"]
            .with_user(self.seller)
            .create(
                {
                    "account_id": self.account.id,
                    "tier_id": self.tier_a.id,
                    "reason": "Flagship of the motor show",
                    "date_from": "2026-03-10",
                    "date_to": "2026-03-20",
                    **vals,
                }
            )
        )

    def approved(self, moment="2026-03-05 04:00:00", **vals):
        override = self.override(**vals)
        override.action_submit()
        with self.at(moment):
            override.with_user(self.chair).action_approve()
        return override

    def cron(self, moment):
        with self.at(moment):
            self._run_cron("key.account.override", "_cron_overrides")

    def log(self):
        return self.account.tier_change_ids.sorted("id")

    # --- What a request needs ---

    def test_reason_and_both_dates_are_required(self):
        """A request without reason, beginning or end is refused by the database."""
        for name in ("reason", "date_from", "date_to"):
            with (
                self.subTest(name),
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(Exception, f'null value in column "{name}"'),
                self.env.cr.savepoint(),
            ):
                self.override(**{name: False})

    def test_ends_after_it_begins(self):
        """An override of one day is one; one that ends before it begins is none."""
        self.override(date_to="2026-03-10")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(Exception, "dates_in_order"),
        ):
            self.override(date_to="2026-03-09")

    def test_tier_of_the_live_scheme(self):
        """Only a tier of the company's live scheme is requested."""
        draft = self._create_scheme(publish=False)
        override = self.override(tier_id=draft.tier_ids[0].id)
        with self.assertRaisesRegex(UserError, "no tier of the live scheme"):
            override.action_submit()

    def test_terms_are_frozen(self):
        """What was submitted is what is decided and in force."""
        override = self.approved()
        for vals in ({"date_to": "2099-01-01"}, {"tier_id": self.tier_b.id}):
            with self.assertRaisesRegex(UserError, "stay as they were submitted"):
                override.write(vals)

    def test_only_a_draft_is_deleted(self):
        """A submitted request stays on record."""
        override = self.override()
        override.action_submit()
        with self.assertRaisesRegex(UserError, "stays on record"):
            override.unlink()
        self.override().unlink()

    def test_reader_requests_nothing(self):
        """A reader cannot request an override."""
        with self.assertRaisesRegex(Exception, "not allowed to create"):
            self.override().with_user(self.reader).copy()

    # --- Beginning ---

    def test_begins_at_once(self):
        """Approved on its first day, it is in force at once, and the log says so."""
        override = self.approved("2026-03-10 02:00:00")
        self.assertEqual(override.state, "active")
        self.assertRecordValues(
            self.account,
            [
                {
                    "tier_id": self.tier_a.id,
                    "earned_tier_id": self.tier_c.id,
                    "is_key": True,
                    "tier_since": date(2026, 3, 10),
                }
            ],
        )
        self.assertRecordValues(
            self.log()[-1],
            [
                {
                    "kind": "override",
                    "from_tier_id": self.tier_c.id,
                    "to_tier_id": self.tier_a.id,
                    "override_id": override.id,
                    "reason": "Flagship of the motor show",
                    "date": date(2026, 3, 10),
                    "user_id": self.chair.id,
                }
            ],
        )
        self.assertEqual(self.account.active_override_id, override)

    def test_waits_for_its_date(self):
        """Approved before its first day, it begins at midnight in Shanghai: at 16:00
        of the day before in UTC, where the server's clock is."""
        override = self.approved()
        self.assertEqual(override.state, "approved")
        self.cron("2026-03-09 15:59:00")
        self.assertEqual(override.state, "approved")
        self.assertEqual(self.account.tier_id, self.tier_c)
        self.cron("2026-03-09 16:00:00")
        self.assertEqual(override.state, "active")
        self.assertEqual(self.account.tier_id, self.tier_a)
        self.assertEqual(self.account.tier_since, date(2026, 3, 10))

    def test_zone_of_the_company_not_of_the_user(self):
        """A member of the committee who travels approves by the company's calendar."""
        self.chair.tz = "America/Los_Angeles"
        override = self.override()
        override.action_submit()
        with self.at("2026-03-09 17:00:00"):
            override.with_user(self.chair).action_approve()
        self.assertEqual(override.state, "active")

    # --- Ending ---

    def test_holds_all_its_last_day(self):
        """It holds through 20 March in Shanghai and ends with the first minute of the
        21st; the account goes back to the tier it has earned."""
        override = self.approved("2026-03-10 02:00:00")
        self.cron("2026-03-20 15:59:00")
        self.assertEqual(override.state, "active")
        self.cron("2026-03-20 16:00:00")
        self.assertEqual(override.state, "ended")
        self.assertRecordValues(
            self.account, [{"tier_id": self.tier_c.id, "is_key": False}]
        )
        self.assertRecordValues(
            self.log()[-1],
            [
                {
                    "kind": "override_end",
                    "from_tier_id": self.tier_a.id,
                    "to_tier_id": self.tier_c.id,
                    "override_id": override.id,
                    "date": date(2026, 3, 21),
                }
            ],
        )

    def test_goes_back_to_what_was_earned_meanwhile(self):
        """It is the tier earned at the end that counts, not the one at the start."""
        self.approved("2026-03-10 02:00:00")
        self.account._authorized().earned_tier_id = self.tier_b
        self.cron("2026-03-21 00:00:00")
        self.assertEqual(self.account.tier_id, self.tier_b)

    def test_never_begun_and_over(self):
        """An approval nobody noticed in time ends without touching the tier."""
        override = self.approved()
        rows = len(self.log())
        self.cron("2026-04-01 00:00:00")
        self.assertEqual(override.state, "ended")
        self.assertEqual(self.account.tier_id, self.tier_c)
        self.assertEqual(len(self.log()), rows)

    def test_cron_twice_changes_nothing(self):
        """The job may run as often as it likes."""
        self.approved()
        self.cron("2026-03-12 00:00:00")
        rows = len(self.log())
        self.cron("2026-03-12 00:00:00")
        self.assertEqual(len(self.log()), rows)

    def test_early_end(self):
        """Who requested it, or a manager, ends it early; nobody else."""
        override = self.approved("2026-03-10 02:00:00")
        with self.assertRaisesRegex(UserError, "Only who requested"):
            override.with_user(self.second).action_end()
        override.with_user(self.manager).action_end()
        self.assertEqual(override.state, "ended")
        self.assertEqual(self.account.tier_id, self.tier_c)
        self.assertEqual(self.log()[-1].kind, "override_end")
        with self.assertRaisesRegex(UserError, "cannot become"):
            override.with_user(self.manager).action_end()

    # --- Refusing ---

    def test_expired_request_is_not_approved(self):
        """A request whose last day is over in Shanghai cannot be approved any more."""
        override = self.override()
        override.action_submit()
        with self.at("2026-03-20 16:00:00"):
            with self.assertRaisesRegex(UserError, "would have ended already"):
                override.with_user(self.chair).action_approve()
        with self.at("2026-03-20 15:59:00"):
            override.with_user(self.chair).action_approve()
        self.assertEqual(override.state, "active")

    def test_refused_request_changes_nothing(self):
        """A refusal leaves tier and log alone."""
        override = self.override()
        override.action_submit()
        rows = len(self.log())
        override.with_user(self.chair).action_refuse()
        self.assertEqual(override.state, "refused")
        self.assertEqual(len(self.log()), rows)

    def test_only_one_is_active(self):
        """A second override that would begin now is refused until the first ends."""
        first = self.approved("2026-03-10 02:00:00")
        second = self.override(tier_id=self.tier_b.id)
        second.action_submit()
        with self.at("2026-03-11 02:00:00"):
            with self.assertRaisesRegex(UserError, "End it first"):
                second.with_user(self.chair).action_approve()
            first.with_user(self.manager).action_end()
            second.with_user(self.chair).action_approve()
        self.assertEqual(self.account.tier_id, self.tier_b)

    def test_next_one_begins_when_the_first_has_ended(self):
        """Of two in a row the second begins on the day after the first."""
        first = self.approved("2026-03-10 02:00:00")
        second = self.approved(
            "2026-03-10 02:00:00",
            tier_id=self.tier_b.id,
            date_from="2026-03-15",
            date_to="2026-03-31",
        )
        self.cron("2026-03-16 00:00:00")
        self.assertEqual((first.state, second.state), ("active", "approved"))
        self.cron("2026-03-21 00:00:00")
        self.assertEqual((first.state, second.state), ("ended", "active"))
        self.assertEqual(self.account.tier_id, self.tier_b)

    def test_tier_of_another_company(self):
        """A tier of another company is refused."""
        other = self._create_company("Far Events")
        scheme = self._create_scheme(company_id=other.id, publish=False)
        with self.assertRaises(UserError):
            self.override(tier_id=scheme.tier_ids[0].id).action_submit()

    def test_evaluation_does_not_undo_it(self):
        """An evaluation meanwhile notes the earned tier and keeps the given one."""
        self._set_books_up()
        self._invoice(self.account.partner_id, 70_000, "2025-11-10")
        self.approved("2026-03-10 02:00:00")
        with self.at("2026-03-12 02:00:00"):
            evaluation = self._evaluate("2026-03-12")
        self.assertEqual(self._line_of(evaluation, self.account).reason, "override")
        self.assertRecordValues(
            self.account,
            [{"tier_id": self.tier_a.id, "earned_tier_id": self.tier_b.id}],
        )

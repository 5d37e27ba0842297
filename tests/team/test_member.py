from datetime import date

from freezegun import freeze_time
from psycopg2.errors import ExclusionViolation, ForeignKeyViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import mute_logger

from .team_case import TeamCase


@tagged("post_install", "-at_install")
class TestMember(TeamCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["key.account.profile"].create(
            {"account_id": cls.account.id, "needs": "Quiet"}
        )

    # --- Access by date ---

    def test_serves_until_midnight_of_the_last_day(self):
        """Access begins and ends at midnight in Shanghai, where the company works,
        for the file and what hangs on it (R035, R109)."""
        self.join(self.seller, date_from="2026-03-12", date_to="2026-03-15")
        for moment, is_open in (
            ("2026-03-11 15:59:59", False),
            ("2026-03-11 16:00:00", True),
            ("2026-03-15 15:59:59", True),
            ("2026-03-15 16:00:00", False),
        ):
            with self.subTest(moment), freeze_time(moment):
                self.assert_open(self.seller, is_open)

    def test_zone_of_the_reader_changes_nothing(self):
        """Neither the user's zone nor one sent with the call moves midnight."""
        self.join(self.seller, date_to="2026-03-15")
        self.seller.tz = "America/Los_Angeles"
        for tz in (None, "Pacific/Kiritimati", "Etc/GMT+12"):
            with freeze_time("2026-03-15 15:59:59"):
                self.assert_open(self.seller, True, tz=tz)
            with freeze_time("2026-03-15 16:00:00"):
                self.assert_open(self.seller, False, tz=tz)

    def test_forged_context_opens_nothing(self):
        """No word in the context makes anybody a member."""
        forged = self.account.with_user(self.seller).with_context(
            key_account_authority=True,
            key_account_waiver="please",
            default_user_id=self.seller.id,
            active_test=False,
        )
        self.assertFalse(forged.is_mine)
        with self.assertRaises(AccessError):
            forged.business_focus = "Mine"

    def test_zone_of_the_company_moves_midnight(self):
        """When the company moves its calendar, the memberships move with it."""
        self.join(self.seller, date_to="2026-03-15")
        self.company.resource_calendar_id.tz = "Europe/Berlin"
        with freeze_time("2026-03-15 22:59:59"):
            self.assert_open(self.seller, True)
        with freeze_time("2026-03-15 23:00:00"):
            self.assert_open(self.seller, False)

    def test_status_follows_the_moment(self):
        """Not yet, serves now, ended: shown and searched alike."""
        member = self.join(self.seller, date_from="2026-03-12", date_to="2026-03-15")
        for moment, state in (
            ("2026-03-11 15:59:59", "future"),
            ("2026-03-11 16:00:00", "current"),
            ("2026-03-15 16:00:00", "ended"),
        ):
            with self.subTest(moment), freeze_time(moment):
                self.env.invalidate_all()
                self.assertEqual(member.state, state)
                current = self.Member.search([("is_current", "=", True)])
                self.assertEqual(bool(current & member), state == "current")
                rest = self.Member.search([("is_current", "=", False)])
                self.assertEqual(bool(rest & member), state != "current")

    # --- Who ---

    def test_who_can_be_a_member(self):
        """An employee of the company with the right to open files, nobody else."""
        portal = self._create_user("ka_portal2", "base.group_portal")
        other = self._create_company("Huazhan Berlin")
        stranger = self._create_user("ka_berlin", "key_account.group_member", other)
        for user, text in (
            (portal, "does not work in"),
            (stranger, "does not work in"),
            (self.reader, "no right to open files"),
        ):
            with self.subTest(user.login), self.refused(text):
                self.join(user)

    def test_only_a_manager_staffs(self):
        """Not the lead, not the steward; readers see the team."""
        self.join(self.seller, self.leading, is_lead=True)
        for user in (self.seller, self.steward, self.reader):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.join(self.second).with_user(user).copy({"user_id": self.chair.id})
        members = self.account.with_user(self.reader).member_ids
        self.assertIn(self.seller, members.user_id)

    def test_lead_does_not_end_memberships(self):
        """The buttons ask for the manager's right, too."""
        member = self.join(self.second)
        lead = self.join(self.seller, self.leading, is_lead=True)
        for action in ("action_end", "action_end_now", "action_make_lead"):
            with self.subTest(action), self.assertRaises(AccessError):
                getattr(member.with_user(lead.user_id), action)()
        self.assertFalse(member.date_to)

    # --- What the database refuses ---

    def assert_refused_by_database(self, create, text):
        """The database itself refuses it, and its user reads why."""
        refused = self.assertRaises(ExclusionViolation)
        with mute_logger("odoo.sql_db"), refused as caught:
            create()
            self.env.flush_all()
        message = self.Member._sql_error_to_message(caught.exception)
        self.assertRegex(message, text)

    def raw(self, user, role, **vals):
        """Past the checks of the model, as another transaction would be."""
        Member = self.env["key.account.member"]._authorized()
        return Member.create(
            {
                "account_id": self.account.id,
                "user_id": user.id,
                "role_id": role.id,
                "date_from": "2026-03-10",
                **vals,
            }
        )

    def test_one_lead_at_a_time(self):
        """Two leads on one day are refused, one after the other are not."""
        self.join(self.seller, self.leading, is_lead=True, date_to="2026-03-20")
        day_of_both = {"is_lead": True, "date_from": "2026-03-20"}
        self.assert_refused_by_database(
            lambda: self.raw(self.second, self.leading, **day_of_both),
            "one lead at a time",
        )
        self.join(self.second, self.leading, is_lead=True, date_from="2026-03-21")
        self.join(self.second, self.leading, account=self._create_account("Delta"))

    def test_once_in_a_role(self):
        """One person has one role of one customer once at a time."""
        self.join(self.seller, date_to="2026-03-20")
        self.assert_refused_by_database(
            lambda: self.raw(self.seller, self.planner, date_from="2026-03-20"),
            "already has this role",
        )
        self.join(self.seller, self.leading)
        self.join(self.seller, date_from="2026-03-21")

    def test_message_of_the_database_reaches_the_user(self):
        """Through the call of a client, too, as a sentence."""
        self.raw(self.seller, self.leading, is_lead=True)

        def call():
            self.raw(self.second, self.leading, is_lead=True)

        cr = self.env.cr
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(ValidationError, "one lead at a time"),
            self.env.cr.savepoint(),
        ):
            self.patch(cr, "rollback", lambda: cr.execute("ROLLBACK TO before"))
            cr.execute("SAVEPOINT before")
            retrying(call, self.env)

    # --- History ---

    def test_what_has_begun_stays(self):
        """Begun rows are neither deleted nor written anew; future ones are."""
        begun = self.join(self.seller)
        future = self.join(self.second, date_from="2026-03-11")
        for vals in (
            {"user_id": self.second.id},
            {"date_from": "2026-03-01"},
            {"account_id": self._create_account("Delta").id},
            {"role_id": self.leading.id},
            {"is_lead": True},
        ):
            with self.subTest(vals), self.refused("has begun"):
                begun.write(vals)
        future.write({"user_id": self.chair.id, "date_from": "2026-03-12"})
        with self.refused("stays on record"):
            begun.unlink()
        future.unlink()
        # what a form sends back untouched is no change
        begun.write({"user_id": self.seller.id, "date_from": "2026-03-10"})

    def test_the_end_is_set_ahead(self):
        """The end may be moved while it lasts, but not into the past, and what has
        ended is over."""
        member = self.join(self.seller, date_from="2026-03-01", date_to="2026-04-30")
        member.date_to = "2026-05-31"
        with self.refused("yesterday or later"):
            member.date_to = "2026-03-08"
        member.action_end()
        self.assertEqual(member.date_to, date(2026, 3, 10))
        with freeze_time("2026-03-11 04:00:00"):
            self.env.invalidate_all()
            with self.refused("has ended"):
                member.date_to = "2026-05-31"
            with self.refused("has ended"):
                member.action_end()

    def test_end_today_and_at_once(self):
        """End Today leaves him the day; End at Once closes the file now, even to whom
        it was opened today by mistake."""
        first, second = self.join(self.seller), self.join(self.second)
        first.action_end()
        second.action_end_now()
        self.assert_open(self.seller, True)
        self.assert_open(self.second, False)
        self.assertEqual(second.date_to, date(2026, 3, 9))
        self.assertEqual(second.state, "ended")
        self.join(self.second)  # and may be taken back the same day

    def test_make_lead_keeps_what_was(self):
        """The lead changes today; until yesterday it was the other one."""
        old = self.join(self.seller, self.leading, is_lead=True, date_from="2026-03-01")
        new = self.join(self.second, date_from="2026-03-01", date_to="2026-06-30")
        new.action_make_lead()
        rows = self.account.member_ids.sorted(lambda m: (m.user_id.id, m.date_from))
        self.assertRecordValues(
            rows.sorted(lambda m: (m.user_id != self.seller, m.date_from)),
            [
                {"user_id": u.id, "is_lead": lead, "date_from": a, "date_to": b}
                for u, lead, a, b in (
                    (self.seller, True, date(2026, 3, 1), date(2026, 3, 9)),
                    (self.seller, False, date(2026, 3, 10), False),
                    (self.second, False, date(2026, 3, 1), date(2026, 3, 9)),
                    (self.second, True, date(2026, 3, 10), date(2026, 6, 30)),
                )
            ],
        )
        self.assertFalse(old.is_current)
        self.assertEqual(self.account.lead_id, self.second)

    def test_changes_are_written_down(self):
        """Joining, another end and a cancelled start stand in the account's history."""
        member = self.join(self.seller)
        member.date_to = "2026-03-20"
        self.join(self.second, date_from="2026-04-01").unlink()
        history = " ".join(self.account.message_ids.mapped("body"))
        for text in ("joins the team", "until 03/20/2026", "does not become"):
            self.assertIn(text, history)

    # --- Those who leave ---

    def test_job_ends_memberships_of_the_gone(self):
        """Who was archived leaves his teams; the row stays, with its person."""
        member = self.join(self.seller, date_from="2026-03-01")
        other = self.join(self.second, date_from="2026-03-01")
        self.seller.active = False
        for _run in range(2):
            self._run_cron("key.account.member", "_cron_memberships")
        self.assertEqual(member.date_to, date(2026, 3, 9))
        self.assertEqual(member.user_id, self.seller)
        self.assertFalse(other.date_to)

    def test_user_with_history_is_not_deleted(self):
        """A person who has served cannot be deleted, only archived."""
        self.join(self.second)
        with mute_logger("odoo.sql_db"), self.assertRaises(ForeignKeyViolation):
            self.second.unlink()
            self.env.flush_all()

    def test_job_unsubscribes_whom_the_file_is_closed_to(self):
        """An ended member follows no more; one who still serves otherwise does."""
        self.join(self.seller, date_to="2026-03-12")
        self.join(self.second, date_to="2026-03-12")
        self.join(self.second, self.leading)
        people = (self.seller | self.second).partner_id
        self.account.message_subscribe(people.ids)
        with freeze_time("2026-03-12 16:00:00"):
            for _run in range(2):
                self._run_cron("key.account.member", "_cron_memberships")
        followers = self.account.message_partner_ids & people
        self.assertEqual(followers, self.second.partner_id)

    # --- Agreements ---

    def test_nobody_joins_before_he_has_signed(self):
        """Where the company asks for it, a member or owner has an agreement that is
        valid on the day he begins (R036)."""
        self.company.key_account_nda_required = True
        for change in (
            lambda: self.join(self.seller),
            lambda: self.account._change_holder(self.seller),
        ):
            with self.refused("no confidentiality agreement"):
                change()
        self.env["key.account.nda"].create(
            {
                "party": "employee",
                "user_id": self.seller.id,
                "company_id": self.company.id,
                "valid_from": "2026-03-15",
                "valid_to": "2026-03-20",
            }
        )
        with self.refused("valid on 03/14/2026"):
            self.join(self.seller, date_from="2026-03-14")
        with self.refused("valid on 03/21/2026"):
            self.join(self.seller, date_from="2026-03-21")
        member = self.join(self.seller, date_from="2026-03-15", date_to="2026-03-20")
        # ending is never refused, longer service is
        with self.refused("no confidentiality agreement"):
            member.date_to = "2026-03-31"
        member.date_to = "2026-03-18"

    def test_other_company_keeps_out(self):
        """Members of another company's accounts are not seen."""
        member = self.join(self.seller)
        other = self._create_company("Huazhan Berlin")
        boss = self._create_user("ka_boss", "key_account.group_manager", other)
        mine = self.Member.with_user(boss).with_context(allowed_company_ids=other.ids)
        self.assertFalse(mine.search([("id", "=", member.id)]))
        boss.company_ids = [Command.link(self.company.id)]
        both = mine.with_context(allowed_company_ids=(other | self.company).ids)
        self.assertTrue(both.search([("id", "=", member.id)]))

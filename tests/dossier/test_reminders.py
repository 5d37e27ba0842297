from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from ..common import KeyAccountCase


@tagged("post_install", "-at_install")
class TestReminders(KeyAccountCase):
    """The job that asks owners to bring their files up to date (R032)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.env.ref("key_account.mail_activity_type_update")
        with freeze_time("2026-03-02 04:00:00"):
            cls.account = cls._create_account("Orient Motors")
            cls.account._change_holder(cls.seller)
            cls.account.verified_on = "2026-03-02"  # due again on 2026-04-01
        # the area above asks for the files of its key accounts only
        cls.account._authorized().write({"is_key": True})

    def run_job(self, moment):
        with freeze_time(moment):
            self._run_cron("key.account", "_cron_keep_files")

    def asked(self, account=None):
        return (account or self.account).activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.kind
        )

    def test_owner_is_asked_when_the_file_is_due(self):
        """On the day, in the company's zone, and not before."""
        self.run_job("2026-03-31 15:59:00")
        self.assertFalse(self.asked())
        self.run_job("2026-03-31 16:00:00")
        self.assertRecordValues(
            self.asked(),
            [
                {
                    "user_id": self.seller.id,
                    "date_deadline": date(2026, 4, 8),
                    "automated": True,
                }
            ],
        )

    def test_one_at_a_time(self):
        """A second run adds nothing, and months later neither while it is open."""
        self.run_job("2026-04-01 04:00:00")
        self.run_job("2026-04-01 04:00:00")
        self.run_job("2026-06-15 04:00:00")
        self.assertEqual(len(self.asked()), 1)

    def test_once_a_month(self):
        """Done without looking through the file, it comes back a month later."""
        self.run_job("2026-04-01 04:00:00")
        self.asked().unlink()
        self.run_job("2026-04-30 04:00:00")
        self.assertFalse(self.asked())
        self.run_job("2026-05-01 04:00:00")
        self.assertEqual(len(self.asked()), 1)

    def test_found_right_it_is_done(self):
        """File is Right ends the request; the next one comes when it is due again."""
        self.run_job("2026-04-01 04:00:00")
        with freeze_time("2026-04-10 04:00:00"):
            self.account.with_user(self.seller).action_verify()
        self.env.invalidate_all()
        self.assertFalse(self.asked())
        self.run_job("2026-05-09 04:00:00")
        self.assertFalse(self.asked())
        self.run_job("2026-05-10 04:00:00")
        self.assertEqual(len(self.asked()), 1)

    def test_without_an_owner_it_waits_for_the_steward(self):
        """Nobody is asked for a file nobody owns; it is among the files to check."""
        self.account._change_holder(self.env["res.users"])
        self.run_job("2026-04-01 04:00:00")
        self.assertFalse(self.asked())
        self.assertFalse(self.account.reminded_on)

    def test_owner_who_may_not_open_the_file(self):
        """An owner without a role, or gone, is not asked, and does not stop the job."""
        with freeze_time("2026-03-02 04:00:00"):
            other, gone = (self._create_account(n) for n in ("Delta", "Gamma"))
        other._change_holder(self.employee)
        leaver = self._create_user("ka_leaver", "key_account.group_member")
        gone._change_holder(leaver)
        leaver.active = False
        (other | gone)._authorized().write({"is_key": True})
        self.run_job("2026-04-01 04:00:00")
        self.assertFalse(self.asked(other) | self.asked(gone))
        self.assertEqual(len(self.asked()), 1)
        # the steward's queue, not the next run of the job, is where they wait
        self.assertTrue(other.reminded_on and gone.reminded_on)

    def test_closed_file(self):
        """Nobody updates the file of a closed account."""
        self.account._authorized().write({"state": "closed"})
        self.run_job("2026-04-01 04:00:00")
        self.assertFalse(self.asked())

    def test_no_mail(self):
        """The requests are activities; nobody gets a mail for each."""
        before = self.env["mail.mail"].search_count([])
        self.run_job("2026-04-01 04:00:00")
        self.assertEqual(self.env["mail.mail"].search_count([]), before)

    def test_batches(self):
        """Many files are asked for in batches, each of them once."""
        with freeze_time("2026-03-02 04:00:00"):
            many = self.env["key.account"].union(
                *(self._create_account(f"Customer {place}") for place in range(5))
            )
        for account in many:
            account._change_holder(self.seller)
        many._authorized().write({"is_key": True})
        with patch("odoo.addons.key_account.models.dossier.upkeep.BATCH", 2):
            self.run_job("2026-04-01 04:00:00")
        for account in many | self.account:
            self.assertEqual(len(self.asked(account)), 1)

    def queries_to_remind(self, count):
        with freeze_time("2026-03-02 04:00:00"):
            partners = self.env["res.partner"].create(
                [{"name": f"P {count} {n}", "is_company": True} for n in range(count)]
            )
            accounts = self.env["key.account"]._open_for(partners, self.company)
        accounts._authorized().write({"holder_id": self.seller.id, "is_key": True})
        self.env.flush_all()
        self.env.invalidate_all()
        with freeze_time("2026-04-01 04:00:00"):
            before = self.env.cr.sql_log_count
            accounts._remind_owners()
            self.env.flush_all()
        self.assertEqual(len(self.asked(accounts)), count)
        return self.env.cr.sql_log_count - before

    def test_queries_do_not_grow_with_the_files(self):
        """A hundred files of one owner cost what ten do."""
        self.queries_to_remind(3)
        self.assertLessEqual(
            self.queries_to_remind(100), self.queries_to_remind(10) + 5
        )

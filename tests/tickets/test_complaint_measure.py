from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from ..common import DAY
from ..tiering.measure_case import MeasureCase


@tagged("post_install", "-at_install")
class TestComplaintMeasure(MeasureCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.until = cls.company._key_account_midnight(DAY)
        cls.since = cls.company._key_account_midnight(DAY.replace(year=2025))

    def complaint(self, received=None, kind="complaint", account=None):
        received = received or self.until - timedelta(days=30)
        with freeze_time(received):
            return self.env["key.account.ticket"].create(
                {
                    "name": "Crooked",
                    "kind": kind,
                    "company_id": self.company.id,
                    "account_id": (account or self.account).id,
                }
            )

    def test_counts_complaints_of_the_window(self):
        """R007: received in the window, to the second where the company is; enquiries
        and those of others are not counted, and a click opens exactly these."""
        second = timedelta(seconds=1)
        self.complaint(self.since - second)
        first = self.complaint(self.since)
        last = self.complaint(self.until - second)
        self.complaint(self.until)
        self.complaint(kind="enquiry")
        self.complaint(account=self._create_account("Somebody Else"))
        self.assertEqual(self.raw("complaint_count"), 2)
        self.assertEqual(self.behind("complaint_count"), first | last)

    def test_side_exits_do_not_count(self):
        """What was withdrawn, merged or not justified is no complaint; what nobody has
        decided yet is."""
        undecided = self.complaint()
        self.complaint().action_withdraw("He takes it back")
        self.complaint().action_merge(undecided)
        self.complaint().action_unjustified("It was his own drawing")
        self.assertEqual(self.raw("complaint_count"), 1)
        self.assertEqual(self.behind("complaint_count"), undecided)

    def test_no_complaint_is_zero(self):
        """Nobody complained is known, also of a customer without any ticket."""
        self.assertEqual(self.raw("complaint_count"), 0)
        self.assertFalse(self.behind("complaint_count"))

    def test_shorter_window(self):
        self.complaint(self.until - timedelta(days=200))
        latest = self.complaint()
        self.assertEqual(self.raw("complaint_count", window_months=3), 1)
        self.assertEqual(self.behind("complaint_count", window_months=3), latest)

    def test_evaluation_counts_complaints(self):
        """R007: fewer is better; an evaluation scores it, and its line opens the
        complaints behind the value."""
        ticket = self.complaint()
        self._create_scheme(
            [
                {
                    "measure": "complaint_count",
                    "weight": 100,
                    "floor": 4,
                    "target": 0,
                }
            ]
        )
        line = self._line_of(self._evaluate(DAY), self.account)
        self.assertEqual(line.score, 75)
        criterion = line.evaluation_id.scheme_id.criterion_ids
        action = line.with_user(self.manager).action_open_source(criterion.id)
        self.assertEqual(action["res_model"], "key.account.ticket")
        self.assertEqual(
            self.env["key.account.ticket"].search(action["domain"]), ticket
        )

    def test_one_query_whatever_the_number(self):
        """All accounts and criteria of the source share one query."""
        criteria = self.criterion("complaint_count") | self.criterion(
            "complaint_count", window_months=3
        )
        for name in ("A", "B", "C"):
            self.complaint(account=self._create_account(name))
        self.env.flush_all()
        values = self.env["key.account.measure"]._read_values(
            self.company, DAY, criteria
        )  # warm
        before = self.env.cr.sql_log_count
        values = self.env["key.account.measure"]._read_values(
            self.company, DAY, criteria
        )
        self.assertEqual(self.env.cr.sql_log_count - before, 1)
        self.assertEqual(len(values), 3)

from datetime import datetime

from freezegun import freeze_time

from odoo.fields import Domain
from odoo.tests import tagged

from ..common import KeyAccountCase

# the first and the last moment of 2026-03-10 .. 2026-03-12 in Shanghai, in UTC
BEFORE, FIRST = "2026-03-09 15:59:59", "2026-03-09 16:00:00"
LAST, AFTER = "2026-03-12 15:59:59", "2026-03-12 16:00:00"


@tagged("post_install", "-at_install")
class TestPeriod(KeyAccountCase):
    """Days of the company become moments; an agreement is the simplest to try it on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement = cls._agree("2026-03-10", "2026-03-12")

    @classmethod
    def _agree(cls, first, last, company=None):
        return cls.env["key.account.nda"].create(
            {
                "party": "employee",
                "user_id": cls.seller.id,
                "company_id": (company or cls.company).id,
                "valid_from": first,
                "valid_to": last,
            }
        )

    def holds(self, agreement=None):
        """Whether it holds now, said by Python and by the database alike."""
        agreement = agreement or self.agreement
        itself = Domain("id", "=", agreement.id)
        found = agreement.search(agreement._now_domain() & itself)
        self.assertEqual(found, agreement._holds_now())
        return bool(found)

    def test_moments(self):
        """Both days are included: from midnight to the midnight after."""
        self.assertEqual(self.agreement.starts_at, datetime(2026, 3, 9, 16))
        self.assertEqual(self.agreement.ends_at, datetime(2026, 3, 12, 16))

    def test_two_sides_of_midnight(self):
        """It begins and ends at midnight in Shanghai, whoever asks from wherever."""
        for zone in ("Asia/Shanghai", "America/Los_Angeles", "Pacific/Auckland"):
            self.env.user.tz = zone
            for moment, expected in (
                (BEFORE, False),
                (FIRST, True),
                (LAST, True),
                (AFTER, False),
            ):
                with self.subTest(zone=zone, moment=moment), freeze_time(moment):
                    context = {**self.env.context, "tz": zone}
                    asked = self.agreement.with_context(context)
                    self.assertEqual(self.holds(asked), expected)

    def test_without_an_end(self):
        """Without a last day it goes on."""
        self.agreement.valid_to = False
        self.assertFalse(self.agreement.ends_at)
        for moment, expected in ((BEFORE, False), ("2099-01-01", True)):
            with freeze_time(moment):
                self.assertEqual(self.holds(), expected)

    def test_company_moves(self):
        """Where the company's working hours are kept decides, also afterwards."""
        self.company.resource_calendar_id.tz = "Europe/Berlin"
        self.assertEqual(self.agreement.starts_at, datetime(2026, 3, 9, 23))
        other = self._create_company("Delta Exhibitions")
        other.resource_calendar_id.tz = "UTC"
        theirs = self._agree("2026-03-10", "2026-03-10", other)
        self.assertEqual(theirs.starts_at, datetime(2026, 3, 10))

    def test_summer_time(self):
        """A day on which the clocks change has 23 or 25 hours."""
        self.company.resource_calendar_id.tz = "Europe/Berlin"
        for day, hours in (("2026-03-29", 23), ("2026-10-25", 25)):
            agreement = self._agree(day, day)
            lasts = agreement.ends_at - agreement.starts_at
            self.assertEqual(lasts.total_seconds(), hours * 3600)

"""The schemes that come with the addon grade at once, for any company."""

from datetime import date

from odoo.tests import tagged

from ..common import KeyAccountCase

READY = ("scheme_abcd", "scheme_volume", "scheme_strategic", "scheme_medal")


@tagged("post_install", "-at_install")
class TestReadySchemes(KeyAccountCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_books_up()

    def _take(self, name):
        """A ready scheme, duplicated for our company and published."""
        ready = self.env.ref(f"key_account.{name}").sudo()
        scheme = ready.copy({"company_id": self.company.id})
        scheme.action_publish()
        return scheme

    def _judge(self, account, dimension, score):
        assessment = (
            self.env["key.account.assessment"]
            .with_user(self.seller)
            .create(
                {
                    "account_id": account.id,
                    "dimension_id": self.env.ref(f"key_account.{dimension}").id,
                    "score": score,
                    "note": "Seen at the last three shows.",
                    "date": date(2025, 12, 1),
                }
            )
        )
        assessment.with_user(self.chair).action_approve()

    def _tiers_after(self, day):
        evaluation = self._evaluate(day)
        return {
            line.account_id.name: line.decided_tier_id.name
            for line in evaluation.line_ids
        }

    def test_each_can_be_published(self):
        """R005, R006, R008: the ready schemes are whole, with labels of their own."""
        labels = {
            "scheme_abcd": ["A", "B", "C", "D"],
            "scheme_volume": ["Special Class", "First Class", "Second Class"],
            "scheme_strategic": ["Core", "Important", "General"],
            "scheme_medal": ["Gold", "Silver", "Bronze"],
        }
        for name in READY:
            with self.subTest(name):
                scheme = self._take(name)
                self.assertEqual(scheme.state, "live")
                self.assertEqual(scheme.weight_total, 100)
                self.assertEqual(scheme._ranked_tiers().mapped("name"), labels[name])
                self.assertTrue(all(scheme.tier_ids.mapped("benefits")))

    def test_by_volume(self):
        """R002: special, first and second class are a matter of turnover alone."""
        self._take("scheme_volume")
        for name, amount in (
            ("Large", 800_000),
            ("Not quite", 799_900),
            ("Medium", 300_000),
            ("Small", 2_000),
        ):
            self._invoice(self._create_customer(name), amount, "2025-07-01")
        self._create_account("Never bought")
        self.assertEqual(
            self._tiers_after(date(2026, 1, 1)),
            {
                "Large": "Special Class",
                "Not quite": "First Class",
                "Medium": "First Class",
                "Small": "Second Class",
                "Never bought": "Second Class",
            },
        )

    def test_by_strategic_value(self):
        """R001, R004: a customer who buys little is core when the committee holds that
        he is, and a large one without a judgement is not."""
        self._take("scheme_strategic")
        beacon, buyer = self._create_account("Beacon"), self._create_account("Buyer")
        self._invoice(buyer.partner_id, 200_000, "2025-07-01")
        self._judge(beacon, "dimension_strategic", 100)
        self._judge(beacon, "dimension_outlook", 80)
        self.assertEqual(
            self._tiers_after(date(2026, 1, 1)), {"Beacon": "Core", "Buyer": "General"}
        )

    def test_gold_silver_bronze(self):
        """R006, R007: amount, frequency, lateness and tenure make the medal."""
        self._take("scheme_medal")
        faithful = self._create_customer("Faithful")
        for month in range(1, 13):
            self._invoice(faithful, 25_000, date(2025, month, 28))
        self._invoice(self._create_customer("Once"), 20_000, "2025-02-01")
        tiers = self._tiers_after(date(2026, 1, 1))
        self.assertEqual(tiers, {"Faithful": "Gold", "Once": "Bronze"})

import json
from datetime import date, datetime

from freezegun import freeze_time

from odoo.tests import tagged

from ..common import KeyAccountCase


@tagged("post_install", "-at_install")
class TestAccountTier(KeyAccountCase):
    """What the area tiering adds to the account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scheme = cls._create_scheme()
        cls.tier_a, cls.tier_b = cls.scheme.tier_ids[:2]
        cls.tier_a.write({"contact_interval_days": 30, "benefits": "Hotline"})
        cls.tier_b.contact_interval_days = 90
        with freeze_time("2026-01-10 02:00:00"):
            cls.account = cls._create_account("Orient Motors")

    def test_next_contact_follows_the_tier(self):
        """The next contact is due as often as the tier promises (R018)."""
        self.assertFalse(self.account.next_contact_due)
        self.account._set_tier(self.tier_a, "evaluation")
        self.assertEqual(self.account.next_contact_due, date(2026, 2, 9))
        self.account.last_contact_at = datetime(2026, 2, 1, 2)
        self.assertEqual(self.account.next_contact_due, date(2026, 3, 3))
        self.account._set_tier(self.tier_b, "evaluation")
        self.assertEqual(self.account.next_contact_due, date(2026, 5, 2))
        self.assertFalse(self.account.tier_benefits)

    def test_standard_may_be_improved(self):
        """A published tier's service may be improved; what is due follows (R018)."""
        self.account._set_tier(self.tier_a, "evaluation")
        self.tier_a.contact_interval_days = 10
        self.assertEqual(self.account.next_contact_due, date(2026, 1, 20))
        self.assertEqual(self.account.tier_benefits, "Hotline")

    def test_contact_counts_by_the_calendar_of_the_company(self):
        """A contact at 07:00 in Shanghai is one of that day, though not yet in UTC."""
        self.account._set_tier(self.tier_a, "evaluation")
        self.account.last_contact_at = datetime(2026, 1, 31, 23)
        self.assertEqual(self.account.next_contact_due, date(2026, 3, 3))

    def test_evaluation_computes_the_same(self):
        """What an evaluation writes by SQL is what the compute says."""
        self._set_books_up()
        self._invoice(self.account.partner_id, 100_000, "2025-11-10")
        self.account.last_contact_at = datetime(2026, 1, 31, 23)
        self._evaluate("2026-02-10")
        self.assertEqual(self.account.tier_id, self.tier_a)
        by_sql = self.account.next_contact_due
        self.env.add_to_compute(self.account._fields["next_contact_due"], self.account)
        self.assertEqual(self.account.next_contact_due, by_sql)
        self.assertEqual(by_sql, date(2026, 3, 3))

    def test_key_follows_the_tier(self):
        """Key or not is what the tier says (R001)."""
        self.account._set_tier(self.tier_a, "evaluation")
        self.assertTrue(self.account.is_key)
        self.account._set_tier(self.scheme.tier_ids[-1], "evaluation")
        self.assertFalse(self.account.is_key)
        self.account._set_tier(self.tier_a.browse(), "override_end")
        self.assertFalse(self.account.is_key)

    def test_board_shows_the_key_tiers(self):
        """Grouped by tier, the key tiers appear, empty ones too, and of the others
        those that somebody has."""
        board = self.env["key.account"].with_context(read_group_expand=True)

        def shown():
            rows = board.web_read_group([], ["tier_id"], ["__count"])["groups"]
            return [row["tier_id"][1] for row in rows if row["tier_id"]]

        self.assertEqual(shown(), ["A", "B"])
        self.account._set_tier(self.scheme.tier_ids[2], "evaluation")
        self.assertEqual(shown(), ["A", "B", "C"])

    def test_score_over_time(self):
        """The graph holds a point for each applied evaluation and no other (R011)."""
        self._set_books_up()
        self._invoice(self.account.partner_id, 50_000, "2025-11-10")
        self._evaluate("2026-02-01")
        self._invoice(self.account.partner_id, 40_000, "2026-02-10")
        self._evaluate("2026-03-01")
        self._evaluate("2026-04-01", apply=False)
        [graph] = json.loads(self.account.score_graph)
        self.assertEqual(
            [(point["x"], point["y"]) for point in graph["values"]],
            [("2026-02-01", 50.0), ("2026-03-01", 90.0)],
        )
        self.assertEqual(self.account.line_id.date, date(2026, 3, 1))

    def test_buttons_open_what_they_say(self):
        """The buttons of requests open a new one about this customer."""
        account = self.account.with_user(self.seller)
        for action, model in (
            ("action_nominate", "key.account.motion"),
            ("action_propose_exit", "key.account.motion"),
            ("action_override", "key.account.override"),
            ("action_appeal", "key.account.appeal"),
            ("action_assess", "key.account.assessment"),
        ):
            with self.subTest(action):
                opened = getattr(account, action)()
                self.assertEqual(opened["res_model"], model)
                self.assertEqual(
                    opened["context"]["default_account_id"], self.account.id
                )

    def test_effort_stands_beside_value(self):
        """What a tier takes of the people stands beside what it brings (R020)."""
        self._set_books_up()
        self.tier_a.capacity_points = 5
        big, small = self._create_customer("Big"), self._create_customer("Small")
        self._invoice(big, 90_000, "2025-06-01")
        self._invoice(big, -5_000, "2025-06-02")
        self._invoice(small, 1_000, "2025-06-01")
        self._evaluate(date(2026, 1, 1))
        groups = self.env["key.account"]._read_group(
            [("tier_id", "!=", False), ("revenue", "!=", 0)],
            ["tier_id"],
            ["capacity_points:sum", "revenue:sum"],
        )
        self.assertEqual(
            [(tier.code, points, revenue) for tier, points, revenue in groups],
            [("A", 5.0, 85_000.0), ("D", 1.0, 1_000.0)],
        )

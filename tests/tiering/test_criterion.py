"""Criteria: complete, and turned into the arithmetic as they stand."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...tools import scoring
from ..common import DAY, KeyAccountCase


@tagged("post_install", "-at_install")
class TestCriterion(KeyAccountCase):
    def test_every_measure_can_be_read(self):
        """R007: each measure of the catalogue is one that the engine knows."""
        keys = dict(self.env["key.account.criterion"]._fields["measure"].selection)
        self.assertEqual({*keys}, {*self.env["key.account.measure"]._measures()})

    def test_judged_needs_a_dimension(self):
        """R004: what the committee judges has to be said."""
        with self.assertRaisesRegex(ValidationError, "Choose the dimension"):
            self._create_scheme([("manual", 100, 0, 100)], publish=False)

    def test_industry_needs_industries(self):
        """R003: target industries have to be named."""
        with self.assertRaisesRegex(ValidationError, "Choose the target industries"):
            self._create_scheme([("industry", 100, 0, 1)], publish=False)

    def test_window_in_range(self):
        """A window of no month, or of more than ten years, is refused."""
        for months in (0, -3, 121):
            row = {"measure": "invoiced_net", "weight": 1, "window_months": months}
            with (
                self.subTest(months=months),
                mute_logger("odoo.sql_db"),
                self.assertRaises(Exception) as caught,
                self.cr.savepoint(),
            ):
                self._create_scheme([row], publish=False)
            self.assertIn("window_positive", str(caught.exception))

    def test_as_rules(self):
        """The arithmetic gets weight, floor, target, policy and gate as entered."""
        row = {
            "measure": "months_since_last_invoice",
            "weight": 20,
            "floor": 12,
            "target": 0,
            "missing": "zero",
            "gate": True,
        }
        scheme = self._create_scheme([row], publish=False)
        rule = scoring.Criterion(20, 12, 0, missing="zero", gate=True)
        self.assertEqual(scheme.criterion_ids._as_rules(), [rule])

    def test_floor_equal_to_target(self):
        """A criterion with floor and target in one point is a threshold."""
        accounts = self._create_account("Canton") | self._create_account("Suzhou")
        for account, potential in zip(accounts, (99_999.99, 100_000), strict=True):
            account.potential = potential
        self._create_scheme([("potential", 100, 100_000, 100_000)])
        evaluation = self._evaluate(DAY, apply=False)
        lines = [self._line_of(evaluation, account) for account in accounts]
        self.assertEqual([line.score for line in lines], [0, 100])
        self.assertEqual([line.computed_tier_id.code for line in lines], ["D", "A"])

    def test_weights_of_0_and_100(self):
        """R008: a criterion of weight 0 is shown, and counts for nothing."""
        account = self._create_account("Canton")
        account.write({"potential": 50, "employees": 9})
        self._create_scheme([("potential", 100, 0, 100), ("company_size", 0, 0, 9)])
        line = self._line_of(self._evaluate(DAY, apply=False), account)
        self.assertRecordValues(line, [{"score": 50, "coverage": 1}])
        self.assertEqual(line.explanation["rows"][1]["raw"], 9)
        self.assertEqual(line.explanation["rows"][1]["points"], 0)

    def test_silence_as_zero(self):
        """R009: the policy decides whether silence is left out or worth nothing."""
        account = self._create_account("Canton")
        account.potential = 50
        for missing, score, coverage in (("skip", 50, 0.5), ("zero", 25, 1)):
            rows = [
                ("potential", 50, 0, 100),
                {
                    "measure": "company_size",
                    "weight": 50,
                    "target": 9,
                    "missing": missing,
                },
            ]
            self._create_scheme(rows)
            line = self._line_of(self._evaluate(DAY, apply=False), account)
            with self.subTest(missing=missing):
                self.assertRecordValues(line, [{"score": score, "coverage": coverage}])

    def test_gate(self):
        """R012: who fails a gate, or has no data for it, is in no key tier."""
        rows = [
            ("potential", 100, 0, 100),
            {"measure": "company_size", "floor": 50, "target": 500, "gate": True},
        ]
        self._create_scheme(rows)
        accounts = self.env["key.account"]
        for name, size in (("Canton", 50), ("Suzhou", 49), ("Wuxi", 0)):
            accounts |= self._create_account(name, potential=100, employees=size)
        evaluation = self._evaluate(DAY)
        lines = [self._line_of(evaluation, account) for account in accounts]
        self.assertEqual([line.gated for line in lines], [False, True, True])
        codes = [account.tier_id.code for account in accounts]
        self.assertEqual(codes, ["A", "C", "C"])
        self.assertEqual(accounts.mapped("is_key"), [True, False, False])

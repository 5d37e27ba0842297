"""Simulating: what is computed, shown and compared, and that nothing else changes."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import DAY
from .evaluation_case import NEXT, EvaluationCase


@tagged("post_install", "-at_install")
class TestSimulation(EvaluationCase):
    def test_nothing_outside_is_written(self):
        """R011: simulating changes no account and no log."""
        before = self.state_outside()
        evaluation = self._evaluate(DAY, apply=False)
        self.assertEqual(evaluation.line_count, 3)
        self.assertEqual(self.state_outside(), before)
        self.assertRecordValues(evaluation, [{"state": "simulated", "progress": 100}])

    def test_lines(self):
        """R009: each line holds score, coverage, tiers and reason."""
        lines = self.lines(self._evaluate(DAY, apply=False))
        for line, score, code in zip(lines, (90, 65, 10), "ABD", strict=True):
            self.assertRecordValues(
                line,
                [
                    {
                        "score": score,
                        "coverage": 1.0,
                        "current_tier_id": False,
                        "computed_tier_id": self.tiers[code].id,
                        "decided_tier_id": self.tiers[code].id,
                        "decided_is_key": code in "AB",
                        "changed": True,
                        "reason": "new",
                        "company_id": self.company.id,
                    }
                ],
            )

    def test_worked_example(self):
        """The example of the design, from real invoices: 55 points, tier C."""
        self._set_books_up()
        account = self._create_account("Shanghai Motor Show")
        for month in range(1, 11):
            self._invoice(account.partner_id, 25_000, DAY.replace(2025, month))
        self._create_scheme(
            [
                ("invoiced_net", 50, 0, 500_000),
                ("invoice_count", 30, 0, 20),
                ("months_since_last_invoice", 20, 12, 0),
            ]
        )
        line = self._line_of(self._evaluate(DAY, apply=False), account)
        self.assertEqual([entry["raw"] for entry in line.explain], [250_000, 10, 3])
        self.assertEqual([entry["sub"] for entry in line.explain], [50, 50, 75])
        self.assertRecordValues(
            line,
            [
                {
                    "score": 55,
                    "coverage": 1,
                    "computed_tier_id": self.scheme._live(self.company).tier_ids[2].id,
                    "revenue": 250_000,
                }
            ],
        )

    def test_simulating_again_takes_the_books_of_today(self):
        """A second simulation forgets the first."""
        evaluation = self._evaluate(DAY, apply=False)
        self.small.potential = 35
        evaluation.action_simulate()
        self.assertEqual(evaluation.line_count, 3)
        self.assertEqual(self._line_of(evaluation, self.small).score, 35)

    def test_matrix_and_capacity(self):
        """R020: the matrix counts customers and money from tier to tier, and what
        the tiers take of the people now and then."""
        self._set_books_up()
        self.tiers["A"].capacity_points = 5
        self.tiers["B"].capacity_points = 2.5
        self._evaluate(DAY)
        self._invoice(self.good.partner_id, 1234.5, DAY)
        self.good.potential = 85
        evaluation = self._evaluate(NEXT, apply=False)
        a, b, d = (self.tiers[code].id for code in "ABD")
        summary = evaluation.summary
        self.assertCountEqual(
            summary["cells"],
            [
                {"from": a, "to": a, "count": 1, "revenue": 0},
                {"from": b, "to": a, "count": 1, "revenue": 1234.5},
                {"from": d, "to": d, "count": 1, "revenue": 0},
            ],
        )
        self.assertEqual(
            [tier["id"] for tier in summary["tiers"]], self.scheme.tier_ids.ids
        )
        capacity = {row["id"]: (row["now"], row["then"]) for row in summary["capacity"]}
        self.assertEqual(capacity[a], (5, 10))
        self.assertEqual(capacity[b], (2.5, 0))
        self.assertRecordValues(
            evaluation, [{"line_count": 3, "changed_count": 1, "key_count": 2}]
        )
        cell = evaluation.action_open_cell(b, a)
        found = self.env[cell["res_model"]].search(cell["domain"])
        self.assertEqual(found.account_id, self.good)
        for action, accounts in (
            (evaluation.action_open_lines(), self.accounts),
            (evaluation.action_open_changes(), self.good),
            (evaluation.action_open_key_accounts(), self.best | self.good),
        ):
            found = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(found.account_id, accounts)

    def test_compared_with_the_last_one(self):
        """R009: a line shows the score and the values of the evaluation before."""
        first = self._evaluate(DAY)
        self.good.potential = 55
        second = self._evaluate(NEXT, apply=False)
        self.assertEqual(second.previous_id, first)
        line = self._line_of(second, self.good)
        self.assertRecordValues(
            line, [{"previous_score": 65, "score": 55, "score_change": -10}]
        )
        (row,) = line.explanation["rows"]
        self.assertEqual((row["earlier"], row["raw"]), (65, 55))

    def test_only_managers_run_evaluations(self):
        """Committee, steward, members and readers neither make nor simulate one."""
        evaluation = self.new_evaluation()
        for user in (self.employee, self.reader, self.seller, self.steward, self.chair):
            mine = evaluation.with_user(user)
            for name in ("simulate", "submit", "apply", "cancel", "draft", "stop"):
                with (
                    self.subTest(user=user.login, step=name),
                    self.assertRaisesRegex(UserError, "Only a manager"),
                ):
                    getattr(mine, f"action_{name}")()
        self.assertEqual(evaluation.state, "draft")

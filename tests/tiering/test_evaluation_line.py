"""Verdicts: explained with their inputs, readable, and never written by hand."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import DAY
from .evaluation_case import NEXT, EvaluationCase


@tagged("post_install", "-at_install")
class TestEvaluationLine(EvaluationCase):
    def test_explains_itself(self):
        """R009, R010: the points of the criteria add up to the score that is shown."""
        self.best.employees = 30
        self._create_scheme(
            [
                ("potential", 50, 0, 100),
                ("company_size", 30, 0, 100),
                ("referrals", 0, 0, 5),
                ("overdue_days", 20, 90, 0),
            ]
        )
        line = self._line_of(self._evaluate(DAY, apply=False), self.best)
        explanation = line.explanation
        rows = explanation["rows"]
        self.assertEqual([row["raw"] for row in rows], [90, 30, 0, None])
        self.assertEqual([row["sub"] for row in rows], [90, 30, 0, None])
        self.assertEqual([row["points"] for row in rows], [56.25, 11.25, 0, None])
        self.assertEqual(explanation["score"], 67.5)
        self.assertEqual(explanation["coverage"], 0.8)
        self.assertEqual(explanation["tier"], "B")
        self.assertEqual(explanation["currency"], "CNY")
        self.assertIn("First tier", explanation["reason"])

    def test_missing_is_shown_as_missing(self):
        """R009: without data there is no score to show, also under an override."""
        nobody = self._create_account("Nobody knows")
        line = self._line_of(self._evaluate(DAY, apply=False), nobody)
        self.assertRecordValues(
            line, [{"reason": "no_data", "coverage": 0, "decided_tier_id": False}]
        )
        self.assertIs(line.explanation["score"], False)
        self.env["key.account.override"].sudo()._authorized().create(
            {
                "account_id": nobody.id,
                "tier_id": self.tiers["B"].id,
                "reason": "A promise",
                "date_from": DAY,
                "date_to": NEXT,
                "state": "active",
            }
        )
        line = self._line_of(self._evaluate(DAY, apply=False), nobody)
        self.assertEqual((line.reason, line.decided_tier_id.code), ("override", "B"))
        self.assertIs(line.explanation["score"], False)

    def test_opens_the_records_behind(self):
        """R010: a click on a value opens exactly the invoices it was made of."""
        self._set_books_up()
        self._create_scheme([("invoiced_net", 100, 0, 1000)])
        partner = self.best.partner_id
        counted = self._invoice(partner, 500, "2025-06-01")
        counted |= self._invoice(partner, -100, "2025-07-01")
        self._invoice(partner, 9, DAY)
        self._invoice(self.good.partner_id, 9, "2025-06-01")
        evaluation = self._evaluate(DAY).with_env(self.env)
        line = self._line_of(evaluation, self.best)
        criterion = evaluation.scheme_id.criterion_ids
        for action in (
            line.action_open_source(criterion.id),
            self.best.action_open_source(criterion.id),
        ):
            found = (
                self.env[action["res_model"]]
                .with_context(**action["context"])
                .search(action["domain"])
            )
            self.assertEqual(found, counted)
        total = sum(found.mapped("amount_untaxed_signed"))
        self.assertEqual(line.explain[0]["raw"], total)

    def test_readers_see_what_is_applied(self):
        """R010: readers see the reasons of what is applied, nothing before."""
        evaluation = self._evaluate(DAY, apply=False)
        line = self._line_of(evaluation, self.best)
        with self.assertRaises(AccessError):
            line.with_user(self.reader).read(["score"])
        self.assertFalse(line.with_user(self.reader).search([]))
        evaluation.action_submit()
        evaluation.with_user(self.chair).action_approve()
        evaluation.action_apply()
        mine = line.with_user(self.reader)
        self.assertEqual(mine.explanation["score"], 90)
        self.assertEqual(self.best.with_user(self.reader).explanation["score"], 90)

    def test_never_written_by_hand(self):
        """R009: nobody writes, adds or deletes a verdict, the superuser included."""
        line = self._line_of(self._evaluate(DAY), self.best)
        for user in (self.manager, self.chair, self.env.ref("base.user_root")):
            mine = line.with_user(user)
            for label, change in {
                "write": lambda mine=mine: mine.write({"score": 1}),
                "create": lambda mine=mine: mine.create(
                    {
                        "evaluation_id": mine.evaluation_id.id,
                        "account_id": self.best.id,
                        "company_id": self.company.id,
                    }
                ),
                "unlink": lambda mine=mine: mine.unlink(),
            }.items():
                with (
                    self.subTest(user=user.login, change=label),
                    self.assertRaises(UserError),
                    self.cr.savepoint(),
                ):
                    change()
        self.assertRecordValues(line, [{"score": 90}])

    def test_appeal_from_a_verdict(self):
        """A verdict opens its customer, and an appeal against itself."""
        line = self._line_of(self._evaluate(DAY), self.best)
        self.assertEqual(line.action_open_account()["res_id"], self.best.id)
        context = line.action_appeal()["context"]
        self.assertEqual(context["default_line_id"], line.id)
        self.assertEqual(context["default_account_id"], self.best.id)

    def test_a_reader_opens_the_source_he_may_read(self):
        """R010: a reader opens the invoices behind a value where he may read invoices,
        and is told so in words where he may not."""
        self._set_books_up()
        self._create_scheme([("invoiced_net", 100, 0, 1000)])
        self._invoice(self.best.partner_id, 500, "2025-06-01")
        evaluation = self._evaluate(DAY)
        line = self._line_of(evaluation, self.best).with_user(self.reader)
        criterion = evaluation.scheme_id.criterion_ids
        with self.assertRaisesRegex(UserError, "not the records behind it"):
            line.action_open_source(criterion.id)
        self.reader.group_ids += self.env.ref("account.group_account_readonly")
        action = line.action_open_source(criterion.id)
        self.assertEqual(action["res_model"], "account.move")

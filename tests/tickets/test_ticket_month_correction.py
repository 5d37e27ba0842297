from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .analysis_case import MARCH, TOO_LATE, AnalysisCase, shanghai


@tagged("post_install", "-at_install")
class TestTicketMonthCorrection(AnalysisCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Month = cls.env["key.account.ticket.month"]

    def setUp(self):
        super().setUp()
        self._enquiry()
        self._enquiry(replied=TOO_LATE)
        with freeze_time(shanghai("04-01 09:00")):
            self.Month._compute_month(self.company, MARCH)
        self.rows = self.Month.search([("company_id", "=", self.company.id)])
        self.row = self.rows.filtered(lambda row: row.level == "user").with_user(
            self.manager
        )

    def freeze(self):
        with freeze_time(shanghai("04-01 09:00")):
            self.row.action_freeze()

    def test_a_correction_is_another_row(self):
        """R113: what was frozen stays; a correction with its reason stands beside it,
        for the handler, his team and the company, and sums and percentages of both are
        the corrected ones."""
        self.freeze()
        before = self.rows.read(["on_time_percent", "reply_met_count"])
        self.row.action_correct("reply_met", 1, "The call was logged a day late")
        self.assertEqual(self.rows.read(["on_time_percent", "reply_met_count"]), before)
        corrections = self.rows.adjustment_ids
        self.assertEqual(corrections.mapped("level"), ["company", "team", "user"])
        self.assertEqual(set(corrections.mapped("reply_met_count")), {1})
        self.assertEqual(corrections.frozen_by_id, self.manager)
        for level in ("company", "team", "user"):
            ((percent, met),) = self.Month._read_group(
                [("company_id", "=", self.company.id), ("level", "=", level)],
                [],
                ["on_time_percent:avg", "reply_met_count:sum"],
            )
            self.assertEqual((percent, met), (100, 2))
        self.assertEqual(self.row.corrected, "On Time (%): 100.00 (2 of 2)")

    def test_corrections_are_a_ledger(self):
        """They are neither changed nor deleted nor corrected themselves; another one
        takes them back."""
        self.freeze()
        self.row.action_correct("reply_met", 1, "Logged late")
        correction = self.row.adjustment_ids
        for attempt in (
            lambda: correction.write({"reason": "Other"}),
            lambda: correction.sudo()._authorized().write({"change": 0}),
            lambda: correction.sudo()._authorized().unlink(),
            lambda: correction.action_correct("reply_met", -1, "No"),
        ):
            with self.assertRaises(UserError):
                attempt()
        self.row.action_correct("reply_met", -1, "It was late after all")
        self.assertEqual(self.row.corrected, "No figure changes.")

    def test_what_is_refused(self):
        """An open month, a row that is a sum, no reason, no number, sums that cannot
        be, and everybody but a manager."""
        with self.assertRaisesRegex(UserError, "frozen month"):
            self.row.action_correct("reply_met", 1, "Logged late")
        self.freeze()
        team = self.rows.filtered(lambda row: row.level == "team")
        for row, args, words in (
            (team.with_user(self.manager), ("reply_met", 1, "x"), "handler"),
            (self.row, ("on_time_percent", 1, "x"), "which number"),
            (self.row, ("reply_met", 0, "x"), "which number"),
            (self.row, ("reply_met", 2, "x"), "cannot be more than"),
            (self.row, ("reply_met", -2, "x"), "below zero"),
            (self.row.with_user(self.leader), ("reply_met", 1, "x"), "manager"),
        ):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                with self.env.cr.savepoint():
                    row.action_correct(*args)
        self.assertFalse(self.rows.adjustment_ids)

    def test_the_form_asks(self):
        """The button asks which number, by how much and why."""
        self.freeze()
        action = self.row.action_correct()
        form = (
            self.env[action["res_model"]]
            .with_user(self.manager)
            .with_context(**action["context"])
            .create({"counter": "void", "change": 1, "reason": "Merged by mistake"})
        )
        form.action_confirm()
        self.assertEqual(self.row.adjustment_ids.void_count, 1)
        self.assertIn("Adjustment", self.row.adjustment_ids.display_name)

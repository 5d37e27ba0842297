from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import KeyAccountCase


@tagged("post_install", "-at_install")
class TestAssessment(KeyAccountCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dimension = cls.env["key.account.dimension"].create({"name": "Influence"})
        cls.scheme = cls._create_scheme(
            criteria=[
                {
                    "measure": "manual",
                    "dimension_id": cls.dimension.id,
                    "weight": 100,
                    "floor": 0,
                    "target": 100,
                }
            ]
        )
        cls.account = cls._create_account("Orient Motors")

    def assessment(self, score, day, user=None, **vals):
        return (
            self.env["key.account.assessment"]
            .with_user(user or self.seller)
            .create(
                {
                    "account_id": self.account.id,
                    "dimension_id": self.dimension.id,
                    "score": score,
                    "note": "Sits in the board of the fair",
                    "date": day,
                    **vals,
                }
            )
        )

    def approved(self, *args, **vals):
        assessment = self.assessment(*args, **vals)
        assessment.with_user(self.chair).action_approve()
        return assessment

    def score_on(self, day):
        explained = self.scheme._explain_account(
            self.account,
            self.env["key.account.assessment"]._fields["date"].to_date(day),
        )
        return explained["score"]

    def test_approved_by_another_it_counts(self):
        """A judgement counts once somebody else of the committee approved it (R004)."""
        assessment = self.assessment(80, "2026-01-10")
        self.assertIsNone(self.score_on("2026-02-01"))
        assessment.with_user(self.chair).action_approve()
        self.assertEqual(assessment.approver_id, self.chair)
        self.assertEqual(self.score_on("2026-02-01"), 80)

    def test_nobody_approves_his_own(self):
        """The one who proposes a judgement does not approve it (R004)."""
        assessment = self.assessment(80, "2026-01-10", self.chair)
        with self.assertRaisesRegex(UserError, "Another member"):
            assessment.action_approve()
        with self.assertRaisesRegex(UserError, "Only the tier committee"):
            assessment.with_user(self.manager).action_approve()

    def test_refused_it_does_not_count(self):
        """A refused judgement is kept and does not count."""
        self.assessment(80, "2026-01-10").with_user(self.chair).action_refuse()
        self.assertIsNone(self.score_on("2026-02-01"))

    def test_the_latest_counts(self):
        """The latest approved judgement before the date of the evaluation counts."""
        self.approved(80, "2026-01-10")
        self.approved(40, "2026-02-10")
        self.assessment(100, "2026-02-15")
        self.assertEqual(self.score_on("2026-02-01"), 80)
        self.assertEqual(self.score_on("2026-03-01"), 40)

    def test_it_ends(self):
        """A judgement counts through its last day, then the one before does again."""
        self.approved(80, "2026-01-10")
        self.approved(40, "2026-02-10", valid_to="2026-02-20")
        self.assertEqual(self.score_on("2026-02-20"), 40)
        self.assertEqual(self.score_on("2026-02-21"), 80)

    def test_of_this_dimension_and_customer(self):
        """Judgements of another dimension or customer do not count."""
        other = self.env["key.account.dimension"].create({"name": "Charm"})
        self.approved(80, "2026-01-10", dimension_id=other.id)
        self.approved(90, "2026-01-10", account_id=self._create_account("Delta").id)
        self.assertIsNone(self.score_on("2026-02-01"))

    def test_decided_it_is_frozen(self):
        """An approved judgement keeps its score, its dates and its reasons."""
        assessment = self.approved(80, "2026-01-10")
        for vals in ({"score": 100}, {"date": "2026-01-01"}, {"note": "Else"}):
            with self.assertRaisesRegex(ValidationError, "is decided"):
                assessment.with_user(self.manager).write(vals)

    def test_range(self):
        """A judgement is between 0 and 100, and does not end before it begins."""
        for score in (0, 100):
            self.assertEqual(self.assessment(score, "2026-01-10").score, score)
        for vals in ({"score": -1}, {"score": 100.5}):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                self.assessment(50, "2026-01-10").write(vals)
                self.env.flush_all()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.assessment(50, "2026-01-10", valid_to="2026-01-09")

    def test_reasons_are_required(self):
        """A judgement without reasons is none (R009)."""
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.assessment(50, "2026-01-10", note=False)

    def test_title_while_it_is_written(self):
        """The title of a new judgement names what is chosen so far, and no False."""
        new = self.env["key.account.assessment"].new({"account_id": self.account.id})
        self.assertEqual(new.display_name, "Orient Motors")
        new.dimension_id = self.dimension
        self.assertEqual(new.display_name, "Orient Motors: Influence")

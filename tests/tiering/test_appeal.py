from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import KeyAccountCase


@tagged("post_install", "-at_install")
class TestAppeal(KeyAccountCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tier_a, cls.tier_b = cls._create_scheme().tier_ids[:2]
        cls.account = cls._create_account("Orient Motors")
        cls.account._set_tier(cls.tier_b, "evaluation")

    def appeal(self, user=None):
        return (
            self.env["key.account.appeal"]
            .with_user(user or self.seller)
            .create(
                {
                    "account_id": self.account.id,
                    "wanted_tier_id": self.tier_a.id,
                    "reason": "His invoices went through the agency",
                }
            )
        )

    def test_accepted_appeal_requests_an_override(self):
        """An accepted appeal becomes a request for an override of half a year, which a
        second member of the committee approves (R010)."""
        appeal = self.appeal()
        with freeze_time("2026-03-01 17:00:00"):
            decided = appeal.with_user(self.second)
            decided.answer = "The agency confirms it"
            decided.action_accept()
            override = appeal.sudo().override_id
            self.assertRecordValues(
                override,
                [
                    {
                        "state": "review",
                        "tier_id": self.tier_a.id,
                        "account_id": self.account.id,
                        "requester_id": self.second.id,
                        "reason": "The agency confirms it",
                    }
                ],
            )
            self.assertEqual(str(override.date_from), "2026-03-02")
            self.assertEqual(str(override.date_to), "2026-09-02")
            with self.assertRaisesRegex(UserError, "Another member"):
                override.with_user(self.second).action_approve()
            override.with_user(self.chair).action_approve()
        self.assertEqual(self.account.tier_id, self.tier_a)
        self.assertEqual(appeal.state, "accepted")

    def test_rejected_with_an_answer(self):
        """A rejection needs an answer and changes nothing."""
        appeal = self.appeal().with_user(self.chair)
        for action in ("action_accept", "action_reject"):
            with self.assertRaisesRegex(UserError, "Write the answer"):
                getattr(appeal, action)()
        appeal.answer = "The agency buys for others as well"
        appeal.action_reject()
        self.assertRecordValues(
            appeal,
            [{"state": "rejected", "approver_id": self.chair.id, "override_id": False}],
        )
        self.assertEqual(self.account.tier_id, self.tier_b)

    def test_nobody_answers_his_own_appeal(self):
        """Who appeals neither answers nor decides."""
        appeal = self.appeal(self.chair)
        with self.assertRaisesRegex(UserError, "Another member"):
            appeal.answer = "Quite right"
        appeal.with_user(self.second).answer = "Quite right"
        with self.assertRaisesRegex(UserError, "Another member"):
            appeal.action_accept()

    def test_outsiders_do_not_answer(self):
        """Who is not of the committee writes no answer."""
        with self.assertRaisesRegex(UserError, "Only the tier committee"):
            self.appeal().with_user(self.manager).answer = "Quite right"

    def test_withdrawn_by_whoever_made_it(self):
        """Only the person who made an appeal withdraws it."""
        appeal = self.appeal()
        with self.assertRaisesRegex(UserError, "Only the person who made"):
            appeal.with_user(self.chair).action_withdraw()
        appeal.action_withdraw()
        self.assertEqual(appeal.state, "withdrawn")
        self.assertFalse(appeal.sudo().activity_ids)

    def test_decided_appeal_stays(self):
        """A decided appeal keeps its words."""
        appeal = self.appeal()
        appeal.with_user(self.chair).answer = "No"
        appeal.with_user(self.chair).action_reject()
        with self.assertRaisesRegex(UserError, "stays as it is"):
            appeal.reason = "Else"
        with self.assertRaisesRegex(UserError, "stays as it is"):
            appeal.with_user(self.chair).answer = "Yes"
        with self.assertRaisesRegex(UserError, "cannot become"):
            appeal.with_user(self.chair).action_accept()

    def test_one_at_a_time(self):
        """A second open appeal about a customer is refused."""
        self.appeal()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.appeal(self.chair)

    def test_committee_is_told(self):
        """The committee finds the appeal on its list, and not when it is decided."""
        appeal = self.appeal()
        self.assertIn(self.chair, appeal.sudo().activity_ids.user_id)
        appeal.with_user(self.chair).answer = "No"
        appeal.with_user(self.chair).action_reject()
        self.assertFalse(appeal.sudo().activity_ids)

    def test_override_is_not_forged(self):
        """Nobody hangs an override of his choice on an appeal."""
        with self.assertRaisesRegex(UserError, "cannot be written directly"):
            self.appeal().write({"override_id": 1})

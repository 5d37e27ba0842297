from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import KeyAccountCase


@tagged("post_install", "-at_install")
class TestVote(KeyAccountCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        account = cls._create_account("Orient Motors")
        account._move("active")
        cls.motion = cls.env["key.account.motion"].create(
            {"account_id": account.id, "kind": "exit", "reason": "Never pays"}
        )
        cls.motion.action_submit()
        cls.motion.with_user(cls.chair).action_vote_yes()
        cls.vote = cls.motion.vote_ids

    def test_a_vote_names_its_member(self):
        """A vote is kept with who gave it, in which company (R015)."""
        self.assertRecordValues(
            self.vote,
            [
                {
                    "user_id": self.chair.id,
                    "company_id": self.company.id,
                    "choice": "yes",
                    "display_name": f"{self.chair.name}: Yes",
                }
            ],
        )

    def test_nobody_votes_for_another(self):
        """Votes are written by voting only, not even with the superuser's rights."""
        for vals in ({"choice": "no"}, {"user_id": self.second.id}, {"comment": "!"}):
            with self.assertRaisesRegex(UserError, "cannot be written directly"):
                self.vote.sudo().write(vals)
        with self.assertRaises(UserError):
            self.vote.with_user(self.second).create(
                {
                    "motion_id": self.motion.id,
                    "company_id": self.company.id,
                    "user_id": self.second.id,
                    "choice": "no",
                }
            )

    def test_a_vote_stays(self):
        """Votes are not deleted."""
        with self.assertRaisesRegex(UserError, "stays on record"):
            self.vote.sudo().unlink()

    def test_one_vote_each_in_the_database(self):
        """Two votes of a member on a motion are impossible."""
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.vote._authorized().create(
                {
                    "motion_id": self.motion.id,
                    "company_id": self.company.id,
                    "user_id": self.chair.id,
                    "choice": "no",
                }
            )

    def test_a_vote_is_on_something(self):
        """A vote on nothing is impossible."""
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.vote._authorized().create(
                {
                    "company_id": self.company.id,
                    "user_id": self.chair.id,
                    "choice": "no",
                }
            )

    def test_readers_see_no_votes(self):
        """How a member voted is for the team and the committee."""
        self.assertTrue(self.vote.with_user(self.seller).has_access("read"))
        self.assertFalse(self.vote.with_user(self.reader).has_access("read"))

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import KeyAccountCase


@tagged("post_install", "-at_install")
class TestVotable(KeyAccountCase):
    """Votes, quorum and majority (key.account.votable, shown on an exit, R015)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.third = cls._create_user("ka_third", "key_account.group_committee")
        cls.account = cls._create_account("Orient Motors")
        cls.account._move("active")
        cls.motion = (
            cls.env["key.account.motion"]
            .with_user(cls.seller)
            .create(
                {"account_id": cls.account.id, "kind": "exit", "reason": "Never pays"}
            )
        )
        cls.motion.action_submit()

    def vote(self, user, choice):
        return getattr(self.motion.with_user(user), f"action_vote_{choice}")()

    def assert_not_carried(self, user, message="is not carried"):
        with self.assertRaisesRegex(UserError, message):
            self.motion.with_user(user).action_approve()
        self.assertEqual(self.motion.state, "review")

    def test_counts(self):
        """Votes are counted by kind; each member sees his own."""
        self.vote(self.chair, "yes")
        self.vote(self.second, "no")
        self.vote(self.third, "abstain")
        self.assertRecordValues(self.motion, [{"yes_count": 1, "no_count": 1}])
        self.assertEqual(self.motion.with_user(self.chair).my_vote, "yes")
        self.assertEqual(self.motion.with_user(self.third).my_vote, "abstain")
        self.assertFalse(self.motion.with_user(self.manager).my_vote)

    def test_a_vote_changes_while_open(self):
        """A member who votes again changes his vote; it counts once."""
        self.vote(self.chair, "yes")
        self.vote(self.chair, "no")
        self.assertRecordValues(self.motion, [{"yes_count": 0, "no_count": 1}])
        self.assertEqual(len(self.motion.vote_ids), 1)

    def test_outsiders_do_not_vote(self):
        """Only the committee votes."""
        for user in (self.seller, self.manager, self.steward):
            with (
                self.subTest(user.login),
                self.assertRaisesRegex(UserError, "Only members of the tier committee"),
            ):
                self.vote(user, "yes")
        self.assertFalse(self.motion.vote_ids)

    def test_no_vote_when_closed(self):
        """Nobody votes on what is decided, nor before it is submitted."""
        self.motion.with_user(self.chair).action_approve()
        with self.assertRaisesRegex(UserError, "not open for votes"):
            self.vote(self.second, "no")
        draft = self.motion.create(
            {
                "account_id": self._create_account("Delta").id,
                "kind": "exit",
                "reason": "Never pays",
            }
        )
        with self.assertRaisesRegex(UserError, "not open for votes"):
            draft.with_user(self.chair).action_vote_yes()

    def test_quorum(self):
        """As many members must say yes as the company wants."""
        self.company.key_account_quorum = 2
        self.assert_not_carried(self.chair, "1 yes, 0 no, 2 yes needed")
        self.vote(self.third, "abstain")
        self.assert_not_carried(self.chair)
        self.vote(self.second, "yes")
        self.motion.with_user(self.chair).action_approve()
        self.assertEqual(self.motion.state, "carried")

    def test_a_tie_is_not_carried(self):
        """As many yes as no carry nothing; one more yes does."""
        self.vote(self.second, "no")
        self.assert_not_carried(self.chair)
        self.vote(self.third, "yes")
        self.motion.with_user(self.chair).action_approve()
        self.assertEqual(self.motion.state, "carried")

    def test_who_votes_no_does_not_carry_it(self):
        """Declaring it carried does not turn a no into a yes."""
        self.vote(self.chair, "no")
        self.assert_not_carried(self.chair)
        self.assertEqual(self.motion.with_user(self.chair).my_vote, "no")

    def test_quorum_is_of_the_company_of_the_motion(self):
        """Another company's quorum does not matter."""
        self._create_company("Far Events").key_account_quorum = 3
        self.motion.with_user(self.chair).action_approve()
        self.assertEqual(self.motion.state, "carried")

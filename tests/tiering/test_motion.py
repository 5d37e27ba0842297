from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import KeyAccountCase


@tagged("post_install", "-at_install")
class TestMotion(KeyAccountCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.industry = cls.env["res.partner.industry"].create({"name": "Cars"})
        cls.account = cls._create_account("Orient Motors")
        cls.account._change_holder(cls.seller)

    def motion(self, kind="admit", complete=True, **vals):
        if complete:
            self.account.write(
                {
                    "industry_id": self.industry.id,
                    "business_focus": "Stands of 200 m²",
                    "potential": 800_000,
                }
            )
        return (
            self.env["key.account.motion"]
            .with_user(self.seller)
            .create(
                {
                    "account_id": self.account.id,
                    "kind": kind,
                    "reason": "Exhibits at four shows a year",
                    **vals,
                }
            )
        )

    def submitted(self, kind="admit"):
        motion = self.motion(kind)
        motion.action_submit()
        return motion

    # --- Taking on (R014, R015, R016) ---

    def test_admission(self):
        """A prospect becomes a candidate when nominated, and active when the service
        team has confirmed him (R014, R015)."""
        motion = self.submitted()
        self.assertEqual(self.account.state, "candidate")
        motion.with_user(self.second).action_vote_yes()
        motion.with_user(self.chair).action_approve()
        self.assertEqual(motion.state, "carried")
        self.assertEqual(motion.approver_id, self.chair)
        self.assertEqual(motion.yes_count, 2, "approving is a vote as well")
        self.assertEqual(self.account.state, "active")
        self.assertFalse(self.account.open_motion_id)
        self.assertFalse(motion.sudo().activity_ids)

    def test_facts_are_recorded(self):
        """Industry, focus and potential are recorded on the account, in the motion
        itself, before it is put to the vote (R016)."""
        motion = self.motion(complete=False)
        with self.assertRaises(UserError) as caught:
            motion.action_submit()
        for label in ("Industry", "Business Focus", "Yearly Potential"):
            self.assertIn(label, str(caught.exception))
        motion.write(
            {
                "industry_id": self.industry.id,
                "business_focus": "Stands of 200 m²",
                "potential": 800_000,
            }
        )
        motion.action_submit()
        self.assertRecordValues(
            self.account,
            [
                {
                    "industry_id": self.industry.id,
                    "business_focus": "Stands of 200 m²",
                    "potential": 800_000,
                    "state": "candidate",
                }
            ],
        )

    def test_only_what_is_missing_is_named(self):
        """The message names the missing facts and no others."""
        self.account.potential = 1
        motion = self.motion(complete=False)
        with self.assertRaises(UserError) as caught:
            motion.action_submit()
        self.assertNotIn("Potential", str(caught.exception))

    def test_rejected_candidate(self):
        """A rejected candidate is a prospect again and may be nominated anew."""
        motion = self.submitted()
        motion.with_user(self.chair).action_refuse()
        self.assertEqual(motion.state, "rejected")
        self.assertEqual(self.account.state, "prospect")
        self.assertEqual(self.submitted().state, "review")

    def test_withdrawn_candidate(self):
        """So is a candidate whose motion is withdrawn."""
        motion = self.submitted()
        motion.action_withdraw()
        self.assertEqual((motion.state, self.account.state), ("withdrawn", "prospect"))
        self.assertFalse(motion.sudo().activity_ids)

    def test_withdrawal_is_the_requesters(self):
        """Somebody else does not withdraw a motion; a manager does."""
        motion = self.submitted()
        with self.assertRaisesRegex(UserError, "Only the person who made"):
            motion.with_user(self.chair).action_withdraw()
        motion.with_user(self.manager).action_withdraw()
        self.assertEqual(motion.state, "withdrawn")

    def test_customer_is_not_taken_on_again(self):
        """Only prospects are nominated."""
        self.account._move("active")
        motion = self.motion()
        with self.assertRaisesRegex(UserError, "Only a prospect"):
            motion.action_submit()

    # --- Ending the cooperation (R017) ---

    def test_exit(self):
        """An exit takes effect when carried; a manager then closes the file (R017)."""
        self.account._move("active")
        motion = self.submitted("exit")
        self.assertEqual(self.account.state, "active")
        motion.with_user(self.chair).action_approve()
        self.assertEqual(self.account.state, "exiting")
        self.account.with_user(self.manager).action_close()
        self.assertEqual(self.account.state, "closed")

    def test_exit_needs_no_facts(self):
        """Industry, focus and potential are no matter of an exit."""
        self.account._move("active")
        motion = self.motion("exit", complete=False)
        motion.action_submit()
        self.assertEqual(motion.state, "review")

    def test_refused_exit(self):
        """A refused exit leaves the customer as he is."""
        self.account._move("active")
        self.submitted("exit").with_user(self.chair).action_refuse()
        self.assertEqual(self.account.state, "active")

    def test_only_a_customer_exits(self):
        """Nobody gives up who is no customer."""
        with self.assertRaisesRegex(UserError, "Only an active customer"):
            self.submitted("exit")

    # --- One at a time, as submitted ---

    def test_one_open_motion(self):
        """A second open motion about a customer is refused; a new one follows when the
        first is decided."""
        first = self.motion()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.motion("exit")
        first.action_withdraw()
        self.env.flush_all()
        self.assertEqual(self.motion().state, "draft")

    def test_buttons_of_the_account_open_the_one_motion(self):
        """The account's buttons offer a new motion, or the open one."""
        account = self.account.with_user(self.seller)
        new = account.action_nominate()
        self.assertFalse(new["res_id"])
        self.assertEqual(new["context"]["default_kind"], "admit")
        motion = self.motion()
        self.assertEqual(account.action_propose_exit()["res_id"], motion.id)

    def test_terms_are_frozen(self):
        """What is voted on does not change under the vote."""
        motion = self.submitted()
        for vals in ({"kind": "exit"}, {"reason": "Else"}):
            with self.assertRaisesRegex(UserError, "as it was submitted"):
                motion.write(vals)

    def test_states_move_along_the_table(self):
        """A draft is not carried, a decided motion not decided again."""
        motion = self.motion()
        for action in ("action_approve", "action_refuse"):
            with self.assertRaises(UserError):
                getattr(motion.with_user(self.chair), action)()
        motion.action_submit()
        motion.with_user(self.chair).action_refuse()
        for action in ("action_approve", "action_refuse", "action_withdraw"):
            with self.assertRaises(UserError):
                getattr(motion.with_user(self.chair).sudo(), action)()
        self.assertEqual(motion.state, "rejected")

    def test_proposer_does_not_declare_it_carried(self):
        """A member of the committee does not carry his own motion (R015)."""
        self.seller.group_ids |= self.env.ref("key_account.group_committee")
        motion = self.submitted()
        motion.action_vote_yes()
        with self.assertRaisesRegex(UserError, "You requested"):
            motion.action_approve()
        self.assertEqual(self.account.state, "candidate")

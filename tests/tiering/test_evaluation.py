"""Evaluations: from simulating to applying, and who may do which step."""

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import DAY
from .evaluation_case import NEXT, EvaluationCase


@tagged("post_install", "-at_install")
class TestDecisionOnEvaluation(EvaluationCase):
    def in_state(self, state):
        """An evaluation brought to a state by its own steps."""
        evaluation = self.new_evaluation()
        steps = {
            "draft": [],
            "simulated": ["simulate"],
            "review": ["simulate", "submit"],
            "approved": ["simulate", "submit", "approve"],
            "applied": ["simulate", "submit", "approve", "apply"],
            "cancelled": ["cancel"],
        }[state]
        for step in steps:
            user = self.chair if step == "approve" else self.manager
            getattr(evaluation.with_user(user), f"action_{step}")()
        self.assertEqual(evaluation.state, state)
        return evaluation

    def test_every_illegal_step_is_refused(self):
        """A step that does not belong to the state is refused with its reason."""
        legal = {
            "simulate": ("draft", "simulated"),
            "submit": ("simulated",),
            "send_back": ("review",),
            "approve": ("review",),
            "apply": ("approved",),
            "cancel": ("draft", "simulated", "review", "approved"),
            "draft": ("simulated",),
        }
        for state in ("draft", "simulated", "review", "approved", "applied"):
            with self.cr.savepoint() as point:
                evaluation = self.in_state(state)
                for step, states in legal.items():
                    if state in states:
                        continue
                    user = self.manager
                    if step in ("send_back", "approve"):
                        user = self.chair
                    with self.subTest(state=state, step=step):
                        self.refused(
                            f"action_{step}",
                            "cannot become|not with the committee",
                            evaluation.with_user(user),
                        )
                point.rollback()
                self.env.invalidate_all()

    def test_nothing_follows_a_cancelled_one(self):
        """A cancelled evaluation stays cancelled."""
        evaluation = self.in_state("cancelled")
        for step in ("simulate", "submit", "apply", "cancel", "draft"):
            with self.subTest(step=step):
                self.refused(f"action_{step}", "cannot become", evaluation)

    def test_apply(self):
        """R011: applying gives every customer score, tier and an entry in the log."""
        evaluation = self._evaluate(DAY)
        self.assertRecordValues(
            self.accounts,
            [
                {
                    "tier_id": self.tiers[code].id,
                    "earned_tier_id": self.tiers[code].id,
                    "is_key": code in "AB",
                    "score": score,
                    "coverage": 1.0,
                    "tier_since": DAY,
                    "evaluated_on": DAY,
                    "line_id": self._line_of(evaluation, account).id,
                }
                for account, code, score in zip(
                    self.accounts, "ABD", (90, 65, 10), strict=True
                )
            ],
        )
        changes = self.accounts.tier_change_ids.sorted(lambda row: row.account_id.id)
        self.assertRecordValues(
            changes,
            [
                {
                    "account_id": account.id,
                    "from_tier_id": False,
                    "to_tier_id": account.tier_id.id,
                    "kind": "evaluation",
                    "evaluation_id": evaluation.id,
                    "score": account.score,
                    "date": DAY,
                    "user_id": self.manager.id,
                }
                for account in self.accounts
            ],
        )
        self.assertTrue(evaluation.applied_on)

    def test_applying_twice_changes_nothing(self):
        """The second time is refused; accounts and log stay as they are."""
        evaluation = self._evaluate(DAY)
        before = self.state_outside()
        self.refused("action_apply", "cannot become", evaluation)
        self.assertEqual(self.state_outside(), before)

    def test_same_result_applied_again(self):
        """An unchanged second evaluation changes no tier and no log."""
        self._evaluate(DAY)
        _accounts, log = self.state_outside()
        again = self._evaluate(NEXT)
        self.assertEqual(again.changed_count, 0)
        self.assertEqual(self.state_outside()[1], log)
        self.assertEqual(self.accounts.mapped("tier_since"), [DAY] * 3)

    def test_committee_only(self):
        """R015: nobody but the committee approves or sends back, no manager either."""
        evaluation = self.in_state("review")
        for step in ("approve", "send_back", "vote_yes"):
            with self.subTest(step=step):
                self.refused(
                    f"action_{step}",
                    "Only (the tier committee|members of the tier committee)",
                    evaluation,
                )
            for user in (self.employee, self.reader, self.seller, self.steward):
                mine = evaluation.with_user(user)
                with self.subTest(user=user.login, step=step):
                    with self.assertRaises(UserError), self.cr.savepoint():
                        getattr(mine, f"action_{step}")()
        evaluation.invalidate_recordset()
        self.assertRecordValues(evaluation, [{"state": "review", "yes_count": 0}])

    def test_never_by_who_submitted(self):
        """R015: a manager of the committee does not approve what he submitted, with
        or without his own vote; another member does."""
        self.manager.group_ids |= self.env.ref("key_account.group_committee")
        evaluation = self.in_state("review")
        self.refused("action_approve", "yourself", evaluation)
        evaluation.action_vote_yes()
        self.refused("action_approve", "yourself", evaluation)
        self.refused("action_apply", "cannot become", evaluation)
        evaluation.with_user(self.second).action_approve()
        self.assertRecordValues(
            evaluation, [{"state": "approved", "approver_id": self.second.id}]
        )

    def test_quorum(self):
        """R015: with a quorum of two, one yes does not carry, two do, and not against
        as many no."""
        self.company.key_account_quorum = 2
        third = self._create_user("ka_third", "key_account.group_committee")
        fourth = self._create_user("ka_fourth", "key_account.group_committee")
        evaluation = self.in_state("review")
        chair = evaluation.with_user(self.chair)
        self.refused("action_approve", "1 yes, 0 no, 2 yes needed", chair)
        evaluation.with_user(self.second).action_vote_yes()
        for user in (third, fourth):
            evaluation.with_user(user).action_vote_no()
        self.refused("action_approve", "2 yes, 2 no", chair)
        evaluation.with_user(third).action_vote_abstain()
        chair.action_approve()
        self.assertRecordValues(
            chair, [{"state": "approved", "yes_count": 2, "no_count": 1}]
        )

    def test_votes_belong_to_a_result(self):
        """R015: votes on a result that was sent back do not count for the next one."""
        self.company.key_account_quorum = 2
        evaluation = self.in_state("review")
        evaluation.with_user(self.second).action_vote_yes()
        evaluation.with_user(self.chair).action_send_back()
        self.small.potential = 99
        evaluation.action_simulate()
        evaluation.action_submit()
        self.assertEqual(evaluation.yes_count, 0)
        chair = evaluation.with_user(self.chair)
        self.refused("action_approve", "1 yes, 0 no, 2 yes needed", chair)

    def test_committee_is_told(self):
        """R015: submitting puts a task on every list; deciding takes it off."""
        evaluation = self.in_state("review")
        users = evaluation.activity_ids.user_id
        self.assertLessEqual(self.chair | self.second, users)
        self.assertNotIn(self.manager, users)
        evaluation.with_user(self.chair).action_approve()
        self.assertFalse(evaluation.activity_ids)

    def test_one_with_the_committee(self):
        """Two evaluations of a company are not with the committee at once."""
        self.in_state("review")
        other = self.in_state("simulated")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(Exception) as caught,
            self.cr.savepoint(),
        ):
            other.action_submit()
            other.flush_recordset()
        self.assertIn("one_in_review", str(caught.exception))

    def test_outdated(self):
        """What was simulated before another one was applied is simulated again."""
        stale = self.in_state("simulated")
        self._evaluate(DAY)
        self.refused("action_submit", "Simulate it again", stale)
        stale.action_simulate()
        stale.action_submit()
        self.assertEqual(stale.state, "review")

    def test_scheme_retired_meanwhile(self):
        """A result by a scheme that is not live any more is not submitted, and not
        applied either."""
        evaluation = self.in_state("approved")
        self._create_scheme([("company_size", 100, 0, 100)])
        self.refused("action_apply", "is not live", evaluation)
        evaluation.action_cancel()
        self.refused("action_submit", "is not live", self.in_state("simulated"))

    def test_draft_scheme_can_be_tried(self):
        """A draft scheme is simulated for a look, and no more."""
        draft = self._create_scheme([("potential", 60, 0, 50)], publish=False)
        evaluation = self._evaluate(DAY, draft, apply=False)
        self.assertEqual(self._line_of(evaluation, self.small).score, 20)
        self.refused("action_submit", "is not live", evaluation)
        draft.criterion_ids.copy({"measure": "company_size"})
        self.assertEqual(len(evaluation.line_ids[0].explanation["rows"]), 2)

    def test_draft_edited_between_trial_and_publication(self):
        """What a scheme said as a draft is not applied: it may have been edited."""
        draft = self._create_scheme([("potential", 100, 0, 50)], publish=False)
        with freeze_time("2026-01-02 08:00:00"):
            evaluation = self._evaluate(DAY, draft, apply=False)
        draft.criterion_ids.target = 5_000
        with freeze_time("2026-01-02 09:00:00"):
            draft.action_publish()
        self.refused("action_submit", "Simulate it again", evaluation)
        evaluation.action_simulate()
        evaluation.action_submit()
        self.assertEqual(evaluation.state, "review")

    def test_back_to_draft(self):
        """Back to draft forgets the result and lets date and scheme change."""
        evaluation = self.in_state("simulated")
        with self.assertRaisesRegex(UserError, "Set it back to draft"):
            evaluation.date = NEXT
        evaluation.action_draft()
        self.assertFalse(evaluation.line_ids)
        evaluation.date = NEXT
        evaluation.action_simulate()
        self.assertEqual(evaluation.line_count, 3)

    def test_no_earlier_than_the_last(self):
        """Nobody evaluates a day before the one that was applied last."""
        self._evaluate(NEXT)
        with self.assertRaisesRegex(ValidationError, "earlier date"):
            self.new_evaluation(DAY)

    def test_decided_stays_on_record(self):
        """What the committee had before it is not deleted."""
        for state in ("review", "approved", "applied"):
            with self.cr.savepoint() as point:
                evaluation = self.in_state(state)
                with (
                    self.subTest(state=state),
                    self.assertRaisesRegex(UserError, "stays on record"),
                ):
                    evaluation.unlink()
                point.rollback()
                self.env.invalidate_all()
        self.in_state("simulated").unlink()

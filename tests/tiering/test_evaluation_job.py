"""Long calculations: in the background, step by step, stopped, resumed, never twice."""

from contextlib import contextmanager
from unittest.mock import patch

from freezegun import freeze_time

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from ...models.tiering import evaluation_engine, evaluation_job
from ..common import DAY
from .evaluation_case import EvaluationCase


class JobCase(EvaluationCase):
    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(evaluation_engine, "STEP", 1))

    @contextmanager
    def in_background(self):
        with patch.object(evaluation_job, "BACKGROUND_FROM", 1):
            yield

    def queued(self):
        evaluation = self.new_evaluation()
        with self.in_background():
            evaluation.action_simulate()
        return evaluation

    def run_job(self, evaluation, after_step=None):
        """Works off the queue as the scheduler does; ``after_step`` is called with
        the number of the commit, in place of it."""
        commits = []

        def commit(cron, processed=0, *, remaining=None, deactivate=False):
            self.env.flush_all()
            commits.append(processed)
            if after_step:
                after_step(len(commits))
            return 60

        cron = self.registry["ir.cron"]
        with patch.object(cron, "_commit_progress", commit):
            evaluation.sudo().browse()._cron_run_evaluations()
        self.env.invalidate_all()
        return commits

    def result(self, evaluation):
        """All columns of the lines that do not differ from one making to another."""
        self.env.flush_all()
        self.cr.execute(
            """
            SELECT to_jsonb(line) - '{id,evaluation_id,create_date,write_date}'::text[]
              FROM key_account_evaluation_line line
             WHERE evaluation_id = %s ORDER BY account_id
            """,
            evaluation.ids,
        )
        return self.cr.fetchall()


@tagged("post_install", "-at_install")
class TestResuming(JobCase):
    def test_interrupted_resumes_to_the_same_result(self):
        """Cut off after its first step, an evaluation goes on and ends like one that
        was never interrupted; what was done is not done again."""
        whole = self.new_evaluation()
        whole.action_simulate()
        evaluation = self.new_evaluation()
        steps = evaluation.sudo()._simulate()
        self.assertEqual(next(steps), (1, 3))
        steps.close()
        first = evaluation.line_ids
        self.assertEqual(len(first), 1)
        self.assertEqual([*evaluation.sudo()._simulate()], [(2, 3), (3, 3)])
        self.assertIn(first, evaluation.line_ids)
        self.assertEqual(self.result(evaluation), self.result(whole))
        self.assertEqual(len(self.result(whole)), 3)

    def test_books_changed_meanwhile(self):
        """Resumed after the books, an override or the scheme have changed, it starts
        over: one evaluation never mixes two states."""
        draft = self._create_scheme([("potential", 100, 0, 100)], publish=False)

        def change_books():
            self.best.potential = 40

        def change_override():
            self.env["key.account.override"].sudo()._authorized().create(
                {
                    "account_id": self.best.id,
                    "tier_id": self.tiers["D"].id,
                    "reason": "Owes us money",
                    "date_from": DAY,
                    "date_to": DAY,
                    "state": "active",
                }
            )

        def change_scheme():
            draft.criterion_ids.target = 200

        for change in (change_books, change_override, change_scheme):
            with self.subTest(change=change.__name__):
                evaluation = self.new_evaluation(scheme_id=draft.id)
                next(evaluation.sudo()._simulate())
                stale = self.result(evaluation)[0]
                change()
                done = [*evaluation.sudo()._simulate()]
                self.assertEqual(done, [(1, 3), (2, 3), (3, 3)])
                self.assertNotEqual(self.result(evaluation)[0], stale)
                fresh = self.new_evaluation(scheme_id=draft.id)
                fresh.action_simulate()
                self.assertEqual(self.result(evaluation), self.result(fresh))


@tagged("post_install", "-at_install")
class TestBackground(JobCase, CronMixinCase):
    def test_few_customers_at_once(self):
        """Where it is a matter of a second the result is there at once."""
        evaluation = self.new_evaluation()
        evaluation.action_simulate()
        self.assertRecordValues(
            evaluation, [{"state": "simulated", "job_state": "done", "progress": 100}]
        )

    def test_many_customers_wait_in_the_queue(self):
        """Many customers are scored by the scheduled job, which is woken at once."""
        cron = self.env.ref("key_account.cron_run_evaluations")
        with self.capture_triggers(cron.id) as woken:
            evaluation = self.queued()
        self.assertEqual(len(woken.records), 1)
        self.assertRecordValues(
            evaluation, [{"state": "draft", "job_state": "queued", "progress": 0}]
        )
        self.assertFalse(evaluation.line_ids)

    def test_progress_moves(self):
        """Everybody sees how far it is; the end is told in the history."""
        evaluation, seen = self.queued(), []
        self.run_job(evaluation, lambda _step: seen.append(evaluation.progress))
        self.assertEqual(seen, [0, 33, 33, 66, 66, 100, 100])
        self.assertRecordValues(
            evaluation, [{"state": "simulated", "job_state": "done", "progress": 100}]
        )
        self.assertEqual(evaluation.line_count, 3)
        told = evaluation.message_ids[0].body
        self.assertIn("3 customers scored, 3 would change their tier", told)

    def test_by_the_scheduler_itself(self):
        """The scheduled job is the one that works off the queue."""
        evaluation = self.queued()
        with self.enter_registry_test_mode():
            self.env.ref("key_account.cron_run_evaluations").method_direct_trigger()
        evaluation.invalidate_recordset()
        self.assertEqual((evaluation.job_state, evaluation.line_count), ("done", 3))

    def test_stop_and_resume(self):
        """Stopped, it keeps what is done and is not submitted; resumed, it ends."""
        whole = self.new_evaluation()
        whole.action_simulate()
        evaluation = self.queued()

        def stop(commit):
            if commit == 2:
                evaluation.action_stop()

        self.run_job(evaluation, stop)
        self.assertEqual(
            (evaluation.job_state, len(evaluation.line_ids)), ("stopped", 1)
        )
        self.run_job(evaluation)
        self.assertEqual(len(evaluation.line_ids), 1)
        with self.in_background():
            evaluation.action_resume()
        commits = self.run_job(evaluation)
        self.assertEqual(sum(commits), 3)
        self.assertEqual(self.result(evaluation), self.result(whole))

    def test_cancelled_meanwhile(self):
        """Cancelled while it runs, it ends and stays cancelled."""
        evaluation = self.queued()

        def cancel(commit):
            if commit == 1:
                evaluation.action_cancel()

        self.run_job(evaluation, cancel)
        self.assertRecordValues(
            evaluation, [{"state": "cancelled", "job_state": "idle"}]
        )

    def test_begun_anew_meanwhile(self):
        """Stopped and begun anew while a step runs, it never keeps lines of both."""
        evaluation = self.queued()

        def begin_anew(commit):
            if commit == 1:
                evaluation.action_stop()
                self.best.potential = 40
                with self.in_background():
                    evaluation.action_simulate()

        self.run_job(evaluation, begin_anew)
        self.run_job(evaluation)
        self.assertEqual(evaluation.job_state, "done")
        scores = [line.score for line in self.lines(evaluation)]
        self.assertEqual(scores, [40, 65, 10])

    def test_half_a_result_goes_nowhere(self):
        """What is not completely calculated is not submitted, nor its date changed."""
        evaluation = self.new_evaluation()
        evaluation.action_simulate()
        with self.in_background():
            evaluation.action_simulate()
        self.refused("action_submit", "not completely calculated", evaluation)
        evaluation.action_stop()
        self.refused("action_submit", "not completely calculated", evaluation)
        waiting = self.queued()
        with self.assertRaisesRegex(UserError, "has results"):
            waiting.date = "2026-03-01"

    def test_running_is_not_started_again(self):
        """A second start of what is waiting or running is refused, and what stands
        still is not stopped."""
        evaluation = self.queued()
        self.refused("action_simulate", "being calculated right now", evaluation)
        self.refused("action_resume", "nothing to resume", evaluation)
        evaluation.action_stop()
        self.refused("action_stop", "not being calculated", evaluation)

    @mute_logger("odoo.addons.key_account.models.tiering.evaluation_job")
    def test_failure_is_told(self):
        """A failure is kept with its message, and the queue goes on with the next."""
        evaluation, other = self.queued(), self.queued()
        engine = self.registry["key.account.evaluation"]
        copy_lines = engine._copy_lines

        def fail(self, lines):
            if self.id == evaluation.id:
                raise ValueError("No room left on the disk")
            copy_lines(self, lines)

        with (
            patch.object(engine, "_copy_lines", fail),
            patch.object(self.cr, "rollback", lambda: self.env.invalidate_all()),
        ):
            self.run_job(evaluation)
        self.assertRecordValues(
            evaluation | other,
            [
                {"job_state": "failed", "job_message": "No room left on the disk"},
                {"job_state": "done", "job_message": False},
            ],
        )
        evaluation.action_resume()
        self.assertEqual((evaluation.job_state, evaluation.line_count), ("done", 3))

    def test_second_worker_leaves_it_alone(self):
        """While one worker calculates an evaluation, another one does not touch it."""
        evaluation = self.queued()
        with self.registry.cursor() as other:
            other.execute(
                "SELECT pg_try_advisory_xact_lock(hashtext(%s), %s)",
                [evaluation._name, evaluation.id],
            )
            self.assertTrue(other.fetchone()[0])
            self.run_job(evaluation)
            self.assertRecordValues(evaluation, [{"job_state": "queued"}])
            self.assertFalse(evaluation.line_ids)
        self.run_job(evaluation)
        self.assertEqual(evaluation.job_state, "done")


@tagged("post_install", "-at_install")
class TestTwoAtOnce(JobCase):
    """Two people, two transactions, rows that both can see."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            scheme = self._make_scheme(env)
            evaluation = env["key.account.evaluation"].create({"scheme_id": scheme.id})
            self.ids = (scheme.id, evaluation.id)
        self.addCleanup(self.remove, *self.ids)

    def _make_scheme(self, env):
        return env["key.account.scheme"].create(
            {"name": "Two at once", "company_id": env.ref("base.main_company").id}
        )

    def remove(self, scheme_id, evaluation_id):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["key.account.evaluation"].browse(evaluation_id).unlink()
            env["key.account.scheme"].browse(scheme_id).unlink()

    def test_second_one_is_refused(self):
        """While one person calculates, decides or applies an evaluation, another one
        is told at once to wait, and gets his turn afterwards."""
        with self.registry.cursor() as one, self.registry.cursor() as two:
            evaluations = [
                api.Environment(cr, SUPERUSER_ID, {})["key.account.evaluation"].browse(
                    self.ids[1]
                )
                for cr in (one, two)
            ]
            evaluations[0].action_simulate()
            for step in ("simulate", "submit", "apply", "cancel", "draft"):
                with (
                    self.subTest(step=step),
                    self.assertRaisesRegex(UserError, "Somebody else is changing"),
                ):
                    getattr(evaluations[1], f"action_{step}")()
            one.rollback()
            two.rollback()
            evaluations[1].action_simulate()
            self.assertEqual(evaluations[1].state, "simulated")
            two.rollback()

    def test_one_company_at_a_time(self):
        """Two evaluations of a company are not applied at the same time."""
        with self.registry.cursor() as one, self.registry.cursor() as two:
            first, second = (
                api.Environment(cr, SUPERUSER_ID, {})["key.account.evaluation"].browse(
                    self.ids[1]
                )
                for cr in (one, two)
            )
            first._lock_company()
            with self.assertRaisesRegex(UserError, "Somebody else is changing"):
                second._lock_company()
            one.rollback()
            two.rollback()


@tagged("post_install", "-at_install")
class TestMonthly(JobCase):
    def prepared(self, company=None):
        return self.env["key.account.evaluation"].search(
            [("company_id", "=", (company or self.company).id)]
        )

    @freeze_time("2026-02-14 08:00:00")
    def test_once_a_month(self):
        """R011: each month one evaluation of its first day is prepared and shown to
        the committee, however often the job runs."""
        for _time in range(2):
            self._run_cron("key.account.evaluation", "_cron_prepare_evaluation")
        evaluation = self.prepared()
        self.assertRecordValues(
            evaluation,
            [
                {
                    "date": DAY.replace(month=2),
                    "scheme_id": self.scheme.id,
                    "state": "simulated",
                    "line_count": 3,
                }
            ],
        )
        users = evaluation.activity_ids.user_id
        self.assertLessEqual(self.chair | self.second, users)
        with freeze_time("2026-03-01 01:00:00"):
            self._run_cron("key.account.evaluation", "_cron_prepare_evaluation")
        self.assertEqual(len(self.prepared()), 2)

    @freeze_time("2026-01-31 17:00:00")
    def test_month_of_the_company(self):
        """R011: where it is February already, February is prepared."""
        self._run_cron("key.account.evaluation", "_cron_prepare_evaluation")
        self.assertEqual(self.prepared().date, DAY.replace(month=2))

    @freeze_time("2026-02-14 08:00:00")
    def test_every_company(self):
        """R011: each company with a live scheme has its own; a cancelled one does not
        count as prepared."""
        branch = self._create_company("Huazhan Guangzhou")
        self._create_scheme(company_id=branch.id)
        other = self._create_company("No scheme yet")
        self._run_cron("key.account.evaluation", "_cron_prepare_evaluation")
        found = self.env["key.account.evaluation"].sudo().search([])
        self.assertLessEqual(self.company | branch, found.company_id)
        self.assertNotIn(other, found.company_id)
        self.prepared().with_user(self.manager).action_cancel()
        self._run_cron("key.account.evaluation", "_cron_prepare_evaluation")
        self.assertEqual(len(self.prepared()), 2)

import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# More customers than this are scored in the background, with a progress bar.
BACKGROUND_FROM = 5_000


class KeyAccountEvaluationJob(models.AbstractModel):
    """Long evaluations run in the background: step by step, each step committed, so
    that everybody sees how far it is, and a stop or a crash loses one step at most."""

    _name = "key.account.evaluation.job"
    _description = "Background Work of Evaluations"
    _inherit = ["key.account.guarded"]

    job_state = fields.Selection(
        [
            ("idle", "Idle"),
            ("queued", "Waiting"),
            ("running", "Running"),
            ("stopped", "Stopped"),
            ("failed", "Failed"),
            ("done", "Done"),
        ],
        "Calculation",
        default="idle",
        required=True,
        copy=False,
    )
    progress = fields.Integer("Progress (%)", copy=False)
    job_message = fields.Char(copy=False)
    rules_digest = fields.Char(
        copy=False,
        export_string_translation=False,
        help="Fingerprint of the scheme that the result was computed by.",
    )
    input_digest = fields.Char(
        copy=False,
        export_string_translation=False,
        help="Fingerprint of the data that the result was computed from.",
    )

    # --- Actions ---

    def action_stop(self):
        """Stops a running calculation after its current step; what is done stays."""
        self._check_manager()
        for evaluation in self:
            if not evaluation._is_calculating():
                raise UserError(
                    self.env._(
                        "%(name)s is not being calculated now.",
                        name=evaluation.display_name,
                    )
                )
        self._authorized().write({"job_state": "stopped"})
        return True

    def action_resume(self):
        """Goes on with a calculation that was stopped or failed."""
        self._check_manager()
        for evaluation in self:
            if evaluation.job_state not in ("stopped", "failed"):
                raise UserError(
                    self.env._(
                        "There is nothing to resume in %(name)s.",
                        name=evaluation.display_name,
                    )
                )
            evaluation._start_job(resume=True)
        return True

    # --- Business ---

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "job_state",
            "progress",
            "job_message",
            "rules_digest",
            "input_digest",
        }

    def _is_calculating(self):
        return self.job_state in ("queued", "running")

    def _start_job(self, resume=False):
        """Simulates now where that is a matter of a second, else in the background.

        :raises UserError: where the calculation is under way already.
        """
        self.ensure_one()
        self._lock()
        if self._is_calculating():
            raise UserError(
                self.env._(
                    "%(name)s is being calculated right now (%(progress)s %%)."
                    " Wait for it, or stop it.",
                    name=self.display_name,
                    progress=self.progress,
                )
            )
        company = self.company_id
        self.env["key.account"].sudo()._open_missing(company)
        if not resume:
            # whoever asks for a new calculation wants the books of today
            self._forget_lines()
            self._authorized().write({"input_digest": False, "progress": 0})
        count = (
            self.env["key.account"]
            .sudo()
            .search_count([("company_id", "=", company.id), ("state", "!=", "closed")])
        )
        if count < BACKGROUND_FROM:
            for _step in self.sudo()._simulate():
                pass
            self._finish_job()
        else:
            self._authorized().write({"job_state": "queued", "job_message": False})
            self.env.ref("key_account.cron_run_evaluations")._trigger()

    def _finish_job(self):
        self._authorized().write(
            {
                "job_state": "done",
                "progress": 100,
                "job_message": False,
            }
        )
        if self.state == "draft":
            self._move("simulated")

    # --- Crons ---

    @api.model
    def _cron_prepare_evaluation(self):
        """Monthly: simulates the live scheme of each company on the first of the month
        and tells the committee (R011)."""
        for scheme in self.env["key.account.scheme"].search([("state", "=", "live")]):
            first = scheme.company_id._key_account_today().replace(day=1)
            known = self.search_count(
                [
                    ("company_id", "=", scheme.company_id.id),
                    ("date", ">=", first),
                    ("state", "!=", "cancelled"),
                ],
                limit=1,
            )
            if known:
                continue
            evaluation = self.with_company(scheme.company_id).create(
                {
                    "scheme_id": scheme.id,
                    "company_id": scheme.company_id.id,
                    "date": first,
                }
            )
            evaluation._start_job()
            evaluation._tell_committee()

    @api.model
    def _cron_run_evaluations(self):
        """Works off the queue. Safe to run twice at once: the second one leaves alone
        what the first one is at; safe to be killed: the next one goes on."""
        for evaluation in self.search([("job_state", "in", ["queued", "running"])]):
            try:
                evaluation._run_job()
            except Exception as error:
                self.env.cr.rollback()
                _logger.exception("Evaluation %s failed", evaluation.id)
                evaluation._authorized().write(
                    {"job_state": "failed", "job_message": str(error)[:500]}
                )
                self.env["ir.cron"]._commit_progress(1)

    def _run_job(self):
        """Simulates with a commit after each step, until done, stopped or cancelled.

        The row of the evaluation is not held while a step runs, so that Stop and
        Cancel come through at once; the right to calculate is a lock of its own.
        """
        commit = self.env["ir.cron"]._commit_progress
        if not self._take_turn():
            return
        for done, total in self._simulate():
            digest = self.input_digest
            commit(1, remaining=1)
            self.invalidate_recordset()
            # somebody may have pressed Stop or Cancel, or begun anew
            if not (self._take_turn() and self.input_digest == digest):
                return
            self._authorized().write(
                {"job_state": "running", "progress": 100 * done // max(total, 1)}
            )
            commit(0, remaining=1)
            if not self._take_turn():
                return
        self._finish_job()
        self.message_post(
            body=self.env._(
                "%(count)s customers scored, %(changed)s would change their tier.",
                count=self.line_count,
                changed=self.changed_count,
            )
        )
        commit(1, remaining=0)

    def _take_turn(self):
        """Whether it is up to this transaction to go on with the calculation."""
        ((mine,),) = self.env.execute_query(
            SQL(
                "SELECT pg_try_advisory_xact_lock(hashtext(%s), %s)",
                self._name,
                self.id,
            )
        )
        wanted = self._is_calculating() and self.state in ("draft", "simulated")
        return mine and wanted

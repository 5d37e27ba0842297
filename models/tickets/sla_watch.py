import logging

import psycopg2

from odoo import api, fields, models

from .sla_projection import ALWAYS

_logger = logging.getLogger(__name__)

BATCH = 500


class KeyAccountSlaWatch(models.AbstractModel):
    """Looks every few minutes which promises are about to be broken, or are, and
    writes down who is to be told (``key.account.sla.notice``).

    Safe to run twice at once and to be killed: the row of a ticket is held while its
    warnings are written, and a warning and the step that it belongs to are written
    together or not at all.
    """

    _name = "key.account.sla.watch"
    _description = "Watch over Promises"

    @api.model
    def _cron_watch(self):
        """The minute job. With nothing due it asks one question."""
        while self._watch_batch():
            pass

    @api.model
    def _watch_batch(self):
        """Takes the steps of up to ``BATCH`` clocks, and keeps them.

        :return: whether to go on: there was something, and there is time left.
        """
        try:
            done = self._watch(fields.Datetime.now())
        except psycopg2.errors.SerializationFailure:
            # somebody changed one of these tickets in the meantime: the next run
            self.env.cr.rollback()
            _logger.info("Promises are being changed; they are looked at again soon.")
            return False
        return bool(self.env["ir.cron"]._commit_progress(done)) and done == BATCH

    @api.model
    def _watch(self, now):
        """Takes all steps that are due. Tickets that somebody is working on right now
        are left to the next run.

        :return: number of clocks.
        """
        due = self.search(
            [("next_event_at", "<=", now)], order="next_event_at, id", limit=BATCH
        )
        if not due:
            return 0
        free = due.ticket_id.try_lock_for_update(allow_referencing=True)
        clocks = due.filtered(lambda clock: clock.ticket_id in free)
        clocks._climb(now)
        return len(clocks)

    def _climb(self, now):
        """Takes the steps of the ladder that these clocks have reached."""
        works = self._working_times(now)
        steps_of = self.env["key.account.sla.ladder"]._steps_of(self.company_id)
        rows, told = {}, []
        for clock in self:
            steps = steps_of(clock.policy_id, clock.company_id)
            work = works[clock._hours_key()]
            reached = clock._reached(work, steps.mapped("percent"), now)
            for step in steps.filtered(lambda step, new=reached: step.percent in new):
                told.append((clock, step))
            if reached:
                rows[clock] = {"ladder_step": max(reached)}
        for percent, clocks in self.grouped(
            lambda clock: rows.get(clock, {}).get("ladder_step")
        ).items():
            if percent:
                clocks._log_event("warn", dict.fromkeys(clocks, now), percent=percent)
        self._project(rows)
        self._refresh()
        self.env["key.account.sla.notice"]._tell(told, now)

    def _reached(self, work, steps, now):
        """The percentages this clock has come to since it was last looked at."""
        coming = [p for p in sorted({*steps, *ALWAYS}) if p > self.ladder_step]
        moments = {percent: self._step_at(work, percent) for percent in coming}
        return [p for p, moment in moments.items() if moment and moment <= now]

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools import promises
from ...tools.ticket_rules import METRICS


class KeyAccountSlaClock(models.Model):
    """A promise that was made on a ticket: what has to be done by when, and whether it
    was (R087). ::

        running <-> paused          held, with a reason that is approved
           |----> met               done in time
           |----> missed            late; still open until it is done
           '----> void              nobody is waiting for it any more

    A clock is a projection of its events (``key.account.sla.event``), which are only
    added to. It starts when the ticket says so and never moves: another handler, team
    or priority does not begin it anew. Where the promised time changes, a new row
    takes its place from the same start, and what had been missed stays missed.
    Nobody but its own methods writes it (``sla_engine.py``).
    """

    _name = "key.account.sla.clock"
    _description = "Promise on a Ticket"
    _inherit = [
        "key.account.sla.watch",
        "key.account.sla.engine",
        "key.account.sla.words",
        "key.account.guarded",
        "key.account.gated",
    ]
    _append_only = True
    _order = "start_at, id"

    ticket_id = fields.Many2one(
        "key.account.ticket", required=True, index=True, ondelete="restrict"
    )
    account_id = fields.Many2one(related="ticket_id.account_id")
    company_id = fields.Many2one("res.company", required=True, index=True)
    consult_id = fields.Many2one(
        "key.account.ticket.consult", "Question", index="btree_not_null"
    )
    metric = fields.Selection(METRICS, "What", required=True)
    run = fields.Integer(
        required=True,
        default=1,
        aggregator=None,
        help="How often this is promised on this ticket.",
    )

    # what was promised
    policy_id = fields.Many2one("key.account.sla.policy", "By", ondelete="restrict")
    target_minutes = fields.Integer("Promised (Minutes)", required=True)
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Hours",
        ondelete="restrict",
        help="Empty: day and night.",
    )
    pausable = fields.Boolean("May Be Held")
    replaces_id = fields.Many2one(
        "key.account.sla.clock", "Instead of", index="btree_not_null"
    )

    # how it went
    state = fields.Selection(
        [
            ("running", "Running"),
            ("paused", "Held"),
            ("met", "Met"),
            ("missed", "Missed"),
            ("void", "Void"),
        ],
        "Status",
        required=True,
        default="running",
        index=True,
    )
    start_at = fields.Datetime("Started", required=True)
    due_at = fields.Datetime("Due", help="Empty while it is held.")
    stop_at = fields.Datetime("Stopped")
    missed_at = fields.Datetime("Missed at")
    late_minutes = fields.Integer(
        "Late (Minutes)", help="Working time between the due time and the deed."
    )
    late_hours = fields.Float(
        "Late (Hours)", compute="_compute_late_hours", store=True, precompute=True
    )
    held_minutes = fields.Integer("Held (Minutes)", help="Working time it stood still.")
    worked_minutes = fields.Integer(
        "Took (Minutes)",
        help="Working time from the start to the deed, holds left out.",
    )
    ladder_step = fields.Integer("Warned at (%)", aggregator=None)
    next_event_at = fields.Datetime(
        help="When somebody has to be told, or the promise is broken."
    )
    failed_by_id = fields.Many2one("res.users", "Failed by", index="btree_not_null")
    failed_department_id = fields.Many2one("hr.department", index="btree_not_null")
    event_ids = fields.One2many("key.account.sla.event", "clock_id", "Log")

    _run_uniq = models.UniqueIndex(
        "(ticket_id, metric, run, COALESCE(consult_id, 0)) WHERE state != 'void'",
        "This promise is running already.",
    )
    # what the minute job asks for
    _next_event_idx = models.Index("(next_event_at) WHERE next_event_at IS NOT NULL")
    _open_idx = models.Index("(ticket_id) WHERE stop_at IS NULL")
    _calendar_idx = models.Index("(calendar_id) WHERE stop_at IS NULL")

    # --- Compute ---

    @api.depends("late_minutes")
    def _compute_late_hours(self):
        for clock in self:
            clock.late_hours = clock.late_minutes / 60

    @api.depends("metric", "run", "consult_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["metric"]._description_selection(self.env))
        for clock in self:
            name = labels.get(clock.metric, "")
            clock.display_name = f"{name} ({clock.run})" if clock.run > 1 else name

    # --- Actions ---

    def action_reset(self, reason=None):
        """Begins an open promise anew from now: a manager does so, for a reason that
        stays in the log (I5). What was late already stays late."""
        self.ensure_one()
        if not reason:
            form = self.ticket_id._ask("reset")
            form["context"]["default_clock_id"] = self.id
            return form
        self._check_group(
            "key_account.group_manager",
            self.env._("Only a manager begins a promise anew. Ask one."),
        )
        self.ticket_id._begin_step()
        if self.stop_at:
            raise UserError(self.env._("This promise has ended: it stays as it is."))
        wanted = (self.ticket_id, self.metric, fields.Datetime.now(), self.consult_id)
        self._void(note=reason)
        self._start([wanted])
        self.ticket_id._message_log(
            body=self.env._(
                "%(what)s begins anew: %(why)s", what=self.display_name, why=reason
            )
        )
        return True

    # --- Business ---

    def _gated_accounts(self):
        return self.sudo().ticket_id.account_id

    def _time_left(self, now):
        """How long each open promise has, or how late it is, in short: the time on the
        wall up to its due time, the time at work since then.

        :return: ``{clock: (whether it is late, words)}``; without those that are held.
        """
        works = self._working_times(now)
        return {
            clock: clock._time_left_in(works[clock._hours_key()], now)
            for clock in self
            if clock.due_at
        }

    def _time_left_in(self, work, now):
        if now < self.due_at:
            minutes = int((self.due_at - now).total_seconds() / 60)
            return False, self.env._("in %(time)s", time=self._span(minutes))
        target = self.target_minutes * 60
        left = promises.remaining(work, self.start_at, target, self._holds(), now)
        if left >= 0:  # nobody has been at work since
            return False, self.env._("due now")
        return True, self.env._("%(time)s late", time=self._late_span(-left // 60))

    @api.model
    def _open_domain(self):
        """Domain of the promises that wait for something to be done."""
        return Domain("stop_at", "=", False)

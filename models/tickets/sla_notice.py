import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.fields import Domain

_logger = logging.getLogger(__name__)


class KeyAccountSlaNotice(models.Model):
    """Somebody is to hear that a promise is about to be broken, or is: one row for
    each warning and person, gathered into one digest in his working hours
    (``sla_digest.py``). ::

        waiting -> told            in his digest
           |-----> moot            done before he had to be told
           '-----> passed          he has left: somebody else is told instead
        nobody                     there was nobody to tell
    """

    _name = "key.account.sla.notice"
    _description = "Warning to Somebody"
    _inherit = ["key.account.sla.digest", "key.account.guarded"]
    _append_only = True
    _order = "id desc"
    _rec_name = "clock_id"

    clock_id = fields.Many2one(
        "key.account.sla.clock",
        "Promise",
        required=True,
        index=True,
        ondelete="restrict",
    )
    ticket_id = fields.Many2one("key.account.ticket", required=True, index=True)
    company_id = fields.Many2one("res.company", required=True, index=True)
    user_id = fields.Many2one("res.users", "Told to", index=True)
    percent = fields.Integer("At (%)", aggregator=None)
    receiver = fields.Selection(
        selection=lambda self: (
            self.env["key.account.sla.ladder"]
            ._fields["receiver"]
            ._description_selection(self.env)
        ),
        string="As",
    )
    at = fields.Datetime("Arose", required=True)
    at_once = fields.Boolean(
        "Day and Night", help="The promise runs day and night, and so do warnings."
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("told", "Told"),
            ("moot", "Done in the Meantime"),
            ("passed", "Passed On"),
            ("nobody", "Nobody Could Be Told"),
        ],
        "Status",
        required=True,
        default="waiting",
        index=True,
    )
    delivered_at = fields.Datetime("Dealt With")

    _once = models.Constraint(
        "UNIQUE(clock_id, percent, user_id)", "Nobody is told the same thing twice."
    )
    _waiting_idx = models.Index("(user_id) WHERE state = 'waiting'")

    # --- Compute ---

    @api.depends("clock_id", "ticket_id")
    def _compute_display_name(self):
        for notice in self:
            told = notice.sudo()
            names = told.ticket_id.display_name, told.clock_id.display_name
            notice.display_name = " · ".join(filter(None, names))

    # --- Business ---

    @api.model
    def _tell(self, told, now):
        """Writes down who is to be told.

        :param told: list of ``(clock, step of the ladder)``.
        """
        rows, activities = {}, {}
        for clock, step in told:
            user = clock.ticket_id._receiver(step.receiver, clock)
            vals = self._prepare_notice(clock, step.percent, step.receiver, user, now)
            key = clock.id, step.percent, user.id
            rows[key] = vals
            if step.make_activity and user:
                activities[key] = (clock, user)
        self.sudo()._authorized().create(list(rows.values()))
        self._make_activities(activities.values())

    @api.model
    def _prepare_notice(self, clock, percent, receiver, user, now):
        return {
            "clock_id": clock.id,
            "ticket_id": clock.ticket_id.id,
            "company_id": clock.company_id.id,
            "user_id": user.id,
            "percent": percent,
            "receiver": receiver,
            "at": now,
            "at_once": not clock.calendar_id,
            "state": "waiting" if user else "nobody",
        }

    def _make_activities(self, wanted):
        """One activity for each, in one go and without a mail of its own: the digest
        tells of it."""
        todo = self.env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)
        model_id = self.env["ir.model"]._get_id("key.account.ticket")
        self.env["mail.activity"].sudo().with_context(
            mail_activity_quick_update=True
        ).create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": clock.ticket_id.id,
                    "activity_type_id": todo.id if todo else False,
                    "summary": self.env._(
                        "Promise at risk: %(what)s", what=clock.display_name
                    ),
                    "user_id": user.id,
                    "date_deadline": clock.company_id._key_account_day(
                        clock.due_at or fields.Datetime.now()
                    ),
                }
                for clock, user in wanted
            ]
        )

    # --- Delivery ---

    @api.model
    def _cron_deliver(self):
        """Sends each person one digest of his warnings, in his working hours. Safe to
        run twice at once: warnings are told and ticked off together. Where one digest
        fails, the others go out all the same, and it is tried again next time."""
        for (user,) in self._read_group(self._waiting_domain(), ["user_id"]):
            try:
                with self.env.cr.savepoint():
                    told = self._deliver_to(user, fields.Datetime.now())
            except psycopg2.errors.SerializationFailure:
                self.env.cr.rollback()
                continue  # another process told him
            except Exception:
                _logger.exception("No digest of promises for user %s", user.id)
                continue
            if not self.env["ir.cron"]._commit_progress(told):
                break

    @api.model
    def _waiting_domain(self):
        return Domain("state", "=", "waiting")

    @api.model
    def _deliver_to(self, user, now):
        """Deals with the warnings of ``user`` that can be dealt with now.

        :return: number of them.
        """
        notices = self.search(self._waiting_domain() & Domain("user_id", "=", user.id))
        if user.active and not user._key_account_works_at(now):
            notices = notices.filtered("at_once")
        notices = notices.try_lock_for_update().filtered_domain(self._waiting_domain())
        moot = notices.filtered("clock_id.stop_at")
        moot._settle("moot", now)
        # what stands still is not at risk, and is told when it goes on
        risky = (notices - moot).filtered("clock_id.due_at")
        if user.active:
            risky._send_digest(user, now)
            risky._settle("told", now)
        else:
            risky._pass_on(now)
        return len(moot | risky)

    def _pass_on(self, now):
        """The person has left: whoever hears of it in his place is told."""
        rows = {}
        for notice in self:
            clock = notice.clock_id
            user = clock.ticket_id._receiver(notice.receiver, clock)
            vals = self._prepare_notice(
                clock, notice.percent, notice.receiver, user, now
            )
            rows[clock.id, notice.percent, user.id] = vals
        told_already = self.search(Domain("clock_id", "in", self.clock_id.ids))
        for notice in told_already:
            rows.pop((notice.clock_id.id, notice.percent, notice.user_id.id), None)
        self._authorized().create(list(rows.values()))
        self._settle("passed", now)

    def _settle(self, state, now):
        if self:
            self._authorized().write({"state": state, "delivered_at": now})

    @api.autovacuum
    def _gc_told(self):
        """What was dealt with more than a year ago is forgotten."""
        old = fields.Datetime.now() - timedelta(days=366)
        self.search([("delivered_at", "<", old)], limit=10_000)._authorized().unlink()

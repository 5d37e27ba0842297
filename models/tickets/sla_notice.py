from datetime import timedelta

import psycopg2
from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime


class KeyAccountSlaNotice(models.Model):
    """Somebody is to hear that a promise is about to be broken, or is: one row for
    each warning and person, gathered into one digest in his working hours."""

    _name = "key.account.sla.notice"
    _description = "Warning to Somebody"
    _inherit = ["key.account.guarded"]
    _append_only = True
    _order = "id desc"
    _rec_name = "clock_id"

    clock_id = fields.Many2one(
        "key.account.sla.clock", required=True, index=True, ondelete="restrict"
    )
    ticket_id = fields.Many2one("key.account.ticket", required=True, index=True)
    company_id = fields.Many2one("res.company", required=True, index=True)
    user_id = fields.Many2one("res.users", "Told to", index=True)
    percent = fields.Integer("At (%)", aggregator=None)
    receiver = fields.Char("As", export_string_translation=False)
    at = fields.Datetime(required=True)
    at_once = fields.Boolean(help="The promise runs day and night, and so do warnings.")
    delivered_at = fields.Datetime("Told")

    _once = models.Constraint(
        "UNIQUE(clock_id, percent, user_id)", "Nobody is told the same thing twice."
    )
    _waiting_idx = models.Index("(user_id) WHERE delivered_at IS NULL")

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
            key = clock.id, step.percent, user.id
            rows[key] = {
                "clock_id": clock.id,
                "ticket_id": clock.ticket_id.id,
                "company_id": clock.company_id.id,
                "user_id": user.id,
                "percent": step.percent,
                "receiver": step.receiver,
                "at": now,
                "at_once": not clock.calendar_id,
            }
            if step.make_activity and user:
                activities[key] = (clock, user)
        self.sudo()._authorized().create(list(rows.values()))
        self._make_activities(activities.values())

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

    # --- Digest ---

    @api.model
    def _cron_deliver(self):
        """Sends each person one digest of his warnings, in his working hours. Safe to
        run twice at once: warnings are told and ticked off together."""
        waiting = self._waiting_domain()
        for (user,) in self._read_group(waiting, ["user_id"]):
            try:
                told = self._deliver_to(user, fields.Datetime.now())
            except psycopg2.errors.SerializationFailure:
                self.env.cr.rollback()
                told = 0  # another process told him
            self.env["ir.cron"]._commit_progress(told)

    @api.model
    def _waiting_domain(self):
        return Domain("delivered_at", "=", False) & Domain("user_id", "!=", False)

    @api.model
    def _deliver_to(self, user, now):
        notices = self.search(self._waiting_domain() & Domain("user_id", "=", user.id))
        if not user._key_account_works_at(now):
            notices = notices.filtered("at_once")
        notices = notices.try_lock_for_update()
        notices._deliver(user, now)
        return len(notices)

    def _deliver(self, user, now):
        """Tells ``user`` of these warnings in one message."""
        if not self:
            return
        if user.active:
            mine = self.with_context(lang=user.lang, tz=user.tz)
            mine.env["mail.thread"].message_notify(
                partner_ids=user.partner_id.ids,
                subject=mine.env._(
                    "%(count)s promises need you", count=len(self.clock_id)
                ),
                body=mine._digest(),
                email_layout_xmlid="mail.mail_notification_light",
            )
        self._authorized().write({"delivered_at": now})

    def _digest(self):
        """The body of the message: the latest step of each promise, late ones first."""
        latest = {}
        for notice in self.sorted("percent"):
            latest[notice.clock_id] = notice
        lines = sorted(
            latest.values(), key=lambda n: (-n.percent, n.clock_id.due_at or n.at)
        )
        items = Markup("").join(notice._digest_line() for notice in lines)
        return Markup("<ul>%s</ul>") % items

    def _digest_line(self):
        ticket, clock = self.ticket_id, self.clock_id
        link = Markup('<a href="%s">%s</a>') % (
            f"/odoo/key-account-tickets/{ticket.id}",
            ticket.display_name,
        )
        when = format_datetime(self.env, clock.due_at, dt_format="short")
        words = (
            self.env._("%(what)s was due %(when)s", what=clock.display_name, when=when)
            if self.percent >= 100
            else self.env._(
                "%(what)s is due %(when)s", what=clock.display_name, when=when
            )
        )
        return Markup("<li>%s: %s</li>") % (link, words)

    @api.autovacuum
    def _gc_told(self):
        """What was told more than a year ago is forgotten."""
        old = fields.Datetime.now() - timedelta(days=366)
        self.search([("delivered_at", "<", old)], limit=10_000)._authorized().unlink()

import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

_logger = logging.getLogger(__name__)

BATCH = 100


class KeyAccountTicketSilence(models.AbstractModel):
    """Answered enquiries whose customers say nothing more are closed after some days
    (R095). What the daily job leaves out it hands to the handler, with the reason."""

    _name = "key.account.ticket.silence"
    _description = "Silence of the Customer"

    @api.model
    def _cron_close_silent(self):
        """The daily job. It may be killed and run twice: what is closed is closed, and
        a ticket that cannot be closed stops none of the others."""
        last_id = 0
        while True:
            seen, _left_out = self._close_silent(fields.Datetime.now(), last_id)
            if not self.env["ir.cron"]._commit_progress(len(seen)) or not seen:
                break
            last_id = seen[-1].id

    @api.model
    def _close_silent(self, now, after_id=0):
        """Closes the next of them.

        :return: ``(tickets that were looked at, {ticket: why it was left out})``.
        """
        seen = self.search(
            self._silent_domain(now) & Domain("id", ">", after_id),
            order="id",
            limit=BATCH,
        )
        left_out = {}
        for ticket in seen:
            why = ticket._close_as_silent(now)
            if why:
                left_out[ticket] = why
                _logger.info("%s is not closed: %s", ticket.number, why)
        return seen, left_out

    @api.model
    def _silent_domain(self, now):
        """Domain of the answered enquiries on which nobody has said a word for the days
        of their company."""
        answered = Domain("kind", "=", "enquiry") & Domain("state", "=", "answered")
        rows = self.env[self._name].sudo()._read_group(answered, ["company_id"])
        return answered & Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain(
                "last_reply_at",
                "<=",
                now - timedelta(days=company.key_account_silence_days),
            )
            for (company,) in rows
        )

    def _close_as_silent(self, now):
        """:return: why it could not be closed, or None."""
        try:
            with self.env.cr.savepoint():
                free = self.try_lock_for_update(allow_referencing=True)
                if not free.filtered_domain(self._silent_domain(now)):
                    return self.env._("Somebody is working on it.")
                if self.current_hold_id:
                    raise UserError(self.env._("It is on hold."))
                self.action_close(nothing_else="silent")
        except psycopg2.errors.SerializationFailure:
            return self.env._("Somebody is working on it.")
        except Exception as error:
            why = str(error) or repr(error)
            self._hand_back(why)
            return why
        return None

    def _hand_back(self, why):
        """Somebody sees to it: one activity, however often the job comes by."""
        xmlid = "key_account.activity_close_enquiry"
        summary = self.env._("Could not be closed by itself: %(why)s", why=why)
        known = self.activity_search([xmlid])
        if known:
            known[:1].summary = summary
            return
        people = self.user_id | self.team_id.leader_id
        user = people.filtered("active")[:1] or self._any_manager(self.company_id)
        if user:
            quick = self.with_context(mail_activity_quick_update=True)
            quick.activity_schedule(xmlid, user_id=user.id, summary=summary)

from babel.dates import format_skeleton
from markupsafe import Markup
from werkzeug.urls import url_encode

from odoo import api, fields, models
from odoo.tools.misc import babel_locale_parse


class KeyAccountSlaDigest(models.AbstractModel):
    """The message that tells somebody of promises at risk: late ones first, each with
    the time it is due in his zone, how much of it is left, and a way to what he can do
    about it, in his language."""

    _name = "key.account.sla.digest"
    _description = "Digest of Warnings"

    def _send_digest(self, user, now):
        """Tells ``user`` of these warnings in one message."""
        if not self:
            return
        mine = self.with_context(lang=user.lang, tz=user.tz or "UTC")
        promises = mine._promises_of_digest(now)
        subject = mine._digest_subject(promises)
        mine.env["mail.thread"].message_notify(
            partner_ids=user.partner_id.ids,
            subject=subject,
            body=mine._digest_body(promises, user),
            model_description=mine.env._("Promises to Customers"),
            force_record_name=subject,
            force_email_company=mine.company_id[:1],
            force_email_lang=user.lang,
            email_layout_xmlid="mail.mail_notification_light",
        )

    # --- What is told ---

    def _promises_of_digest(self, now):
        """Each promise once, the latest first, however many warnings there are of it.

        :return: list of ``(clock, whether it is late, words)``.
        """
        clocks = self.clock_id.sorted(lambda clock: (clock.due_at, clock.id))
        left = clocks._time_left(now)
        rows = [(clock, *left[clock]) for clock in clocks]
        return sorted(rows, key=lambda row: not row[1])

    @api.model
    def _digest_subject(self, promises):
        late = sum(1 for _clock, is_late, _words in promises if is_late)
        if len(promises) == 1:
            clock, is_late, words = promises[0]
            return self.env._(
                "%(number)s: %(what)s %(words)s",
                number=clock.ticket_id.number,
                what=clock.display_name,
                words=words,
            )
        if late == len(promises):
            return self.env._("Promises: %(count)s late", count=late)
        if not late:
            return self.env._("Promises: %(count)s nearly late", count=len(promises))
        return self.env._(
            "Promises: %(late)s late, %(soon)s nearly late",
            late=late,
            soon=len(promises) - late,
        )

    @api.model
    def _digest_body(self, promises, user):
        may_read = self.ticket_id.with_user(user)._filtered_access("read").ids
        rows = [self._digest_row(*promise, may_read) for promise in promises]
        return Markup(
            '<table role="presentation" width="100%%" cellpadding="6"'
            ' style="border-collapse:collapse;">%s</table>'
        ) % Markup("").join(rows)

    @api.model
    def _digest_row(self, clock, is_late, words, may_read):
        return Markup(
            '<tr style="border-bottom:1px solid #ddd;">'
            '<td style="white-space:nowrap;vertical-align:top;">'
            '<strong style="color:%s;">%s</strong><br/><small>%s</small></td>'
            '<td style="vertical-align:top;">%s<br/><small>%s</small></td></tr>'
        ) % (
            "#b02a37" if is_late else "#8a5a00",
            words,
            self._digest_moment(clock.due_at),
            self._digest_link(clock, may_read),
            self._digest_facts(clock),
        )

    @api.model
    def _digest_moment(self, moment):
        """A moment with its day of the week, as the reader writes it, in his zone."""
        local = fields.Datetime.context_timestamp(self, moment)
        locale = babel_locale_parse(self.env.context.get("lang") or "en_US")
        # no skeleton has both in every language
        parts = [format_skeleton(key, local, locale=locale) for key in ("MMMEd", "Hm")]
        return " ".join(parts)

    @api.model
    def _digest_link(self, clock, may_read):
        """A link that works from a mail. Who may not see the ticket, as a department
        that is asked, is sent to what he may see (I9)."""
        ticket, consult = clock.ticket_id, clock.consult_id
        if ticket.id in may_read:
            record, name = ticket, ticket.display_name
        elif consult:
            record, name = consult, consult.display_name
        else:
            return ticket.number
        params = url_encode({"model": record._name, "res_id": record.id})
        return Markup('<a href="%s"><strong>%s</strong></a>') % (
            f"/mail/view?{params}",
            name,
        )

    @api.model
    def _digest_facts(self, clock):
        consult = clock.consult_id
        user = consult.user_id if consult else clock.ticket_id.user_id
        whose = consult.department_id.name if consult else False
        return " · ".join(
            filter(
                None,
                [
                    clock.display_name,
                    whose,
                    user.name or self.env._("nobody has taken it"),
                ],
            )
        )

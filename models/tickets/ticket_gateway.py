import logging
from datetime import datetime, timedelta

import psycopg2
from psycopg2 import errors

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Domain
from odoo.tools import email_normalize, is_html_empty
from odoo.tools.mail import email_split_and_format

from ...tools.charsets import clean
from ...tools.intake import Intake, is_forced
from ...tools.letter_mending import mend
from ...tools.letters import Letter
from .ticket_routing import TICKET

_logger = logging.getLogger(__name__)

RECIPIENTS = ("delivered-to", "to", "cc", "resent-to", "resent-cc")
# What the database asks to be tried again.
TRY_AGAIN = (
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.LockNotAvailable,
)
ATTEMPTS = 3
ATTEMPT_KEY = "key_account_attempt"
TEXTS = ("subject", "email_from", "from", "to", "cc", "recipients", "message_id")
TEXTS += ("references", "in_reply_to", "body", "to_filtered", "cc_filtered")


class KeyAccountTicketGateway(models.AbstractModel):
    """Takes in mails for tickets (R086): each becomes one ticket, goes to the ticket it
    answers, is refused and kept where people find it (``key.account.ticket.refusal``),
    or is a bounce, which is Odoo's to handle. Whatever is wrong with a mail, it does
    not stop those behind it.
    """

    _name = "key.account.ticket.gateway"
    _description = "Gateway of Tickets"
    _inherit = ["key.account.ticket.routing"]

    # --- Is it for us? ---

    @api.model
    def _open(self, model, message):
        """A mail that is for tickets: sent to a mailbox, fetched by a server that makes
        tickets of all mails, or an answer to what we wrote on a ticket.

        :return: what is known of it (``Intake``), or None.
        """
        raw = getattr(message, "data", message)
        letter = Letter(raw.encode() if isinstance(raw, str) else bytes(raw))
        intake = self._look_up(letter)
        intake.is_forced = is_forced(self)
        threads = " ".join(letter.values("references", "in-reply-to"))
        intake.is_ours = model == TICKET or bool(self._mailbox_aliases(intake))
        return intake if intake.is_ours or f"-{TICKET}@" in threads else None

    @api.model
    def _look_up(self, letter):
        """Which of the addresses in a mail are our own."""
        recipients = letter.addresses(*RECIPIENTS)
        senders = letter.addresses("from")[:1]
        asked = {*recipients, *senders}
        aliases = self.env["mail.alias"].sudo().search(self._alias_domain(asked))
        domains = self.env["mail.alias.domain"].sudo().search(Domain.TRUE)
        own = {*domains.mapped("bounce_email"), *domains.mapped("catchall_email")}
        own.update(domains.mapped("default_from_email"))
        own.update(a for a in asked if any(self._is_at(alias, a) for alias in aliases))
        hit = aliases.filtered(lambda al: any(self._is_at(al, a) for a in recipients))
        sender = email_normalize(senders[0]) if senders else ""
        intake = Intake(letter, sender or "", hit, own, asked)
        bounces = set(domains.mapped("bounce_email"))
        intake.is_bounce |= not bounces.isdisjoint(
            letter.addresses("delivered-to", "to")
        )
        return intake

    @api.model
    def _alias_domain(self, addresses):
        """Domain of the aliases that may have one of these addresses."""
        names = [address.partition("@")[0] for address in addresses]
        local = Domain("alias_incoming_local", "=", True)
        return Domain("alias_full_name", "in", list(addresses)) | (
            local & Domain("alias_name", "in", names)
        )

    @api.model
    def _is_at(self, alias, address):
        """Whether what is sent to ``address`` arrives at an alias."""
        if not alias.alias_incoming_local:
            return alias.alias_full_name == address
        name, _at, domain = address.partition("@")
        config = self.env["ir.config_parameter"].sudo()
        allowed = config.get_param("mail.catchall.domain.allowed") or ""
        allowed = [part for part in allowed.split(",") if part]
        return alias.alias_name == name and (
            not allowed or domain in (*allowed, alias.alias_domain)
        )

    # --- Take it in ---

    @api.model
    def _take_in(self, intake, process):
        """Has Odoo process a mail: as it is, or else what is left of it. One that
        cannot be taken in at all is refused and kept."""
        problem = None
        for _attempt in range(2):
            try:
                with self.env.cr.savepoint():
                    return process(intake.letter.source)
            except TRY_AGAIN:
                raise
            except Exception as error:
                if not intake.is_ours or intake.is_forced and intake.is_plain:
                    raise
                _logger.warning("A mail could not be taken in: %r", error)
                problem, intake.is_plain = str(error) or repr(error), True
        self._refuse(intake, "broken", problem)
        return False

    @api.model
    def _take_in_anew(self, model, message, *args, **kwargs):
        """Somebody changed the same ticket at the same moment. A server that fetches
        mails does not bring one twice: it is taken in as things are now, in a
        transaction of its own."""
        attempt = self.env.context.get(ATTEMPT_KEY, 0) + 1
        if attempt > ATTEMPTS:
            raise ConcurrencyError("the ticket of a mail is changed over and over")
        with self.pool.cursor() as cr:
            context = {**self.env.context, ATTEMPT_KEY: attempt}
            thread = self.env(cr=cr, context=context)["mail.thread"]
            return thread.message_process(model, message, *args, **kwargs)

    @api.model
    def _parse(self, intake, message, parse):
        """What is in a mail, in the right characters; of one that Odoo cannot read what
        is left of it."""
        if not intake.is_plain:
            try:
                mend(message, intake.letter.hints)
                values = self._cleaned(intake, parse(message))
            except psycopg2.Error:
                raise
            except Exception as error:
                _logger.info("A mail is read as far as it can be: %r", error)
                values = {}
            seen = values.get("attachments") or not is_html_empty(values.get("body"))
            if values and (seen or not intake.letter.has_body):
                return values
            intake.is_plain = True
        values = self._cleaned(intake, parse(intake.letter.plain_copy()))
        if intake.letter.is_report:
            values |= self._undeliverable()
        return values

    @api.model
    def _cleaned(self, intake, values):
        """What Odoo found in a mail, without what no database takes."""
        for name in TEXTS:
            if values.get(name):
                # the class of a text says whether it is HTML
                values[name] = type(values[name])(clean(values[name]))
        known = [
            copy
            for copy in email_split_and_format(values.get("cc") or "")
            if email_normalize(copy)
        ]
        return {
            **values,
            "cc": ",".join(known),
            "message_id": intake.letter.message_id,
            "date": self._plausible_date(values.get("date")),
            "attachments": [self._file(*file) for file in values["attachments"]],
        }

    @api.model
    def _plausible_date(self, date):
        """When it was written, as far as that can be: not in a future, nor before there
        were mails."""
        now = fields.Datetime.now()
        try:
            date = fields.Datetime.to_datetime(date) or now
        except ValueError:
            return now
        return date if datetime(1980, 1, 1) < date < now + timedelta(days=1) else now

    @api.model
    def _file(self, name, content, info=None):
        """A file in a mail, as bytes."""
        if isinstance(content, str):
            content = content.encode((info or {}).get("encoding") or "utf-8", "replace")
        elif hasattr(content, "as_bytes"):
            content = content.as_bytes()
        return clean(name) or "attachment", content or b"", info or {}

    @api.model
    def _undeliverable(self):
        """What is known of a bounce that says nothing readable."""
        return {
            "is_bounce": True,
            "bounced_email": False,
            "bounced_partner": self.env["res.partner"],
            "bounced_msg_ids": False,
            "bounced_message": self.env["mail.message"],
        }

import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime, formataddr

_logger = logging.getLogger(__name__)

# Nobody hears from us more than once in this time, however much he writes.
PAUSE = timedelta(hours=1)
BATCH = 100
# What other programs need to know, so that they do not answer.
HEADERS = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}


class KeyAccountTicketAcknowledgement(models.AbstractModel):
    """Tells the customer at once that his message has arrived, its number, and by when
    he hears from us (R086). A mail that came in waits for the minute job, so that
    nothing that goes wrong here touches what came in; who takes in a ticket in another
    way calls ``_acknowledge()``.

    It is the acknowledgement that was promised, and no reply (I7).
    """

    _name = "key.account.ticket.acknowledgement"
    _description = "Acknowledgement of a Ticket"
    _inherit = ["key.account.guarded"]

    acknowledgement = fields.Selection(
        [
            ("wanted", "To Be Sent"),
            ("sent", "Sent"),
            ("left_out", "Not Sent"),
        ],
        readonly=True,
        copy=False,
    )
    acknowledged_at = fields.Datetime(readonly=True, copy=False)
    acknowledged_to = fields.Char(
        readonly=True, copy=False, export_string_translation=False
    )

    _acknowledgement_wanted_idx = models.Index("(id) WHERE acknowledgement = 'wanted'")
    _acknowledged_idx = models.Index(
        "(acknowledged_to, acknowledged_at) WHERE acknowledged_to IS NOT NULL"
    )

    # --- CRUD ---

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "acknowledgement",
            "acknowledged_at",
            "acknowledged_to",
        }

    # --- Business ---

    def _acknowledge(self):
        """Sends the acknowledgement where the customer can be written to and has had
        none. Whatever goes wrong is noted on the ticket, and nothing else fails."""
        for ticket in self.sudo():
            if ticket.acknowledged_at or not ticket.is_open:
                continue
            obstacle = ticket._acknowledgement_obstacle()
            if obstacle is None:
                obstacle = ticket._try_to_acknowledge()
            if obstacle is not None:
                ticket._authorized().write({"acknowledgement": "left_out"})
            if obstacle:
                ticket._message_log(
                    body=self.env._(
                        "No acknowledgement was sent: %(why)s", why=obstacle
                    )
                )

    def _acknowledgement_obstacle(self):
        """Why the customer gets none, or None; an empty text where nobody misses it."""
        contact, address = self._customer_address()
        if not address:
            return ""
        if self.env["mail.alias.domain"].sudo()._find_aliases([address]):
            return self.env._("the address is our own.")
        contact |= self._find_contact(address, self.company_id)
        if contact and not all(contact.mapped("partner_share")):
            return ""  # a colleague knows where to look
        lately = self.search_count(
            Domain("acknowledged_to", "=", address)
            & Domain("acknowledged_at", ">", fields.Datetime.now() - PAUSE),
            limit=1,
        )
        if lately:
            return self.env._("the sender had one within the last hour.")
        return None

    def _try_to_acknowledge(self):
        """:return: what went wrong, or None."""
        try:
            with self.env.cr.savepoint():
                self._send_acknowledgement()
        except psycopg2.errors.SerializationFailure:
            raise  # somebody changed the ticket: all of it is tried again
        except Exception as error:
            _logger.warning("%s is not acknowledged: %r", self.number, error)
            return str(error) or repr(error)
        return None

    def _send_acknowledgement(self):
        template = self.env.ref("key_account.mail_template_acknowledgement")
        contact, address = self._customer_address()
        lang = self._customer_lang()
        texts = template.sudo().with_context(lang=lang)
        ticket = self.with_context(lang=lang)
        recipients = {"partner_ids": contact.ids}
        if not contact:
            recipients = {
                "outgoing_email_to": formataddr((self.contact_name or "", address))
            }
        now = fields.Datetime.now()
        ticket.message_post(
            body=texts._render_field("body_html", self.ids)[self.id],
            subject=texts._render_field("subject", self.ids)[self.id],
            message_type="auto_comment",
            subtype_xmlid="mail.mt_comment",
            author_id=False,
            email_from=self._letter_from(),
            email_layout_xmlid="mail.mail_notification_light",
            mail_headers=dict(HEADERS),
            notify_author=True,  # the customer may have called this himself
            notify_skip_followers=True,
            **recipients,
        )
        self._authorized().write(
            {
                "acknowledgement": "sent",
                "acknowledged_at": now,
                "acknowledged_to": address,
            }
        )
        promised = self._open_clocks()
        promised.filtered(lambda clock: clock.metric == "acknowledge")._stop(now)

    # --- What it says ---

    def _customer_lang(self):
        """The language we write to the customer in: his own, or else the company's."""
        ticket = self.sudo()
        lang = ticket.partner_id.lang or ticket.company_id.partner_id.lang
        installed = dict(self.env["res.lang"].get_installed())
        return lang if lang in installed else self.env.lang or "en_US"

    def _customer_zone(self):
        """The time zone we tell the customer times in."""
        ticket = self.sudo()
        return ticket.partner_id.tz or ticket.company_id._key_account_zone()

    def _promises_for_letter(self):
        """What is promised and still to be done, as ``[(what, by when)]`` in the words
        and the time of the customer."""
        ticket = self.sudo().with_context(lang=self._customer_lang())
        zone = self._customer_zone()
        clocks = ticket._open_clocks().filtered(
            lambda clock: clock.metric in ("first_reply", "resolve") and clock.due_at
        )
        return [
            (
                clock.display_name,
                format_datetime(ticket.env, clock.due_at, tz=zone, dt_format="short"),
            )
            for clock in clocks.sorted("due_at").with_env(ticket.env)
        ]

    def _portal_link(self):
        """Where the customer finds the ticket, if he may log in there."""
        ticket = self.sudo()
        users = ticket.partner_id.user_ids.filtered(lambda user: user._is_portal())
        has_page = (ticket.access_url or "#") != "#"
        return ticket.get_base_url() + ticket.access_url if users and has_page else ""

    # --- Job ---

    @api.model
    def _cron_acknowledge(self):
        """The minute job: with nothing to send it asks one question. Safe to run twice
        at once and to be killed: what is sent and that it was sent are kept together.
        """
        while self._acknowledge_batch():
            pass

    @api.model
    def _acknowledge_batch(self):
        """:return: whether to go on: there was something, and there is time left."""
        try:
            done = self._acknowledge_waiting()
        except psycopg2.errors.SerializationFailure:
            self.env.cr.rollback()
            return False  # another process is at it
        return bool(self.env["ir.cron"]._commit_progress(done)) and done == BATCH

    @api.model
    def _acknowledge_waiting(self):
        """Sends those that wait; tickets somebody is working on wait a little longer.

        :return: their number.
        """
        waiting = self.search([("acknowledgement", "=", "wanted")], limit=BATCH)
        free = waiting.try_lock_for_update(allow_referencing=True)
        free._acknowledge()
        rest = free.filtered(lambda ticket: ticket.acknowledgement == "wanted")
        rest._authorized().write({"acknowledgement": "left_out"})
        return len(free)

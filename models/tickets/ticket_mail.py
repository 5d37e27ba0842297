from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize, formataddr, html2plaintext

# Messages that a person wrote, as opposed to those the system makes.
WRITTEN = ("email", "comment", "email_outgoing")


class KeyAccountTicketMail(models.AbstractModel):
    """Tickets and letters: what arrives at a mailbox becomes a ticket, what a customer
    writes to a ticket keeps it going, and answers go out from the address that he
    wrote to (R086, R087, R095)."""

    _name = "key.account.ticket.mail"
    _description = "Ticket by Mail"
    _inherit = ["mail.thread.cc"]

    duplicate_ids = fields.Many2many(
        "key.account.ticket",
        string="Possible Duplicates",
        compute="_compute_duplicate_ids",
    )

    # --- Compute ---

    @api.depends("email_from", "name", "received_at")
    def _compute_duplicate_ids(self):
        """Of the same sender with the same subject within a day."""
        for ticket in self:
            ticket.duplicate_ids = ticket._possible_duplicates()

    def _possible_duplicates(self):
        sender = email_normalize(self.email_from or "")
        if not sender or not self.name or not self.received_at:
            return self.browse()
        day = timedelta(days=1)
        return self.search(
            Domain("email_from", "=ilike", f"%{sender}%")
            & Domain("name", "=ilike", self.name)
            & Domain("received_at", ">", self.received_at - day)
            & Domain("received_at", "<", self.received_at + day)
            & Domain("id", "!=", self._origin.id)
            & Domain("state", "!=", "merged")
        )

    # --- Actions ---

    def action_log_call(self, words=None):
        """Writes down a talk with the customer: it answers him as a mail does (I7)."""
        if not words:
            return self._ask("call")
        self._begin_step()
        for ticket in self:
            ticket._log_contact(words)
        return True

    # --- Sender ---

    def _know_sender(self):
        """An unknown sender whose ticket is accepted becomes a contact (and not before:
        most of what nobody accepts is not worth one)."""
        if self.partner_id or not (self.email_from or self.phone):
            return
        Partner = self.env["res.partner"]
        sender = email_normalize(self.email_from or "")
        known = sender and Partner.search([("email_normalized", "=", sender)], limit=1)
        self.partner_id = known or Partner.create(self._prepare_contact_vals(sender))

    def _prepare_contact_vals(self, sender):
        return {
            "name": self.contact_name or sender or self.phone,
            "email": sender or False,
            "phone": self.phone,
            "parent_id": self.account_id.partner_id.id,
            "company_id": False,
        }

    def _tell_accepted(self):
        """Who asked follows the ticket from now on."""
        for ticket in self.filtered("partner_id"):
            ticket.message_subscribe(ticket.partner_id.ids)

    # --- Contacts with the customer ---

    def _log_contact(self, words):
        """A call or a talk: a note that counts as a reply."""
        self._message_log(body=html2plaintext(words))
        self._we_replied_at(fields.Datetime.now())
        self._touch_account()

    def _touch_account(self):
        """The customer was spoken with, which his account shows."""
        now = fields.Datetime.now()
        self.sudo().account_id.write({"last_contact_at": now})

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        if message.message_type in WRITTEN:
            if self._is_of_customer(message):
                self._customer_wrote(message)
            elif self._is_reply(message):
                self._we_replied_at(fields.Datetime.now())
                self._touch_account()
        return result

    @api.model
    def _is_of_customer(self, message):
        author = message.author_id
        return not author or author.partner_share

    @api.model
    def _is_reply(self, message):
        """Whether the customer sees this message, and a person wrote it."""
        return not message.is_internal and not message.subtype_id.internal

    def _customer_wrote(self, message):
        """He waits for an answer from now on; a closed ticket is taken up again within
        the days of grace."""
        self._customer_wrote_at(fields.Datetime.now())

    # --- Address ---

    def _sender_address(self):
        """The address that the customer wrote to, for what we write to him."""
        return self.mailbox_id.sudo().alias_full_name or False

    def message_post(self, *, message_type="notification", **kwargs):
        address = self._sender_address()
        own = self.env.user._is_internal() and not kwargs.get("email_from")
        if address and own and message_type in ("comment", "email_outgoing"):
            kwargs["email_from"] = formataddr((self.env.user.name, address))
            kwargs.setdefault("reply_to", formataddr((self.team_id.name, address)))
        return super().message_post(message_type=message_type, **kwargs)

    # --- Gateway ---

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """A mail to a mailbox becomes a ticket. An unknown sender has no contact yet."""
        custom_values = {
            "name": msg_dict.get("subject") or self.env._("(no subject)"),
            "email_from": msg_dict.get("email_from"),
            "partner_id": msg_dict.get("author_id") or False,
            "description": msg_dict.get("body"),
            "channel": "email",
            "email_cc": msg_dict.get("cc"),
            **(custom_values or {}),
        }
        return super().message_new(msg_dict, custom_values=custom_values)

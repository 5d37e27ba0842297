from odoo import api, fields, models
from odoo.tools import email_normalize_all, formataddr, html2plaintext

from ...tools.intake import intake_of

# Messages that a person wrote. What the system makes is a notification or an
# auto_comment (an acknowledgement, what a program answered to us), and what Odoo says
# for a colleague on leave an out_of_office.
WRITTEN = ("email", "comment", "email_outgoing")
# What goes to customers in the name of the mailbox.
OUTGOING = ("email", "comment", "email_outgoing", "auto_comment")
SUBJECT_LENGTH = 300


class KeyAccountTicketMail(models.AbstractModel):
    """Tickets and letters: what arrives at a mailbox becomes a ticket, what a customer
    writes to a ticket keeps it going (``ticket_again.py``), and answers go out from the
    address that he wrote to (R086, R087, R095)."""

    _name = "key.account.ticket.mail"
    _description = "Ticket by Mail"
    _inherit = [
        "key.account.ticket.sender",
        "key.account.ticket.acknowledgement",
        "key.account.ticket.again",
        "key.account.ticket.silence",
        "mail.thread.cc",
    ]

    # --- Actions ---

    def action_log_call(self, words=None):
        """Writes down a talk with the customer: it answers him as a mail does (I7)."""
        if not words:
            return self._ask("call")
        self._begin_step()
        for ticket in self:
            ticket._log_contact(words)
        return True

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
        if self._is_first(message):
            self._show_pictures(message)
        elif message.message_type in WRITTEN and not msg_values.get("rating_id"):
            author = message.author_id
            if self._is_customer(author, message.email_from):
                self._customer_wrote(message)
            elif author and not author.partner_share:
                self._learn_contact(message)
        return result

    def _is_first(self, message):
        """Whether this is the mail that the ticket was made of."""
        intake = intake_of(self)
        return bool(intake) and self.id in intake.made

    def _show_pictures(self, message):
        """Pictures inside a mail are kept with its message."""
        if message.attachment_ids and "cid:" in (self.description or ""):
            self.sudo().description = message.body

    def _learn_contact(self, message):
        """An answer to an unknown sender that names a contact with his address says who
        he is."""
        if not self.partner_id and self.email_normalized:
            contact = message.partner_ids.filtered(
                lambda partner: partner.email_normalized == self.email_normalized
            )
            if contact.filtered("partner_share"):
                self.sudo().partner_id = contact[:1]

    def _notify_thread(self, message, msg_vals=False, **kwargs):
        recipients = super()._notify_thread(message, msg_vals=msg_vals, **kwargs)
        if self and self._is_reply(message, recipients):
            self._we_replied_at(fields.Datetime.now())
            self._touch_account()
        return recipients

    def _is_reply(self, message, recipients):
        """Whether a colleague wrote this, from here or from his own mail program, and
        the customer gets it (I7)."""
        author = message.author_id
        if message.message_type not in WRITTEN or self._is_first(message):
            return False
        if not author or author.partner_share or message.is_internal:
            return False
        return not message.subtype_id.internal and self._customer_gets(
            message, recipients
        )

    def _customer_gets(self, message, recipients):
        ticket = self.sudo()
        contact = ticket.partner_id
        addresses = {ticket.email_normalized, contact.email_normalized} - {False}
        sent = f"{message.incoming_email_to or ''},{message.incoming_email_cc or ''}"
        if addresses.intersection(email_normalize_all(sent)):
            return True
        told = [r for r in recipients if r["email_normalized"] or r["uid"]]
        if addresses.intersection(r["email_normalized"] for r in told):
            return True
        firm = ticket.commercial_partner_id
        people = contact.browse([r["id"] for r in told if r["id"] and r["share"]])
        return bool(firm) and firm in people.commercial_partner_id

    # --- Address ---

    def _sender_address(self):
        """The address that the customer wrote to, for what we write to him; else the
        one of his team for such tickets, if it has any."""
        mailbox = self.sudo().mailbox_id or self.sudo().team_id._mailbox_for(self.kind)
        return mailbox._address()

    def _sender_name(self):
        ticket = self.sudo()
        return ticket.team_id.name or ticket.company_id.name

    def _letter_from(self):
        """Whom a letter comes from that nobody writes himself, for templates as well:
        the team at its mailbox, or else the company."""
        address = self._sender_address() or self.sudo().company_id.email
        return formataddr((self._sender_name(), address)) if address else False

    def message_post(self, *, message_type="notification", **kwargs):
        if message_type in OUTGOING and self._is_public(kwargs):
            kwargs = {**kwargs, **self._letter_values(message_type, kwargs)}
        return super().message_post(message_type=message_type, **kwargs)

    def _letter_values(self, message_type, given):
        """What makes a letter to the customer of what a colleague writes: it comes from
        the mailbox in his name, and one that names nobody is for the customer."""
        author_id = given.get("author_id")
        author = self.env["res.partner"].sudo().browse(author_id or ())
        if author_id is None and self.env.user._is_internal():
            author = self.env.user.partner_id
        if not author or author.sudo().partner_share:
            return {}
        values, address = {}, self._sender_address()
        if address:
            name = author.sudo().name
            values = {
                "author_id": author.id,
                "email_from": formataddr((name, address)),
            }
        if message_type == "comment":
            values |= self._customer_as_recipient(given)
        return values

    @api.model
    def _is_public(self, given):
        """Whether what is posted is for the customer, as opposed to a note."""
        public = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment")
        return (
            given.get("subtype_xmlid") == "mail.mt_comment"
            or given.get("subtype_id") == public
        )

    def _customer_as_recipient(self, given):
        """Who chose whom to write to has chosen. An unknown sender cannot be chosen
        before he is a contact: he gets what is written to nobody else."""
        contact, address = self._customer_address()
        if given.get("partner_ids") or given.get("outgoing_email_to"):
            return {}
        if contact:
            return {} if "partner_ids" in given else {"partner_ids": contact.ids}
        if not address or ("partner_ids" in given and self.partner_id):
            return {}
        name = self.contact_name or ""
        return {"outgoing_email_to": formataddr((name, address))}

    def _notify_get_reply_to_batch(self, defaults=None, author_ids=None):
        named = self.filtered(lambda ticket: ticket._sender_address())
        replies = {
            ticket.id: formataddr((ticket._sender_name(), ticket._sender_address()))
            for ticket in named
        }
        rest = self - named
        if rest or not self:
            ids = rest.ids or [False]
            replies |= super(KeyAccountTicketMail, rest)._notify_get_reply_to_batch(
                defaults and {key: defaults[key] for key in ids},
                author_ids and {key: author_ids[key] for key in ids},
            )
        return replies

    def _notify_thread_with_out_of_office(self, message, recipients_data, **kwargs):
        """Nobody who might be on leave has been asked yet when a ticket is new."""
        if self._is_first(message):
            return message.browse()
        return super()._notify_thread_with_out_of_office(
            message, recipients_data, **kwargs
        )

    def _message_compute_parent_id(self, parent_id):
        """The first message answers to none."""
        intake = intake_of(self)
        if intake and self.id in intake.made and not parent_id:
            return False
        return super()._message_compute_parent_id(parent_id)

    # --- Gateway ---

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """A mail becomes a ticket. An unknown sender has no contact yet."""
        name, address = self._split_sender(msg_dict.get("email_from"))
        values = self._prepare_mail_vals(msg_dict, name, address, custom_values or {})
        gateway = super(KeyAccountTicketMail, self._authorized())
        ticket = gateway.message_new(
            {**msg_dict, "email_from": values["email_from"]}, custom_values=values
        ).with_env(self.env)
        intake = intake_of(self)
        if intake:
            intake.made.add(ticket.id)
        ticket.origin_id._note_that_it_goes_on(ticket)
        return ticket

    @api.model
    def _prepare_mail_vals(self, msg_dict, name, address, given):
        """What a ticket made of a mail holds. A mailbox says whose and of which kind it
        is; what it was set up with long ago does not count."""
        mailbox = self.env["key.account.ticket.mailbox"].browse(given.get("mailbox_id"))
        if mailbox:
            given = {**given, **mailbox.sudo()._ticket_values()}
        company = self.env["res.company"].browse(given.get("company_id"))
        company = company or self.env.company
        contact = self._sender_of(msg_dict, address, company)
        msg_dict["author_id"] = contact.id
        values = {
            "name": msg_dict.get("subject") or self.env._("(no subject)"),
            "description": msg_dict.get("body"),
            "contact_name": name if address else False,
            **self._free_values(given),
            "email_from": address or name,
            "channel": "email",
            "company_id": company.id,
            "last_inbound_at": fields.Datetime.now(),
        }
        values["name"] = values["name"][:SUBJECT_LENGTH]
        if contact.partner_share:
            values["partner_id"] = contact.id
        if self._wants_acknowledgement(contact, address):
            values["acknowledgement"] = "wanted"
        return values

    @api.model
    def _free_values(self, given):
        """What may be said of a new ticket beforehand. Anybody may hand a mail to the
        gateway, and nobody gets a guarded field past it."""
        guarded = self._get_guarded_fields()
        return {
            name: value
            for name, value in given.items()
            if value and name not in guarded
        }

    @api.model
    def _sender_of(self, msg_dict, address, company):
        """The contact who wrote a mail, as far as this company knows him."""
        intake = intake_of(self)
        if intake and intake.people is not None:
            written = intake.people.filtered(lambda p: p.email_normalized == address)
            return self._choose_contact(written, company)
        return self._find_contact(address, company)

    @api.model
    def _wants_acknowledgement(self, contact, address):
        """Programs, lists and colleagues get none."""
        intake = intake_of(self)
        quiet = intake and (intake.is_quiet or intake.is_forced)
        known = contact and not contact.partner_share
        return bool(address) and not quiet and not known

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        return [("email_normalized", "=", email_from_normalized)]

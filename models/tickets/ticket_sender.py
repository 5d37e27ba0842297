from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize
from odoo.tools.mail import email_split_tuples

from ...tools.company_names import mail_domain
from ...tools.letters import subject_key

DAY = timedelta(days=1)
# No address is longer (RFC 5321).
ADDRESS_LENGTH = 254


class KeyAccountTicketSender(models.AbstractModel):
    """Who wrote: a contact, or somebody whom nobody knows yet. He becomes a contact
    when his ticket is accepted and not before: most of what nobody accepts is not worth
    one (R086)."""

    _name = "key.account.ticket.sender"
    _description = "Sender of a Ticket"

    email_normalized = fields.Char(
        "Address",
        compute="_compute_email_normalized",
        store=True,
        precompute=True,
        export_string_translation=False,
    )
    subject_key = fields.Char(
        compute="_compute_subject_key",
        store=True,
        precompute=True,
        export_string_translation=False,
        help="The subject as it is compared, without Re: and the like.",
    )
    duplicate_ids = fields.Many2many(
        "key.account.ticket",
        string="Possible Duplicates",
        compute="_compute_duplicate_ids",
    )
    suggested_account_id = fields.Many2one(
        "key.account",
        "Perhaps of",
        compute="_compute_suggested_account_id",
        compute_sudo=True,
        help="A customer whose people write from the same mail domain.",
    )

    # --- Compute ---

    @api.depends("email_from")
    def _compute_email_normalized(self):
        for ticket in self:
            address = email_normalize(ticket.email_from or "") or ""
            fits = address and len(address) <= ADDRESS_LENGTH
            ticket.email_normalized = address if fits else False

    @api.depends("name")
    def _compute_subject_key(self):
        for ticket in self:
            ticket.subject_key = subject_key(ticket.name)

    @api.depends("email_normalized", "subject_key", "received_at")
    @api.depends_context("uid")
    def _compute_duplicate_ids(self):
        """Of the same sender with the same subject within a day; one query for any
        number of tickets."""
        wanted = self.filtered(lambda t: t.email_normalized and t.received_at)
        twins = wanted._search_twins().grouped(lambda ticket: ticket._twin_key())
        for ticket in self:
            near = twins.get(ticket._twin_key(), self.browse())
            ticket.duplicate_ids = (near - ticket._origin).filtered(
                lambda twin, at=ticket.received_at: (
                    at and abs(twin.received_at - at) < DAY
                )
            )

    def _search_twins(self):
        if not self:
            return self
        moments = self.mapped("received_at")
        return self.search_fetch(
            Domain("email_normalized", "in", self.mapped("email_normalized"))
            & Domain("subject_key", "in", self.mapped("subject_key"))
            & Domain("received_at", ">", min(moments) - DAY)
            & Domain("received_at", "<", max(moments) + DAY)
            & Domain("state", "!=", "merged"),
            ["email_normalized", "subject_key", "received_at"],
        )

    def _twin_key(self):
        return self.company_id, self.email_normalized, self.subject_key

    @api.depends("email_normalized", "account_id", "company_id")
    def _compute_suggested_account_id(self):
        """Nobody is put under a customer because of his mail domain alone; somebody is
        asked. Domains of public mail services and of several customers say nothing."""
        domains = {}
        for ticket in self:
            ticket.suggested_account_id = False
            domain = mail_domain(ticket.email_normalized)
            if domain and not ticket.account_id:
                domains.setdefault((ticket.company_id, domain), []).append(ticket)
        for (company, domain), tickets in domains.items():
            account = self._account_at(company, domain)
            for ticket in tickets:
                ticket.suggested_account_id = account

    @api.model
    def _account_at(self, company, domain):
        """The one customer whose people write from a domain, if there is one."""
        colleagues = self.env["res.partner"].search(
            Domain("email_normalized", "=like", f"%@{domain}")
            & Domain("company_id", "in", [False, company.id]),
            limit=100,
        )
        accounts = self.env["key.account"]._of(colleagues, company)
        return accounts if len(accounts) == 1 else accounts.browse()

    # --- Actions ---

    def action_take_suggestion(self):
        """Puts the sender under the customer he seems to belong to."""
        self.check_access("write")
        for ticket in self.filtered("suggested_account_id"):
            account = ticket.suggested_account_id
            contact = ticket.partner_id.sudo()
            if contact and not contact.parent_id and contact != account.partner_id:
                contact.parent_id = account.partner_id
            if ticket.account_id != account:
                ticket.account_id = account
        return True

    # --- Business ---

    @api.model
    def _find_contact(self, address, company):
        """The contact with an address whom a company may know, or nobody."""
        if not address:
            return self.env["res.partner"]
        found = (
            self.env["res.partner"].sudo().search([("email_normalized", "=", address)])
        )
        return self._choose_contact(found, company)

    @api.model
    def _choose_contact(self, contacts, company):
        """Which of several contacts with one address it is: a colleague, else one of
        this company, else a person in a firm."""
        fitting = contacts.filtered(
            lambda p: not (p.company_id and company) or p.company_id == company
        )
        order = fitting.sorted(
            lambda p: (p.partner_share, not p.company_id, not p.parent_id, p.id)
        )
        return order[:1]

    def _know_sender(self):
        """An unknown sender whose ticket is accepted becomes a contact, and what he
        wrote so far is his. A colleague who passed something on is no customer."""
        if self.partner_id or not (self.email_from or self.phone):
            return
        address = self.email_normalized
        contact = self._find_contact(address, self.company_id)
        if not contact:
            vals = self._prepare_contact_vals(address)
            contact = self.env["res.partner"].sudo().create(vals)
        if contact.partner_share:
            self.partner_id = contact
            self._sign_messages(contact)

    def _prepare_contact_vals(self, address):
        return {
            "name": self.contact_name or address or self.email_from or self.phone,
            "email": address or self.email_from or False,
            "phone": self.phone,
            "parent_id": self.sudo().account_id.partner_id.id,
            "company_id": False,
        }

    def _sign_messages(self, contact):
        """Puts the new contact's name to what he wrote as a stranger."""
        unsigned = self.sudo().message_ids.filtered(
            lambda message: (
                not message.author_id
                and message.message_type == "email"
                and email_normalize(message.email_from or "") == self.email_normalized
            )
        )
        if self.email_normalized and unsigned:
            unsigned.author_id = contact

    def _is_customer(self, author, address):
        """Whether who wrote is the customer: the contact, one of the same firm, or the
        address that the ticket came from. A colleague of ours, a supplier or somebody
        who got a copy is not.

        :param author: the contact who wrote, if he is one.
        """
        if author and not author.partner_share:
            return False
        address = email_normalize(address or "")
        contact = self.sudo().partner_id
        if address and address in (self.email_normalized, contact.email_normalized):
            return True
        firm = self.sudo().commercial_partner_id
        return bool(author and firm) and author.sudo().commercial_partner_id == firm

    def _customer_address(self):
        """Where the customer reads what we write to him: ``(contact, address)``. The
        contact only where the ticket came from his own address."""
        contact = self.sudo().partner_id
        address = self.email_normalized or contact.email_normalized or ""
        is_his = contact and address == contact.email_normalized
        return contact if is_his else contact.browse(), address

    @api.model
    def _split_sender(self, raw):
        """Name and address of ``"Name" <address>``; what is neither is a name."""
        pairs = email_split_tuples(raw or "")
        name, address = pairs[0] if pairs else (raw or "", "")
        address = email_normalize(address) or address
        if not address or "@" not in address or len(address) > ADDRESS_LENGTH:
            return (raw or "").strip(' "')[:ADDRESS_LENGTH], ""
        return name[:ADDRESS_LENGTH], address

    def _get_customer_information(self):
        """What Odoo makes a contact of, where it makes one."""
        information = super()._get_customer_information()
        for ticket in self.filtered(lambda t: t.email_normalized and not t.partner_id):
            vals = ticket._prepare_contact_vals(ticket.email_normalized)
            information.setdefault(ticket.email_normalized, {}).update(vals)
        return information

    def _partner_find_from_emails(
        self, records_emails, *args, ban_emails=None, **kwargs
    ):
        """To open a letter to somebody makes no contact of him; accepting his ticket
        does."""
        if not kwargs.get("no_create"):
            ban_emails = [*(ban_emails or ()), *self._strangers()]
        return super()._partner_find_from_emails(
            records_emails, *args, ban_emails=ban_emails, **kwargs
        )

    def _strangers(self):
        """The addresses of senders who are no contacts."""
        unknown = self.filtered(lambda t: t.email_normalized and not t.partner_id)
        addresses = set(unknown.mapped("email_normalized"))
        known = self.env["res.partner"].sudo()
        known = addresses and known.search([("email_normalized", "in", [*addresses])])
        return addresses - set(known and known.mapped("email_normalized"))

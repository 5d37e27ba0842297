from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.portal.utils import validate_thread_with_hash_pid

from ...tools import customer_view

# What a customer reads of a ticket, on the pages and by programs alike. Whatever is not
# named here, and what is added to tickets one day, is closed to him.
READABLE = frozenset(
    (
        "id",
        "display_name",
        "number",
        "name",
        "kind",
        "portal_state",
        "is_open",
        "description",
        "remedy_sought",
        "company_id",
        "partner_id",
        "commercial_partner_id",
        "order_id",
        "show_name",
        "stand_no",
        "received_at",
        "closed_at",
        # the address of the page
        "access_url",
        "access_token",
        "access_warning",
    )
)
# The order of tickets by default names what is closed to customers.
ORDER = "is_open desc, received_at desc, id desc"


class KeyAccountTicketPortal(models.AbstractModel):
    """The side of a ticket that its customer sees (R086, R092, I9).

    Everybody of the customer's company reads it; a link with its token opens this one
    ticket to read and to reply. Who may do more is said in ``ticket_portal_steps.py``,
    what the pages say in ``ticket_portal_words.py``.
    """

    _name = "key.account.ticket.portal"
    _description = "Ticket on the Portal"
    _inherit = [
        "key.account.ticket.portal.words",
        "key.account.ticket.portal.steps",
        "key.account.ticket.portal.intake",
        "portal.mixin",
        "mail.thread",
    ]

    portal_state = fields.Selection(
        customer_view.STATES,
        "Status for the Customer",
        compute="_compute_portal_state",
        compute_sudo=True,
        search="_search_portal_state",
    )

    # --- Compute ---

    def _compute_access_url(self):
        for ticket in self:
            ticket.access_url = f"/my/tickets/{ticket.id}"

    @api.depends("state")
    def _compute_portal_state(self):
        for ticket in self:
            ticket.portal_state = customer_view.shown_state(ticket.state)

    def _search_portal_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = Domain("state", "in", customer_view.states_behind(value))
        # the customer may not ask for the states themselves
        return Domain("id", "in", self.sudo()._search(wanted))

    # --- Access ---

    @api.model
    def _is_asked_by_customer(self):
        """Whether somebody asks who does not work here."""
        return not (self.env.su or self.env.user._is_internal())

    @api.model
    def _has_field_access(self, field, operation):
        if not super()._has_field_access(field, operation):
            return False
        if field.name in READABLE and operation == "read":
            return True
        return not self._is_asked_by_customer()

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        if order == self._order and self._is_asked_by_customer():
            order = ORDER
        return super()._search(domain, offset, limit, order, **kwargs)

    @api.model
    def _portal_domain(self):
        """Domain of the tickets of the company of who is logged in, employees who look
        at the portal included."""
        company = self.env.user.partner_id.commercial_partner_id
        return Domain("commercial_partner_id", "=", company.id)

    def _portal_visitor(self, pid=None, signature=None):
        """Who visits the page of this ticket, of those who may act on it.

        A token alone says only that somebody got the address, which an employee may
        have as well; the signature (``pid`` and ``hash`` in the links of our mails)
        says to whom it was mailed.

        :return: his contact, or an empty one, and whether he is logged in.
        """
        self.ensure_one()
        nobody = self.env["res.partner"].sudo()
        user = self.env.user
        if user._is_portal():
            mine = self.with_user(user).sudo(False).has_access("read")
            return (user.sudo().partner_id if mine else nobody), True
        if not user._is_public() or not str(pid or "").isdigit():
            return nobody, False
        if not validate_thread_with_hash_pid(self.sudo(), signature, pid):
            return nobody, False
        person = nobody.browse(int(pid)).exists()
        known = person.active and (
            person.commercial_partner_id == self.sudo().commercial_partner_id
        )
        return (person if known else nobody), False

    def _portal_signed_url(self, anchor=None):
        """The address of the page for the contact of this ticket, to be mailed to
        him and to nobody else."""
        url = self.sudo()._get_share_url(pid=self.sudo().partner_id.id)
        return f"{url}#{anchor}" if anchor else url

    # --- Messages ---

    def message_post(self, **kwargs):
        """A program of a customer writes what he could write on the page, no more."""
        if not self._is_asked_by_customer():
            return super().message_post(**kwargs)
        self.check_access("read")
        said = {
            name: kwargs[name] for name in ("body", "attachment_ids") if name in kwargs
        }
        return super(KeyAccountTicketPortal, self.sudo()).message_post(
            message_type="comment", subtype_xmlid="mail.mt_comment", **said
        )

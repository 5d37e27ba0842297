from odoo import api, models
from odoo.fields import Domain

TICKET = "key.account.ticket"


class MailMessage(models.Model):
    """What customers read in the conversations of tickets: what is not internal, of
    their own company's, whatever they were told of others (R092).

    Odoo shows a message to whoever wrote it, was told of it or follows its record, and
    lets him who was told change it. It hides internal notes that a person wrote, not
    those that the system makes. Of tickets all of that is closed here.
    """

    _inherit = "mail.message"

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not (self.env.su or bypass_access or self.env.user._is_internal()):
            domain = Domain(domain) & self._of_own_tickets_domain()
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    @api.model
    def _of_own_tickets_domain(self):
        tickets = self.env[TICKET]
        others = Domain("model", "!=", TICKET)
        if not tickets.has_access("read"):
            return others
        return others | Domain("res_id", "in", tickets._search([]))

    def _get_forbidden_access(self, operation):
        forbidden = super()._get_forbidden_access(operation)
        if self.env.user._is_internal():
            return forbidden
        return forbidden | (self - forbidden)._closed_to_customers(operation)

    def _closed_to_customers(self, operation):
        """Those of these messages that customers may not read, write and so on."""
        on_tickets = self.sudo().filtered(
            lambda message: message.model == TICKET and message.res_id
        )
        if operation not in ("read", "create"):
            # the page of the portal changes what he wrote himself in another way
            return on_tickets.sudo(self.env.su)
        tickets = self.env[TICKET].browse(set(on_tickets.mapped("res_id")))
        own = set(tickets.exists()._filtered_access("read").ids)
        closed = on_tickets.filtered(
            lambda message: (
                message.res_id not in own
                or message.is_internal
                or not message.subtype_id
                or message.subtype_id.internal
            )
        )
        return closed.sudo(self.env.su)

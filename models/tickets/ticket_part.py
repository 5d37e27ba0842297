from odoo import models
from odoo.exceptions import AccessError


class KeyAccountTicketPart(models.AbstractModel):
    """A line of a ticket that belongs to a department or a person: they see it and not
    the ticket, and fill in what they were asked for, no more (I9)."""

    _name = "key.account.ticket.part"
    _description = "Part of a Ticket"
    _asked_fields = frozenset()

    def write(self, vals):
        beyond = set(vals) - self._asked_fields
        if beyond and not self.env.su:
            tickets = self.env["key.account.ticket"].browse(self.sudo().ticket_id.ids)
            if tickets - tickets._filtered_access("write"):
                raise AccessError(
                    self.env._(
                        "You fill in what you were asked for. The rest is written by"
                        " those who handle the ticket."
                    )
                )
        return super().write(vals)

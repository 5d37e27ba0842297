from odoo import api, models
from odoo.exceptions import UserError

from .mail_message import TICKET


class RatingRating(models.Model):
    """What a customer said of a ticket is his: nobody who works here makes or changes
    it by hand (I8). He says it by his link or on the portal."""

    _inherit = "rating.rating"

    @api.model
    def _has_field_access(self, field, operation):
        """Whoever reads the key of a link can answer in the name of the customer."""
        if not super()._has_field_access(field, operation):
            return False
        if field.name != "access_token" or operation != "read" or self.env.su:
            return True
        return self.env.user._is_system()

    @api.model_create_multi
    def create(self, vals_list):
        ratings = super().create(vals_list)
        ratings._check_said_by_customer()
        return ratings

    def write(self, vals):
        self._check_said_by_customer()
        result = super().write(vals)
        self._check_said_by_customer()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_ticket(self):
        self._check_said_by_customer()

    def _check_said_by_customer(self):
        of_ticket = self.sudo().filtered(lambda rating: rating.res_model == TICKET)
        if of_ticket and not self.env.su:
            raise UserError(
                self.env._(
                    "How satisfied a customer is with a ticket, he says himself. Note"
                    " what he told you on the telephone with the button of the ticket."
                )
            )

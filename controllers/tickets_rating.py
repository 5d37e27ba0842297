from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.rating.controllers.main import Rating

from .tickets_portal import MODEL


class TicketRating(Rating):
    """The rating page of Odoo, for tickets: a customer who may not rate any more reads
    why, and nobody who is logged in as somebody else answers for him (I8, R101)."""

    @http.route()
    def action_submit_rating(self, token, rate=0, **kwargs):
        rating, ticket = self._get_rating_and_record(token)
        if ticket._name != MODEL or request.httprequest.method != "POST":
            return super().action_submit_rating(token, rate=rate, **kwargs)
        user = request.env.user
        mine = user.partner_id.commercial_partner_id
        if not user._is_public() and mine != rating.partner_id.commercial_partner_id:
            # says that only the customer may
            return self.action_open_rating(token, int(rate), **kwargs)
        try:
            with request.env.cr.savepoint():
                return super().action_submit_rating(token, rate=rate, **kwargs)
        except UserError as error:
            request.env.invalidate_all(flush=False)
            request.update_context(lang=rating.partner_id.lang or request.env.lang)
            words = {"words": str(error)}
            return request.render("key_account.portal_rating_refused", words)

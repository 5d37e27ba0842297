from uuid import uuid4

from odoo import http
from odoo.http import request

from .tickets_portal import MODEL, TicketPortal

TEXTS = (
    "kind",
    "name",
    "text",
    "remedy_sought",
    "order_id",
    "show_name",
    "stand_no",
)


class NewTicketPortal(TicketPortal):
    """The form in which a customer asks or complains (R086), and what he is told at
    once: the number, and what we have promised by when."""

    @http.route(
        "/my/tickets/new",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_new_ticket(self, **given):
        values = {name: given.get(name, "") for name in TEXTS}
        return self._show_form(values, uuid4().hex)

    @http.route(
        "/my/tickets/new",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        # what is a little too large is answered in words
        max_content_length=lambda self: self._largest_form(),
    )
    def portal_send_ticket(self, once=None, **post):
        tickets = request.env[MODEL]
        values = {name: (post.get(name) or "").strip() for name in TEXTS}
        files = [
            (file.filename, file.read())
            for file in request.httprequest.files.getlist("files")
            if file.filename
        ]
        problems = tickets._portal_problems(values, files)
        if problems:
            return self._show_form(values, once, problems, bool(files))
        ticket = tickets._portal_take_in(values, files, once)
        return request.redirect(f"/my/tickets/{ticket.id}/thanks")

    @http.route(
        "/my/tickets/<int:ticket_id>/thanks",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_ticket_thanks(self, ticket_id, **kw):
        ticket = self._find_ticket(ticket_id, None)
        if not ticket:
            return self._go_where_one_may(ticket_id)
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "key_account_ticket_thanks",
            "ticket": ticket,
            "promises": [
                promise
                for promise in ticket._told_promises()
                if promise["state"] in ("running", "held")
            ],
            "zone": ticket._told_zone(),
        }
        return request.render("key_account.portal_ticket_thanks", values)

    # --- Tools ---

    def _largest_form(self):
        return 2 * request.env[MODEL]._portal_file_limit()

    def _show_form(self, values, once, problems=None, had_files=False):
        tickets = request.env[MODEL]
        return request.render(
            "key_account.portal_new_ticket",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "key_account_new_ticket",
                "values": values,
                "once": once,
                "problems": problems or {},
                "had_files": had_files,
                "orders": tickets._portal_orders(),
                "file_limit": tickets._portal_file_limit(),
            },
        )

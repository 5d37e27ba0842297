from urllib.parse import urlencode

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

from ..models.tickets.ticket_portal_steps import BY_LINK
from ..tools import customer_view

MODEL = "key.account.ticket"
PER_PAGE = 20
# Shown once, after a step: no address makes a page say so.
SAID = "key_account_ticket_said"
COUNTERS = {
    "key_account_ticket_count": Domain("is_open", "=", True),
    "key_account_turn_count": Domain("portal_state", "in", customer_view.HIS_TURN),
}


class TicketPortal(CustomerPortal):
    """The pages on which a customer follows his enquiries and complaints (R086, R092,
    R093). Who may see a ticket is asked of its own access rules before anything is
    read of it; a GET changes nothing, as the crawlers of mail servers send them."""

    # --- Home ---

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        tickets = request.env[MODEL]
        for name in COUNTERS.keys() & set(counters):
            own = tickets._portal_domain() & COUNTERS[name]
            readable = tickets.has_access("read")
            values[name] = tickets.search_count(own) if readable else 0
        return values

    # --- List ---

    def _ticket_sortings(self):
        return {
            "open": {
                "label": self.env._("Open First"),
                "order": "is_open desc, received_at desc, id desc",
            },
            "newest": {
                "label": self.env._("Newest"),
                "order": "received_at desc, id desc",
            },
            "name": {"label": self.env._("Subject"), "order": "name, id desc"},
        }

    def _ticket_filters(self):
        turn = Domain("portal_state", "in", customer_view.HIS_TURN)
        return {
            "all": {"label": self.env._("All"), "domain": Domain.TRUE},
            "turn": {"label": self.env._("Waiting for You"), "domain": turn},
            "open": {
                "label": self.env._("Open"),
                "domain": Domain("is_open", "=", True),
            },
            "ended": {
                "label": self.env._("Ended"),
                "domain": Domain("is_open", "=", False),
            },
            "enquiry": {
                "label": self.env._("Enquiries"),
                "domain": Domain("kind", "=", "enquiry"),
            },
            "complaint": {
                "label": self.env._("Complaints"),
                "domain": Domain("kind", "=", "complaint"),
            },
        }

    @http.route(
        ["/my/tickets", "/my/tickets/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_my_tickets(self, page=1, sortby=None, filterby=None, search="", **kw):
        tickets = request.env[MODEL]
        sortings, filters = self._ticket_sortings(), self._ticket_filters()
        sortby = sortby if sortby in sortings else "open"
        filterby = filterby if filterby in filters else "all"
        domain = tickets._portal_domain() & filters[filterby]["domain"]
        if search:
            domain &= Domain("name", "ilike", search) | Domain(
                "number", "ilike", search
            )
        pages = pager(
            url="/my/tickets",
            total=tickets.search_count(domain),
            page=page,
            step=PER_PAGE,
            url_args={"sortby": sortby, "filterby": filterby, "search": search},
        )
        found = tickets.search(
            domain,
            order=sortings[sortby]["order"],
            limit=PER_PAGE,
            offset=max(pages["offset"], 0),
        ).sudo()
        return request.render(
            "key_account.portal_my_tickets",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "key_account_tickets",
                "tickets": [(ticket, ticket._told_now()) for ticket in found],
                "pager": pages,
                "default_url": "/my/tickets",
                "searchbar_sortings": sortings,
                "searchbar_filters": filters,
                "searchbar_inputs": {
                    "all": {
                        "input": "all",
                        "label": self.env._("Search in Number and Subject"),
                    }
                },
                "sortby": sortby,
                "filterby": filterby,
                "search": search,
                "search_in": "all",
            },
        )

    # --- One ticket ---

    @http.route(
        "/my/tickets/<int:ticket_id>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_my_ticket(self, ticket_id, access_token=None, **kw):
        ticket = self._find_ticket(ticket_id, access_token)
        if not ticket:
            return self._go_where_one_may(ticket_id)
        link = {name: kw.get(name) for name in ("pid", "hash")}
        said = request.session.get(SAID)
        if said and said[0] == ticket_id:
            request.session.pop(SAID)
            link["success"] = self._thanks()[said[1]]
        return self._show_ticket(ticket, access_token, **link)

    @http.route(
        "/my/tickets/<int:ticket_id>/<string:step>",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def portal_my_ticket_step(self, ticket_id, step, access_token=None, **post):
        ticket = self._find_ticket(ticket_id, access_token)
        if not ticket:
            return self._go_where_one_may(ticket_id)
        link = {name: post.pop(name, None) for name in ("pid", "hash")}
        person, logged_in = ticket._portal_visitor(link["pid"], link["hash"])
        if step not in self._thanks() or not person:
            return self._refuse_step(ticket, access_token, link)
        if not logged_in and step not in BY_LINK:
            return self._refuse_step(ticket, access_token, link)
        names = ("words", "outcome", "attitude", "speed") if step == "rate" else ()
        names = names or ("words",)
        said = {name: post[name] for name in names if post.get(name)}
        try:
            with request.env.cr.savepoint():
                ticket._portal_take(step, person, **said)
        except UserError as error:
            request.env.invalidate_all(flush=False)
            return self._show_ticket(
                ticket, access_token, **link, error=str(error), typed={step: post}
            )
        request.session[SAID] = (ticket_id, step)
        return request.redirect(self._address(ticket, access_token, link))

    def _refuse_step(self, ticket, access_token, link):
        """For who may look and not act: the employee who handles it, and whoever has
        a link that was not mailed to him."""
        words = self.env._(
            "Only the customer may do this. Please log in, or open this page by the"
            " link that we mailed to you."
        )
        return self._show_ticket(ticket, access_token, **link, error=words)

    # --- Tools ---

    def _find_ticket(self, ticket_id, access_token):
        """The ticket, with the rights of the system and in the name of the visitor,
        once it is sure that he may read it; otherwise none."""
        try:
            self._document_check_access(MODEL, ticket_id, access_token)
        except (AccessError, MissingError):
            return request.env[MODEL]
        return request.env[MODEL].sudo().browse(ticket_id)

    def _find_goal(self, ticket):
        """The ticket that a merged one goes on as, if the visitor may read that one."""
        goal = ticket.merged_into_id
        return self._find_ticket(goal.id, None) if goal else goal

    def _go_where_one_may(self, ticket_id):
        """The same answer, whether a ticket is somebody else's or does not exist."""
        if request.env.user._is_public():
            back = urlencode({"redirect": f"/my/tickets/{ticket_id}"})
            return request.redirect(f"/web/login?{back}")
        return request.redirect("/my/tickets")

    def _address(self, ticket, access_token, link):
        given = {"access_token": access_token, **link}
        query = urlencode({name: text for name, text in given.items() if text})
        return f"{ticket.access_url}?{query}" if query else ticket.access_url

    def _show_ticket(self, ticket, access_token, typed=None, **kw):
        person, logged_in = ticket._portal_visitor(kw.get("pid"), kw.get("hash"))
        steps = ticket._portal_steps() if person else set()
        values = {
            "page_name": "key_account_ticket",
            "ticket": ticket,
            "now": ticket._told_now(),
            "steps": steps if logged_in else steps & BY_LINK,
            "must_log_in": bool(steps - BY_LINK) and not logged_in,
            "typed": typed or {},
            "promises": ticket._told_promises(),
            "measures": ticket._told_measures(),
            "show_plan": ticket._is_plan_shown(),
            "goes_on_as": self._find_goal(ticket),
            "zone": ticket._told_zone(),
            "told_time": ticket._told_time,
            "disable_composer": ticket.state == "merged",
            "backend_url": f"/odoo/{MODEL}/{ticket.id}",
        }
        values = self._get_page_view_values(
            ticket, access_token, values, "key_account_no_history", False, **kw
        )
        return request.render("key_account.portal_my_ticket", values)

    def _thanks(self):
        """What the page says after each step; the steps there are."""
        return {
            "agree": self.env._("Thank you: you agree, and we begin."),
            "disagree": self.env._("Thank you. We work on it and come back to you."),
            "confirm": self.env._("Thank you. We are glad that it is solved."),
            "still_open": self.env._("Thank you for telling us. We work on it again."),
            "reopen": self.env._("It is open again. You hear from us."),
            "withdraw": self.env._("You took it back. Thank you for telling us."),
            "rate": self.env._("Thank you for telling us how satisfied you are."),
        }

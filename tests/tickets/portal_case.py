import json
import re
from urllib.parse import parse_qs, urlsplit

from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user
from odoo.tools import html2plaintext

from .ticket_case import TicketCase

TICKETS = "/my/tickets"


class PortalCase(TicketCase, HttpCase):
    """Two customers with a log-in each, ``lin`` of Aurora and ``berg`` of Boreal, a
    colleague of Ms Lin, and visitors without any."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lin = cls._create_portal_user("lin", cls.contact)
        cls.boreal = cls._create_account("Boreal Stands")
        cls.berg = cls._create_portal_user(
            "berg", cls._create_contact("Mr Berg", cls.boreal.partner_id)
        )
        cls.colleague = cls._create_portal_user(
            "zhou", cls._create_contact("Mr Zhou", cls.account.partner_id)
        )

    @classmethod
    def _create_contact(cls, name, company):
        email = f"{name.split()[-1].lower()}@example.com"
        vals = {"name": name, "parent_id": company.id, "email": email}
        return cls.env["res.partner"].create(vals)

    @classmethod
    def _create_portal_user(cls, login, contact):
        return new_test_user(
            cls.env,
            login,
            groups="base.group_portal",
            name=contact.name,
            email=contact.email,
            partner_id=contact.id,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            tz="Asia/Shanghai",
            lang="en_US",
        )

    # --- A browser ---

    def visit(self, user):
        """Uses the pages as ``user``, or as nobody."""
        login = user.login if user else None
        self.authenticate(login, login)

    def read_page(self, url):
        """The answer to a GET, and its text as people read it."""
        answer = self.url_open(url)
        return answer, html2plaintext(answer.text)

    def csrf_of(self, page):
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        return found and found[1]

    def send(self, url, data=None, files=None, csrf=None, **kwargs):
        """Posts a form with the token of a page that this visitor may see."""
        if csrf is None:
            csrf = self.csrf_of(self.url_open("/web/login?redirect=%2Fx").text)
        if csrf is None:  # who is logged in is sent on from there
            csrf = self.csrf_of(self.url_open(f"{TICKETS}/new").text)
        data = {**(data or {}), "csrf_token": csrf}
        return self.url_open(url, data=data, files=files, **kwargs)

    def take(self, ticket, step, link=None, **said):
        """Takes a step on the page of a ticket."""
        answer = self.send(f"{TICKETS}/{ticket.id}/{step}", {**(link or {}), **said})
        self.env.invalidate_all()
        return answer

    def rpc(self, path, **params):
        """What a JSON-RPC address answers: its result, or its error."""
        answer = self.url_open(
            path,
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        )
        if "json" not in answer.headers.get("Content-Type", ""):
            return {"error": answer.status_code}
        return answer.json()

    def call(self, model, method, *args, **kwargs):
        """Calls a method as the pages of Odoo do, with the session of the visitor."""
        return self.rpc(
            f"/web/dataset/call_kw/{model}/{method}",
            model=model,
            method=method,
            args=list(args),
            kwargs=kwargs,
        )

    # --- Tickets ---

    def _post(self, ticket, words, user=None, internal=False, **kwargs):
        """What somebody of us writes, by default to the customer."""
        subtype = "mail.mt_note" if internal else "mail.mt_comment"
        return ticket.with_user(user or self.agent).message_post(
            body=words, message_type="comment", subtype_xmlid=subtype, **kwargs
        )

    def _answered(self, **vals):
        ticket = self._create_ticket(**vals)
        ticket.action_accept()
        self._post(ticket, "It is being printed anew.")
        ticket.action_done()
        return ticket

    def _negotiating(self, **vals):
        ticket = self._create_ticket("complaint", **vals)
        self._plan_complaint(ticket)
        ticket.plan = "<p>We print the board anew.</p>"
        ticket.action_submit()
        ticket.with_user(self.reviewer).action_approve()
        self._post(ticket, "This is what we propose.")
        return ticket

    def _followed_up(self, **vals):
        ticket = self._negotiating(**vals)
        ticket.action_customer_accept("All right.")
        ticket.measure_ids.with_user(self.builder).action_done()
        ticket.action_done()
        return ticket

    @classmethod
    def _link_of(cls, ticket, person=None):
        """The access of a link that was mailed to ``person``."""
        url = ticket.sudo()._get_share_url(pid=(person or ticket.partner_id).id)
        query = parse_qs(urlsplit(url).query)
        return {name: values[0] for name, values in query.items()}

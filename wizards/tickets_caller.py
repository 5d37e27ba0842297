import re

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, html2plaintext

from ..models.dossier.duplicates import LAST_DIGITS
from ..tools.company_names import phone_key

# Fewer digits than that are no number to look somebody up by.
FEWEST_DIGITS = 4
# Words in a number.
EXTENSION = re.compile(r"转|分机|ext\.?|x", re.IGNORECASE)
MOST_CALLERS = 6
# Of each thing that is shown of a customer.
MOST_SHOWN = 3


class KeyAccountCaller(models.AbstractModel):
    """Finds who calls by what he says of himself, and what is going on with him.

    It shows of a customer what every member of the key account team may know, and of
    tickets those that the agent may see. The number of queries is small and constant:
    somebody is waiting on the telephone.
    """

    _name = "key.account.caller"
    _description = "Caller"

    caller = fields.Char(
        "Who Calls?", help="A number in any form, a name, a company, a ticket number."
    )
    partner_id = fields.Many2one("res.partner", "Contact")

    # --- Who calls ---

    def _find_callers(self):
        """The contacts that a number, name, company or ticket number fits."""
        text = (self.caller or "").strip()
        digits = self._digits(text)
        if digits:
            return self._callers_by_number(digits)
        if not text:
            return self.env["res.partner"]
        known = self.env["res.partner"].search(
            Domain("complete_name", "ilike", text) | Domain("email", "=ilike", text),
            limit=MOST_CALLERS,
        )
        if known:
            return known
        number = Domain("number", "=ilike", text)
        return self.env["key.account.ticket"].search(number, limit=1).partner_id

    @api.model
    def _digits(self, text):
        """The digits of what looks like a number, without the prefix of China."""
        if re.search(r"[^\W\d_]", EXTENSION.sub("", text)):
            return ""
        plain = re.sub(r"\D", "", text)
        return phone_key(text) or (plain if len(plain) >= FEWEST_DIGITS else "")

    def _callers_by_number(self, digits):
        """Found by the last digits, for which there is an index; the rest is compared
        here, as far as both have it."""
        Partner = self.env["res.partner"]
        Partner.flush_model(["phone"])
        ending = digits[-LAST_DIGITS:]
        match = SQL("= %s", ending)
        if len(ending) < LAST_DIGITS:
            match = SQL("LIKE %s", f"%{ending}")
        rows = self.env.execute_query(
            SQL(
                "SELECT id, phone FROM res_partner WHERE phone IS NOT NULL AND %s %s"
                " ORDER BY id LIMIT 50",
                self.env["key.account"]._phone_sql(),
                match,
            )
        )
        fitting = [
            partner_id for partner_id, phone in rows if self._is_same(digits, phone)
        ]
        return Partner.search([("id", "in", fitting)], limit=MOST_CALLERS)

    @api.model
    def _is_same(self, digits, phone):
        other = phone_key(phone) or re.sub(r"\D", "", phone)
        return digits.endswith(other) or other.endswith(digits)

    # --- What is known of him ---

    def _what_is_known(self):
        if not self.partner_id:
            people = self._find_callers()
            return {
                "people": [self._person(person) for person in people],
                "tickets": self._unknown_callers_tickets() if not people else [],
                "unknown": bool(self.caller) and not people,
            }
        tickets = self._tickets()
        return {
            "person": self._person(self.partner_id),
            "customer": self._customer(),
            "tickets": [self._ticket(ticket) for ticket in tickets],
            "elsewhere": self._elsewhere(),
            "orders": self._contracts(),
            "projects": [
                {"id": project.id, "name": project.name}
                for project in self._running_projects()
            ],
            "talks": self._talks(tickets),
        }

    @api.model
    def _person(self, partner):
        entity = partner.commercial_partner_id
        return {
            "id": partner.id,
            "name": partner.name or partner.display_name,
            "function": partner.function or "",
            "company": entity.name if entity != partner else "",
            "phone": partner.phone or "",
            "email": partner.email or "",
        }

    def _customer(self):
        """What everybody in the key account team may know of the customer."""
        entity = self.partner_id.commercial_partner_id
        account = self.env["key.account"]._of(entity)
        return {
            "name": entity.name,
            "account_id": account.id,
            "tier": account.tier_id.name or "",
            "is_key": account.is_key,
            "owner": account.holder_id.name or "",
            "last_contact": self._when(account.last_contact_at),
        }

    def _tickets(self):
        """His and his company's tickets that the agent may see: the open ones, and then
        the latest."""
        entity = self.partner_id.commercial_partner_id
        return self.env["key.account.ticket"].search(
            Domain("commercial_partner_id", "=", entity.id), limit=2 * MOST_SHOWN
        )

    def _unknown_callers_tickets(self):
        """Somebody unknown who called before is known by his number."""
        digits = self._digits(self.caller or "")
        if len(digits) < LAST_DIGITS:
            return []
        Ticket = self.env["key.account.ticket"]
        Ticket.flush_model(["phone"])

        def same_number(_model, alias, _query):
            return SQL(
                "right(regexp_replace(%s, '[^0-9]', '', 'g'), 7) = %s",
                SQL.identifier(alias, "phone"),
                digits[-LAST_DIGITS:],
            )

        tickets = Ticket.search(
            Domain("partner_id", "=", False) & Domain.custom(to_sql=same_number),
            limit=MOST_SHOWN,
        )
        return [self._ticket(ticket) for ticket in tickets]

    @api.model
    def _ticket(self, ticket):
        states = dict(ticket._fields["state"]._description_selection(self.env))
        return {
            "id": ticket.id,
            "name": ticket.display_name,
            "state": states[ticket.state],
            "is_open": ticket.is_open,
            "handler": ticket.user_id.name or "",
            "due": self._when(ticket.next_due_at),
            "is_late": ticket.sla_state == "late",
        }

    def _elsewhere(self):
        """How many open tickets other teams have, which the agent does not see."""
        Ticket = self.env["key.account.ticket"]
        entity = self.partner_id.commercial_partner_id
        domain = Domain("commercial_partner_id", "=", entity.id)
        domain &= Domain("is_open", "=", True)
        domain &= Domain("company_id", "=", self.env.company.id)
        seen = Ticket._search(domain)
        others = Ticket.sudo()._read_group(
            domain & Domain("id", "not in", seen), ["team_id"], ["__count"]
        )
        return [
            {"team": team.name or self.env._("No team"), "count": count}
            for team, count in others
        ]

    def _running_orders(self):
        """The latest confirmed orders. Whoever answers the telephone need not be a
        salesperson to know that there is one; he sees no amounts."""
        entity = self.partner_id.commercial_partner_id
        domain = Domain("partner_id.commercial_partner_id", "=", entity.id)
        domain &= Domain("state", "=", "sale")
        domain &= Domain("company_id", "=", self.env.company.id)
        return (
            self.env["sale.order"]
            .sudo()
            .search(domain, order="date_order desc, id desc", limit=MOST_SHOWN)
        )

    def _running_projects(self):
        entity = self.partner_id.commercial_partner_id
        domain = Domain("partner_id.commercial_partner_id", "=", entity.id)
        domain &= Domain("is_template", "=", False)
        domain &= Domain("company_id", "in", [self.env.company.id, False])
        return (
            self.env["project.project"]
            .sudo()
            .search(domain, order="id desc", limit=MOST_SHOWN)
        )

    def _contracts(self):
        orders = self._running_orders()
        shows = self._shows_of(orders)
        return [
            {
                "id": order.id,
                "name": order.name,
                "reference": order.client_order_ref or "",
                "on": fields.Date.to_string(order.date_order),
                "show": shows.get(order, ("", ""))[0],
                "stand": shows.get(order, ("", ""))[1],
            }
            for order in orders
        ]

    @api.model
    def _shows_of(self, orders):
        """Exhibition and stand of contracts, ``{order: (exhibition, stand)}``, as the
        last ticket about each of them named them. Areas above know them better."""
        about = Domain("order_id", "in", orders.ids) & Domain("show_name", "!=", False)
        tickets = self.env["key.account.ticket"].sudo().search(about, order="id")
        return {t.order_id: (t.show_name, t.stand_no or "") for t in tickets}

    def _talks(self, tickets):
        """What was said last, in these tickets."""
        messages = (
            self.env["mail.message"]
            .sudo()
            .search(
                Domain("model", "=", "key.account.ticket")
                & Domain("res_id", "in", tickets.ids)
                & Domain("message_type", "in", ("email", "comment"))
                & Domain("subtype_id.internal", "=", False),
                order="id desc",
                limit=MOST_SHOWN,
            )
        )
        return [
            {
                "on": self._when(message.date),
                "who": message.author_id.name or message.email_from or "",
                "words": " ".join(html2plaintext(message.body or "").split())[:120],
            }
            for message in messages
        ]

    @api.model
    def _when(self, moment):
        return fields.Datetime.to_string(moment) if moment else False

from ast import literal_eval
from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.letters import Letter

TICKET = "key.account.ticket"


class KeyAccountTicketRouting(models.AbstractModel):
    """Where a mail for tickets goes, and what does not become one: what a program
    wrote, what comes from an address of our own, and what comes too often (R086).

    A route is Odoo's: ``(model, id of a record or 0, values, user id, alias)``.
    """

    _name = "key.account.ticket.routing"
    _description = "Routing of Mails to Tickets"

    @api.model
    def _mailbox_aliases(self, intake):
        tickets = self.env["ir.model"]._get_id(TICKET)
        return intake.aliases.filtered(lambda alias: alias.alias_model_id.id == tickets)

    @api.model
    def _makes_ticket(self, routes):
        return any(route[0] == TICKET and not route[1] for route in routes)

    # --- The straight way ---

    @api.model
    def _straight_routes(self, intake, message_dict):
        """Routes of a mail that begins something and is for open mailboxes alone, found
        with a few questions to the database; None where Odoo has to look closer."""
        answers = message_dict["references"] or message_dict["in_reply_to"]
        mailboxes = self._mailbox_aliases(intake)
        if message_dict["is_bounce"] or answers or not mailboxes:
            return None
        if mailboxes != intake.aliases:
            return None
        restricted = any(alias.alias_contact != "everyone" for alias in mailboxes)
        if restricted and not intake.is_forced:
            return None
        self._forget_bounces(intake.sender)
        intake.people = self._find_people(intake, mailboxes)
        return [
            (TICKET, 0, literal_eval(alias.alias_defaults), self.env.uid, alias)
            for alias in mailboxes
        ]

    @api.model
    def _find_people(self, intake, mailboxes):
        """The contacts whose addresses a mail holds, whatever company they are of."""
        addresses = [address for address in intake.asked if address not in intake.own]
        Partner = self.env["res.partner"].sudo()
        return Partner.search_fetch(
            [("email_normalized", "in", addresses)],
            ["email_normalized", "partner_share", "company_id", "parent_id", "name"],
        )

    @api.model
    def _people_values(self, intake):
        """Author and other contacts of a mail for its message."""
        people = intake.people
        written = people.filtered(lambda p: p.email_normalized == intake.sender)
        author = self.env[TICKET]._choose_contact(written, self.env["res.company"])
        by_address = (people - written).grouped("email_normalized").values()
        return {
            "author_id": author.id,
            "partner_ids": [partners[0].id for partners in by_address],
        }

    @api.model
    def _forget_bounces(self, address):
        """An address that writes can be written to: what Odoo counted against it is
        forgotten, as Odoo does, with one question."""
        counting = [
            self.env[name]
            for name, model in self.pool.items()
            if not model._abstract
            and issubclass(model, self.pool["mail.thread.blacklist"])
            and model._auto
        ]
        if not address or not counting:
            return
        for records in counting:
            records.flush_model(["email_normalized", "message_bounce"])
        query = SQL(" UNION ALL ").join(
            SQL(
                "SELECT %s, id FROM %s WHERE email_normalized = %s"
                " AND message_bounce > 0",
                records._name,
                SQL.identifier(records._table),
                address,
            )
            for records in counting
        )
        for name, record_id in self.env.execute_query(query):
            self.env[name].sudo().browse(record_id)._message_reset_bounce(address)

    @api.model
    def _writes_seldom(self, intake, routes):
        """Whether nobody need look for a loop: one who wrote less than Odoo's limit."""
        if intake.is_forced or not routes:
            return True
        if intake.people is None or not intake.sender:
            return False
        config = self.env["ir.config_parameter"].sudo()
        limit = int(config.get_param("mail.gateway.loop.threshold", 20))
        minutes = int(config.get_param("mail.gateway.loop.minutes", 120))
        since = self.env.cr.now() - timedelta(minutes=minutes)
        tickets = self.env[TICKET].sudo()
        return limit > tickets.search_count(
            Domain(tickets._detect_loop_sender_domain(intake.sender))
            & Domain("create_date", ">=", since),
            limit=limit,
        )

    # --- The guard ---

    @api.model
    def _guard(self, intake, message, message_dict, routes):
        """Lets through what may become a ticket or go on with one, each mail as one
        ticket of each company, and sees to the rest."""
        others = [route for route in routes if route[0] != TICKET]
        mine = [route for route in routes if route[0] == TICKET]
        if not mine:
            self._note_unrouted(intake, message_dict, routes)
            return others
        if intake:
            reason = None if intake.is_forced else intake.reason_against
        else:
            reason = Letter.of(message).machine_reason
        answers = [
            self._answer_route(message_dict, route, reason)
            for route in mine
            if route[1]
        ]
        new = [route for route in mine if not route[1]]
        if new and reason and intake:
            self._refuse(intake, reason)
            new = []
        return others + answers + self._one_each(new)

    @api.model
    def _note_unrouted(self, intake, message_dict, routes):
        """Odoo has sent back what may not write to this mailbox: people see that."""
        was_ours = intake and intake.is_ours
        if was_ours and not routes and not message_dict.get("is_bounce"):
            self._refuse(intake, "not_allowed")

    @api.model
    def _one_each(self, routes):
        """One ticket for each company, however many of its mailboxes a mail is sent to:
        a complaint if one of them is for complaints."""
        best = {}
        for route in sorted(routes, key=lambda r: (r[2] or {}).get("kind", "")):
            best.setdefault((route[2] or {}).get("company_id"), route)
        for *_route, alias in best.values():
            if alias and alias.alias_status != "valid":
                alias.sudo().alias_status = "valid"
        # without the alias: a failure is not answered with a mail to the customer
        nobody = self.env["mail.alias"]
        return [(*route[:4], nobody) for route in best.values()]

    @api.model
    def _answer_route(self, message_dict, route, reason):
        """The route of a mail that answers to a ticket: to the one that took its place,
        or to a new one, where the customer writes to a ticket that has ended."""
        ticket = self.env[TICKET].sudo().browse(route[1])
        if reason:
            # a note: it is no word of a person, and nobody is told
            message_dict.update(message_type="auto_comment", is_internal=True)
            message_dict.pop("parent_id", None)
            return route
        author = self._author_of(ticket, message_dict)
        if not ticket._is_customer(author, message_dict["email_from"]):
            return route
        message_dict["is_internal"] = False
        goal = ticket._where_it_goes_on()
        goes_on = goal._takes_more()
        if goal == ticket and goes_on:
            return route
        message_dict.pop("parent_id", None)
        if goes_on:
            ticket._note_that_it_goes_on(goal)
            return (TICKET, goal.id, *route[2:])
        nobody = self.env["mail.alias"]
        return (TICKET, 0, goal._prepare_follow_up_vals(), route[3], nobody)

    @api.model
    def _author_of(self, ticket, message_dict):
        """The contact who wrote an answer."""
        if not message_dict.get("author_id"):
            found = ticket._partner_find_from_emails_single(
                [message_dict["email_from"]], no_create=True
            )
            message_dict["author_id"] = found[:1].id
        return self.env["res.partner"].sudo().browse(message_dict["author_id"] or ())

    @api.model
    def _refuse(self, intake, reason, detail=None):
        """Keeps a mail that no ticket is made of where people find it."""
        mailbox = self.env["key.account.ticket.mailbox"].sudo()
        mailbox = mailbox.search(
            [("alias_id", "in", self._mailbox_aliases(intake).ids)], limit=1
        )
        self.env["key.account.ticket.refusal"]._keep(
            intake.letter, mailbox, reason, detail
        )

import re

from psycopg2 import IntegrityError

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Domain
from odoo.http import DEFAULT_MAX_CONTENT_LENGTH
from odoo.tools import SQL, mute_logger, plaintext2html

from ...tools import ticket_rules

KEY = re.compile(r"[0-9a-f]{32}")
LENGTHS = {
    "name": 200,
    "text": 20_000,
    "remedy_sought": 5_000,
    "show_name": 200,
    "stand_no": 200,
}
MANY_FILES = 20
MANY_ORDERS = 200


class KeyAccountTicketPortalIntake(models.AbstractModel):
    """What a customer sends us on the portal becomes a ticket (R086): checked here,
    whatever a browser has checked before, and one ticket however often it is sent."""

    _name = "key.account.ticket.portal.intake"
    _description = "Ticket from the Portal"

    portal_key = fields.Char(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="Made with the empty form: what is sent twice is one ticket.",
    )

    _portal_key_uniq = models.UniqueIndex(
        "(portal_key) WHERE portal_key IS NOT NULL",
        "This was sent already.",
    )

    # --- Business ---

    @api.model
    def _portal_orders(self):
        """The contracts that the current user may refer to: those of his company."""
        orders = self.env["sale.order"]
        if not orders.has_access("read"):
            return orders
        company = self.env.user.partner_id.commercial_partner_id
        own = Domain("partner_id", "child_of", company.ids)
        return orders.search(
            own & Domain("state", "=", "sale"), order="id desc", limit=MANY_ORDERS
        )

    @api.model
    def _portal_problems(self, values, files):
        """What is wrong with a filled-in form, as ``{name of the input: sentence}``.

        :param values: the texts of the form; ``files``: list of (name, content).
        """
        problems = {}
        if values.get("kind") not in dict(ticket_rules.KINDS):
            problems["kind"] = self.env._("Please choose one.")
        if not values.get("name"):
            problems["name"] = self.env._("Please say in one line what it is about.")
        if not values.get("text"):
            problems["text"] = self.env._(
                "Please tell us what you ask, or what happened."
            )
        for name, longest in LENGTHS.items():
            if len(values.get(name) or "") > longest:
                problems[name] = self.env._(
                    "Please write at most %(count)s characters.", count=longest
                )
        order = values.get("order_id")
        if order and order not in map(str, self._portal_orders().ids):
            problems["order_id"] = self.env._(
                "Please choose a contract of your company."
            )
        if trouble := self._portal_trouble_with(files):
            problems["files"] = trouble
        return problems

    @api.model
    def _portal_trouble_with(self, files):
        if len(files) > MANY_FILES:
            return self.env._(
                "Please attach at most %(count)s files; a ZIP file counts as one.",
                count=MANY_FILES,
            )
        limit = self._portal_file_limit()
        if sum(len(content) for _name, content in files) > limit:
            return self.env._(
                "These files are too large: together they may have %(limit)s MB. Please"
                " choose fewer or smaller ones.",
                limit=f"{limit / 1024**2:g}",
            )
        return None

    @api.model
    def _portal_file_limit(self):
        """How many bytes may be sent at once, as everywhere in Odoo."""
        parameters = self.env["ir.config_parameter"].sudo()
        given = parameters.get_param("web.max_file_upload_size")
        return int(given or DEFAULT_MAX_CONTENT_LENGTH)

    @api.model
    def _portal_take_in(self, values, files, key):
        """Makes a ticket of a form without problems.

        :param key: what was made with the empty form. Whoever sends it twice, by a
            double click or by going back, gets the ticket that he made the first time.
        """
        made = self._portal_made_of(key)
        if made.sudo(False)._filtered_access("read"):
            return made
        if made or not KEY.fullmatch(key or ""):
            key = None  # not one of ours
        person = self.env.user.partner_id
        vals = self._prepare_portal_vals(values, person)
        company = self.env["res.company"].sudo().browse(vals["company_id"])
        tickets = self.sudo().with_company(company)
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                ticket = tickets.create({**vals, "portal_key": key})
        except IntegrityError as error:
            # the other click was faster: begin anew, and find what it made
            raise ConcurrencyError("a form was sent twice at once") from error
        ticket.message_subscribe(person.ids)
        ticket._portal_attach(files, person)
        ticket._acknowledge()
        return ticket.with_env(self.env)

    @api.model
    def _portal_made_of(self, key):
        """The ticket that was made of a form before, empty if there is none."""
        if not key:
            return self.browse()
        lock = SQL("SELECT pg_try_advisory_xact_lock(hashtext(%s))", f"portal {key}")
        [[is_first]] = self.env.execute_query(lock)
        if not is_first:
            raise ConcurrencyError("a form is being sent twice at once")
        made = self.sudo().search([("portal_key", "=", key)], limit=1)
        return made.with_env(self.env)

    @api.model
    def _prepare_portal_vals(self, values, person):
        order = self.env["sale.order"].browse(int(values.get("order_id") or 0))
        company = order.sudo().company_id or self.env.company
        teams = self.env["key.account.ticket.team"]
        complaint = values["kind"] == "complaint"
        return {
            "kind": values["kind"],
            "name": values["name"],
            "description": plaintext2html(values["text"]),
            "remedy_sought": complaint and values.get("remedy_sought") or False,
            "channel": "portal",
            "company_id": company.id,
            "team_id": teams._default_of(company).id,
            "partner_id": person.id,
            "email_from": person.email_formatted,
            "phone": person.phone,
            "order_id": order.id,
            "show_name": values.get("show_name") or False,
            "stand_no": values.get("stand_no") or False,
        }

    def _portal_attach(self, files, person):
        """His files are his first message: what hangs on no message of the
        conversation is not shown to customers."""
        self._customer_wrote_at(self.received_at)
        if files:
            self.message_post(
                author_id=person.id,
                attachments=files,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )

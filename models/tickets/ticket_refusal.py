import base64
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.intake import FORCED, FORCED_KEY

KEPT_FOR = timedelta(days=366)


class KeyAccountTicketRefusal(models.Model):
    """A mail to a mailbox of which no ticket was made, with the reason: nothing is
    passed over in silence. Whoever leads the team looks through them, and makes a
    ticket of what turns out to be one."""

    _name = "key.account.ticket.refusal"
    _description = "Refused Mail"
    _inherit = ["key.account.guarded"]
    _append_only = True
    _order = "id desc"
    _rec_name = "subject"

    received_at = fields.Datetime("Received on", required=True, index=True)
    email_from = fields.Char("Sender")
    subject = fields.Char()
    reason = fields.Selection(
        [
            ("auto", "Written by a Program"),
            ("bulk", "Mass Mail"),
            ("vacation", "Out of Office"),
            ("own", "From an Address of Our Own"),
            ("too_many", "Too Many from One Sender"),
            ("not_allowed", "May Not Write to This Mailbox"),
            ("broken", "Could Not Be Taken In"),
        ],
        required=True,
        index=True,
    )
    detail = fields.Char("What Was Wrong")
    mailbox_id = fields.Many2one(
        "key.account.ticket.mailbox", index="btree_not_null", ondelete="set null"
    )
    team_id = fields.Many2one(
        "key.account.ticket.team", index="btree_not_null", ondelete="set null"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    message_id = fields.Char("Message-Id", index=True, export_string_translation=False)
    mail = fields.Binary(attachment=True, help="The mail as it arrived.")
    mail_name = fields.Char(export_string_translation=False)
    ticket_id = fields.Many2one(
        "key.account.ticket", "Became", index="btree_not_null", ondelete="set null"
    )

    # --- Actions ---

    def action_make_ticket(self):
        """Takes the mail in all the same. Nobody is written to for it."""
        self.ensure_one()
        self.check_access("read")
        self._lock()
        if self.ticket_id:
            return self.ticket_id._open_form()
        thread = self.env["mail.thread"].sudo()
        thread = thread.with_context(**{FORCED_KEY: FORCED})
        thread.with_company(self.company_id).message_process(
            "key.account.ticket",
            base64.b64decode(self.sudo().mail),
            custom_values=self.sudo()._prepare_ticket_vals(),
        )
        message = self.env["mail.message"].sudo()
        message = message.search(
            [
                ("message_id", "=", self.message_id),
                ("model", "=", "key.account.ticket"),
            ],
            limit=1,
        )
        if not message:
            raise UserError(self.env._("No ticket can be made of this mail."))
        self.sudo()._authorized().write({"ticket_id": message.res_id})
        return self.ticket_id._open_form()

    # --- Business ---

    def _prepare_ticket_vals(self):
        """What the ticket is where the mail does not say it."""
        return {
            "company_id": self.company_id.id,
            "team_id": self.team_id.id,
            "mailbox_id": self.mailbox_id.id,
            "kind": self.mailbox_id.kind or "enquiry",
        }

    @api.model
    def _keep(self, letter, mailbox, reason, detail=None):
        """Writes a refusal down, once for each mail."""
        refusals = self.sudo()
        known = [("message_id", "=", letter.message_id), ("reason", "=", reason)]
        if refusals.search_count(known, limit=1):
            return refusals.browse()
        return refusals._authorized().create(
            {
                "received_at": fields.Datetime.now(),
                "email_from": letter.get("from")[:254],
                "subject": letter.get("subject")[:300],
                "reason": reason,
                "detail": (detail or "")[:1000],
                "mailbox_id": mailbox.id,
                "team_id": mailbox.team_id.id,
                "company_id": (mailbox.company_id or self.env.company).id,
                "message_id": letter.message_id,
                "mail": base64.b64encode(letter.raw),
                "mail_name": "mail.eml",
            }
        )

    @api.autovacuum
    def _gc_old(self):
        """What nobody made a ticket of within a year is forgotten."""
        old = fields.Datetime.now() - KEPT_FOR
        self.search([("received_at", "<", old)], limit=1000)._authorized().unlink()

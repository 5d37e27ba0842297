from ast import literal_eval

from odoo import fields, models


class KeyAccountTicketMailbox(models.Model):
    """An address customers write to: what arrives there is a ticket of its kind and
    team (R086), and answers go out from it."""

    _name = "key.account.ticket.mailbox"
    _description = "Mailbox"
    _inherit = ["mail.alias.mixin"]
    _order = "team_id, kind, id"
    _rec_name = "alias_full_name"

    team_id = fields.Many2one(
        "key.account.ticket.team", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="team_id.company_id", store=True)
    kind = fields.Selection(
        [("enquiry", "Enquiries"), ("complaint", "Complaints")],
        "For",
        required=True,
        default="enquiry",
    )

    # --- CRUD ---

    def write(self, vals):
        self.check_access("write")  # the alias is written past the rights
        result = super().write(vals)
        if {"team_id", "kind"}.intersection(vals):
            for mailbox in self.sudo():
                mailbox.alias_defaults = mailbox._alias_get_creation_values()[
                    "alias_defaults"
                ]
        return result

    # --- Mail ---

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("key.account.ticket")
        if self.id:
            defaults = literal_eval(self.alias_defaults or "{}")
            values["alias_defaults"] = {
                **defaults,
                "kind": self.kind,
                "team_id": self.team_id.id,
                "mailbox_id": self.id,
                "company_id": self.company_id.id,
                "channel": "email",
            }
        return values

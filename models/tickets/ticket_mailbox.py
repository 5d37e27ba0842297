from ast import literal_eval

from odoo import api, fields, models


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

    @api.model_create_multi
    def create(self, vals_list):
        """The address lies in the mail domain of the team's company."""
        teams = self.env["key.account.ticket.team"]
        for vals in vals_list:
            company = teams.browse(vals.get("team_id")).company_id
            if "alias_domain_id" not in vals and company:
                vals["alias_domain_id"] = company.alias_domain_id.id
        return super().create(vals_list)

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

    def _address(self):
        """The whole address, or an empty text as long as there is no mail domain."""
        mailbox = self.sudo()[:1]
        has_domain = mailbox.alias_name and mailbox.alias_domain_id
        return mailbox.alias_full_name if has_domain else ""

    def _ticket_values(self):
        """What a ticket is that arrives here."""
        return {
            "kind": self.kind,
            "team_id": self.team_id.id,
            "company_id": self.team_id.company_id.id,
            "mailbox_id": self.id,
        }

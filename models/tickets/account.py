from odoo import api, fields, models
from odoo.fields import Domain


class KeyAccount(models.Model):
    _inherit = "key.account"

    open_ticket_count = fields.Integer("Open Tickets", compute="_compute_tickets")
    late_ticket_count = fields.Integer("Late Tickets", compute="_compute_tickets")

    # --- Compute ---

    @api.depends_context("uid")
    def _compute_tickets(self):
        """Of the tickets that the reader may see, with one query for all accounts."""
        rows = self.env["key.account.ticket"]._read_group(
            Domain("account_id", "in", self._origin.ids) & Domain("is_open", "=", True),
            ["account_id", "sla_state"],
            ["__count"],
        )
        opened, late = {}, {}
        for account, state, count in rows:
            opened[account.id] = opened.get(account.id, 0) + count
            if state == "late":
                late[account.id] = count
        for account in self:
            account.open_ticket_count = opened.get(account._origin.id, 0)
            account.late_ticket_count = late.get(account._origin.id, 0)

    # --- Actions ---

    def action_open_tickets(self):
        """Lists the enquiries and complaints of this customer, the open ones first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account.ticket_action"
        )
        return {
            **action,
            "display_name": self.env._("Tickets of %(name)s", name=self.name),
            "domain": [("account_id", "=", self.id)],
            "context": self._new_ticket_context(),
            "view_mode": "list,kanban,form",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
        }

    def action_new_enquiry(self):
        """Takes in what this customer asks."""
        return self._new_ticket("enquiry", self.env._("New Enquiry"))

    def action_new_complaint(self):
        """Takes in what this customer complains about."""
        return self._new_ticket("complaint", self.env._("New Complaint"))

    # --- Business ---

    def _new_ticket(self, kind, title):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "key.account.ticket",
            "view_mode": "form",
            "context": {**self._new_ticket_context(), "default_kind": kind},
        }

    def _new_ticket_context(self):
        return {
            "default_account_id": self.id,
            "default_company_id": self.company_id.id,
        }

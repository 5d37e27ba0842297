from odoo import models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def action_check_customer(self):
        """Asks whether somebody has the customer of this lead already."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account.duplicate_check_action"
        )
        action["context"] = {
            "default_name": self.partner_name
            or self.partner_id.commercial_company_name,
            "default_phone": self.phone,
            "default_email": self.email_from,
        }
        return action

    def convert_opportunity(self, partner, user_ids=False, team_id=False):
        """A lead that becomes somebody's opportunity opens the file of that customer
        (R013, R014)."""
        result = super().convert_opportunity(
            partner, user_ids=user_ids, team_id=team_id
        )
        for company, leads in self.grouped("company_id").items():
            if leads.partner_id:
                self.env["key.account"].sudo()._open_for(leads.partner_id, company)
        return result

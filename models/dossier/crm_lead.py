from odoo import models


class CrmLead(models.Model):
    _inherit = "crm.lead"

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

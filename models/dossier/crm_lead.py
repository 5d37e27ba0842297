from odoo import models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _handle_partner_assignment(
        self, force_partner_id=False, create_missing=True, with_parent=None
    ):
        """A lead that becomes somebody's opportunity opens the file of that customer
        (R013, R014)."""
        result = super()._handle_partner_assignment(
            force_partner_id=force_partner_id,
            create_missing=create_missing,
            with_parent=with_parent,
        )
        for company, leads in self.grouped("company_id").items():
            self.env["key.account"].sudo()._open_for(leads.partner_id, company)
        return result

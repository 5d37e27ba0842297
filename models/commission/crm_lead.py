from odoo import api, models


class CrmLead(models.Model):
    """The first lead of a customer with a salesperson fixes how he came (R119)."""

    _inherit = "crm.lead"

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._fix_key_account_origins()
        return leads

    def write(self, vals):
        result = super().write(vals)
        if {"user_id", "partner_id"} & vals.keys():
            self._fix_key_account_origins()
        return result

    def _fix_key_account_origins(self):
        contacts = []
        for lead in self.filtered(lambda lead: lead.partner_id and lead.user_id):
            company = lead.company_id or self.env.company
            day = company._key_account_day(lead.create_date)
            customer = lead.partner_id.commercial_partner_id
            kind = lead._key_account_origin_kind()
            contacts.append((customer, lead.user_id, company, day, kind, lead))
        self.env["key.account.origin"].sudo()._fix(contacts)

    def _key_account_origin_kind(self):
        """What the medium of the lead says; nothing when it says nothing."""
        return self.medium_id.key_account_origin or None

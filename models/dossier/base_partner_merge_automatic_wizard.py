from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Merges the accounts and the people in them first: Odoo would delete the
        second one of a company together with its history."""
        self.env["key.account"]._follow_partners(
            src_partners, dst_partner.commercial_partner_id
        )
        self.env["key.account.stakeholder"]._follow_contacts(src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)

from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Merges the accounts first: Odoo would delete the second one of a company
        together with its history."""
        self.env["key.account"]._follow_partners(
            src_partners, dst_partner.commercial_partner_id
        )
        return super()._update_foreign_keys(src_partners, dst_partner)

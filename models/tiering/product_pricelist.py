from odoo import api, models


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    @api.model
    def _get_partner_pricelist_multi(self, partner_ids):
        """A customer without a pricelist of his own has the one of his tier (R019).

        Nothing is written on the customer: the pricelist comes and goes with the tier,
        and the one that somebody set by hand is never touched.
        """
        result = super()._get_partner_pricelist_multi(partner_ids)
        if not self.env["res.groups"]._is_feature_enabled(
            "product.group_product_pricelist"
        ):
            return result
        partners = self.env["res.partner"].browse(partner_ids)
        for partner in partners:
            own = partner.specific_property_product_pricelist
            of_tier = partner.sudo().key_account_tier_id.pricelist_id
            if of_tier.active and not own.active:
                result[partner.id] = of_tier.with_env(self.env)
        return result

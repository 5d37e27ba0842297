from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    key_account_tier_id = fields.Many2one(
        "key.account.tier",
        "Tier",
        compute="_compute_key_account_tier_id",
        search="_search_key_account_tier_id",
        compute_sudo=True,
        groups="base.group_user",
        help="The tier of this customer in the current company.",
    )
    is_key_account = fields.Boolean(
        "Key Account",
        compute="_compute_key_account_tier_id",
        search="_search_is_key_account",
        compute_sudo=True,
        groups="base.group_user",
    )

    @api.depends("key_account_id.tier_id")
    @api.depends_context("company")
    def _compute_key_account_tier_id(self):
        for partner in self:
            partner.key_account_tier_id = partner.key_account_id.tier_id
            partner.is_key_account = partner.key_account_id.is_key

    def _search_key_account_tier_id(self, operator, value):
        return self._search_through_account("tier_id", operator, value)

    def _search_is_key_account(self, operator, value):
        return self._search_through_account("is_key", operator, value)

    @api.depends("key_account_tier_id.pricelist_id")
    def _compute_product_pricelist(self):
        """The pricelist follows the tier (see ``product.pricelist``)."""
        return super()._compute_product_pricelist()

    @api.model
    def _account_columns(self):
        return super()._account_columns() | {"key_account_tier_id": "tier_id"}

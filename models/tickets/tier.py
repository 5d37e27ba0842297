from odoo import api, fields, models
from odoo.fields import Domain


class KeyAccountTier(models.Model):
    _inherit = "key.account.tier"

    ticket_priority = fields.Selection(
        [("0", "Low"), ("1", "Normal"), ("2", "High"), ("3", "Urgent")],
        "Lowest Priority of Tickets",
        default="0",
        required=True,
        help="Enquiries and complaints of these customers have this priority at least.",
    )
    sla_policy_ids = fields.Many2many(
        "key.account.sla.policy",
        string="Service Promises",
        compute="_compute_sla_policy_ids",
        help="What may hold for enquiries and complaints of these customers. The first"
        " one in the list whose conditions are met does.",
    )

    @api.depends("code", "company_id")
    def _compute_sla_policy_ids(self):
        """The policies for this tier, and those that ask for none. A tier is known by
        its code, whatever the version of its scheme."""
        every = self.env["key.account.sla.policy"].search(
            Domain("company_id", "in", self.company_id.ids)
        )
        for tier in self:
            tier.sla_policy_ids = every.filtered(
                lambda policy, tier=tier: (
                    policy.company_id == tier.company_id
                    and (
                        not policy.tier_ids
                        or tier.code in policy.tier_ids.mapped("code")
                    )
                    and (
                        not policy.sudo().account_ids
                        or tier in policy.sudo().account_ids.tier_id
                    )
                )
            )

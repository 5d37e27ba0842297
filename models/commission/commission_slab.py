from odoo import api, fields, models

from ...tools.commission import Slab, exact


class KeyAccountCommissionSlab(models.Model):
    """A step of the ladder of a version: from its lower bound to the next one (R118).

    Rates are percent of the net profit, for customers who are new to the salesperson
    and for existing ones (R119); the retention is percent of the commission (R120).
    """

    _name = "key.account.commission.slab"
    _description = "Slab"
    _order = "version_id, lower, id"

    version_id = fields.Many2one(
        "key.account.commission.plan.version",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="version_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    lower = fields.Monetary("From", help="What the month must reach.")
    rate_new = fields.Float("New (%)", digits=(9, 4), help="For new customers.")
    rate_existing = fields.Float(
        "Existing (%)", digits=(9, 4), help="For existing customers."
    )
    retention_pct = fields.Float(
        "Kept (%)", digits=(9, 4), help="Of the commission, as risk fund."
    )

    _lower_uniq = models.Constraint(
        "UNIQUE(version_id, lower)", "No two slabs begin at the same amount."
    )
    _in_range = models.Constraint(
        "CHECK(lower >= 0 AND rate_new BETWEEN 0 AND 100"
        " AND rate_existing BETWEEN 0 AND 100 AND retention_pct BETWEEN 0 AND 100)",
        "A slab begins at nothing or more, and percentages are between 0 and 100.",
    )

    # --- Compute ---

    @api.depends("lower", "currency_id")
    def _compute_display_name(self):
        for slab in self:
            amount = slab.currency_id.format(slab.lower) if slab.currency_id else ""
            slab.display_name = self.env._("from %(amount)s", amount=amount)

    # --- CRUD ---

    @api.model_create_multi
    def create(self, vals_list):
        slabs = super().create(vals_list)
        slabs.version_id._touch_draft()
        return slabs

    def write(self, vals):
        self.version_id._touch_draft()
        result = super().write(vals)
        self.version_id._touch_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        self.version_id._touch_draft()

    # --- Tools ---

    def _as_rules(self):
        return [
            Slab(
                slab.id,
                exact(slab.lower),
                exact(slab.rate_new),
                exact(slab.rate_existing),
                exact(slab.retention_pct),
            )
            for slab in self
        ]

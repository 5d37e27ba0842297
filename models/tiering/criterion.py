from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import scoring


class KeyAccountCriterion(models.Model):
    """One measure of a scheme and how it counts (R002, R007, R008).

    The sub-score is linear from 0 at ``floor`` to 100 at ``target`` and clamped
    (``tools/scoring.py``); a target below the floor means that less is better.
    """

    _name = "key.account.criterion"
    _description = "Criterion"
    _order = "scheme_id, sequence, id"

    scheme_id = fields.Many2one(
        "key.account.scheme", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    measure = fields.Selection(
        [
            ("invoiced_net", "Net Revenue"),
            ("invoiced_growth", "Revenue Growth (%)"),
            ("invoice_count", "Number of Invoices"),
            ("months_since_last_invoice", "Months since the Last Invoice"),
            ("tenure_months", "Months as a Customer"),
            ("order_margin", "Order Margin"),
            ("pipeline_expected", "Expected Pipeline"),
            ("referrals", "Customers Referred"),
            ("overdue_days", "Days Overdue"),
            ("satisfaction", "Satisfaction (1 to 5)"),
            ("potential", "Yearly Potential"),
            ("company_size", "Number of Employees"),
            ("industry", "Target Industry (1 = yes)"),
            ("manual", "Judged by the Committee (0 to 100)"),
        ],
        required=True,
    )
    window_months = fields.Integer("Window (Months)", default=12)
    dimension_id = fields.Many2one("key.account.dimension")
    industry_ids = fields.Many2many("res.partner.industry", string="Target Industries")
    weight = fields.Float(digits=(5, 2), help="Points of 100.")
    floor = fields.Float(digits=(16, 2), help="Worth 0 points.")
    target = fields.Float(digits=(16, 2), help="Worth 100 points.")
    missing = fields.Selection(
        [("skip", "Leave out"), ("zero", "Count as 0 points")],
        "Without Data",
        default="skip",
        required=True,
    )
    gate = fields.Boolean(
        help="Who does not reach the floor cannot be in a key tier, whatever his score."
    )

    _weight_in_range = models.Constraint(
        "CHECK(weight BETWEEN 0 AND 100)", "A weight is between 0 and 100."
    )
    _window_positive = models.Constraint(
        "CHECK(window_months BETWEEN 1 AND 120)",
        "A window is between 1 and 120 months long.",
    )

    # --- Compute ---

    @api.depends("measure", "dimension_id", "window_months")
    def _compute_display_name(self):
        labels = dict(self._fields["measure"]._description_selection(self.env))
        for criterion in self:
            criterion.display_name = (
                criterion.dimension_id.name
                if criterion.measure == "manual"
                else labels.get(criterion.measure, "")
            )

    # --- Constraints ---

    @api.constrains("measure", "dimension_id", "industry_ids")
    def _check_measure_is_complete(self):
        for criterion in self:
            if criterion.measure == "manual" and not criterion.dimension_id:
                raise ValidationError(
                    self.env._("Choose the dimension that the committee judges.")
                )
            if criterion.measure == "industry" and not criterion.industry_ids:
                raise ValidationError(self.env._("Choose the target industries."))

    # --- CRUD ---

    @api.model_create_multi
    def create(self, vals_list):
        criteria = super().create(vals_list)
        criteria.scheme_id._check_draft()
        return criteria

    def write(self, vals):
        self.scheme_id._check_draft()
        result = super().write(vals)
        # nor may one be moved into a published scheme
        self.scheme_id._check_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self.scheme_id._check_draft()

    # --- Tools ---

    def _as_rules(self):
        """The criteria as the pure functions take them."""
        return [
            scoring.Criterion(
                weight=criterion.weight,
                floor=criterion.floor,
                target=criterion.target,
                missing=criterion.missing,
                gate=criterion.gate,
            )
            for criterion in self
        ]

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class KeyAccountAssessment(models.Model):
    """A judgement of one dimension of a customer, from 0 to 100: proposed by somebody
    who knows him, approved by somebody else of the committee (R004).

    ``draft -> approved | refused``. The latest approved one is the raw value of a
    criterion of measure *manual*.
    """

    _name = "key.account.assessment"
    _description = "Assessment of a Customer"
    _inherit = ["mail.thread", "mail.activity.mixin", "key.account.committee"]
    _order = "date desc, id desc"
    _check_company_auto = True
    _transitions = {"draft": ("approved", "refused")}

    account_id = fields.Many2one(
        "key.account", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    dimension_id = fields.Many2one("key.account.dimension", required=True)
    score = fields.Float(digits=(5, 2), required=True, help="0 to 100.")
    note = fields.Text("Reasons", required=True)
    date = fields.Date(default=fields.Date.context_today, required=True)
    valid_to = fields.Date(help="From the next day on, the judgement counts no more.")
    state = fields.Selection(
        [("draft", "Proposed"), ("approved", "Approved"), ("refused", "Refused")],
        "Status",
        default="draft",
        required=True,
        tracking=True,
    )

    _score_in_range = models.Constraint(
        "CHECK(score BETWEEN 0 AND 100)", "A judgement is between 0 and 100."
    )
    _dates_in_order = models.Constraint(
        "CHECK(valid_to IS NULL OR valid_to >= date)",
        "A judgement cannot end before its date.",
    )

    @api.depends("dimension_id", "account_id")
    def _compute_display_name(self):
        for assessment in self:
            names = (assessment.account_id.name, assessment.dimension_id.name)
            assessment.display_name = ": ".join(filter(None, names))

    @api.constrains("score", "note", "dimension_id", "account_id", "date", "valid_to")
    def _check_undecided(self):
        for assessment in self:
            if assessment.state != "draft":
                raise ValidationError(
                    self.env._(
                        "This judgement is decided. Propose a new one instead of"
                        " changing it."
                    )
                )

    # --- CRUD ---

    @api.model_create_multi
    def create(self, vals_list):
        assessments = super().create(vals_list)
        assessments._tell_committee()
        return assessments

    # --- Actions ---

    def action_approve(self):
        """Lets the judgement count."""
        self._decide("approved")
        self.activity_unlink(["mail.mail_activity_data_todo"])
        return True

    def action_refuse(self):
        """Turns the judgement down."""
        self._decide("refused")
        self.activity_unlink(["mail.mail_activity_data_todo"])
        return True

    # --- Business ---

    def _committee_task(self):
        return self.env._("Judge a customer")

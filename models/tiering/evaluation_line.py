from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.periods import window_start


class KeyAccountEvaluationLine(models.Model):
    """What an evaluation says of one customer, with the inputs that made it, so that
    anyone can check it later (R009). Written by the engine, never by hand."""

    _name = "key.account.evaluation.line"
    _description = "Evaluation of a Customer"
    _inherit = ["key.account.guarded"]
    _order = "evaluation_id desc, score desc, id"
    _rec_names_search = ["account_id"]
    _append_only = True

    evaluation_id = fields.Many2one(
        "key.account.evaluation", required=True, ondelete="cascade"
    )
    account_id = fields.Many2one(
        "key.account", "Customer", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(related="evaluation_id.date", store=False)
    evaluation_state = fields.Selection(related="evaluation_id.state")
    holder_id = fields.Many2one(related="account_id.holder_id")

    # the verdict
    score = fields.Float(digits=(5, 2), aggregator="avg")
    coverage = fields.Float(
        aggregator="avg", help="Share of the weights that there was data for."
    )
    gated = fields.Boolean("Gate Failed")
    current_tier_id = fields.Many2one("key.account.tier", "Tier before")
    computed_tier_id = fields.Many2one("key.account.tier", "Tier by Score")
    decided_tier_id = fields.Many2one("key.account.tier", "Tier after")
    decided_is_key = fields.Boolean("Key")
    changed = fields.Boolean()
    below_count = fields.Integer("Evaluations below", aggregator=None)
    reason = fields.Selection(
        [
            ("new", "First tier"),
            ("promoted", "Promoted: reached the score of a better tier"),
            ("kept", "Kept: the score holds the tier"),
            ("watched", "Watched: below the keep score, not often enough to fall"),
            ("demoted", "Demoted: below the keep score too often"),
            ("low_coverage", "Kept: too little data to demote"),
            ("no_data", "No data"),
            ("override", "Set by an override"),
        ]
    )
    previous_score = fields.Float("Score before", digits=(5, 2), aggregator="avg")
    score_change = fields.Float(
        "Change", compute="_compute_score_change", digits=(5, 2)
    )
    revenue = fields.Monetary("Revenue (12 Months)", help="Net, the date excluded.")
    explain = fields.Json()
    explanation = fields.Json(compute="_compute_explanation")

    _account_uniq = models.Constraint(
        "UNIQUE(evaluation_id, account_id)", "A customer is evaluated once."
    )

    # --- Compute ---

    @api.depends("account_id", "evaluation_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.account_id.name} {line.date}"

    @api.depends("score", "previous_score", "reason", "coverage")
    def _compute_score_change(self):
        for line in self:
            first = line.reason in ("new", "no_data") or not line.coverage
            line.score_change = 0 if first else line.score - line.previous_score

    @api.depends("explain")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for line in self:
            line.explanation = line._explanation()

    # --- Actions ---

    def action_open_source(self, criterion_id):
        """Opens exactly the records that the raw value of a criterion was made of."""
        self.ensure_one()
        criterion = self.evaluation_id.scheme_id.criterion_ids.filtered(
            lambda criterion: criterion.id == criterion_id
        )
        model, domain = self.env["key.account.measure"]._records_behind(
            criterion, self.account_id, self.date
        )
        if not self.env[model].has_access("read"):
            raise UserError(
                self.env._(
                    "You may see this figure, but not the records behind it"
                    " (%(records)s). Ask somebody who works with them.",
                    records=self.env["ir.model"]._get(model).display_name,
                )
            )
        title = f"{self.account_id.name}: {criterion.display_name}"
        # the list that shows customer, date and amount of an invoice
        invoices = model == "account.move" and "account.view_out_invoice_tree"
        list_view = invoices and self.env.ref(invoices).id
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "domain": list(domain),
            "views": [[list_view, "list"], [False, "kanban"], [False, "form"]],
            "mobile_view_mode": "kanban",
            "context": {"active_test": False, "create": False},
        }

    def action_open_account(self):
        """Opens the customer's account."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "key.account",
            "res_id": self.account_id.id,
            "views": [[False, "form"]],
        }

    def action_appeal(self):
        """Opens an appeal against this verdict."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Appeal"),
            "res_model": "key.account.appeal",
            "views": [[False, "form"]],
            "context": {
                "default_account_id": self.account_id.id,
                "default_line_id": self.id,
            },
        }

    # --- Business ---

    def _explanation(self):
        """What the explanation widget and the printed sheet show."""
        self.ensure_one()
        scheme = self.evaluation_id.scheme_id
        criteria = scheme.criterion_ids
        by_criterion = {entry["criterion"]: entry for entry in self.explain or []}
        # the criteria of a draft may have changed since
        none = {"raw": None, "sub": None}
        entries = [by_criterion.get(criterion.id, none) for criterion in criteria]
        return {
            **scheme._explanation(criteria, entries, self._earlier_values(criteria)),
            "score": self.score if self.coverage else False,
            "coverage": self.coverage,
            "gated": self.gated,
            "tier": self.decided_tier_id.display_name,
            "reason": dict(self._fields["reason"]._description_selection(self.env)).get(
                self.reason
            ),
            "currency": self.currency_id.name,
        }

    def _window_start(self):
        """First day of the usual window of twelve months."""
        return window_start(self.date, 12)

    def _earlier_values(self, criteria):
        """Raw values of the evaluation before, where it measured the same."""
        earlier = self.search(
            [
                ("account_id", "=", self.account_id.id),
                ("evaluation_id", "=", self.evaluation_id.previous_id.id),
            ],
            limit=1,
        )
        known = {
            (entry["measure"], self._dimension_of(entry)): entry["raw"]
            for entry in earlier.explain or []
        }
        return {
            place: known.get((criterion.measure, criterion.dimension_id.id))
            for place, criterion in enumerate(criteria)
        }

    @api.model
    def _dimension_of(self, entry):
        criterion = self.env["key.account.criterion"].browse(entry["criterion"])
        return criterion.exists().dimension_id.id

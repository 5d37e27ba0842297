from odoo import api, fields, models

from ...tools.ticket_rules import METRICS


class KeyAccountSlaPolicyLine(models.Model):
    """One promise: something is done within so many minutes of working time."""

    _name = "key.account.sla.policy.line"
    _description = "Promise"
    _inherit = ["key.account.sla.words"]
    _order = "policy_id, id"
    _rec_name = "metric"

    policy_id = fields.Many2one(
        "key.account.sla.policy", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True)
    metric = fields.Selection(METRICS, "What", required=True)
    minutes = fields.Integer(
        required=True, default=480, help="Minutes of working time, 480 for a day of 8."
    )
    hours = fields.Float("Within", compute="_compute_hours", inverse="_inverse_hours")
    within = fields.Char("In Words", compute="_compute_within")
    pausable = fields.Boolean(
        "May Be Held",
        help="Stands still while the ticket is on hold, for a reason that was"
        " approved.",
    )

    _once = models.Constraint(
        "UNIQUE(policy_id, metric)", "A policy promises each thing once."
    )
    _positive = models.Constraint(
        "CHECK(minutes > 0)", "A promise takes a minute at least."
    )

    # --- Compute ---

    @api.depends("minutes")
    def _compute_hours(self):
        for line in self:
            line.hours = line.minutes / 60

    def _inverse_hours(self):
        for line in self:
            line.minutes = round(line.hours * 60)

    @api.depends("minutes", "policy_id.around_the_clock")
    @api.depends_context("lang")
    def _compute_within(self):
        for line in self:
            line.within = self._within(line.minutes, line.policy_id.around_the_clock)

    @api.depends("metric")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["metric"]._description_selection(self.env))
        for line in self:
            line.display_name = labels.get(line.metric, "")

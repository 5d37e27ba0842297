from odoo import api, fields, models
from odoo.tools import ormcache


class KeyAccountSlaLadder(models.Model):
    """A warning on the way to a broken promise: when so much of the time is used up,
    somebody hears of it (R087)."""

    _name = "key.account.sla.ladder"
    _description = "Warning"
    _order = "percent, receiver, id"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    policy_id = fields.Many2one(
        "key.account.sla.policy",
        "Only for",
        index=True,
        ondelete="cascade",
        help="Empty: for all promises of the company without warnings of their own.",
    )
    percent = fields.Integer(
        "At (%)", required=True, default=80, help="Of the promised time; 100 is late."
    )
    receiver = fields.Selection(
        [
            ("owner", "Who Handles It"),
            ("leader", "Team Leader"),
            ("department", "Head of the Department"),
            ("holder", "Owner of the Customer"),
            ("director", "General Manager"),
        ],
        "Told to",
        required=True,
        default="owner",
    )
    make_activity = fields.Boolean(
        "Make an Activity", help="Besides the line in the digest."
    )

    _once = models.UniqueIndex(
        "(company_id, COALESCE(policy_id, 0), percent, receiver)",
        "This warning is there already.",
    )
    _percent_in_range = models.Constraint(
        "CHECK(percent BETWEEN 1 AND 200)", "A warning comes between 1 and 200 %."
    )

    @api.depends("percent", "receiver")
    def _compute_display_name(self):
        labels = dict(self._fields["receiver"]._description_selection(self.env))
        for step in self:
            step.display_name = f"{step.percent} % · {labels.get(step.receiver, '')}"

    # --- CRUD ---

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        self.env.registry.clear_cache()
        return steps

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # --- Business ---

    @api.model
    @ormcache("company_ids")
    def _step_ids(self, company_ids):
        """The warnings of companies; asked for with every ticket that comes in."""
        steps = self.sudo().search([("company_id", "in", company_ids)])
        return tuple(steps.ids)

    @api.model
    def _steps_of(self, companies):
        """The warnings of companies, in one query.

        :return: a function of a policy and a company: its warnings.
        """
        steps = self.sudo().browse(self._step_ids(tuple(sorted(companies.ids))))
        own = steps.grouped("policy_id")

        def steps_for(policy, company):
            return (policy and own.get(policy)) or own.get(
                policy.browse(), steps.browse()
            ).filtered(lambda step: step.company_id == company)

        return steps_for

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.team.staffing import Plan


class KeyAccountStaff(models.TransientModel):
    """Puts the people of a template on accounts, after showing what that would do."""

    _name = "key.account.staff"
    _description = "Staff from Template"

    account_ids = fields.Many2many("key.account", string="Customers", required=True)
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    template_id = fields.Many2one(
        "key.account.team.template",
        required=True,
        domain="[('company_id', '=', company_id)]",
    )
    date_from = fields.Date(
        "From",
        required=True,
        default=lambda self: self.env.company._key_account_today(),
    )
    date_to = fields.Date("Until")
    overload_reason = fields.Char("Reason for the Overload")
    line_ids = fields.One2many(
        "key.account.staff.line", "staff_id", compute="_compute_line_ids", store=True
    )
    refused_count = fields.Integer(compute="_compute_line_ids", store=True)

    @api.depends("account_ids")
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard.account_ids.company_id[:1]

    @api.depends(
        "account_ids", "template_id", "date_from", "date_to", "overload_reason"
    )
    def _compute_line_ids(self):
        for wizard in self:
            plans, refusals = wizard._preview()
            vals = [
                wizard.line_ids._prepare_vals(plan, refusal)
                for plan, refusal in zip(plans, refusals, strict=True)
            ]
            wizard.line_ids = [Command.clear(), *map(Command.create, vals)]
            wizard.refused_count = sum(map(bool, refusals))

    def action_staff(self):
        """Adds everybody who can be added, and says who was left out and why."""
        self.ensure_one()
        if len(self.account_ids.company_id) > 1:
            raise UserError(
                self.env._("Choose accounts of one company, and a template of it.")
            )
        plans, refusals = self._preview()
        done = [p for p, refusal in zip(plans, refusals, strict=True) if not refusal]
        self.env["key.account.member"].create(
            [
                {
                    **self.account_ids._prepare_member_vals(plan),
                    "overload_reason": self.overload_reason,
                }
                for plan in done
            ]
        )
        left_out = [
            f"{plan.account.name}: {refusal.text}"
            for plan, refusal in zip(plans, refusals, strict=True)
            if refusal
        ]
        return self.account_ids._staffing_result(len(done), left_out)

    def _preview(self):
        """``(plans, refusals)``; with a reason, an overload is none."""
        if not (self.account_ids and self.template_id and self.date_from):
            return [], []
        plans = [
            Plan(
                account._origin,
                line.user_id,
                line.role_id,
                self.date_from,
                self.date_to or None,
                line.is_lead,
            )
            for account in self.account_ids
            for line in self.template_id.line_ids
        ]
        return plans, self.account_ids._previewed(plans, self.overload_reason)

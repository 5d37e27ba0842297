from odoo import fields, models


class KeyAccountStaffLine(models.TransientModel):
    """What a staffing wizard would do for one customer, or why it would not."""

    _name = "key.account.staff.line"
    _description = "Preview of a Staffing"

    staff_id = fields.Many2one("key.account.staff", ondelete="cascade")
    replace_id = fields.Many2one("key.account.replace", ondelete="cascade")
    account_id = fields.Many2one("key.account", "Customer")
    role_id = fields.Many2one("key.account.role")
    user_id = fields.Many2one("res.users", "Person")
    is_lead = fields.Boolean("Team Lead")
    date_from = fields.Date("From")
    problem = fields.Char("Refused Because")

    def _prepare_vals(self, plan, refusal):
        return {
            "account_id": plan.account.id,
            "role_id": plan.role.id if plan.role else False,
            "user_id": plan.user.id,
            "is_lead": plan.lead,
            "date_from": plan.first,
            "problem": refusal.text if refusal else False,
        }

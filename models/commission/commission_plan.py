from odoo import api, fields, models
from odoo.exceptions import UserError


class KeyAccountCommissionPlan(models.Model):
    """How a kind of salespeople is paid commission (R118). What it pays at a time is
    said by its version of that time; who is paid by it, by assignments."""

    _name = "key.account.commission.plan"
    _description = "Commission Plan"
    _inherit = ["mail.thread"]
    _order = "name, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    note = fields.Text("For Whom", translate=True)
    version_ids = fields.One2many(
        "key.account.commission.plan.version", "plan_id", "Versions"
    )
    assignment_ids = fields.One2many(
        "key.account.commission.assignment", "plan_id", "Paid by It"
    )
    version_id = fields.Many2one(
        "key.account.commission.plan.version",
        "Version of Today",
        compute="_compute_version_id",
        compute_sudo=True,
    )
    user_count = fields.Integer(
        "People of Today", compute="_compute_user_count", compute_sudo=True
    )

    # --- Compute ---

    @api.depends("version_ids.state", "version_ids.date_from", "version_ids.date_to")
    def _compute_version_id(self):
        for plan in self:
            today = plan.company_id._key_account_today()
            plan.version_id = plan.version_ids._valid_on(today)[:1]

    @api.depends("assignment_ids.date_from", "assignment_ids.date_to")
    def _compute_user_count(self):
        for plan in self:
            today = plan.company_id._key_account_today()
            plan.user_count = len(plan.assignment_ids._valid_on(today).user_id)

    # --- Actions ---

    def action_new_version(self):
        """Opens a draft that begins as the latest version, to be changed and approved:
        an approved one never changes."""
        self.ensure_one()
        self.check_access("write")
        draft = self.version_ids.filtered(lambda version: version.state == "draft")[:1]
        if not draft:
            latest = self.version_ids.sorted("date_from")[-1:]
            draft = latest._copy_as_draft() if latest else self._create_first_version()
        return draft._open()

    def _create_first_version(self):
        month = self.company_id._key_account_today().replace(day=1)
        return self.version_ids.create({"plan_id": self.id, "date_from": month})

    # --- CRUD ---

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        used = self.filtered(
            lambda plan: plan.version_ids.filtered(lambda v: v.state != "draft")
        )
        if used:
            raise UserError(
                self.env._(
                    "%(plan)s has versions that were approved: people were paid by"
                    " them. Archive the plan instead.",
                    plan=used[0].name,
                )
            )

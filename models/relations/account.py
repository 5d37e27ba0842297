from odoo import api, fields, models


class KeyAccount(models.Model):
    _inherit = "key.account"

    visit_ids = fields.One2many(
        "key.account.visit",
        "account_id",
        "Visits and Calls",
        groups="key_account.group_member",
    )
    visit_count = fields.Integer(
        "Number of Visits",
        compute="_compute_visit_count",
        compute_sudo=False,
        groups="key_account.group_member",
    )

    # --- Compute ---

    @api.depends("visit_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_visit_count(self):
        groups = self.env["key.account.visit"]._read_group(
            [("account_id", "in", self._origin.ids)], ["account_id"], ["__count"]
        )
        counts = {account.id: count for account, count in groups}
        for account in self:
            account.visit_count = counts.get(account._origin.id, 0)

    # --- Actions ---

    def action_open_visits(self):
        """Lists the visits and calls of this customer."""
        self.ensure_one()
        self._check_may_open()
        action = self._open_rows("key.account.visit")
        kinds = ("list", "kanban", "calendar", "activity", "form")
        return {**action, "views": [[False, kind] for kind in kinds]}

    def action_log_call(self):
        """Writes down a call that has just taken place."""
        self.ensure_one()
        self._check_may_open()
        title = self.env._("Log a Call with %(name)s", name=self.name)
        form = self.env.ref("key_account.visit_view_form_log")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "key.account.visit",
            "views": [[form.id, "form"]],
            "target": "new",
            "context": {
                "default_account_id": self.id,
                "default_kind": "call",
                "in_account": True,
            },
        }

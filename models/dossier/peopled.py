from odoo import api, fields, models
from odoo.fields import Domain


class KeyAccountPeopled(models.AbstractModel):
    """The people of an account, and what the market says of it."""

    _name = "key.account.peopled"
    _description = "Account with People"

    stakeholder_ids = fields.One2many(
        "key.account.stakeholder",
        "account_id",
        "People",
        groups="key_account.group_member",
    )
    is_single_contact = fields.Boolean(
        "Single Contact Only",
        compute="_compute_is_single_contact",
        search="_search_is_single_contact",
        compute_sudo=False,
        help="We know exactly one person there: when he goes, the customer goes.",
    )
    insight_ids = fields.One2many("key.account.insight", "account_id", "Market Notes")

    # --- Compute ---

    @api.depends(
        "stakeholder_ids.active",
        "stakeholder_ids.is_covered",
        "stakeholder_ids.has_left",
    )
    @api.depends_context("uid")
    def _compute_is_single_contact(self):
        single = self._with_single_contact(Domain("account_id", "in", self._origin.ids))
        for account in self:
            account.is_single_contact = account._origin.id in single

    def _search_is_single_contact(self, operator, value):
        if operator != "in":
            return NotImplemented
        single = Domain("id", "in", self._with_single_contact(Domain.TRUE))
        if False in value:
            return Domain.TRUE if True in value else ~single
        return single

    # --- Actions ---

    def action_open_chart(self):
        """Shows who reports to whom, who decides and how they stand to us."""
        self.ensure_one()
        self._check_may_open()
        title = self.env._("Decision Chain of %(name)s", name=self.name)
        views = ["hierarchy", "list", "kanban", "form"]
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "key.account.stakeholder",
            "domain": [("account_id", "=", self.id)],
            "context": {"default_account_id": self.id, "in_account": True},
            "views": [[False, view] for view in views],
            "mobile_view_mode": "hierarchy",
            "help": self.env._("Nobody of this customer is on record yet."),
        }

    def action_open_insights(self):
        """Lists what the market says of this customer."""
        self.ensure_one()
        self._check_may_open()
        return self._open_rows("key.account.insight", default_kind="customer")

    # --- Business ---

    def _open_rows(self, model, **context):
        """Lists what of ``model`` hangs on this account."""
        self.ensure_one()
        kind = self.env["ir.model"]._get(model).display_name
        return {
            "type": "ir.actions.act_window",
            "name": f"{kind}: {self.name}",
            "res_model": model,
            "domain": [("account_id", "=", self.id)],
            "context": {"default_account_id": self.id, "in_account": True, **context},
            "views": [[False, "list"], [False, "kanban"], [False, "form"]],
            "mobile_view_mode": "kanban",
        }

    @api.model
    def _with_single_contact(self, domain):
        """Ids of the accounts with one known person, with the asker's rights."""
        Stakeholder = self.env["key.account.stakeholder"]
        if not Stakeholder.has_access("read"):
            return []
        groups = Stakeholder._read_group(
            domain & Stakeholder._covered_domain(),
            ["account_id"],
            having=[("__count", "=", 1)],
        )
        return [account.id for (account,) in groups]

    def _covered_roles(self):
        """The buying roles whose players somebody of us knows, for whom the file is
        open. The people are read in any case, to be shown."""
        people = self.stakeholder_ids.filtered(
            lambda person: person.is_covered and not person.has_left
        )
        return set(people.mapped("buying_role"))

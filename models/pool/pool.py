from odoo import api, fields, models
from odoo.exceptions import ValidationError


class KeyAccountPool(models.Model):
    """Customers without an owner, run by managers, for its members to win (R137)."""

    _name = "key.account.pool"
    _description = "Pool"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    industry = fields.Char(help="The industries whose customers belong here.")
    region = fields.Char(help="Where its customers are.")
    manager_ids = fields.Many2many(
        "res.users",
        "key_account_pool_manager_rel",
        string="Managers",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Decide what comes in and who gets what.",
    )
    member_ids = fields.Many2many(
        "res.users",
        "key_account_pool_member_rel",
        string="Members",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="May work on the customers of this pool.",
    )
    description = fields.Text(help="What belongs here, and how it is handed out.")
    account_ids = fields.One2many("key.account", "pool_id", "Accounts")
    account_count = fields.Integer(
        "Number of Accounts", compute="_compute_account_count"
    )

    _name_uniq = models.Constraint(
        "UNIQUE(company_id, name)", "There is a pool of this name already."
    )

    # --- Compute ---

    @api.depends("account_ids")
    def _compute_account_count(self):
        counts = dict(
            self.env["key.account"]._read_group(
                [("pool_id", "in", self.ids)], ["pool_id"], ["__count"]
            )
        )
        for pool in self:
            pool.account_count = counts.get(pool._origin, 0)

    # --- Constraints ---

    @api.constrains("manager_ids", "member_ids", "company_id")
    def _check_people(self):
        for pool in self:
            people = (pool.manager_ids | pool.member_ids).sudo()
            strangers = people.filtered(
                lambda user, company=pool.company_id: (
                    user.share or company not in user.company_ids
                )
            )
            if strangers:
                raise ValidationError(
                    self.env._(
                        "%(people)s do not work in %(company)s. Choose its employees.",
                        people=", ".join(strangers.mapped("name")),
                        company=pool.company_id.name,
                    )
                )

    @api.constrains("company_id", "active")
    def _check_accounts(self):
        for pool in self:
            if not pool.active and pool.account_ids:
                raise ValidationError(
                    self.env._(
                        "There are still %(count)s customers in %(pool)s. Give them to"
                        " owners or to another pool first.",
                        count=len(pool.account_ids),
                        pool=pool.name,
                    )
                )
            if pool.account_ids.company_id - pool.company_id:
                raise ValidationError(
                    self.env._(
                        "%(pool)s stays in the company of its customers.",
                        pool=pool.name,
                    )
                )

    # --- Actions ---

    def action_open_accounts(self):
        """Lists the customers in this pool."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account.account_action"
        )
        return {**action, "name": self.name, "domain": [("pool_id", "=", self.id)]}

from odoo import fields, models
from odoo.exceptions import UserError


class KeyAccount(models.Model):
    _inherit = "key.account"

    pool_id = fields.Many2one(
        "key.account.pool",
        index="btree_not_null",
        copy=False,
        tracking=True,
        ondelete="restrict",
        check_company=True,
        help="Where this customer waits for an owner.",
    )

    _owner_or_pool = models.Constraint(
        "CHECK(holder_id IS NULL OR pool_id IS NULL)",
        "A customer has an owner or is in a pool, not both.",
    )

    # --- CRUD ---

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"pool_id"}

    # --- Business ---

    def _prepare_holder_vals(self, user, pool):
        """Who gets an owner leaves the pool."""
        if user and pool:
            raise UserError(
                self.env._(
                    "A customer goes to an owner or into a pool: choose one of them."
                )
            )
        if pool and not pool.active:
            raise UserError(
                self.env._(
                    "%(pool)s is archived. Choose a pool that is in use.",
                    pool=pool.name,
                )
            )
        vals = super()._prepare_holder_vals(user, pool)
        return {**vals, "pool_id": pool.id if pool else False}

    def _holding_answer(self):
        pool = self.sudo().pool_id
        if pool:
            return self.env._("In pool %(pool)s", pool=pool.name)
        return super()._holding_answer()

    def _prepare_absorbed_vals(self, other):
        """Of two files that become one, the owner counts more than the pool."""
        vals = super()._prepare_absorbed_vals(other)
        owned = vals.get("holder_id") or self.holder_id
        pool = self.pool_id or other.pool_id
        return {**vals, "pool_id": False if owned else pool.id}

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.authority import holds_authority

TERMS = frozenset(("deal_id", "user_id", "share"))


class KeyAccountCommissionSplit(models.Model):
    """The share of one person in a contract (R122): agreed by everybody who is named,
    each for himself, or decided by the company with a reason."""

    _name = "key.account.commission.split"
    _description = "Share of a Contract"
    _inherit = ["key.account.guarded"]
    _order = "deal_id, share desc, id"

    deal_id = fields.Many2one(
        "key.account.commission.deal", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="deal_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users", "Person", required=True, index=True, ondelete="restrict"
    )
    share = fields.Float("Share (%)", digits=(9, 6), required=True)
    basis = fields.Selection(
        [("agreement", "By agreement"), ("decision", "By decision")],
        default="agreement",
        required=True,
    )
    accepted_on = fields.Date(readonly=True, copy=False)
    decided_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    note = fields.Char("Reason of the Decision", readonly=True)
    # what it is paid by, frozen with the month
    origin_class = fields.Selection(
        [("new", "New customer"), ("existing", "Existing customer")], "Customer Is"
    )
    slab_id = fields.Many2one("key.account.commission.slab", ondelete="restrict")
    rate = fields.Float("Rate (%)", digits=(12, 8))
    retention_pct = fields.Float("Kept (%)", digits=(12, 8))
    is_settled = fields.Boolean(export_string_translation=False)
    may_accept = fields.Boolean(compute="_compute_may_accept")

    _once_uniq = models.Constraint(
        "UNIQUE(deal_id, user_id)", "A person has one share in a contract."
    )
    _in_range = models.Constraint(
        "CHECK(share > 0 AND share <= 100)", "A share is between 0 and 100 percent."
    )

    # --- Compute ---

    @api.depends("user_id", "share")
    def _compute_display_name(self):
        for split in self:
            share = f"{split.share:.6f}".rstrip("0").rstrip(".")
            split.display_name = f"{split.user_id.name} {share} %"

    @api.depends("user_id", "accepted_on", "basis")
    @api.depends_context("uid")
    def _compute_may_accept(self):
        for split in self:
            open_question = not split.accepted_on and split.basis == "agreement"
            split.may_accept = open_question and split.user_id == self.env.user

    # --- CRUD ---

    @api.model_create_multi
    def create(self, vals_list):
        splits = super().create(vals_list)
        if not holds_authority(self.env.context):
            splits.deal_id._ask_for_agreement()
        return splits

    def write(self, vals):
        if TERMS & vals.keys() and not holds_authority(self.env.context):
            self.deal_id._ask_for_agreement()
            result = super().write(vals)
            self.deal_id._ask_for_agreement()
            return result
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_settled(self):
        if not holds_authority(self.env.context):
            self.deal_id._ask_for_agreement()
        # what was computed of a share, and nobody has approved, goes with it
        Entry = self.env["key.account.commission.entry"].sudo()
        Entry.search(
            [("split_id", "in", self.ids), ("run_id.state", "=", "computed")]
        )._authorized().unlink()

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "basis",
            "accepted_on",
            "decided_by_id",
            "note",
            "origin_class",
            "slab_id",
            "rate",
            "retention_pct",
            "is_settled",
        }

    # --- Actions ---

    def action_accept(self):
        """The person agrees to the shares of this contract.

        :raises UserError: for the share of somebody else.
        """
        for split in self:
            if not self.env.su and split.user_id != self.env.user:
                raise UserError(
                    self.env._(
                        "%(name)s agrees to this share, nobody else.",
                        name=split.user_id.name,
                    )
                )
        deals = self.deal_id.sudo()
        deals._check_splits_open()
        today = self.env.company._key_account_today()
        self.sudo()._authorized().write({"accepted_on": today})
        deals._note_agreement()
        return True

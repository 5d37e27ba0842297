from datetime import date

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# What is kept of each person and contract, and not released.
HELD = """
    SELECT user_id, SUM(held)
      FROM (SELECT entry.user_id, -SUM(entry.amount) AS held
              FROM key_account_commission_entry entry
              JOIN key_account_commission_run run ON run.id = entry.run_id
             WHERE entry.company_id = %(company)s
               AND entry.kind IN ('retain', 'release')
               AND run.state IN ('approved', 'paid')
             GROUP BY entry.user_id, entry.split_id
            HAVING -SUM(entry.amount) > 0 AND MIN(entry.release_on) <= %(day)s) kept
     GROUP BY user_id
"""


class KeyAccountCommissionEntry(models.Model):
    """A row of the commission ledger: what a person earned, what is kept of it, comes
    back, was taken back, or was paid out. The sum of all rows of a person is what is
    still to be paid to him.

    Rows of a run that is not approved yet are replaced when it is computed again;
    after that no row ever changes, and a correction is a row of a later period. Each
    row carries the figures that it was computed from.
    """

    _name = "key.account.commission.entry"
    _description = "Commission Entry"
    _inherit = ["key.account.guarded", "key.account.commission.explained"]
    _order = "date desc, id desc"
    _rec_names_search = ["deal_id", "user_id"]
    _append_only = True

    kind = fields.Selection(
        [
            ("earn", "Commission"),
            ("retain", "Kept back"),
            ("release", "Released"),
            ("clawback", "Taken back"),
            ("adjust", "Adjustment"),
            ("team_bonus", "Team bonus"),
            ("payout", "Paid out"),
        ],
        required=True,
    )
    amount = fields.Monetary(required=True)
    company_id = fields.Many2one("res.company", required=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", "Person", required=True, ondelete="restrict")
    deal_id = fields.Many2one(
        "key.account.commission.deal", "Contract", index=True, ondelete="restrict"
    )
    split_id = fields.Many2one(
        "key.account.commission.split", "Share", index=True, ondelete="restrict"
    )
    run_id = fields.Many2one(
        "key.account.commission.run",
        "Commission Run",
        required=True,
        index=True,
        ondelete="cascade",
    )
    statement_id = fields.Many2one(
        "key.account.commission.statement", index=True, ondelete="cascade"
    )
    dispute_id = fields.Many2one(
        "key.account.commission.dispute", index="btree_not_null", ondelete="restrict"
    )
    reverses_id = fields.Many2one(
        "key.account.commission.entry",
        "Corrects",
        index="btree_not_null",
        ondelete="restrict",
    )
    date = fields.Date(required=True, help="The last day of the period.")
    release_on = fields.Date("Comes Back on", help="When what is kept back is due.")
    source_key = fields.Char(required=True, export_string_translation=False)
    explain = fields.Json("Figures")
    is_held = fields.Boolean(
        "Still Held",
        compute="_compute_is_held",
        search="_search_is_held",
        help="What was kept here has not come back yet.",
    )

    _source_uniq = models.Constraint(
        "UNIQUE(source_key)", "This has been booked in this period already."
    )
    _user_date_idx = models.Index("(user_id, date)")
    _release_idx = models.Index("(release_on) WHERE kind = 'retain'")

    # --- Compute ---

    @api.depends("kind", "deal_id.name")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for entry in self:
            names = (labels.get(entry.kind), entry.deal_id.name)
            entry.display_name = " · ".join(filter(None, names))

    @api.depends("kind", "split_id")
    def _compute_is_held(self):
        held = self._held_shares(Domain("split_id", "in", self.split_id.ids))
        for entry in self:
            entry.is_held = entry.kind == "retain" and entry.split_id.id in held

    def _search_is_held(self, operator, value):
        if operator != "in" or len(value) > 1:
            return NotImplemented
        shares = self._held_shares(Domain("split_id", "!=", False))
        held = Domain("kind", "=", "retain") & Domain("split_id", "in", shares)
        return held if True in value else ~held

    @api.model
    def _held_shares(self, domain):
        """The shares of which something is kept that has not come back."""
        rows = self._read_group(
            domain & Domain("kind", "in", ("retain", "release")),
            ["split_id"],
            having=[("amount:sum", "<", 0)],
        )
        return [split.id for (split,) in rows]

    # --- Business ---

    @api.model
    def _held_of(self, company, day=None):
        """``{user id: amount}`` of what approved runs keep; only what is due by ``day``
        where that is given."""
        rows = self.env.execute_query(
            SQL(HELD, company=company.id, day=day or date.max)
        )
        return {user: float(amount) for user, amount in rows}

    # --- Actions ---

    def action_open_deal(self):
        """Opens the contract that the row is about."""
        self.ensure_one()
        return self.deal_id._get_records_action()

    def action_dispute(self):
        """Asks what is wrong with this row."""
        self.ensure_one()
        return self.statement_id._ask_dispute(self)

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# Rows that one run of the nightly clean-up removes.
BATCH = 10_000


class KeyAccountAccess(models.Model):
    """Who opened which confidential file, and on which day: one row a day, with the
    first time. Managers read it; nobody writes it by hand.

    It is kept as long as the company says: a log of what colleagues look at is
    personal data too.
    """

    _name = "key.account.access"
    _description = "Opened File"
    _inherit = ["key.account.guarded"]
    _order = "opened_at desc, id desc"
    _append_only = True

    account_id = fields.Many2one(
        "key.account", "Customer", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True)
    user_id = fields.Many2one(
        "res.users", "Opened by", required=True, index=True, ondelete="restrict"
    )
    day = fields.Date(required=True, help="The day where the company works.")
    opened_at = fields.Datetime("First Opened at", required=True)

    _day_uniq = models.Constraint(
        "UNIQUE(account_id, user_id, day)", "One row for each file, reader and day."
    )
    _company_day_idx = models.Index("(company_id, day)")

    # --- Compute ---

    @api.depends("account_id", "user_id", "day")
    def _compute_display_name(self):
        for access in self:
            access.display_name = " · ".join(
                (access.user_id.name, access.account_id.name, str(access.day))
            )

    # --- Business ---

    @api.model
    def _write_openings(self, openings):
        """Writes what a transaction collected, in one statement; whoever opened a file
        before on that day is in the log already.

        :param openings: ``(id of the account, id of the user, moment)`` of each.
        """
        accounts = self.env["key.account"].browse(account for account, *_ in openings)
        rows = [
            SQL(
                "(%s, %s, %s, %s, %s, %s, %s)",
                account.id,
                account.company_id.id,
                user,
                account.company_id._key_account_day(moment),
                moment,
                user,
                moment,
            )
            for account, (_id, user, at) in zip(accounts, openings, strict=True)
            for moment in [at.replace(microsecond=0)]
        ]
        if not rows:
            return
        self.env.cr.execute(
            SQL(
                "INSERT INTO key_account_access (account_id, company_id, user_id, day,"
                " opened_at, create_uid, create_date) VALUES %s ON CONFLICT DO NOTHING",
                SQL(", ").join(rows),
            )
        )
        self.invalidate_model()

    # --- Jobs ---

    @api.autovacuum
    def _gc_old_openings(self):
        """Forgets what is older than the company wants to keep."""
        old = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("day", "<", company._key_account_first_day_of_access_log())
            for company in self.env["res.company"].search(Domain.TRUE)
        )
        gone = self.search(old, limit=BATCH, order="id")
        gone._authorized().unlink()
        return len(gone), len(gone) == BATCH

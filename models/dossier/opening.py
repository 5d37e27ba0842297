from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, split_every

# Accounts created at once: large enough for few queries, small enough to report.
BATCH = 1000


class KeyAccountOpening(models.AbstractModel):
    """How accounts come into being: by themselves for every customer with business,
    for the customer of an opportunity, and by the button of a partner."""

    _name = "key.account.opening"
    _description = "Opening of Accounts"

    @api.model
    def _open_for(self, partners, company=None):
        """Opens the missing accounts of ``partners`` (rolled up to their commercial
        entities) in ``company`` and returns the accounts of all of them.

        Customers with posted invoices or confirmed orders open as active, the others
        as prospects. The salesperson of the partner becomes the holder.
        """
        company = company or self.env.company
        Account = self.env["key.account"].with_company(company)
        entities = partners.commercial_partner_id
        known = Account._search_of(entities, company)
        missing = entities - known.partner_id
        if missing:
            buyers = self._with_business(company, missing)
            known |= Account._create_for(missing, company, buyers)
        return known

    @api.model
    def _open_missing(self, company, limit=None):
        """Opens accounts for every customer of ``company`` who has business and none
        yet; wakes prospects who have bought since. Returns how many were opened.

        :param limit: at most so many; None for all.
        """
        self._activate_buyers(company)
        missing = self._with_business(company, limit=limit, without_account=True)
        Account = self.env["key.account"].with_company(company)
        for ids in split_every(BATCH, missing.ids):
            batch = missing.browse(ids)
            Account._create_for(batch, company, batch)
            self.env.flush_all()
            # a hundred thousand customers must not stay in the cache
            self.env.invalidate_all()
        return len(missing)

    @api.model
    def _cron_open_accounts(self):
        """Nightly: accounts for the customers who bought for the first time."""
        for company in self.env["res.company"].search([]):  # pylint: disable=no-search-all
            while opened := self._open_missing(company, limit=10 * BATCH):
                self.env["ir.cron"]._commit_progress(opened)
            groups = self.env["crm.lead"]._read_group(
                Domain("type", "=", "opportunity")
                & Domain("company_id", "in", [company.id, False])
                & Domain("partner_id", "!=", False),
                ["partner_id"],
            )
            prospects = self.env["res.partner"].union(*(row[0] for row in groups))
            self._open_for(prospects, company)

    # --- Tools ---

    def _search_of(self, entities, company):
        return (
            self.env["key.account"]
            .sudo()
            .search(
                [("partner_id", "in", entities.ids), ("company_id", "=", company.id)]
            )
            .with_env(self.env)
        )

    def _create_for(self, entities, company, buyers):
        """One INSERT for many: no chatter line, no follower, no activity each."""
        buyers = set(buyers.ids)
        accounts = self._authorized().sudo()
        return (
            accounts.with_context(tracking_disable=True)
            .create(
                [
                    {
                        "partner_id": partner.id,
                        "company_id": company.id,
                        "state": "active" if partner.id in buyers else "prospect",
                        "holder_id": self._first_holder(partner, company).id,
                    }
                    for partner in entities
                ]
            )
            .with_env(self.env)
        )

    def _first_holder(self, partner, company):
        """The salesperson of the customer, where he works in the company."""
        seller = partner.sudo().user_id
        works_here = seller.active and company in seller.company_ids
        return seller if works_here and not seller.share else seller.browse()

    @api.model
    def _with_business(self, company, partners=None, limit=None, without_account=False):
        """The commercial entities that ``company`` has invoiced or confirmed an order
        for, among ``partners`` where given."""
        self.env["account.move"].flush_model(["partner_id", "state", "move_type"])
        self.env["sale.order"].flush_model(["partner_id", "state"])
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        self.env["key.account"].flush_model(["partner_id", "company_id"])
        known = SQL(
            "SELECT partner_id FROM key_account WHERE company_id = %s", company.id
        )
        rows = self.env.execute_query(
            SQL(
                """
                WITH buyer AS (
                    SELECT partner_id FROM account_move
                     WHERE company_id = %(company)s AND state = 'posted'
                       AND move_type IN ('out_invoice', 'out_refund')
                     UNION
                    SELECT partner_id FROM sale_order
                     WHERE company_id = %(company)s AND state = 'sale'
                )
                SELECT DISTINCT person.commercial_partner_id AS id
                  FROM buyer JOIN res_partner person ON person.id = buyer.partner_id
                 WHERE %(among)s AND %(unknown)s
                 ORDER BY id
                 LIMIT %(limit)s
                """,
                company=company.id,
                among=SQL("person.commercial_partner_id = ANY(%s)", partners.ids)
                if partners
                else SQL("TRUE"),
                unknown=SQL("person.commercial_partner_id NOT IN (%s)", known)
                if without_account
                else SQL("TRUE"),
                limit=limit,
            )
        )
        return self.env["res.partner"].browse(row[0] for row in rows)

    def _activate_buyers(self, company):
        prospects = self.env["key.account"].search(
            [("company_id", "=", company.id), ("state", "=", "prospect")]
        )
        if not prospects:
            return
        buyers = self._with_business(company, prospects.partner_id)
        prospects.filtered(lambda account: account.partner_id in buyers)._move("active")

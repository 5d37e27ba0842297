from odoo import api, models
from odoo.fields import Command, Domain
from odoo.tools import SQL

SHARED_FIELDS = (
    "user_id",
    "share",
    "basis",
    "accepted_on",
    "decided_by_id",
    "note",
)
ORDER_FIELDS = ("contract_amount", "pass_through", "transport")
# Orders that no longer come to what their contracts say, and all in another currency
# than their company's. What was credited and is void now counts along with what took
# it out of the turnover again.
CHANGED = """
    WITH booked AS (
        SELECT order_id, SUM(contract_amount) AS total, SUM(pass_through) AS passed,
               SUM(transport) AS transport
          FROM key_account_commission_deal
         WHERE order_id IN (SELECT order_id FROM key_account_commission_deal
                             WHERE id = ANY(%(deals)s))
           AND (state != 'void' OR version_id IS NOT NULL)
         GROUP BY order_id
    ), line AS (
        SELECT order_id, SUM(price_subtotal) AS total,
               SUM(price_subtotal) FILTER (
                   WHERE key_account_cost_kind = 'pass_through') AS passed,
               SUM(price_subtotal) FILTER (
                   WHERE key_account_cost_kind = 'transport') AS transport
          FROM sale_order_line
         WHERE order_id IN (SELECT order_id FROM booked) AND display_type IS NULL
           AND is_downpayment IS NOT TRUE
         GROUP BY order_id
    )
    SELECT orders.id
      FROM booked
      JOIN sale_order orders ON orders.id = booked.order_id
      JOIN res_company company ON company.id = orders.company_id
 LEFT JOIN line ON line.order_id = orders.id
     WHERE orders.state = 'sale'
       AND (orders.currency_id != company.currency_id
            OR booked.total != COALESCE(line.total, 0)
            OR booked.passed != COALESCE(line.passed, 0)
            OR booked.transport != COALESCE(line.transport, 0))
     ORDER BY orders.id
"""
# The month a contract counts in: of signing, else of the final payment; the first open
# one when that is closed already.
MONTH = """
    UPDATE key_account_commission_deal deal
       SET turnover_month = GREATEST(
               date_trunc('month', COALESCE(deal.signed_on, deal.final_paid_on))::date,
               CASE WHEN COALESCE(deal.signed_on, deal.final_paid_on) IS NOT NULL
                    THEN company.key_account_closed_until + 1 END)
      FROM res_company company
     WHERE company.id = deal.company_id AND deal.state = 'draft' AND deal.id = ANY(%s)
       AND deal.turnover_month IS DISTINCT FROM GREATEST(
               date_trunc('month', COALESCE(deal.signed_on, deal.final_paid_on))::date,
               CASE WHEN COALESCE(deal.signed_on, deal.final_paid_on) IS NOT NULL
                    THEN company.key_account_closed_until + 1 END)
 RETURNING deal.id
"""


class KeyAccountCommissionContract(models.AbstractModel):
    """How orders become contracts for commission: confirmed, changed, cancelled.

    What changes while the month of the contract is open changes the contract. After
    that the difference is an amendment of its own, which counts in its own month
    (R121).
    """

    _name = "key.account.commission.contract"
    _description = "Contracts of Orders"

    # --- Business ---

    @api.model
    def _open_for(self, orders):
        """Makes the contracts of confirmed orders that have none."""
        there = self.search(
            Domain("order_id", "in", orders.ids)
            & Domain("kind", "=", "order")
            & Domain("state", "!=", "void")
        ).order_id
        missing = (orders - there).filtered(lambda order: order.state == "sale")
        terms = missing._key_account_terms()
        return self._create_contracts(
            [(order, "order", terms[order.id], order.key_account_signed_on)]
            for order in missing
        )

    @api.model
    def _open_earlier(self, company):
        """Makes contracts of orders that were confirmed before the addon was there,
        from the day that the company names; they were signed when they were
        confirmed."""
        since = company.key_account_commission_since
        if not since:
            return
        orders = self.env["sale.order"].search(
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "sale")
            & Domain("date_order", ">=", company._key_account_midnight(since))
            & Domain("key_account_deal_ids", "=", False),
            order="date_order, id",
        )
        for order in orders.filtered(lambda order: not order.key_account_signed_on):
            order.key_account_signed_on = company._key_account_day(order.date_order)
        self._open_for(orders)

    @api.model
    def _create_contracts(self, batches):
        rows = [row for batch in batches for row in batch]
        if not rows:
            return self.browse()
        origins = self._origins_of(rows)
        accounts = self._accounts_of(rows)
        values = [
            self._prepare_contract(order, kind, terms, day, origins, accounts)
            for order, kind, terms, day in rows
        ]
        deals = self._authorized().create(values).with_env(self.env)
        deals._set_month()
        deals._set_leaders()
        return deals

    def _prepare_contract(self, order, kind, terms, day, origins, accounts):
        company = order.company_id
        customer = order.partner_id.commercial_partner_id
        user = order.user_id
        origin = origins.get((customer.id, user.id, company.id))
        today = company._key_account_today()
        first = order.sudo().key_account_deal_ids.filtered(
            lambda deal: deal.kind == "order" and deal.state != "void"
        )[:1]
        shares = [
            {"user_id": person.id, "share": 100, "accepted_on": today}
            for person in user
        ]
        number, counts_as = order.name, origin.origin_class if origin else "existing"
        if kind != "order" and first:
            # what changes a contract is shared and rated as the contract was
            number = f"{order.name}/{len(order.sudo().key_account_deal_ids)}"
            user, counts_as = first.user_id, first.origin_class
            shares = first.split_ids.read(SHARED_FIELDS, load=False)
        return {
            "name": number,
            "order_id": order.id,
            "kind": kind,
            "company_id": company.id,
            "partner_id": customer.id,
            "account_id": accounts.get((customer.id, company.id)),
            "user_id": user.id,
            "signed_on": day,
            "origin_class": counts_as,
            "analytic_account_id": order._key_account_analytic_account().id,
            **dict(zip(ORDER_FIELDS, terms, strict=True)),
            "split_ids": [
                Command.create({k: v for k, v in share.items() if k != "id"})
                for share in shares
            ],
        }

    def _origins_of(self, rows):
        """The origins of the customers for who leads their orders, fixed now where
        they were not: the order is a first contact, too."""
        contacts = []
        for order, _kind, _terms, day in rows:
            if order.user_id:
                company = order.company_id
                on = day or company._key_account_today()
                customer = order.partner_id.commercial_partner_id
                kind = order.opportunity_id._key_account_origin_kind()
                lead = order.opportunity_id
                contacts.append((customer, order.user_id, company, on, kind, lead))
        return self.env["key.account.origin"].sudo()._fix(contacts)

    def _accounts_of(self, rows):
        orders = self.env["sale.order"].union(*(row[0] for row in rows))
        found = self.env["key.account"].search(
            Domain("partner_id", "in", orders.partner_id.commercial_partner_id.ids)
            & Domain("company_id", "in", orders.company_id.ids)
        )
        return {(a.partner_id.id, a.company_id.id): a.id for a in found}

    @api.model
    def _follow_orders(self, orders):
        """Who leads an order and when it was signed, as long as its month is open."""
        deals = self.search(
            Domain("order_id", "in", orders.ids)
            & Domain("kind", "=", "order")
            & Domain("state", "=", "draft")
        )
        for deal in deals:
            order = deal.order_id
            vals = {}
            if deal.signed_on != order.key_account_signed_on:
                vals["signed_on"] = order.key_account_signed_on
            if order.user_id and deal.user_id != order.user_id:
                vals.update(deal._change_lead(order.user_id))
            if vals:
                deal._authorized().write(vals)
        deals._set_month()
        deals._set_leaders()

    def _change_lead(self, user):
        row = (self.order_id, self.kind, None, self.signed_on)
        origin = self._origins_of([row]).get(
            (self.partner_id.id, user.id, self.company_id.id)
        )
        former = self.split_ids.filtered(lambda split: split.user_id == self.user_id)
        if len(self.split_ids) == 1 and former:
            today = self.company_id._key_account_today()
            former._authorized().write({"user_id": user.id, "accepted_on": today})
        elif not self.split_ids:
            self._set_shares({user.id: 100})
        return {
            "user_id": user.id,
            "origin_class": origin.origin_class if origin else "existing",
        }

    @api.model
    def _cancel_orders(self, orders):
        """Contracts of cancelled orders are void. What was credited already is taken
        out of the month of the cancellation, and what was paid comes back in the run
        that is open then."""
        deals = self._counted_of(orders)
        counted = deals.filtered(lambda d: d.version_id or d.kind == "cancellation")
        minus = []
        for order, done in counted.grouped("order_id").items():
            terms = tuple(-sum(done.mapped(name)) for name in ORDER_FIELDS)
            if any(terms):
                day = order.company_id._key_account_today()
                minus.append([(order, "cancellation", terms, day)])
        open_deals = deals.filtered(
            lambda d: d.state not in ("settled", "void") and d.kind != "cancellation"
        )
        open_deals._move("void")
        self._create_contracts(minus)

    def _counted_of(self, orders):
        """The contracts that the turnover of orders consists of: those that are void
        as well, if a month took them before."""
        return self.search(
            Domain("order_id", "in", orders.ids)
            & (Domain("state", "!=", "void") | Domain("version_id", "!=", False))
        )

    def _follow_amendments(self):
        """Brings contracts in step with what their orders have become: in place while
        the month is open, as an amendment of today after that."""
        self.env.flush_all()
        rows = self.env.execute_query(SQL(CHANGED, deals=self.ids))
        orders = self.env["sale.order"].browse(row[0] for row in rows)
        if not orders:
            return
        terms = orders._key_account_terms()
        every = self._counted_of(orders).grouped("order_id")
        new = []
        for order in orders:
            deals = every.get(order, self.browse())
            currency = order.company_id.currency_id
            delta = [
                now - sum(deals.mapped(name))
                for name, now in zip(ORDER_FIELDS, terms[order.id], strict=True)
            ]
            if not deals or all(map(currency.is_zero, delta)):
                continue
            open_deal = deals.filtered(
                lambda deal: deal.state == "draft" and deal.kind != "cancellation"
            )[:1]
            if open_deal:
                open_deal._authorized().write(
                    {
                        name: open_deal[name] + more
                        for name, more in zip(ORDER_FIELDS, delta, strict=True)
                    }
                )
            else:
                day = order.company_id._key_account_today()
                new.append([(order, "amendment", tuple(delta), day)])
        self._create_contracts(new)

    def _set_month(self):
        """The month each contract counts in, whatever the number of contracts."""
        self.env.flush_all()
        rows = self.env.execute_query(SQL(MONTH, self.ids))
        self.browse(row[0] for row in rows).invalidate_recordset(["turnover_month"])

    def _set_leaders(self):
        """Who led the teams of its people on the day of signing may read it."""
        Assignment = self.env["key.account.commission.assignment"]
        for company, deals in self.grouped("company_id").items():
            teams = Assignment._sales_teams(company)
            for deal in deals:
                day = deal.signed_on or company._key_account_today()
                people = (deal.user_id | deal.split_ids.user_id).ids
                leaders = teams.leaders_of(people, day, day)
                if leaders != {*deal.leader_ids.ids}:
                    vals = {"leader_ids": [Command.set(sorted(leaders))]}
                    deal._authorized().write(vals)

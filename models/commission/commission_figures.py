from datetime import date
from decimal import Decimal

from psycopg2.extras import execute_values

from odoo import models
from odoo.tools import SQL

from ...tools.commission import exact, money, share_out

# One row an order: what was invoiced (in the company's currency, untaxed) and how much
# of it before credit notes, whether everything is paid, and the day of the last
# payment. A payment without a journal entry is not reconciled with anything: it hangs
# on the invoice itself, which then is called paid by Odoo however small the payment is.
INVOICED = """
    WITH line AS (
        SELECT sol.order_id, aml.move_id, -SUM(aml.balance) AS amount,
               -SUM(aml.amount_currency) AS in_currency
          FROM sale_order_line sol
          JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = sol.id
          JOIN account_move_line aml ON aml.id = rel.invoice_line_id
          JOIN account_move move ON move.id = aml.move_id
         WHERE sol.order_id = ANY(%(orders)s) AND move.state = 'posted'
           AND move.date <= %(until)s
         GROUP BY sol.order_id, aml.move_id
    ), reconciled AS (
        SELECT item.move_id, MAX(partial.max_date) AS day
          FROM account_move_line item
          JOIN account_partial_reconcile partial
            ON partial.debit_move_id = item.id OR partial.credit_move_id = item.id
         WHERE item.move_id IN (SELECT move_id FROM line)
         GROUP BY item.move_id
    ), unbooked AS (
        SELECT rel.invoice_id AS move_id, MAX(payment.date) AS day,
               SUM(payment.amount * move.amount_residual / NULLIF(every.residual, 0))
                   AS amount,
               BOOL_OR(payment.currency_id != move.currency_id) AS is_converted
          FROM account_move__account_payment rel
          JOIN account_payment payment ON payment.id = rel.payment_id
          JOIN account_move move ON move.id = rel.invoice_id
    CROSS JOIN LATERAL (
               SELECT SUM(other.amount_residual) AS residual
                 FROM account_move__account_payment beside
                 JOIN account_move other ON other.id = beside.invoice_id
                WHERE beside.payment_id = payment.id) every
         WHERE rel.invoice_id IN (SELECT move_id FROM line)
           AND payment.move_id IS NULL AND payment.state IN ('in_process', 'paid')
         GROUP BY rel.invoice_id
    )
    SELECT line.order_id,
           SUM(line.amount),
           SUM(line.in_currency) FILTER (WHERE move.move_type = 'out_invoice'),
           BOOL_AND(move.payment_state IN (
                        'paid', 'in_payment', 'reversed', 'invoicing_legacy')
                    AND COALESCE(unbooked.is_converted
                        OR unbooked.amount >= move.amount_residual - 0.005, TRUE)),
           MAX(GREATEST(reconciled.day, unbooked.day, move.invoice_date))
      FROM line
      JOIN account_move move ON move.id = line.move_id
 LEFT JOIN reconciled ON reconciled.move_id = line.move_id
 LEFT JOIN unbooked ON unbooked.move_id = line.move_id
     GROUP BY line.order_id
"""
# What the company booked on analytic accounts and is neither a customer's invoice (the
# cost of its goods counts all the same) nor passed through or transport, which each
# contract leaves out by itself.
COSTS = """
    SELECT line.%(column)s, -SUM(line.amount)
      FROM account_analytic_line line
 LEFT JOIN account_move_line item ON item.id = line.move_line_id
 LEFT JOIN account_move move ON move.id = item.move_id
 LEFT JOIN product_product product
        ON product.id = COALESCE(line.product_id, item.product_id)
 LEFT JOIN product_template template ON template.id = product.product_tmpl_id
     WHERE line.%(column)s = ANY(%(accounts)s) AND line.date <= %(until)s
       AND line.company_id = %(company)s
       AND (move.move_type IS NULL OR item.display_type = 'cogs'
            OR move.move_type NOT IN ('out_invoice', 'out_refund', 'out_receipt'))
       AND COALESCE(template.key_account_cost_kind, 'none') = 'none'
     GROUP BY line.%(column)s
"""
CONTRACTS = """
    SELECT deal.id, deal.order_id, deal.state, deal.kind, orders.state,
           deal.analytic_account_id, deal.contract_amount, deal.pass_through,
           deal.transport, deal.measure_amount, deal.invoiced_amount,
           deal.cost_amount, deal.net_profit, deal.final_paid_on,
           orders.amount_untaxed
      FROM key_account_commission_deal deal
      JOIN sale_order orders ON orders.id = deal.order_id
     WHERE deal.order_id IN (SELECT order_id FROM key_account_commission_deal
                              WHERE id = ANY(%s))
       AND deal.state != 'void' AND deal.kind != 'cancellation'
     ORDER BY deal.order_id, deal.id
"""
NOTHING = (Decimal(0), Decimal(0), False, None)


class KeyAccountCommissionFigures(models.AbstractModel):
    """What came of contracts: invoiced, paid, spent.

    Read for any number of contracts in four queries, from posted invoices, their
    reconciliation and the analytic lines. Invoices themselves know nothing of it and
    cost no query more (R121).
    """

    _name = "key.account.commission.figures"
    _description = "Figures of Contracts"

    def _refresh_figures(self):
        """Brings invoiced amount, costs, net profit and the day of the final payment
        in step with the books; only what changed is written.

        :returns: how many contracts changed.
        """
        count = 0
        for company, deals in self._by_company():
            rows, figures = deals._read_figures(company)
            changed = [
                (row[0], *figures[row[0]])
                for row in rows
                if figures[row[0]] != row[10:14]
            ]
            if changed:
                self._write_figures(changed)
            count += len(changed)
        return count

    def _by_company(self):
        """``(company, its contracts)``, without reading thousands of them."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT company_id, array_agg(id ORDER BY id)"
            "  FROM key_account_commission_deal WHERE id = ANY(%s)"
            " GROUP BY company_id ORDER BY company_id",
            [self.ids],
        )
        for company, deals in self.env.cr.fetchall():
            yield self.env["res.company"].browse(company), self.browse(deals)

    def _read_figures(self, company, until=date.max):
        """What the books say of contracts of a company up to a day.

        :returns: the rows of ``CONTRACTS``, and ``{contract id: (invoiced, costs, net
            profit, day of the final payment)}``.
        """
        self.env.flush_all()
        self.env.cr.execute(SQL(CONTRACTS, self.ids))
        rows = [
            (*row[:6], *map(exact, row[6:13]), row[13], exact(row[14]))
            for row in self.env.cr.fetchall()
        ]
        contracts = {}
        for row in rows:
            contracts.setdefault(row[1], []).append(row)
        invoiced = self._read_invoiced(list(contracts), until)
        costs = self._read_costs(company, contracts, until)
        places = company.currency_id.decimal_places
        figures = {}
        for order, group in contracts.items():
            came = invoiced.get(order, NOTHING)
            spent = costs.get(order, Decimal(0))
            figures.update(_figures(group, came, spent, places))
        return rows, figures

    def _read_invoiced(self, orders, until):
        self.env.cr.execute(SQL(INVOICED, orders=orders, until=until))
        return {
            order: (exact(total), exact(gross), all_paid, day)
            for order, total, gross, all_paid, day in self.env.cr.fetchall()
        }

    def _read_costs(self, company, contracts, until):
        """``{order id: costs}``. An account that several orders share is shared out by
        their turnover."""
        orders_of, weights = {}, {}
        for order, rows in contracts.items():
            account = rows[0][5]
            if account:
                orders_of.setdefault(account, []).append(order)
                weights[order] = sum(max(row[9], Decimal(0)) for row in rows)
        costs = {}
        for plan, members in self._plans_of([*orders_of]):
            statement = SQL(
                COSTS,
                column=SQL.identifier(plan._column_name()),
                accounts=members,
                company=company.id,
                until=until,
            )
            self.env.cr.execute(statement)
            for account, amount in self.env.cr.fetchall():
                sharing = {order: weights[order] for order in orders_of[account]}
                if not sum(sharing.values()):
                    sharing = dict.fromkeys(sharing, Decimal(1))
                costs.update(share_out(money(exact(amount)), sharing))
        return costs

    def _plans_of(self, accounts):
        """``(plan, ids of its accounts)``: each plan has a column of its own."""
        self.env.cr.execute(
            "SELECT root_plan_id, array_agg(id) FROM account_analytic_account"
            " WHERE id = ANY(%s) GROUP BY root_plan_id",
            [accounts],
        )
        plans = self.env["account.analytic.plan"].sudo()
        return [(plans.browse(plan), ids) for plan, ids in self.env.cr.fetchall()]

    def _write_figures(self, changed):
        execute_values(
            self.env.cr._obj,
            """
            UPDATE key_account_commission_deal deal
               SET invoiced_amount = new.invoiced, cost_amount = new.cost,
                   net_profit = new.profit, final_paid_on = new.day::date,
                   state = CASE
                       WHEN deal.state = 'credited' AND new.day IS NOT NULL
                       THEN 'collected'
                       WHEN deal.state = 'collected' AND new.day IS NULL
                       THEN 'credited'
                       ELSE deal.state END
              FROM (VALUES %s) AS new (id, invoiced, cost, profit, day)
             WHERE deal.id = new.id
            """,
            changed,
            page_size=len(changed),
        )
        self.browse(row[0] for row in changed).invalidate_recordset()
        self.browse(row[0] for row in changed)._set_month()


def _figures(rows, invoiced, cost, places):
    """``(contract id, (invoiced, costs, net profit, day of the final payment))`` of
    the contracts of an order, which share what came of it by their turnover."""
    total, gross, all_paid, day = invoiced
    beside = sum(row[7] + row[8] for row in rows)
    cancelled = rows[0][4] == "cancel"
    profit = Decimal(0) if cancelled else money(total - beside - cost, places)
    done = all_paid and total > 0 and gross >= rows[0][14]
    # what takes turnover away lessens the profit of the others, and has none itself
    shares = {row[0]: max(row[9], Decimal(0)) for row in rows}
    if not sum(shares.values()):
        shares = dict.fromkeys(shares, Decimal(0)) | {rows[0][0]: Decimal(1)}
    parts = [
        share_out(money(amount, places), shares, places)
        for amount in (total, cost, profit)
    ]
    for row in rows:
        # once it was paid out, the day of the final payment stays
        fixed = row[13] if row[2] == "settled" else None
        paid = fixed or (day if done else None)
        yield row[0], (*(part[row[0]] for part in parts), paid)

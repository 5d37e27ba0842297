"""The yardstick of the run: one SQL statement with the rules of the benchmark's plan
written into it. It reads the same orders, invoices, payments and costs, and stores the
rows of the ledger that the engine makes."""

from odoo.tools import SQL


def one_statement(run, version, column) -> SQL:
    """INSERT of all rows of ``run``; its statements are there."""
    return SQL(
        _STATEMENT,
        run=run.id,
        company=run.company_id.id,
        version=version.id,
        until=run.date_to,
        user=run.env.uid,
        pct=version.team_bonus_pct,
        column=SQL.identifier(column),
        period=f"{run.date_from}|{run.period}",
    )


_STATEMENT = """
WITH line AS (
    SELECT sol.order_id, aml.move_id, -SUM(aml.balance) AS amount
      FROM sale_order_line sol
      JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = sol.id
      JOIN account_move_line aml ON aml.id = rel.invoice_line_id
      JOIN account_move move ON move.id = aml.move_id AND move.state = 'posted'
       AND move.company_id = %(company)s AND move.date <= %(until)s
     GROUP BY sol.order_id, aml.move_id
), reconciled AS (
    SELECT item.move_id, MAX(partial.max_date) AS day
      FROM account_move_line item
      JOIN account_partial_reconcile partial
        ON partial.debit_move_id = item.id OR partial.credit_move_id = item.id
     WHERE item.move_id IN (SELECT move_id FROM line)
     GROUP BY item.move_id
), came AS (
    SELECT line.order_id, SUM(line.amount) AS amount,
           BOOL_AND(move.payment_state IN ('paid', 'in_payment', 'reversed')) AS paid,
           MAX(GREATEST(reconciled.day, move.invoice_date)) AS day
      FROM line
      JOIN account_move move ON move.id = line.move_id
 LEFT JOIN reconciled ON reconciled.move_id = line.move_id
     GROUP BY line.order_id
), spent AS (
    SELECT cost.%(column)s AS account_id, -SUM(cost.amount) AS amount
      FROM account_analytic_line cost
 LEFT JOIN account_move_line item ON item.id = cost.move_line_id
 LEFT JOIN account_move move ON move.id = item.move_id
     WHERE cost.company_id = %(company)s AND cost.date <= %(until)s
       AND (move.move_type IS NULL OR move.move_type NOT LIKE 'out%%')
     GROUP BY 1
), contract AS (
    SELECT deal.id, deal.user_id AS lead, deal.origin_class, deal.signed_on,
           date_trunc('month', deal.signed_on)::date AS month,
           (deal.measure_amount * 100)::bigint AS cents,
           round(came.amount - deal.pass_through - deal.transport
                 - COALESCE(spent.amount, 0), 2) AS profit,
           came.paid AND came.day <= %(until)s
               AND came.amount >= orders.amount_untaxed AS paid
      FROM key_account_commission_deal deal
      JOIN sale_order orders ON orders.id = deal.order_id
 LEFT JOIN came ON came.order_id = deal.order_id
 LEFT JOIN spent ON spent.account_id = deal.analytic_account_id
     WHERE deal.company_id = %(company)s AND deal.state != 'void'
), part AS (
    SELECT split.id, split.deal_id, split.user_id, split.share, contract.lead,
           contract.month, contract.cents,
           floor(contract.cents * split.share / 100) AS given,
           row_number() OVER (PARTITION BY split.deal_id
               ORDER BY floor(contract.cents * split.share / 100)
                        - contract.cents * split.share / 100, split.user_id) AS place
      FROM key_account_commission_split split
      JOIN contract ON contract.id = split.deal_id
), credited AS (
    SELECT user_id, month, given + (place <= cents - SUM(given) OVER (
               PARTITION BY deal_id))::int AS cents
      FROM part
), turnover AS (
    SELECT user_id, month, SUM(cents) / 100 AS amount FROM credited GROUP BY 1, 2
), rated AS (
    SELECT contract.id, contract.lead, contract.profit, contract.month,
           contract.signed_on, contract.origin_class, slab.lower, slab.retention_pct,
           CASE contract.origin_class WHEN 'new' THEN slab.rate_new
                ELSE slab.rate_existing END AS rate
      FROM contract
 LEFT JOIN turnover ON turnover.user_id = contract.lead
       AND turnover.month = contract.month
CROSS JOIN LATERAL (
           SELECT * FROM key_account_commission_slab slab
            WHERE slab.version_id = %(version)s
              AND slab.lower <= GREATEST(COALESCE(turnover.amount, 0), 0)
            ORDER BY slab.lower DESC LIMIT 1) slab
     WHERE contract.paid
), pooled AS (
    SELECT *, round(GREATEST(profit, 0) * rate / 100, 2) AS pool FROM rated
), shared AS (
    SELECT pooled.*, split.id AS split_id, split.user_id, split.share,
           floor(pool * share) AS given,
           floor(abs(profit) * share) AS own,
           row_number() OVER (PARTITION BY pooled.id
               ORDER BY floor(pool * share) - pool * share, split.id) AS place,
           row_number() OVER (PARTITION BY pooled.id
               ORDER BY floor(abs(profit) * share) - abs(profit) * share, split.id)
               AS own_place
      FROM pooled JOIN key_account_commission_split split ON split.deal_id = pooled.id
), earned AS (
    SELECT *, (given + (place <= pool * 100 - SUM(given) OVER deal)::int) / 100
               AS amount,
           sign(profit) * (own + (own_place <= abs(profit) * 100
               - SUM(own) OVER deal)::int) / 100 AS own_profit
      FROM shared
    WINDOW deal AS (PARTITION BY id)
), service AS (
    SELECT user_id, MIN(COALESCE(service_start, date_from)) + interval '1 year' AS due
      FROM key_account_commission_assignment
     WHERE company_id = %(company)s
     GROUP BY user_id
), bonus AS (
    SELECT earned.id, leader.user_id, SUM(own_profit) AS base,
           round(%(pct)s * GREATEST(SUM(own_profit), 0) / 100, 2) AS amount
      FROM earned
      JOIN key_account_commission_assignment member
        ON member.user_id = earned.user_id AND member.role = 'seller'
       AND member.date_from <= signed_on
       AND COALESCE(member.date_to, signed_on) >= signed_on
      JOIN key_account_commission_assignment leader
        ON leader.team_id = member.team_id AND leader.role = 'leader'
       AND leader.user_id != member.user_id AND leader.date_from <= signed_on
       AND COALESCE(leader.date_to, signed_on) >= signed_on
     WHERE member.company_id = %(company)s AND leader.company_id = %(company)s
     GROUP BY earned.id, leader.user_id
), ledger AS (
    SELECT 'earn' AS kind, amount, user_id, id AS deal_id, split_id,
           NULL::date AS release_on,
           json_build_object('how', 'earn', 'net_profit', profit::text, 'rate',
               rate::text, 'pool', pool::text, 'share', share::text, 'target',
               amount::text, 'booked', '0', 'lower', lower::text, 'month', month,
               'origin', origin_class)::jsonb AS explain
      FROM earned WHERE amount != 0
     UNION ALL
    SELECT 'retain', -round(amount * retention_pct / 100, 2), earned.user_id, id,
           split_id, due::date,
           json_build_object('how', 'retain', 'retention', retention_pct::text,
               'earned', amount::text, 'target',
               round(amount * retention_pct / 100, 2)::text, 'kept', '0')::jsonb
      FROM earned JOIN service ON service.user_id = earned.user_id
     WHERE round(amount * retention_pct / 100, 2) != 0 AND due > %(until)s
     UNION ALL
    SELECT 'team_bonus', amount, user_id, id, NULL, NULL,
           json_build_object('how', 'bonus', 'base', base::text, 'pct',
               %(pct)s::text, 'target', amount::text, 'booked', '0')::jsonb
      FROM bonus WHERE amount != 0
)
INSERT INTO key_account_commission_entry (
       kind, amount, company_id, user_id, deal_id, split_id, run_id, statement_id,
       date, release_on, source_key, explain, create_uid, write_uid, create_date,
       write_date)
SELECT kind, amount, %(company)s, ledger.user_id, deal_id, split_id, %(run)s,
       statement.id, %(until)s, release_on,
       kind || '|D' || deal_id || '|' || COALESCE('S' || split_id,
           'U' || ledger.user_id) || '|' || %(period)s,
       explain, %(user)s, %(user)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
  FROM ledger
  JOIN key_account_commission_statement statement
    ON statement.run_id = %(run)s AND statement.user_id = ledger.user_id
"""

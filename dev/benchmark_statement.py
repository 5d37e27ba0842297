"""The yardstick of the evaluation: one SQL statement with the rules of the benchmark's
scheme written into it. It computes and persists the lines that the engine makes."""

from odoo.tools import SQL

from ..tools.periods import window_start


def one_statement(evaluation) -> SQL:
    """INSERT of all lines of ``evaluation``; its scheme is that of the benchmark."""
    scheme = evaluation.scheme_id
    tiers = scheme._ranked_tiers()
    net, count, months = scheme.criterion_ids
    return SQL(
        _STATEMENT,
        evaluation=evaluation.id,
        company=evaluation.company_id.id,
        user=evaluation.env.uid,
        date=evaluation.date,
        since=window_start(evaluation.date, 12),
        net=net.id,
        count=count.id,
        months=months.id,
        **_scale("net", net),
        **_scale("count", count),
        **_scale("months", months),
        tiers=tiers.ids,
        keeps=tiers.mapped("keep_score"),
        keys=tiers.mapped("is_key"),
        reached=SQL(
            "CASE %s ELSE %s END",
            SQL(" ").join(
                SQL("WHEN score >= %s THEN %s", tier.enter_score, rank)
                for rank, tier in enumerate(tiers)
            ),
            len(tiers) - 1,
        ),
        demote_after=scheme.demote_after,
        max_step=scheme.max_step,
        min_coverage=scheme.min_coverage,
    )


def apply_statements(evaluation) -> list[SQL]:
    """The tier log and the accounts, from the lines: what applying means."""
    arguments = {"evaluation": evaluation.id, "user": evaluation.env.uid}
    arguments["date"] = evaluation.date
    return [SQL(_LOG, **arguments), SQL(_ACCOUNTS, **arguments)]


def differences(ours, theirs) -> SQL:
    """How many lines of two evaluations there are, and how many of them differ: in
    the score by more than 0.01, in the score at all, in another column, in explain."""
    return SQL(_DIFFERENCES, ours=ours.id, theirs=theirs.id, apart=_COMPARED_APART)


def _scale(name: str, criterion) -> dict:
    return {
        f"{name}_weight": criterion.weight,
        f"{name}_floor": criterion.floor,
        f"{name}_span": criterion.target - criterion.floor,
    }


_COMPARED_APART = "id evaluation_id score explain create_date write_date".split()

_STATEMENT = """
WITH input AS (
    SELECT account.id,
           COALESCE(SUM(move.amount_untaxed_signed)
               FILTER (WHERE move.invoice_date >= %(since)s), 0) AS net,
           COUNT(*) FILTER (WHERE move.move_type = 'out_invoice'
               AND move.invoice_date >= %(since)s) AS count,
           MAX(move.invoice_date) FILTER (WHERE move.move_type = 'out_invoice') AS day
      FROM key_account account
      JOIN res_partner person ON person.commercial_partner_id = account.partner_id
      JOIN account_move move ON move.partner_id = person.id
       AND move.company_id = %(company)s
     WHERE account.company_id = %(company)s AND account.state != 'closed'
       AND move.state = 'posted' AND move.move_type IN ('out_invoice', 'out_refund')
       AND move.invoice_date < %(date)s
     GROUP BY account.id
), month AS MATERIALIZED (
    SELECT day, round(whole + (%(date)s - (day + make_interval(months => whole))::date)
               / ((day + make_interval(months => whole + 1))::date
                  - (day + make_interval(months => whole))::date)::numeric, 6) AS months
      FROM (SELECT day, gap - (day + make_interval(months => gap) > %(date)s)::int
                       AS whole
              FROM (SELECT DISTINCT day,
                           (12 * (EXTRACT(YEAR FROM %(date)s) - EXTRACT(YEAR FROM day))
                            + EXTRACT(MONTH FROM %(date)s)
                            - EXTRACT(MONTH FROM day))::int AS gap
                      FROM input) far) reached
), sub AS MATERIALIZED (
    SELECT input.id, input.net, input.count, month.months,
           LEAST(100, GREATEST(0, 100 * (input.net::float8 - %(net_floor)s::float8)
               / %(net_span)s::float8)) AS net_sub,
           LEAST(100, GREATEST(0, 100 * (input.count::float8 - %(count_floor)s::float8)
               / %(count_span)s::float8)) AS count_sub,
           CASE WHEN month.months IS NOT NULL THEN LEAST(100, GREATEST(0,
               100 * (month.months::float8 - %(months_floor)s::float8)
               / %(months_span)s::float8)) END AS months_sub
      FROM input LEFT JOIN month USING (day)
), scored AS MATERIALIZED (
    SELECT account.id, account.tier_id, override.tier_id AS forced,
           CASE WHEN account.coverage > 0 THEN account.score END AS previous,
           array_position(%(tiers)s, account.earned_tier_id) - 1 AS current,
           COALESCE(account.below_count, 0) AS below,
           (account.evaluated_on IS NULL OR account.evaluated_on < %(date)s)::int
               AS step,
           sub.net, sub.count, sub.months, net_sub, count_sub, months_sub,
           CASE WHEN sub.id IS NULL THEN 0 WHEN months_sub IS NULL
                THEN (%(net_weight)s::float8 + %(count_weight)s::float8) / 100
                ELSE 1 END AS coverage,
           round((CASE WHEN months_sub IS NULL
               THEN (%(net_weight)s * net_sub + %(count_weight)s * count_sub)
                    / (%(net_weight)s + %(count_weight)s)::float8
               ELSE (%(net_weight)s * net_sub + %(count_weight)s * count_sub
                     + %(months_weight)s * months_sub) / 100 END)::numeric, 2) AS score
      FROM key_account account
 LEFT JOIN sub ON sub.id = account.id
 LEFT JOIN key_account_override override
        ON override.account_id = account.id AND override.state = 'active'
     WHERE account.company_id = %(company)s AND account.state != 'closed'
), placed AS MATERIALIZED (
    SELECT *, %(reached)s AS reached, (%(keeps)s)[current + 1] AS keep FROM scored
), reasoned AS MATERIALIZED (
    SELECT *, CASE WHEN score IS NULL THEN 'no_data'
                   WHEN current IS NULL THEN 'new'
                   WHEN reached < current THEN 'promoted'
                   WHEN score >= keep OR reached = current THEN 'kept'
                   WHEN coverage < %(min_coverage)s THEN 'low_coverage'
                   WHEN below + step < %(demote_after)s THEN 'watched'
                   ELSE 'demoted' END AS why
      FROM placed
), decided AS MATERIALIZED (
    SELECT *, CASE why WHEN 'new' THEN reached
                       WHEN 'promoted' THEN reached
                       WHEN 'demoted' THEN LEAST(reached, current + %(max_step)s)
                       ELSE current END + 1 AS place,
              CASE why WHEN 'watched' THEN below + step
                       WHEN 'no_data' THEN below
                       WHEN 'low_coverage' THEN below
                       ELSE 0 END AS below_count
      FROM reasoned
)
INSERT INTO key_account_evaluation_line (
       evaluation_id, account_id, company_id, score, coverage, gated, current_tier_id,
       computed_tier_id, decided_tier_id, decided_is_key, changed, below_count, reason,
       previous_score, revenue, explain, create_uid, write_uid, create_date, write_date)
SELECT %(evaluation)s, id, %(company)s, score, coverage, FALSE, tier_id,
       (%(tiers)s)[place], COALESCE(forced, (%(tiers)s)[place]),
       COALESCE((%(keys)s)[COALESCE(array_position(%(tiers)s, forced), place)], FALSE),
       COALESCE(forced, (%(tiers)s)[place]) IS DISTINCT FROM tier_id, below_count,
       CASE WHEN forced IS NULL THEN why ELSE 'override' END, previous,
       COALESCE(net, 0),
       jsonb_build_array(
           jsonb_build_object('criterion', %(net)s, 'measure', 'invoiced_net',
               'weight', %(net_weight)s, 'raw', net, 'sub', net_sub),
           jsonb_build_object('criterion', %(count)s, 'measure', 'invoice_count',
               'weight', %(count_weight)s, 'raw', count, 'sub', count_sub),
           jsonb_build_object('criterion', %(months)s,
               'measure', 'months_since_last_invoice',
               'weight', %(months_weight)s, 'raw', months, 'sub', months_sub)),
       %(user)s, %(user)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
  FROM decided
"""

_LOG = """
INSERT INTO key_account_tier_change (
       account_id, company_id, date, from_tier_id, to_tier_id, kind, score, reason,
       evaluation_id, user_id, create_uid, write_uid, create_date, write_date)
SELECT account_id, company_id, %(date)s, current_tier_id, decided_tier_id, 'evaluation',
       score, reason, evaluation_id, %(user)s, %(user)s, %(user)s,
       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
  FROM key_account_evaluation_line
 WHERE evaluation_id = %(evaluation)s AND changed
"""

_ACCOUNTS = """
UPDATE key_account account
   SET score = COALESCE(line.score, 0), coverage = line.coverage,
       below_count = line.below_count, earned_tier_id = line.computed_tier_id,
       tier_id = line.decided_tier_id,
       tier_since = CASE WHEN line.changed THEN %(date)s ELSE account.tier_since END,
       is_key = line.decided_is_key,
       next_contact_due = CASE WHEN tier.contact_interval_days > 0
           THEN COALESCE(account.last_contact_at::date, account.opened_on)
                + tier.contact_interval_days END,
       evaluated_on = %(date)s, line_id = line.id, write_uid = %(user)s,
       write_date = now() AT TIME ZONE 'UTC'
  FROM key_account_evaluation_line line
  LEFT JOIN key_account_tier tier ON tier.id = line.decided_tier_id
 WHERE line.evaluation_id = %(evaluation)s AND line.account_id = account.id
"""

_DIFFERENCES = """
WITH ours AS (
    SELECT *, to_jsonb(line) - %(apart)s AS others FROM key_account_evaluation_line line
     WHERE evaluation_id = %(ours)s
), theirs AS (
    SELECT *, to_jsonb(line) - %(apart)s AS others FROM key_account_evaluation_line line
     WHERE evaluation_id = %(theirs)s
)
SELECT COUNT(*),
       COUNT(*) FILTER (WHERE (ours.score IS NULL) != (theirs.score IS NULL)
           OR abs(ours.score - theirs.score) > 0.01),
       COUNT(*) FILTER (WHERE ours.score != theirs.score),
       COUNT(*) FILTER (WHERE ours.others IS DISTINCT FROM theirs.others),
       COUNT(*) FILTER (WHERE ours.explain IS DISTINCT FROM theirs.explain)
  FROM ours FULL JOIN theirs USING (account_id)
"""

import json
from collections import namedtuple
from hashlib import sha256
from io import StringIO

from odoo import models
from odoo.tools import SQL, split_every

from ...tools import scoring

# Revenue of the last twelve months goes into every line, to weigh what changes.
Revenue = namedtuple("Revenue", "measure window_months dimension_id industry_ids")
REVENUE = Revenue("invoiced_net", 12, None, None)

# A tenth of the lines is written at once, by one COPY, as one step of the progress
# bar: so the number of queries does not grow with the number of customers. At least:
STEP = 1_000

COLUMNS = (
    "evaluation_id",
    "account_id",
    "company_id",
    "score",
    "coverage",
    "gated",
    "current_tier_id",
    "computed_tier_id",
    "decided_tier_id",
    "decided_is_key",
    "changed",
    "below_count",
    "reason",
    "previous_score",
    "revenue",
    "explain",
    "create_uid",
    "write_uid",
    "create_date",
    "write_date",
)


class KeyAccountEvaluationEngine(models.AbstractModel):
    """Reads, computes, persists and applies an evaluation for all customers at once.

    Reading takes a constant number of queries (one per source of measures), computing
    is the pure function of ``tools/scoring.py``, persisting is a COPY of a tenth of
    the lines at a time, applying is one UPDATE. Nothing here loops over records with
    the ORM: a hundred thousand customers take seconds.
    """

    _name = "key.account.evaluation.engine"
    _description = "Engine of Evaluations"

    # --- Simulating ---

    def _simulate(self):
        """Writes the missing lines of an evaluation, step by step.

        A generator: yields ``(done, total)`` after each step, so that the caller may
        commit, show progress, or stop. Calling it again goes on where it stopped. The
        inputs are summed up in a digest: if the books have changed since the first
        step, all lines are made anew, so that one evaluation never mixes two states.
        """
        self.ensure_one()
        criteria = self.scheme_id.criterion_ids
        self.env.flush_all()
        accounts = self._read_accounts()
        values = self._read_inputs(criteria)
        digest = self._digest(accounts, values)
        if digest != self.input_digest:
            self._forget_lines()
            self._authorized().write(
                {
                    "input_digest": digest,
                    "rules_digest": self.scheme_id._rules_digest(),
                    "previous_id": self._last_applied().id,
                }
            )
        todo = self._without_line(accounts)
        done, total = len(accounts) - len(todo), len(accounts)
        compute = self._line_maker(criteria, values)
        for rows in split_every(max(STEP, -(-len(todo) // 10)), todo):
            self._copy_lines(map(compute, rows))
            done += len(rows)
            yield done, total

    def _read_accounts(self):
        """``(id, earned tier, tier, below count, last date, score, override tier)`` of
        each account to evaluate, in the order of ids."""
        return self.env.execute_query(
            SQL(
                """
                SELECT account.id, account.earned_tier_id, account.tier_id,
                       account.below_count, account.evaluated_on,
                       CASE WHEN account.coverage > 0 THEN account.score END,
                       override.tier_id
                  FROM key_account account
             LEFT JOIN key_account_override override
                    ON override.account_id = account.id
                   AND override.state = 'active'
                 WHERE account.company_id = %s AND account.state != 'closed'
                 ORDER BY account.id
                """,
                self.company_id.id,
            )
        )

    def _read_inputs(self, criteria):
        return self.env["key.account.measure"]._read_values(
            self.company_id, self.date, [*criteria, REVENUE]
        )

    def _digest(self, accounts, values):
        """Fingerprint of everything the result depends on; a draft scheme may change
        as well as the books."""
        state = sha256()
        state.update(repr((self.date, self.scheme_id._rules_digest())).encode())
        for account in accounts:
            state.update(repr((account, values.get(account[0]))).encode())
        return state.hexdigest()

    def _without_line(self, accounts):
        done = {
            row[0]
            for row in self.env.execute_query(
                SQL(
                    "SELECT account_id FROM key_account_evaluation_line"
                    " WHERE evaluation_id = %s",
                    self.id,
                )
            )
        }
        return [account for account in accounts if account[0] not in done]

    def _forget_lines(self):
        self.env.cr.execute(
            SQL(
                "DELETE FROM key_account_evaluation_line WHERE evaluation_id = %s",
                self.id,
            )
        )
        self.env["key.account.evaluation.line"].invalidate_model(flush=False)
        self.env["key.account"].invalidate_model(["line_id"], flush=False)
        self.invalidate_recordset(["line_ids"], flush=False)

    def _line_maker(self, criteria, values):
        """A function from a row of ``_read_accounts`` to the values of ``COLUMNS``."""
        ladder = self.scheme_id._ranked_tiers()
        tiers, rules = self.scheme_id._as_rules()
        criterion_rules = criteria._as_rules()
        ids = [*ladder.ids, None]
        keys = [*(tier.is_key for tier in tiers), False]
        # tiers of an earlier version go on as the tier of the same code
        ranks, other_key_ids = self._ranks_by_tier(ladder)
        explain = self._explain_template(criteria)
        nothing = values.default_factory()
        head = (self.id, self.company_id.id)
        tail = (self.env.uid, self.env.uid, self.env.cr.now(), self.env.cr.now())
        digits = self.currency_id.decimal_places
        date = self.date

        def line(account):
            account_id, earned, current, below, seen, previous, forced = account
            *raws, revenue = values.get(account_id, nothing)
            scored = scoring.score(criterion_rules, raws)
            decision = scoring.decide(
                tiers,
                rules,
                scored,
                ranks.get(earned),
                below or 0,
                counts=seen is None or seen < date,
            )
            computed = -1 if decision.rank is None else decision.rank
            decided = ranks.get(forced, -1) if forced else computed
            decided_id, is_key = ids[decided], keys[decided]
            if forced and decided_id is None:
                decided_id, is_key = forced, forced in other_key_ids
            return (
                head[0],
                account_id,
                head[1],
                scored.value,
                scored.coverage,
                scored.gated,
                current,
                ids[computed],
                decided_id,
                is_key,
                ranks.get(current, current) != ranks.get(decided_id, decided_id),
                decision.below,
                "override" if forced else decision.why,
                previous,
                round(revenue or 0.0, digits),
                explain % tuple(map(_json, _alternate(raws, scored.subs))),
                *tail,
            )

        return line

    def _ranks_by_tier(self, ladder):
        """Rank in this scheme of every tier of the company, by code; and the ids of
        the key tiers of other schemes that have no like here."""
        rank_of_code = {tier.code: rank for rank, tier in enumerate(ladder)}
        every = self.env["key.account.tier"].search_fetch(
            [("company_id", "=", self.company_id.id)], ["code", "is_key"]
        )
        here = every.filtered(lambda tier: tier.code in rank_of_code)
        others = (every - here).filtered("is_key")
        return {tier.id: rank_of_code[tier.code] for tier in here}, {*others.ids}

    def _explain_template(self, criteria):
        """JSON of a line with a place for each raw value and sub-score: what does not
        differ from customer to customer is written once."""
        entries = [
            json.dumps(
                {
                    "criterion": criterion.id,
                    "measure": criterion.measure,
                    "weight": criterion.weight,
                }
            )[:-1].replace("%", "%%")
            + ', "raw": %s, "sub": %s}'
            for criterion in criteria
        ]
        return f"[{', '.join(entries)}]"

    def _copy_lines(self, lines):
        buffer = StringIO()
        for line in lines:
            buffer.write("\t".join(map(_text, line)))
            buffer.write("\n")
        buffer.seek(0)
        self.env.cr.copy_expert(
            f"COPY key_account_evaluation_line ({', '.join(COLUMNS)}) FROM STDIN",
            buffer,
        )
        self.env["key.account.evaluation.line"].invalidate_model(flush=False)
        self.invalidate_recordset()

    # --- Applying ---

    def _apply_lines(self):
        """Writes scores and tiers of all lines to the accounts, and what changed to
        the tier log. An override that began or ended since the simulation counts as
        it is now. The tier of the same code in a new version is no change."""
        self.env.flush_all()
        self._refresh_overrides()
        arguments = {
            "evaluation": self.id,
            "date": self.date,
            "user": self.env.uid,
            "zone": self.company_id._key_account_zone(),
            "completeness": self.env["key.account"]._tier_completeness_sql(),
        }
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO key_account_tier_change (
                       account_id, company_id, date, from_tier_id, to_tier_id, kind,
                       score, reason, evaluation_id, user_id,
                       create_uid, write_uid, create_date, write_date)
                SELECT line.account_id, line.company_id, %(date)s, account.tier_id,
                       line.decided_tier_id, 'evaluation', line.score, line.reason,
                       line.evaluation_id, %(user)s, %(user)s, %(user)s,
                       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM key_account_evaluation_line line
                  JOIN key_account account ON account.id = line.account_id
             LEFT JOIN key_account_tier earlier ON earlier.id = account.tier_id
             LEFT JOIN key_account_tier tier ON tier.id = line.decided_tier_id
                 WHERE line.evaluation_id = %(evaluation)s
                   AND tier.code IS DISTINCT FROM earlier.code
                """,
                **arguments,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account account
                   SET score = COALESCE(line.score, 0),
                       coverage = line.coverage,
                       below_count = line.below_count,
                       earned_tier_id = line.computed_tier_id,
                       tier_since = CASE
                           WHEN tier.code IS DISTINCT FROM earlier.code
                           THEN %(date)s ELSE account.tier_since END,
                       tier_id = line.decided_tier_id,
                       is_key = line.decided_is_key,
                       next_contact_due = CASE
                           WHEN tier.contact_interval_days > 0
                           THEN COALESCE((account.last_contact_at AT TIME ZONE 'UTC'
                                          AT TIME ZONE %(zone)s)::date,
                                         account.opened_on)
                                + tier.contact_interval_days END,
                       evaluated_on = %(date)s,
                       revenue = line.revenue,
                       capacity_points = tier.capacity_points,
                       completeness = %(completeness)s,
                       line_id = line.id,
                       write_uid = %(user)s,
                       write_date = now() AT TIME ZONE 'UTC'
                  FROM key_account_evaluation_line line
                  JOIN key_account old ON old.id = line.account_id
             LEFT JOIN key_account_tier earlier ON earlier.id = old.tier_id
             LEFT JOIN key_account_tier tier ON tier.id = line.decided_tier_id
                 WHERE line.evaluation_id = %(evaluation)s
                   AND account.id = line.account_id
                """,
                **arguments,
            )
        )
        self.env.invalidate_all()

    def _refresh_overrides(self):
        """Brings the decision of the lines in step with the overrides of today."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account_evaluation_line line
                   SET decided_tier_id = decided.tier_id,
                       decided_is_key = COALESCE(tier.is_key, FALSE),
                       changed = tier.code IS DISTINCT FROM decided.earlier_code,
                       reason = CASE WHEN decided.forced THEN 'override'
                                     WHEN line.reason = 'override' THEN 'kept'
                                     ELSE line.reason END
                  FROM (SELECT line.id, earlier.code AS earlier_code,
                               override.id IS NOT NULL AS forced,
                               COALESCE(here.id, wanted.id, line.computed_tier_id)
                                   AS tier_id
                          FROM key_account_evaluation_line line
                     LEFT JOIN key_account_tier earlier
                            ON earlier.id = line.current_tier_id
                     LEFT JOIN key_account_override override
                            ON override.account_id = line.account_id
                           AND override.state = 'active'
                     LEFT JOIN key_account_tier wanted ON wanted.id = override.tier_id
                     LEFT JOIN key_account_tier here
                            ON here.code = wanted.code AND here.scheme_id = %s
                         WHERE line.evaluation_id = %s) decided
             LEFT JOIN key_account_tier tier ON tier.id = decided.tier_id
                 WHERE line.id = decided.id
                   AND line.decided_tier_id IS DISTINCT FROM decided.tier_id
                """,
                self.scheme_id.id,
                self.id,
            )
        )


def _alternate(raws, subs):
    """The first raw value, its sub-score, the second raw value, and so on."""
    return (value for pair in zip(raws, subs, strict=True) for value in pair)


def _json(value):
    """A number as JSON has it: whole ones without a decimal point."""
    if value is None:
        return "null"
    return str(int(value)) if value == int(value) else repr(value)


def _text(value):
    """A value in the text format of COPY. No text of ours holds a tab, a backslash or
    a line break: it is made of keys and numbers."""
    if value is None:
        return "\\N"
    return str(value)

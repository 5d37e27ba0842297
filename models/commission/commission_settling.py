import hashlib
import json
from collections import defaultdict
from io import StringIO

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ...tools.commission import exact
from ...tools.settlement import Booked, Contract, Leader, Person, Share, settle

CONTRACTS = """
    SELECT deal.id, deal.order_id, deal.state, deal.kind, deal.user_id,
           COALESCE(deal.signed_on, deal.final_paid_on), deal.turnover_month,
           deal.origin_class, deal.rate, deal.retention_pct, deal.version_id,
           deal.split_state, deal.profit_confirmed_on, slab.lower,
           CASE WHEN orders.state = 'cancel' THEN 0 ELSE deal.measure_amount END
      FROM key_account_commission_deal deal
      JOIN sale_order orders ON orders.id = deal.order_id
 LEFT JOIN key_account_commission_plan_version version ON version.id = deal.version_id
 LEFT JOIN key_account_commission_slab slab ON slab.id = deal.slab_id
     WHERE deal.company_id = %(company)s AND deal.state != 'void'
       AND deal.kind != 'cancellation'
       AND (version.period = %(period)s OR version.id IS NULL)
     ORDER BY deal.id
"""
SHARES = """
    SELECT split.deal_id, split.id, split.user_id, split.share, split.rate,
           split.retention_pct, slab.lower, split.origin_class
      FROM key_account_commission_split split
      JOIN key_account_commission_deal deal ON deal.id = split.deal_id
 LEFT JOIN key_account_commission_slab slab ON slab.id = split.slab_id
     WHERE deal.company_id = %s AND deal.state != 'void'
     ORDER BY split.id
"""
BOOKED = """
    SELECT deal_id, COALESCE(split_id, 0), user_id,
           COALESCE(SUM(amount) FILTER (
               WHERE kind IN ('earn', 'adjust', 'clawback')), 0),
           COALESCE(-SUM(amount) FILTER (WHERE kind = 'retain'), 0),
           COALESCE(SUM(amount) FILTER (WHERE kind = 'release'), 0),
           COALESCE(SUM(amount) FILTER (WHERE kind = 'team_bonus'), 0),
           MIN(id) FILTER (WHERE kind IN ('earn', 'adjust', 'team_bonus')),
           MIN(id) FILTER (WHERE kind = 'retain'),
           MIN(release_on) FILTER (WHERE kind = 'retain')
      FROM key_account_commission_entry
     WHERE company_id = %(company)s AND run_id != %(run)s AND deal_id IS NOT NULL
       AND dispute_id IS NULL
     GROUP BY 1, 2, 3
"""
# What all have earned by a contract, with what this run adds.
POOLS = """
    UPDATE key_account_commission_deal deal
       SET pool_amount = entry.amount
      FROM (SELECT deal_id, SUM(amount) AS amount
              FROM key_account_commission_entry
             WHERE company_id = %s AND kind IN ('earn', 'adjust', 'clawback')
               AND dispute_id IS NULL
             GROUP BY deal_id) entry
     WHERE deal.id = entry.deal_id
       AND deal.pool_amount IS DISTINCT FROM entry.amount
"""
LEFT_OUT = """
    INSERT INTO key_account_commission_left_out (
           run_id, company_id, deal_id, reason, create_uid, write_uid, create_date,
           write_date)
    SELECT %(run)s, %(company)s, new.deal, new.reason, %(user)s, %(user)s,
           now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
      FROM unnest(%(deals)s::int[], %(reasons)s::varchar[]) AS new (deal, reason)
"""
COLUMNS = (
    "kind",
    "amount",
    "company_id",
    "user_id",
    "deal_id",
    "split_id",
    "run_id",
    "statement_id",
    "dispute_id",
    "reverses_id",
    "date",
    "release_on",
    "source_key",
    "explain",
    "create_uid",
    "write_uid",
    "create_date",
    "write_date",
)


class KeyAccountCommissionSettling(models.AbstractModel):
    """The engine of a run: reads the contracts, what came of them and what was booked
    of them before in some ten queries, lets ``tools/settlement.py`` say what is to be
    booked now, and writes it by one COPY. The number of queries does not grow with
    the number of contracts.
    """

    _name = "key.account.commission.settling"
    _description = "Settlement of a Period"

    summary = fields.Text(compute="_compute_summary", compute_sudo=True)

    # --- Compute ---

    @api.depends("state", "statement_ids", "left_out_ids")
    def _compute_summary(self):
        for run in self:
            people, left = len(run.statement_ids), len(run.left_out_ids)
            words = self.env._(
                "%(people)s people have a statement; nothing came of %(left)s"
                " contracts, each with its reason.",
                people=people,
                left=left,
            )
            run.summary = words if run.state not in ("draft", "cancelled") else False

    # --- Business ---

    def _compute_run(self):
        """Computes the run anew, and replaces what was computed before if anything has
        changed."""
        self = self.with_company(self.company_id)
        Turnover = self.env["key.account.commission.turnover"]
        Turnover._take_books(self.company_id)
        if self.state == "computed" and self._fingerprint() == self.books_hash:
            return
        deals = self._open_deals()
        deals._follow_amendments()
        deals._refresh_figures()
        Turnover._close_until(self.company_id, self.date_to)
        entries, left_out = self._plan()
        digest = self._digest(entries, left_out)
        if self.state != "computed" or digest != self.input_hash:
            self._replace_entries(entries)
            self._replace_left_out(left_out)
            self._move(
                "computed",
                computed_by_id=self.env.uid,
                computed_at=fields.Datetime.now(),
                input_hash=digest,
            )
        self._authorized().write({"books_hash": self._fingerprint()})

    def _open_deals(self):
        return self.env["key.account.commission.deal"].search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("state", "!=", "void")
        )

    def _plan(self):
        """What is to be booked: rows of ``tools/settlement.py``, and the contracts that
        are left out with their reasons."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(CONTRACTS, company=self.company_id.id, period=self.period)
        )
        rows = self.env.cr.fetchall()
        contracts = self._read_contracts(rows)
        every = self.env["key.account.commission.assignment"].search(
            Domain("company_id", "=", self.company_id.id)
        )
        return settle(
            contracts,
            self._read_booked(),
            self._read_people(every),
            self._read_leaders(rows, every),
            until=self.date_to,
            places=self.currency_id.decimal_places,
        )

    def _read_contracts(self, rows):
        deals = self.env["key.account.commission.deal"].browse(row[0] for row in rows)
        _rows, figures = deals._read_figures(self.company_id, self.date_to)
        splits = self._read_splits()
        disputed = self._disputed_deals()
        unplaced = self._unplaced(rows)
        terms = {
            version.id: version._as_terms()
            for version in self.env["key.account.commission.plan.version"].search(
                Domain("company_id", "=", self.company_id.id)
            )
        }
        confirm = self.company_id.key_account_confirm_profit
        for row in rows:
            invoiced, cost, profit, paid_on = figures[row[0]]
            yield Contract(
                id=row[0],
                state=row[2],
                lead=row[4],
                day=row[5],
                month=row[5] if row[0] in unplaced else row[6],
                origin=row[7],
                rate=exact(row[8]),
                retention=exact(row[9]),
                terms=terms.get(row[10]),
                split_state=row[11],
                is_confirmed=bool(row[12]) or not confirm,
                lower=exact(row[13]),
                is_disputed=row[0] in disputed,
                net_profit=profit,
                expected=exact(row[14]) - cost,
                invoiced=invoiced,
                paid_on=paid_on,
                shares=splits.get(row[0], ()),
            )

    def _unplaced(self, rows):
        """The contracts of this period that wait for a later month because nobody pays
        their leads in theirs."""
        until = self.date_to
        waiting = [
            row
            for row in rows
            if row[2] == "draft" and row[4] and row[5] and row[5] <= until < row[6]
        ]
        Turnover = self.env["key.account.commission.turnover"]
        people = Turnover._people_of(self.company_id) if waiting else {}
        return {
            row[0]
            for row in waiting
            if not Turnover._version_of(people.get(row[4]), row[5].replace(day=1))
        }

    def _read_splits(self):
        self.env.cr.execute(SQL(SHARES, self.company_id.id))
        splits = defaultdict(list)
        for deal, split, user, *numbers, origin in self.env.cr.fetchall():
            share = Share(split, user, *map(exact, numbers), origin)
            splits[deal].append(share)
        return splits

    def _disputed_deals(self):
        disputes = self.env["key.account.commission.dispute"].search(
            Domain("company_id", "=", self.company_id.id) & Domain("state", "=", "open")
        )
        return {*disputes.deal_id.ids}

    def _read_booked(self):
        """``{(contract id, share id, user id): Booked}`` of the runs before."""
        self.env.cr.execute(SQL(BOOKED, company=self.company_id.id, run=self.id))
        return {
            row[:3]: Booked(*map(exact, row[3:7]), *row[7:])
            for row in self.env.cr.fetchall()
        }

    def _read_people(self, every):
        """``{user id: Person}``: since when somebody is here, and until when."""
        people = {}
        for user, rows in every.grouped("user_id").items():
            starts = [row.service_start or row.date_from for row in rows]
            # who came back is here again
            last = max(rows, key=lambda row: (row.date_from, row.id))
            people[user.id] = Person(min(starts), last.left_on or None)
        return people

    def _read_leaders(self, rows, every):
        """The leaders of each contract: ``{contract id: [Leader]}``, by the teams that
        its people were in on the day it was signed (R123)."""
        leading = every.filtered(lambda row: row.role == "leader")
        if not leading:
            return {}
        teams = every._as_teams()
        of_day, found = {}, {}
        for row in rows:
            when = row[5], row[6]
            if all(when) and when not in of_day:
                of_day[when] = [*_leaders_on(leading, teams, *when)]
            found[row[0]] = of_day.get(when, ())
        return found

    # --- Writing ---

    def _replace_entries(self, entries):
        self.env.cr.execute(
            SQL("DELETE FROM key_account_commission_entry WHERE run_id = %s", self.id)
        )
        for name in ("entry", "dispute"):
            self.env[f"key.account.commission.{name}"].invalidate_model(flush=False)
        decided = self._accepted_disputes()
        people = {entry.user for entry in entries} | {*decided.user_id.ids}
        statements = self._statements_of(people)
        stamp = (self.env.uid, self.env.uid, self.env.cr.now(), self.env.cr.now())
        buffer = StringIO()
        for entry in entries:
            row = (
                entry.kind,
                entry.amount,
                self.company_id.id,
                entry.user,
                entry.deal,
                entry.split or None,
                self.id,
                statements[entry.user],
                None,
                entry.reverses,
                self.date_to,
                entry.release_on,
                self._source_key(entry),
                json.dumps(entry.explain, ensure_ascii=True).replace("\\", "\\\\"),
                *stamp,
            )
            buffer.write("\t".join("\\N" if v is None else str(v) for v in row))
            buffer.write("\n")
        buffer.seek(0)
        self.env.cr.copy_expert(
            f"COPY key_account_commission_entry ({', '.join(COLUMNS)}) FROM STDIN",
            buffer,
        )
        for name in ("entry", "dispute"):
            self.env[f"key.account.commission.{name}"].invalidate_model(flush=False)
        self.invalidate_recordset(["entry_ids"], flush=False)
        self.statement_ids.invalidate_recordset(["entry_ids"], flush=False)
        self._book_disputes(decided, statements)
        self.env.cr.execute(SQL(POOLS, self.company_id.id))
        Deal = self.env["key.account.commission.deal"]
        Deal.invalidate_model(["pool_amount", "paid_amount", "entry_ids"], flush=False)
        self.statement_ids._sum_up()

    def _source_key(self, entry):
        who = f"S{entry.split}" if entry.split else f"U{entry.user}"
        return f"{entry.kind}|D{entry.deal}|{who}|{self.date_from}|{self.period}"

    def _statements_of(self, users):
        """The statement of each person, kept from before where there is one."""
        Statement = self.env["key.account.commission.statement"]
        there = {row.user_id.id: row for row in self.statement_ids}
        # what somebody objects to stays, even when nothing else of it is left
        users = users | {
            row.user_id.id for row in self.statement_ids if row.dispute_ids
        }
        gone = [row for user, row in there.items() if user not in users]
        Statement.union(*gone)._authorized().unlink()
        new = Statement._authorized().create(
            [
                {"run_id": self.id, "user_id": user, "leader_ids": leaders}
                for user, leaders in self._leaders_of(users - there.keys())
            ]
        )
        kept = Statement.union(*there.values()).exists() | new
        return {row.user_id.id: row.id for row in kept}

    def _leaders_of(self, users):
        """Who led the teams that each person was in within the period, as commands."""
        Assignment = self.env["key.account.commission.assignment"]
        teams = Assignment._sales_teams(self.company_id)
        for user in sorted(users):
            leaders = teams.leaders_of([user], self.date_from, self.date_to)
            yield user, [Command.set(sorted(leaders))]

    def _replace_left_out(self, left_out):
        self.env.cr.execute(
            SQL(
                "DELETE FROM key_account_commission_left_out WHERE run_id = %s", self.id
            )
        )
        self.env.cr.execute(
            SQL(
                LEFT_OUT,
                run=self.id,
                company=self.company_id.id,
                user=self.env.uid,
                deals=[*left_out],
                reasons=[*left_out.values()],
            )
        )
        self.env["key.account.commission.left.out"].invalidate_model(flush=False)
        self.invalidate_recordset(["left_out_ids", "left_out_count"], flush=False)
        shared = [
            deal for deal, why in left_out.items() if why in ("split", "incomplete")
        ]
        if shared:
            self.env["key.account.commission.deal"].browse(shared)._remind_of_splits()

    # --- What it depends on ---

    def _digest(self, entries, left_out):
        """What tells whether the outcome is the same. An adjustment decided upon is a
        part of it."""
        decided = [(row.id, row.amount) for row in self._accepted_disputes()]
        outcome = repr((entries, sorted(left_out.items()), decided))
        return hashlib.md5(outcome.encode(), usedforsecurity=False).hexdigest()

    def _is_up_to_date(self):
        """Whether computing it now would give the same."""
        return self._digest(*self._plan()) == self.input_hash


def _leaders_on(leading, teams, day, month):
    """The leaders of a day, their percentages and the people they led."""
    for row in leading._valid_on(day):
        version = row.plan_id.version_ids._valid_on(month)[:1]
        people = teams.people_of(row.user_id.id, day)
        if people and version.team_bonus_pct:
            pct = exact(version.team_bonus_pct)
            yield Leader(row.user_id.id, pct, frozenset(people))

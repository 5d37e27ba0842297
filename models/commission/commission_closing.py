from collections import defaultdict
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from psycopg2.extras import execute_values

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ...tools.commission import HUNDRED, TERMS, Credit, exact, share_out

CONTRACTS = """
    SELECT id, user_id, COALESCE(signed_on, final_paid_on), turnover_month,
           measure_amount, contract_amount, origin_class, kind, final_paid_on,
           partner_id
      FROM key_account_commission_deal
     WHERE company_id = %s AND state = 'draft' AND turnover_month <= %s
     ORDER BY turnover_month, COALESCE(signed_on, final_paid_on), id
"""
SHARES = """
    SELECT split.id, split.deal_id, split.user_id, split.share
      FROM key_account_commission_split split
     WHERE split.deal_id = ANY(%s)
     ORDER BY split.id
"""
CLOSE = "UPDATE res_company SET key_account_closed_until = %s WHERE id = %s"
ORIGINS = """
    SELECT partner_id, user_id, origin_class
      FROM key_account_origin
     WHERE company_id = %s AND partner_id = ANY(%s)
"""
CREDIT = """
    UPDATE key_account_commission_deal deal
       SET version_id = new.version, slab_id = new.slab, rate = new.rate,
           retention_pct = new.retention, state = new.state
      FROM (VALUES %s) AS new (id, version, slab, rate, retention, state)
     WHERE deal.id = new.id
"""
RATE = """
    UPDATE key_account_commission_split split
       SET slab_id = new.slab, rate = new.rate, retention_pct = new.retention,
           origin_class = new.origin
      FROM (VALUES %s) AS new (id, slab, rate, retention, origin)
     WHERE split.id = new.id
"""


class KeyAccountCommissionClosing(models.AbstractModel):
    """The close of a month: what everybody has signed, the slab it reaches, and with it
    rate and retention of each contract, fixed for ever (R118, R121).

    A month is read in a few queries, computed by the pure functions of
    ``tools/commission.py``, and written in one statement a table. What cannot be
    credited is left out with its reason and counts in the first month after it is
    mended.
    """

    _name = "key.account.commission.closing"
    _description = "Close of a Month"

    # --- Business ---

    @api.model
    def _close_until(self, company, day):
        """Closes every open month of ``company`` that ends by ``day``.

        :returns: ``{contract id: reason}`` of those that no month could take.
        :raises UserError: at once, while somebody else closes or computes.
        """
        self._take_books(company)
        self.env.flush_all()
        self.env.cr.execute(SQL(CONTRACTS, company.id, day))
        rows = [
            (*row[:4], exact(row[4]), exact(row[5]), *row[6:])
            for row in self.env.cr.fetchall()
        ]
        ends = {row[3] + relativedelta(months=1, days=-1) for row in rows}
        left_out, turnover = {}, []
        shares = self._shares_of(rows)
        origins = self._origins_of(rows, shares, company)
        every = self._assignments_of(company)
        people, teams = self._sellers_of(every), every._as_teams()
        for end in sorted(end for end in ends if end <= day):
            month = end.replace(day=1)
            of_month = [row for row in rows if row[3] == month]
            gone, values = self._close_month(
                company, month, of_month, shares, origins, people, teams
            )
            left_out |= gone
            turnover += values
        self._write_turnover(company, turnover)
        last = (day + relativedelta(days=1)).replace(day=1) - relativedelta(days=1)
        closed = company.key_account_closed_until
        if not closed or closed < last:
            self.env.cr.execute(SQL(CLOSE, last, company.id))
            company.invalidate_recordset(["key_account_closed_until"], flush=False)
        if left_out:
            self.env["key.account.commission.deal"].browse(left_out)._set_month()
        return left_out

    def _take_books(self, company):
        """One close or run of a company at a time; the second one is told at once."""
        taken = self.env.execute_query(
            SQL(
                "SELECT pg_try_advisory_xact_lock(hashtext(%s), %s)",
                "key_account_commission",
                company.id,
            )
        )
        if not taken[0][0]:
            raise UserError(
                self.env._(
                    "Somebody else is closing a month or computing commissions of"
                    " %(company)s right now. Wait until that is done.",
                    company=company.name,
                )
            )

    def _people_of(self, company):
        """``{user id: assignments as seller}`` of a company."""
        return self._sellers_of(self._assignments_of(company))

    def _assignments_of(self, company):
        return self.env["key.account.commission.assignment"].search(
            Domain("company_id", "=", company.id), order="date_from, id"
        )

    def _sellers_of(self, every):
        selling = every.filtered(lambda row: row.role == "seller")
        return {user.id: rows for user, rows in selling.grouped("user_id").items()}

    def _version_of(self, assignments, month):
        """The version a person is paid by in a month: of the plan he is assigned to on
        its last day, else of the one that ended within it."""
        if not assignments:
            return self.env["key.account.commission.plan.version"]
        end = month + relativedelta(months=1, days=-1)
        fitting = assignments.filtered(
            lambda a: a.date_from <= end and (not a.date_to or a.date_to >= month)
        )
        return fitting[-1:].plan_id.version_ids._valid_on(month)[:1]

    def _close_month(self, company, month, rows, shares, origins, people, teams):
        versions = {
            user: self._version_of(assignments, month)
            for user, assignments in people.items()
        }
        nobody = self.env["key.account.commission.plan.version"]
        left_out = {}
        for row in rows:
            if not row[1]:
                left_out[row[0]] = "no_lead"
            elif not versions.get(row[1], nobody):
                left_out[row[0]] = "no_plan"
        rows = [row for row in rows if row[0] not in left_out]
        credits = self._credits(rows, shares, versions, origins, company)
        terms = {
            user: TERMS[versions[user].slab_mode](versions[user]._as_ladder(), own)
            for user, own in credits.items()
            if versions.get(user)
        }
        self._write_terms(rows, shares, versions, terms)
        values = [
            self._prepare_turnover(company, user, month, own, versions, terms, teams)
            for user, own in credits.items()
        ]
        return left_out, values

    def _shares_of(self, rows):
        """``{contract id: [(split id, user id, share)]}``."""
        self.env.cr.execute(SQL(SHARES, [row[0] for row in rows]))
        shares = defaultdict(list)
        for split, deal, user, share in self.env.cr.fetchall():
            shares[deal].append((split, user, exact(share)))
        return shares

    def _credits(self, rows, shares, versions, origins, company):
        """``{user id: [Credit]}`` of a month, in the order in which contracts count.

        :param versions: ``{user id: version}``, whose options say what counts.
        :param origins: ``{(customer id, user id): new or existing}`` of who shares a
            contract and does not lead it.
        """
        places = company.currency_id.decimal_places
        credits = defaultdict(list)
        ways = {
            user: (version.measure, version.credit)
            for user, version in versions.items()
            if version
        }
        for row in rows:
            deal, lead, _day, _month, net, contract, origin, *_rest, partner = row
            parts = shares[deal] or [(None, lead, HUNDRED)]
            percents = {user: share for _split, user, share in parts}
            amounts = {"net_contract": net, "contract": contract}
            divided = {}
            for user in {lead: 0, **percents}:
                way = measure, credit = ways.get(user, ("net_contract", "share"))
                if way not in divided:
                    divided[way] = (
                        share_out(amounts[measure], percents, places)
                        if credit == "share"
                        else dict.fromkeys(percents, amounts[measure])
                    )
                counted = divided[way]
                own = origin if user == lead else origins.get((partner, user))
                measure = counted.get(user, Decimal(0))
                credits[user].append(Credit(deal, measure, own or "existing"))
        return credits

    def _origins_of(self, rows, shares, company):
        """What the customer is to those who share a contract and do not lead it."""
        self.env.cr.execute(SQL(ORIGINS, company.id, [row[9] for row in rows]))
        known = {row[:2]: row[2] for row in self.env.cr.fetchall()}
        customer_of = {row[0]: (row[9], row[1], row[2]) for row in rows}
        contacts = {}
        for deal, parts in shares.items():
            partner, lead, day = customer_of[deal]
            for _split, user, _share in parts:
                if user != lead and (partner, user) not in known:
                    contacts.setdefault((partner, user), day)
        fixed = self._fix_origins(contacts, company)
        return known | {key[:2]: row.origin_class for key, row in fixed.items()}

    def _fix_origins(self, contacts, company):
        """Whoever shares a contract has met its customer by that."""
        Partner, User = self.env["res.partner"], self.env["res.users"]
        return (
            self.env["key.account.origin"]
            .sudo()
            ._fix(
                (Partner.browse(partner), User.browse(user), company, day, None, None)
                for (partner, user), day in contacts.items()
            )
        )

    def _prepare_turnover(self, company, user, month, own, versions, terms, teams):
        end = month + relativedelta(months=1, days=-1)
        slab = terms[user][own[-1].key].slab.key if user in terms else False
        return {
            "user_id": user,
            "company_id": company.id,
            "month": month,
            "amount": float(sum(credit.measure for credit in own)),
            "deal_count": len(own),
            "version_id": user in terms and versions[user].id,
            "slab_id": slab,
            "frozen_at": fields.Datetime.now(),
            "leader_ids": [Command.set(sorted(teams.leaders_of([user], month, end)))],
        }

    def _write_turnover(self, company, values):
        rows = self.search_fetch(
            Domain("company_id", "=", company.id)
            & Domain("month", "in", [vals["month"] for vals in values]),
            ["user_id", "month"],
        )
        there = {(row.user_id.id, row.month) for row in rows}
        fresh = [v for v in values if (v["user_id"], v["month"]) not in there]
        leaders = {user for vals in fresh for user in vals["leader_ids"][0][2]}
        self.env["res.users"].browse(leaders).mapped("active")  # all at once
        self.sudo()._authorized().create(fresh)

    def _write_terms(self, rows, shares, versions, terms):
        credited, rated = [], []
        for row in rows:
            deal, lead, kind, paid_on = row[0], row[1], row[7], row[8]
            version = versions[lead]
            lead_terms = terms[lead][deal]
            state = "collected" if paid_on else "credited"
            # what is taken away has been taken away: nothing comes of it any more
            state = "settled" if kind == "cancellation" else state
            credited.append(
                (
                    deal,
                    version.id,
                    lead_terms.slab.key,
                    lead_terms.rate,
                    lead_terms.retention,
                    state,
                )
            )
            for split, user, _share in shares[deal]:
                own = version.pool_rate == "own" and terms.get(user, {}).get(deal)
                fixed = own or lead_terms
                rated.append(
                    (
                        split,
                        fixed.slab.key,
                        fixed.rate,
                        fixed.retention,
                        fixed.origin,
                    )
                )
        for statement, values in ((CREDIT, credited), (RATE, rated)):
            if values:
                cursor = self.env.cr._obj
                execute_values(cursor, statement, values, page_size=len(values))
        for model in ("deal", "split"):
            self.env[f"key.account.commission.{model}"].invalidate_model(flush=False)

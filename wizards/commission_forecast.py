from collections import defaultdict
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ..tools.commission import TERMS, exact, pick_slab
from ..tools.settlement import Share, pool_shares

OFFICER = "key_account.group_commission_officer"
# Contracts whose months are open, of everybody: the ladder counts all of a month.
OPEN_MONTHS = """
    SELECT id, user_id, COALESCE(signed_on, final_paid_on), turnover_month,
           measure_amount, contract_amount, origin_class, kind, final_paid_on,
           partner_id
      FROM key_account_commission_deal
     WHERE company_id = %s AND state = 'draft' AND turnover_month IS NOT NULL
     ORDER BY turnover_month, 3, id
"""


class KeyAccountCommissionForecast(models.TransientModel):
    """My commission: what I have signed this month and how far the next slab is, what
    is on its way to me and what each contract waits for, what is kept of me and when it
    comes back.

    A salesperson sees himself, a leader his team of today, a commission officer
    everybody. Nothing is booked by looking.
    """

    _name = "key.account.commission.forecast"
    _description = "Forecast of a Commission"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        "Person",
        required=True,
        default=lambda self: self.env.user,
        domain="[('id', 'in', choice_ids)]",
    )
    choice_ids = fields.Many2many("res.users", compute="_compute_choice_ids")
    may_choose = fields.Boolean(compute="_compute_choice_ids")
    month = fields.Date()
    turnover = fields.Monetary("Signed This Month")
    slab_lower = fields.Monetary("Slab from")
    rate_new = fields.Float("New (%)", digits=(9, 4))
    rate_existing = fields.Float("Existing (%)", digits=(9, 4))
    next_lower = fields.Monetary("Next Slab from")
    missing_amount = fields.Monetary("Still Missing")
    month_text = fields.Text(compute="_compute_month_text")
    has_plan = fields.Boolean()
    has_next = fields.Boolean()
    expected = fields.Monetary("On Its Way")
    earned_year = fields.Monetary("Earned This Year")
    held_amount = fields.Monetary("Kept of Me")
    release_on = fields.Date("Next Release")
    release_amount = fields.Monetary("Comes Back Then")
    line_ids = fields.One2many(
        "key.account.commission.forecast.line", "forecast_id", "Contracts"
    )

    # --- Compute ---

    def _compute_display_name(self):
        for forecast in self:
            forecast.display_name = self.env._("My Commission")

    @api.depends("company_id")
    @api.depends_context("uid")
    def _compute_choice_ids(self):
        for forecast in self:
            forecast.choice_ids = forecast._people_i_may_see()
            forecast.may_choose = len(forecast.choice_ids) > 1

    def _people_i_may_see(self):
        me = self.env.user
        if me.has_group(OFFICER):
            rows = self.env["key.account.commission.assignment"].sudo()
            return rows.search([("company_id", "=", self.company_id.id)]).user_id | me
        teams = self.env["key.account.commission.assignment"]._sales_teams(
            self.company_id
        )
        today = self.company_id._key_account_today()
        return me | me.browse(teams.people_of(me.id, today))

    @api.depends("turnover", "slab_lower", "missing_amount", "has_plan", "has_next")
    def _compute_month_text(self):
        for forecast in self:
            say = forecast.currency_id.format
            parts = [
                self.env._(
                    "Signed this month: %(turnover)s, which is the slab from %(lower)s:"
                    " %(new)g %% for new and %(existing)g %% for existing customers.",
                    turnover=say(forecast.turnover),
                    lower=say(forecast.slab_lower),
                    new=forecast.rate_new,
                    existing=forecast.rate_existing,
                )
            ]
            if forecast.has_next:
                parts.append(
                    self.env._(
                        "With %(missing)s more it is the slab from %(next)s.",
                        missing=say(forecast.missing_amount),
                        next=say(forecast.next_lower),
                    )
                )
            forecast.month_text = "\n".join(parts) if forecast.has_plan else ""

    # --- Actions ---

    @api.model
    def action_open_mine(self):
        """Opens the page of whoever looks."""
        return self.create({}).action_show()

    def action_show(self):
        """Computes the page of the person that is chosen.

        :raises UserError: for somebody whose commission is none of his business.
        """
        self.ensure_one()
        if not self.env.su and self.user_id not in self._people_i_may_see():
            raise UserError(
                self.env._("You see your own commission, and that of your team.")
            )
        self._fill()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("My Commission"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [[False, "form"]],
            "target": "current",
        }

    # --- Business ---

    def _fill(self):
        page = self.sudo()
        self.env.flush_all()
        versions, terms, credits = page._provisional_terms()
        page._fill_month(versions, credits)
        lines = page._prepare_lines(terms)
        page.write(
            {
                "line_ids": [Command.clear(), *map(Command.create, lines)],
                "expected": sum(line["amount"] for line in lines),
                **page._read_ledger(),
            }
        )

    def _provisional_terms(self):
        """Slab and rate of contracts whose month is open, as if it were closed now."""
        company = self.company_id
        Turnover = self.env["key.account.commission.turnover"]
        rows = [
            (*row[:4], exact(row[4]), exact(row[5]), *row[6:])
            for row in self.env.execute_query(SQL(OPEN_MONTHS, company.id))
        ]
        people = Turnover._people_of(company)
        shares = Turnover._shares_of(rows)
        versions, terms, credits = {}, {}, {}
        for month in {row[3] for row in rows} | {self._this_month()}:
            of_month = [row for row in rows if row[3] == month and row[1]]
            valid = {
                user: Turnover._version_of(assignments, month)
                for user, assignments in people.items()
            }
            own = Turnover._credits(of_month, shares, valid, {}, company)
            versions[month], credits[month] = valid, own
            for user, credited in own.items():
                if valid.get(user):
                    way = TERMS[valid[user].slab_mode]
                    found = way(valid[user]._as_ladder(), credited)
                    terms.update({(user, deal): row for deal, row in found.items()})
        return versions, terms, credits

    def _this_month(self):
        return self.company_id._key_account_today().replace(day=1)

    def _fill_month(self, versions, credits):
        month = self._this_month()
        version = versions[month].get(self.user_id.id)
        own = credits[month].get(self.user_id.id, ())
        turnover = sum((credit.measure for credit in own), exact(0))
        values = {"month": month, "turnover": float(turnover), "has_plan": False}
        if version:
            rungs = version._as_ladder()
            slab = pick_slab(rungs, turnover)
            above = [rung for rung in rungs if rung.lower > slab.lower][:1]
            values |= {
                "has_plan": True,
                "slab_lower": float(slab.lower),
                "rate_new": float(slab.rate_new),
                "rate_existing": float(slab.rate_existing),
                "has_next": bool(above),
                "next_lower": float(above[0].lower) if above else 0.0,
                "missing_amount": float(above[0].lower - turnover) if above else 0.0,
            }
        self.write(values)

    def _prepare_lines(self, terms):
        deals = self.env["key.account.commission.deal"].search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("split_ids.user_id", "=", self.user_id.id)
            & Domain("state", "in", ("draft", "credited", "collected"))
            & Domain("kind", "!=", "cancellation"),
            order="turnover_month, id",
        )
        disputed = self.env["key.account.commission.dispute"].search(
            Domain("deal_id", "in", deals.ids) & Domain("state", "=", "open")
        )
        return [
            self._prepare_line(deal, terms, deal in disputed.deal_id) for deal in deals
        ]

    def _prepare_line(self, deal, terms, is_disputed):
        mine = deal.split_ids.filtered(lambda split: split.user_id == self.user_id)
        version = deal.version_id or self._version_of_lead(deal)
        profit = exact(deal.net_profit)
        if not deal.final_paid_on:
            profit = exact(deal.measure_amount) - exact(deal.cost_amount)
        rate, amount = exact(0), 0.0
        if version:
            rates = {s: self._rate_of(deal, s, version, terms) for s in deal.split_ids}
            shares = [
                Share(s.id, s.user_id.id, exact(s.share), rates[s], exact(0), None, "")
                for s in deal.split_ids
            ]
            lead = terms.get((deal.user_id.id, deal.id))
            pool_rate = exact(deal.rate) if deal.version_id else lead and lead.rate
            given = pool_shares(
                profit,
                pool_rate or exact(0),
                shares,
                version._as_terms(),
                self.currency_id.decimal_places,
            )
            rate, amount = rates[mine], float(given[mine.id])
        return {
            "deal_id": deal.id,
            "share": mine.share,
            "profit": float(profit),
            "is_final": bool(deal.final_paid_on),
            "rate": float(rate),
            "is_fixed": bool(deal.version_id),
            "amount": amount,
            "waits_for": self._waits_for(deal, version, is_disputed),
        }

    def _version_of_lead(self, deal):
        Turnover = self.env["key.account.commission.turnover"]
        people = Turnover._people_of(self.company_id)
        month = deal.turnover_month or self._this_month()
        return Turnover._version_of(people.get(deal.user_id.id), month)

    def _rate_of(self, deal, split, version, terms):
        if deal.version_id:
            return exact(split.rate)
        own = version.pool_rate == "own"
        who = split.user_id.id if own else deal.user_id.id
        found = terms.get((who, deal.id))
        return found.rate if found else exact(0)

    def _waits_for(self, deal, version, is_disputed):
        """What a contract waits for, in the order in which it can be mended."""
        if not version:
            return "no_plan"
        if is_disputed:
            return "dispute"
        if deal.split_state in ("incomplete", "waiting"):
            return "shares"
        if version.trigger == "final_payment" and not deal.final_paid_on:
            return "payment" if deal.invoiced_amount else "invoice"
        confirm = self.company_id.key_account_confirm_profit
        return "profit" if confirm and not deal.profit_confirmed_on else "run"

    def _read_ledger(self):
        """What was earned this year, what is kept, and what comes back next."""
        Entry = self.env["key.account.commission.entry"]
        mine = (
            Domain("user_id", "=", self.user_id.id)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("run_id.state", "in", ("approved", "paid"))
        )
        year = self._this_month().replace(month=1)
        earned = Domain("kind", "in", ("earn", "adjust", "clawback", "team_bonus"))
        ((total,),) = Entry._read_group(
            mine & earned & Domain("date", ">=", year), [], ["amount:sum"]
        )
        held = defaultdict(float)
        kept = mine & Domain("kind", "in", ("retain", "release"))
        due_on = {}
        for split, amount, due in Entry._read_group(
            kept, ["split_id"], ["amount:sum", "release_on:max"]
        ):
            held[split.id] -= amount
            due_on[split.id] = due or date.max
        left = {split: amount for split, amount in held.items() if amount > 0}
        first = min((due_on[split] for split in left), default=None)
        return {
            "earned_year": total or 0.0,
            "held_amount": sum(left.values()),
            "release_on": first,
            "release_amount": sum(
                amount for split, amount in left.items() if due_on[split] == first
            ),
        }

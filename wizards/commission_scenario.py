from collections import defaultdict
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ..tools.commission import TERMS, Slab, cliffs, exact, keep_back, ladder
from ..tools.settlement import Share, pool_shares

# Contracts of past months that were led by somebody paid by the plan.
PAST = """
    SELECT deal.id, deal.user_id, COALESCE(deal.signed_on, deal.final_paid_on),
           deal.turnover_month, deal.measure_amount, deal.contract_amount,
           deal.origin_class, deal.kind, deal.final_paid_on, deal.partner_id,
           deal.rate, deal.net_profit
      FROM key_account_commission_deal deal
      JOIN key_account_commission_plan_version version ON version.id = deal.version_id
     WHERE version.plan_id = %(plan)s AND deal.state != 'void'
       AND deal.turnover_month BETWEEN %(first)s AND %(last)s
     ORDER BY deal.turnover_month, 3, deal.id
"""


class KeyAccountCommissionScenario(models.TransientModel):
    """What if: the contracts of past quarters, paid by another version or by other
    slabs, person by person beside what they were paid (issue of the leader who wants to
    promise a new rate). It computes with the functions that pay, and books nothing."""

    _name = "key.account.commission.scenario"
    _description = "What If"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    plan_id = fields.Many2one(
        "key.account.commission.plan",
        "People Paid by",
        required=True,
        domain="[('company_id', '=', company_id)]",
        default=lambda self: self.env["key.account.commission.plan"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        ),
    )
    version_id = fields.Many2one(
        "key.account.commission.plan.version",
        "As If Paid by",
        required=True,
        domain="[('company_id', '=', company_id)]",
        compute="_compute_version_id",
        store=True,
        precompute=True,
        readonly=False,
        help="Drafts as well: try one before it is approved.",
    )
    date_from = fields.Date(
        "From", required=True, default=lambda self: self._default_date_from()
    )
    date_to = fields.Date(
        "Until", required=True, default=lambda self: self._default_date_to()
    )
    slab_ids = fields.One2many(
        "key.account.commission.scenario.slab",
        "scenario_id",
        "Ladder to Try",
        compute="_compute_slab_ids",
        store=True,
        readonly=False,
    )
    line_ids = fields.One2many(
        "key.account.commission.scenario.line", "scenario_id", "Everybody"
    )
    warning = fields.Text(compute="_compute_warning")
    actual = fields.Monetary("As Paid", compute="_compute_totals")
    tried = fields.Monetary("As Tried", compute="_compute_totals")
    difference = fields.Monetary(compute="_compute_totals")

    @api.model
    def _default_date_to(self):
        today = self.env.company._key_account_today()
        first = today.replace(month=today.month - (today.month - 1) % 3, day=1)
        return first - relativedelta(days=1)

    @api.model
    def _default_date_from(self):
        return self._default_date_to() + relativedelta(days=1, years=-1)

    # --- Compute ---

    def _compute_display_name(self):
        for scenario in self:
            scenario.display_name = self.env._("What If")

    @api.depends("plan_id")
    def _compute_version_id(self):
        for scenario in self:
            versions = scenario.plan_id.version_ids
            drafts = versions.filtered(lambda version: version.state == "draft")
            scenario.version_id = (drafts or versions)[:1]

    @api.depends("version_id")
    def _compute_slab_ids(self):
        names = ("lower", "rate_new", "rate_existing", "retention_pct")
        for scenario in self:
            scenario.slab_ids = [Command.clear()] + [
                Command.create({name: slab[name] for name in names})
                for slab in scenario.version_id.slab_ids
            ]

    @api.depends(
        "version_id",
        "slab_ids.lower",
        "slab_ids.rate_new",
        "slab_ids.rate_existing",
        "slab_ids.retention_pct",
    )
    def _compute_warning(self):
        for scenario in self:
            rungs = sorted(scenario._slabs(), key=lambda slab: slab.lower)
            whole = scenario.version_id.slab_mode == "whole"
            found = cliffs(rungs) if whole else []
            say = scenario.version_id._say_cliff
            scenario.warning = "\n".join(map(say, found))

    @api.depends("line_ids.actual", "line_ids.tried")
    def _compute_totals(self):
        for scenario in self:
            scenario.actual = sum(scenario.line_ids.mapped("actual"))
            scenario.tried = sum(scenario.line_ids.mapped("tried"))
            scenario.difference = scenario.tried - scenario.actual

    # --- Actions ---

    def action_compare(self):
        """Computes both, and shows them side by side.

        :raises UserError: when the ladder has no slab from 0, or two from the same
            amount.
        """
        self.ensure_one()
        try:
            rungs = ladder(self._slabs())
        except ValueError as error:
            raise UserError(
                self.env._("The ladder needs a slab from 0, and no two the same.")
            ) from error
        sums = self._compare(rungs)
        self.line_ids = [Command.clear()] + [
            Command.create({"user_id": user, **{k: float(v) for k, v in row.items()}})
            for user, row in sums.items()
        ]
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [[False, "form"]],
            "target": "current",
        }

    # --- Business ---

    def _compare(self, rungs):
        """``{user id: turnover, what was paid and kept, what would be}``."""
        deals = self.sudo().env
        deals.flush_all()
        rows = [
            (*row[:4], exact(row[4]), exact(row[5]), *row[6:10], *map(exact, row[10:]))
            for row in deals.execute_query(
                SQL(
                    PAST,
                    plan=self.plan_id.id,
                    first=self.date_from.replace(day=1),
                    last=self.date_to,
                )
            )
        ]
        Turnover = self.env["key.account.commission.turnover"].sudo()
        shares = Turnover._shares_of(rows)
        fixed, origins = self._fixed_of(rows)
        sums = defaultdict(lambda: defaultdict(Decimal))
        by_month = defaultdict(list)
        for row in rows:
            by_month[row[3]].append(row)
        for month_rows in by_month.values():
            terms = self._terms_of(month_rows, shares, origins, rungs, Turnover, sums)
            for row in month_rows:
                if row[7] != "cancellation":
                    self._add_contract(row, shares[row[0]], fixed, terms, sums)
        return sums

    def _fixed_of(self, rows):
        """What was fixed with the month: of each share, and of each customer and
        person."""
        splits = (
            self.env["key.account.commission.split"]
            .sudo()
            .search(Domain("deal_id", "in", [row[0] for row in rows]))
        )
        fixed = {split.id: split for split in splits}
        origins = {
            (split.deal_id.partner_id.id, split.user_id.id): split.origin_class
            for split in splits
        }
        return fixed, origins

    def _terms_of(self, rows, shares, origins, rungs, Turnover, sums):
        people = {row[1] for row in rows} | {
            user for row in rows for _split, user, _share in shares[row[0]]
        }
        versions = dict.fromkeys(people, self.version_id)
        credits = Turnover._credits(rows, shares, versions, origins, self.company_id)
        for user, own in credits.items():
            sums[user]["turnover"] += sum(credit.measure for credit in own)
        way = TERMS[self.version_id.slab_mode]
        return {user: way(rungs, own) for user, own in credits.items()}

    def _add_contract(self, row, parts, fixed, terms, sums):
        """Adds what a contract pays each of its people, as it was and as tried."""
        deal, lead, rate, profit = row[0], row[1], row[10], row[11]
        of_lead, actual, tried = terms[lead][deal], [], []
        everybody_own = self.version_id.pool_rate == "own"
        for split, user, share in parts:
            was = fixed[split]
            new = terms[user][deal] if everybody_own else of_lead
            actual.append(_share(split, user, share, was.rate, was.retention_pct))
            tried.append(_share(split, user, share, new.rate, new.retention))
        if parts:
            was = fixed[parts[0][0]].deal_id.version_id
            self._add_pay("actual", was, actual, rate, profit, sums)
            self._add_pay("tried", self.version_id, tried, of_lead.rate, profit, sums)

    def _add_pay(self, name, version, people, rate, profit, sums):
        places = self.currency_id.decimal_places
        given = pool_shares(profit, rate, people, version._as_terms(), places)
        for person in people:
            earned = given[person.id]
            kept = keep_back(earned, person.retention, places)
            sums[person.user][name] += earned
            sums[person.user][f"{name}_kept"] += kept

    def _slabs(self):
        return [
            Slab(
                number,
                exact(slab.lower),
                exact(slab.rate_new),
                exact(slab.rate_existing),
                exact(slab.retention_pct),
            )
            for number, slab in enumerate(self.slab_ids)
        ]


def _share(split, user, share, rate, retention):
    return Share(split, user, share, exact(rate), exact(retention), Decimal(0), "new")

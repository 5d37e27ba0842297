from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain

OFFICERS = "key_account.group_commission_officer"


class KeyAccountCommissionProposing(models.AbstractModel):
    """What the daily job puts on the officers' desks: the run of a period that is over,
    and retention that is due while no run is under way. A person computes and approves.
    """

    _name = "key.account.commission.proposing"
    _description = "Proposal of Runs"

    @api.model
    def _cron_propose(self):
        """Proposes once a period and company; running it again changes nothing."""
        for company in self.env["res.company"].search(Domain.TRUE):
            run = self.with_company(company)
            for period in ("quarter", "month"):
                run._propose(company, period)
            run._tell_of_due_retention(company)

    def _propose(self, company, period):
        """A draft run of the last period, if anybody is paid by such a plan."""
        versions = self.env["key.account.commission.plan.version"].search_count(
            Domain("company_id", "=", company.id)
            & Domain("period", "=", period)
            & Domain("state", "=", "approved"),
            limit=1,
        )
        if not versions:
            return
        proposal = self.new({"company_id": company.id, "period": period})
        first = proposal.date_from
        there = self.search_count(
            Domain("company_id", "=", company.id)
            & Domain("period", "=", period)
            & Domain("date_from", ">=", first)
            & Domain("state", "!=", "cancelled"),
            limit=1,
        )
        if not there and self._has_open_deals(company, proposal.date_to):
            run = self.create(
                {"company_id": company.id, "period": period, "date_from": first}
            )
            run._ask_officers(self.env._("Compute the commissions of the period"))

    def _has_open_deals(self, company, until):
        return self.env["key.account.commission.deal"].search_count(
            Domain("company_id", "=", company.id)
            & Domain("state", "in", ("draft", "credited", "collected"))
            & Domain("turnover_month", "<=", until),
            limit=1,
        )

    def _tell_of_due_retention(self, company):
        """A task with the sums, on the last run, when retention is due and no run is
        under way that releases it."""
        today = company._key_account_today()
        runs = self.search(
            Domain("company_id", "=", company.id) & Domain("state", "!=", "cancelled"),
            limit=1,
        )
        if not runs or runs.state in ("draft", "computed", "review"):
            return
        due = self.env["key.account.commission.entry"]._held_of(company, today)
        if due:
            total = company.currency_id.format(sum(due.values()))
            runs._ask_officers(
                self.env._(
                    "Retention of %(count)s people is due: %(amount)s. Make a run.",
                    count=len(due),
                    amount=total,
                )
            )

    def _ask_officers(self, summary):
        """One open task with these words for each officer of the company."""
        kind = self.env.ref("key_account.activity_commission_run")
        officers = self.env.ref(OFFICERS).all_user_ids.filtered(
            lambda user: self.company_id in user.company_ids and user.active
        )
        asked = self.activity_ids.filtered(lambda a: a.activity_type_id == kind)
        for officer in officers - asked.user_id - self.env.ref("base.user_root"):
            self.activity_schedule(
                activity_type_id=kind.id,
                user_id=officer.id,
                summary=summary,
                date_deadline=self.env.company._key_account_today()
                + relativedelta(days=7),
            )

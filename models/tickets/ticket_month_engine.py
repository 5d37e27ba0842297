import logging

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import service_kpis, ticket_rules

_logger = logging.getLogger(__name__)

# So many months that were never computed are made up for, if the job did not run.
MOST_MONTHS = 24


class KeyAccountTicketMonthEngine(models.AbstractModel):
    """Computes and freezes service months, company by company. Any number of times,
    twice at once or after a crash, with the same result."""

    _name = "key.account.ticket.month.engine"
    _description = "Engine of Service Months"
    _inherit = ["key.account.guarded"]

    # --- Actions ---

    def action_compute(self):
        """Computes the months of these rows anew, or else the last month of each
        company, and says which ones were left out and why."""
        self._check_month_manager()
        months = {(row.company_id, row.month) for row in self}
        months = sorted(months, key=lambda one: (one[1], one[0].id)) or [
            (company, self._last_month(company)) for company in self.env.companies
        ]
        done, left_out = [], []
        for company, month in months:
            try:
                with self.env.cr.savepoint():
                    self._compute_month(company, month)
                    done.append(company)
            except UserError as error:
                left_out.append((company, str(error)))
        return self._months_message(done, left_out)

    def action_freeze(self):
        """Freezes the whole months of these rows: they are the figures by which people
        are judged, and nobody changes them any more."""
        self._check_month_manager()
        for company, month in {(row.company_id, row.month) for row in self}:
            if month > self._last_month(company):
                raise UserError(
                    self.env._("This month is not over yet. Freeze it afterwards.")
                )
            self._freeze_month(company, month)
        return True

    # --- Crons ---

    @api.model
    def _cron_months(self):
        """Daily: from the first of a month on the last one is there, and the one before
        is frozen. Managers are told which companies were left out."""
        for company in self.env["res.company"].search([]):  # pylint: disable=no-search-all
            problem = self._work_off(company)
            if problem:
                _logger.warning("No service month of %s: %s", company.name, problem)
                self._tell_left_out(company, problem)
            if not self.env["ir.cron"]._commit_progress(1):
                break

    @api.model
    def _work_off(self, company):
        """Brings a company up to date.

        :return: why not, or None.
        """
        try:
            with self.env.cr.savepoint():
                last = self._last_month(company)
                for month in self._months_to_do(company, last):
                    self._compute_month(company, month)
                before = self._months_domain(company) & Domain("month", "<", last)
                for month in {row.month for row in self.sudo().search(before)}:
                    self._freeze_month(company, month)
        except (UserError, psycopg2.Error) as error:
            return str(error)
        return None

    @api.model
    def _months_to_do(self, company, last):
        """The months to compute: the last one, and those that were never computed since
        the latest that was; none for a company without tickets."""
        if not self._has_tickets(company):
            return []
        domain = Domain("company_id", "=", company.id) & Domain("level", "=", "company")
        known = self.sudo().search(domain, order="month desc", limit=1)
        first = last
        if known:
            after = fields.Date.add(known.month, months=1)
            longest = fields.Date.subtract(last, months=MOST_MONTHS - 1)
            first = min(max(after, longest), last)
        months = []
        while first <= last:
            if not self._is_frozen(company, first):
                months.append(first)
            first = fields.Date.add(first, months=1)
        return months

    # --- Business ---

    @api.model
    def _compute_month(self, company, month):
        """Computes the rows of a month.

        :raises UserError: where it is frozen or not begun, where the company has no
            tickets, or while somebody else computes it.
        """
        self._take_month(company)
        if self._is_frozen(company, month):
            raise UserError(self.env._("This month is frozen."))
        if month > company._key_account_today():
            raise UserError(self.env._("This month has not begun."))
        if not self._has_tickets(company):
            raise UserError(self.env._("It has no tickets."))
        tickets = self._tickets_of(company, month)
        promises, holds = self._parts_of(company, month, tickets)
        rows = {("company", False, False): tickets}
        for team, of_team in tickets.grouped("team_id").items():
            rows["team", team.id, False] = of_team
            for user, of_user in of_team.grouped("user_id").items():
                rows["user", team.id, user.id] = of_user
        self._store_month(
            company,
            month,
            {
                key: service_kpis.tally(
                    [self._as_ended(ticket) for ticket in some],
                    [row for ticket in some for row in promises.get(ticket, ())],
                    [row for ticket in some for row in holds.get(ticket, ())],
                )
                for key, some in rows.items()
            },
        )

    @api.model
    def _freeze_month(self, company, month):
        self._take_month(company)
        rows = self.sudo().search(
            self._months_domain(company) & Domain("month", "=", month)
        )
        if not rows:
            raise UserError(self.env._("This month is frozen."))
        rows._lock()
        rows._move("frozen", frozen_at=fields.Datetime.now(), frozen_by_id=self.env.uid)

    @api.model
    def _store_month(self, company, month, tallies):
        """Writes what was counted into the rows that are there; those of whom nothing
        ended any more go, which is in order as long as the month is open."""
        rows = (
            self.sudo()
            ._authorized()
            .search(self._months_domain(company) & Domain("month", "=", month))
        )
        known = {(row.level, row.team_id.id, row.user_id.id): row for row in rows}
        common = {
            "computed_at": fields.Datetime.now(),
            **{
                f"{name}_target": company[f"key_account_target_{name}"]
                for name in service_kpis.TARGETS
            },
        }
        new = []
        for key, (numbers, members) in tallies.items():
            vals = {**common, **self._columns_of(numbers), "inputs": members}
            if key in known:
                known.pop(key).write(vals)
                continue
            level, team, user = key
            vals |= {"company_id": company.id, "month": month, "level": level}
            new.append({**vals, "team_id": team, "user_id": user})
        rows.browse().union(*known.values()).unlink()
        rows.create(new)

    # --- What is counted ---

    @api.model
    def _tickets_of(self, company, month):
        """The tickets that ended in a month, where the company is."""
        begin, end = (
            company._key_account_midnight(day)
            for day in (month, fields.Date.add(month, months=1))
        )
        return (
            self.env["key.account.ticket"]
            .sudo()
            .search(
                Domain("company_id", "=", company.id)
                & Domain("state", "in", ticket_rules.RESTING)
                & Domain("closed_at", ">=", begin)
                & Domain("closed_at", "<", end),
                order="id",
            )
        )

    @api.model
    def _parts_of(self, company, month, tickets):
        """What was promised on tickets, and when they stood still.

        :return: ``({ticket: [Promise]}, {ticket: [Hold]})``.
        """
        counted = self._counted_before(company, month, tickets)
        clocks = self._finished_of("key.account.sla.clock", tickets, "stop_at")
        replaced = set(
            clocks.search([("replaces_id", "in", clocks.ids)]).replaces_id.ids
        )
        promises, holds = {}, {}
        for clock in clocks.filtered(lambda one: one.id not in counted["promises"]):
            promises.setdefault(clock.ticket_id, []).append(
                service_kpis.Promise(
                    id=clock.id,
                    metric=clock.metric,
                    state=clock.state,
                    late=clock.late_minutes,
                    held=clock.held_minutes,
                    worked=clock.worked_minutes,
                    replaced=clock.id in replaced,
                )
            )
        rows = self._finished_of("key.account.ticket.hold", tickets, "started_at")
        for hold in rows.filtered(lambda one: one.id not in counted["holds"]):
            holds.setdefault(hold.ticket_id, []).append(
                service_kpis.Hold(id=hold.id, state=hold.state)
            )
        return promises, holds

    def _finished_of(self, model, tickets, moment):
        domain = Domain("ticket_id", "in", tickets.ids) & Domain(moment, "!=", False)
        return self.env[model].sudo().search(domain, order="id")

    @api.model
    def _counted_before(self, company, month, tickets):
        """What a frozen month has counted already, of tickets that were reopened after
        it: a promise is kept or broken once."""
        counted = {"promises": set(), "holds": set()}
        reopened = tickets.filtered("reopen_count")
        if not reopened:
            return counted
        since = min(reopened.mapped("received_at")).date().replace(day=1)
        rows = self.sudo().search(
            Domain("company_id", "=", company.id)
            & Domain("level", "=", "company")
            & Domain("adjusts_id", "=", False)
            & Domain("month", ">=", fields.Date.subtract(since, months=1))
            & Domain("month", "<", month)
        )
        for row in rows:
            for name in service_kpis.PROMISES:
                counted["promises"].update(row.inputs.get(name, ()))
            for name in service_kpis.HOLDS:
                counted["holds"].update(row.inputs.get(name, ()))
        return counted

    @api.model
    def _as_ended(self, ticket):
        return service_kpis.Ended(
            id=ticket.id,
            kind=ticket.kind,
            state=ticket.state,
            accepted=bool(ticket.customer_accepted_at),
            refused=bool(ticket.final_reason) or ticket.outcome == "refused",
            asked=bool(ticket.satisfaction_asked_at),
            satisfaction=ticket.satisfaction or None,
            by_phone=ticket.satisfaction_source == "phone",
            sample=ticket.sample_result or None,
            unhappy_before=bool(ticket.dissatisfied_count),
            reopened=bool(ticket.reopen_count),
            attitude=int(ticket.attitude or 0) or None,
            speed=int(ticket.speed or 0) or None,
        )

    # --- Tools ---

    @api.model
    def _months_domain(self, company):
        """The rows of a company that are still open."""
        return Domain("company_id", "=", company.id) & Domain("state", "=", "open")

    @api.model
    def _last_month(self, company):
        """The first day of the month that is over, where the company is."""
        today = company._key_account_today()
        return fields.Date.subtract(today.replace(day=1), months=1)

    @api.model
    def _is_frozen(self, company, month):
        domain = [("company_id", "=", company.id), ("month", "=", month)]
        domain.append(("state", "=", "frozen"))
        return bool(self.sudo().search_count(domain, limit=1))

    @api.model
    def _has_tickets(self, company):
        Ticket = self.env["key.account.ticket"].sudo()
        return bool(Ticket.search_count([("company_id", "=", company.id)], limit=1))

    @api.model
    def _take_month(self, company):
        """Takes the right to compute the months of a company, until this transaction
        ends.

        :raises UserError: while somebody else holds it.
        """
        ((mine,),) = self.env.execute_query(
            SQL(
                "SELECT pg_try_advisory_xact_lock(hashtext(%s), %s)",
                self._name,
                company.id,
            )
        )
        if not mine:
            raise UserError(self.env._("It is being computed right now."))

    @api.model
    def _check_month_manager(self):
        self._check_group(
            "key_account.group_manager",
            self.env._("A manager computes, freezes and corrects service months."),
        )

    @api.model
    def _months_message(self, done, left_out):
        lines = []
        if done:
            names = ", ".join(company.name for company in done)
            lines.append(self.env._("Computed: %(names)s.", names=names))
        for company, reason in left_out:
            lines.append(
                self.env._(
                    "Left out: %(name)s. %(reason)s", name=company.name, reason=reason
                )
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": " ".join(lines),
                "type": "warning" if left_out else "success",
                "sticky": bool(left_out),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _tell_left_out(self, company, problem):
        manager = self.env["key.account.ticket"]._any_manager(company)
        if manager:
            self.env["mail.thread"].message_notify(
                partner_ids=manager.partner_id.ids,
                subject=self.env._("Service month not computed"),
                body=self.env._(
                    "Left out: %(name)s. %(reason)s", name=company.name, reason=problem
                ),
            )

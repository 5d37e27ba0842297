from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.fields import Date

from .ticket_case import TicketCase


def shanghai(text):
    """A moment in Shanghai as the database has it: ``shanghai("03-09 10:00")``."""
    return datetime.fromisoformat(f"2026-{text}") - timedelta(hours=8)


MARCH = Date.to_date("2026-03-01")
# Monday and Tuesday of a week without holidays, in working hours.
RECEIVED, IN_TIME = shanghai("03-09 10:00"), shanghai("03-09 11:00")
TOO_LATE, CLOSED = shanghai("03-09 16:00"), shanghai("03-10 10:00")
FIRST_OF_APRIL = shanghai("04-01 09:00")
FEBRUARY, APRIL = MARCH.replace(month=2), MARCH.replace(month=4)


class AnalysisCase(TicketCase):
    """Tickets that were dealt with at given moments."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.helper = cls._create_user("ka_helper", "key_account.group_member")
        cls.team.member_ids |= cls.helper

    def _enquiry(
        self,
        replied=IN_TIME,
        closed=CLOSED,
        satisfied=None,
        user=None,
        received=RECEIVED,
        **vals,
    ):
        """An enquiry that its handler answers by phone, and closes.

        :param satisfied: ``(outcome, source, attitude)``; by its customer himself for a
            source of his.
        """
        user = user or self.agent
        with freeze_time(received):
            ticket = self._create_ticket(user=user, **vals)
            ticket.action_accept()
        if replied:
            with freeze_time(replied):
                ticket.action_log_call("Told him.")
        if closed:
            with freeze_time(closed):
                ticket.action_done()
                self._satisfy(ticket, satisfied)
                ticket.action_close(nothing_else="said")
        return ticket

    def _complaint(
        self, replied=IN_TIME, closed=CLOSED, satisfied=None, user=None, **vals
    ):
        """A complaint that is solved with the customer's agreement."""
        with freeze_time(RECEIVED):
            ticket = self._create_ticket("complaint", user=user, **vals)
            self._plan_complaint(ticket)
            self._solve_complaint(ticket)
        with freeze_time(replied):
            ticket.action_log_call("Told him.")
        if closed:
            with freeze_time(closed):
                self._satisfy(ticket, satisfied or ("satisfied", "phone", None))
                ticket.action_close()
        return ticket

    def _satisfy(self, ticket, satisfied):
        if not satisfied:
            return
        outcome, source, attitude = satisfied
        if source in ("rating", "portal"):
            ticket.sudo()._keep_satisfaction(outcome, source, attitude)
        else:
            ticket.action_record_satisfaction(outcome, source, attitude)


class MonthCase(AnalysisCase):
    """Service months of March, as they are computed on the first of April."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Month = cls.env["key.account.ticket.month"]

    def compute(self, month=MARCH):
        with freeze_time(FIRST_OF_APRIL):
            self.Month._compute_month(self.company, month)
        return self.rows(month)

    def rows(self, month=MARCH, company=None):
        company = company or self.company
        return self.Month.search(
            [("company_id", "=", company.id), ("month", "=", month)]
        )

    def of(self, level, month=MARCH, **vals):
        rows = self.rows(month).filtered(lambda row: row.level == level)
        for name, record in vals.items():
            rows = rows.filtered(
                lambda row, name=name, record=record: row[name] == record
            )
        return rows

    def run_job(self, moment=FIRST_OF_APRIL):
        with freeze_time(moment):
            self._run_cron("key.account.ticket.month", "_cron_months")

    def freeze(self, month=MARCH, moment=FIRST_OF_APRIL):
        with freeze_time(moment):
            self.rows(month).with_user(self.manager).action_freeze()

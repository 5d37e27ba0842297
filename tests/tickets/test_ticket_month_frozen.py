from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ...tools import service_kpis
from .analysis_case import (
    APRIL,
    CLOSED,
    FIRST_OF_APRIL,
    MARCH,
    TOO_LATE,
    MonthCase,
    shanghai,
)


@tagged("post_install", "-at_install")
class TestTicketMonthFrozen(MonthCase):
    """Frozen months, what is behind their numbers, and who sees them."""

    # --- Frozen ---

    def test_frozen_rows_never_change(self):
        """R113: nobody, the superuser with authority included, writes or deletes a
        frozen row; computing it anew is refused, and its numbers open the same tickets
        after they were taken up again."""
        ticket = self._enquiry()
        self.compute()
        self.freeze()
        month = self.of("company")
        self.assertEqual(month.frozen_by_id, self.manager)
        before = month.read()
        for attempt in (
            lambda: month.write({"ended_count": 9}),
            lambda: month.sudo()._authorized().write({"reply_met_count": 9}),
            lambda: month.unlink(),
            lambda: month.sudo()._authorized().unlink(),
            lambda: self.compute(),
            lambda: self.freeze(),
            lambda: month.copy(),
        ):
            with self.assertRaises(UserError):
                attempt()
        with freeze_time(FIRST_OF_APRIL):
            ticket.action_reopen("Not solved")
            ticket.action_log_call("Told him.")
            ticket.action_done()
            ticket.action_close(nothing_else="said")
        self.env.invalidate_all()
        self.run_job()
        self.assertEqual(month.read(), before)
        action = month.with_user(self.manager).action_open("closed")
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, ticket.with_env(self.env))

    def test_reopened_after_freezing(self):
        """A ticket that ends again is another one closed, but a promise that a frozen
        month has counted is not counted again."""
        ticket = self._enquiry(replied=TOO_LATE)
        self.compute()
        self.freeze()
        with freeze_time(FIRST_OF_APRIL):
            ticket.action_reopen("Not solved")
            ticket.action_log_call("Told him.")
            ticket.action_done()
            ticket.action_close(nothing_else="said")
        with freeze_time(shanghai("05-01 09:00")):
            self.Month._compute_month(self.company, APRIL)
        april = self.of("company", APRIL)
        self.assertEqual((april.closed_count, april.reopened_count), (1, 1))
        self.assertEqual(april.reply_count, 0)
        self.assertEqual(april.promise_count, 1)  # the second run of the solution

    def test_raw_writes_are_refused(self):
        """No figure is made or changed by hand, in a form, an import or a program."""
        self._enquiry()
        self.compute()
        month = self.of("company")
        for user in (self.manager, self.agent):
            rows = month.with_user(user)
            for attempt in (
                lambda rows=rows: rows.write({"reply_met_count": 9}),
                lambda rows=rows: rows.write({"state": "frozen"}),
                lambda rows=rows: rows.sudo().write({"on_time_target": 1}),
                lambda rows=rows: rows.sudo().create(
                    {"company_id": self.company.id, "month": APRIL, "level": "company"}
                ),
                lambda rows=rows: rows.sudo().unlink(),
            ):
                with self.assertRaises(UserError):
                    attempt()

    def test_only_managers_compute_and_freeze(self):
        self._enquiry()
        self.compute()
        for user in (self.agent, self.leader):
            rows = self.rows().with_user(user)
            with self.assertRaises(UserError):
                rows.action_compute()
            with self.assertRaises(UserError):
                rows.action_freeze()

    def test_a_running_month_is_not_frozen(self):
        self._enquiry()
        with freeze_time(CLOSED):
            self.Month._compute_month(self.company, MARCH)
            with self.assertRaisesRegex(UserError, "not over"):
                self.rows().with_user(self.manager).action_freeze()
            with self.assertRaisesRegex(UserError, "not begun"):
                self.Month._compute_month(self.company, APRIL)

    # --- What is behind ---

    def test_every_number_opens_exactly_what_it_counts(self):
        """R113: as many tickets, promises or holds as the number says, of this row."""
        self._enquiry(satisfied=("satisfied", "rating", 5))
        self._enquiry(replied=TOO_LATE, user=self.helper)
        self._complaint(satisfied=("neutral", "phone", 4))
        self.compute()
        rows = self.rows().with_user(self.manager)
        for row in rows:
            for counter in service_kpis.COUNTERS:
                summed = {**service_kpis.MARKS, **service_kpis.MINUTES}
                action = row.action_open(counter)
                found = self.env[action["res_model"]].search(action["domain"])
                with self.subTest(row=row.display_name, counter=counter):
                    if counter not in summed:
                        (name,) = row._columns_of({counter: 0})
                        self.assertEqual(len(found), row[name])
                    tickets = found
                    if action["res_model"] != "key.account.ticket":
                        tickets = found.ticket_id
                    if row.level == "user":
                        self.assertLessEqual(tickets.user_id, row.user_id)
        late = self.of("company").action_open("reply_met")
        self.assertEqual(late["res_model"], "key.account.sla.clock")
        with self.assertRaises(UserError):
            rows[0].action_open("__class__")

    def test_who_sees_which_rows(self):
        """Managers see all, a leader those of his team and its handlers, everybody his
        own."""
        self._enquiry()
        self._enquiry(user=self.helper)
        other = self.team.copy(
            {"name": "Hotline", "leader_id": False, "member_ids": [Command.clear()]}
        )
        self._enquiry(team_id=other.id, user=self.seller)
        self.compute()
        rows = self.rows()
        self.assertEqual(len(rows), 6)
        for user, seen in (
            (self.manager, rows),
            (self.leader, rows.filtered(lambda row: row.team_id == self.team)),
            (self.agent, self.of("user", user_id=self.agent)),
            (self.seller, self.of("user", user_id=self.seller)),
            (self.reviewer, rows.browse()),
        ):
            with self.subTest(user.login):
                self.env.invalidate_all()
                found = self.Month.with_user(user).search([("id", "in", rows.ids)])
                self.assertEqual(set(found.ids), set(seen.ids))

    def test_the_menu_opens_what_concerns_one(self):
        """Managers and leaders see teams first, everybody else his own figures."""
        for user, shown in (
            (self.manager, "teams"),
            (self.leader, "teams"),
            (self.agent, "people"),
        ):
            action = self.Month.with_user(user).action_open_months()
            self.assertEqual(action["context"], {f"search_default_{shown}": 1})

    def test_names(self):
        self._enquiry()
        self.compute()
        self.assertEqual(
            self.of("user").display_name, f"March 2026 · Service, {self.agent.name}"
        )
        self.assertEqual(
            self.of("company").display_name, f"March 2026 · {self.company.name}"
        )

# pylint: disable=translation-required
from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...tools import service_kpis
from .analysis_case import (
    APRIL,
    CLOSED,
    FEBRUARY,
    FIRST_OF_APRIL,
    MARCH,
    TOO_LATE,
    MonthCase,
    shanghai,
)


@tagged("post_install", "-at_install")
class TestTicketMonth(MonthCase):
    # --- The figures ---

    def test_figures_of_a_month(self):
        """R113: replies in time, complaints solved, satisfaction and attitude, by month
        of closing, for the company, its team and each handler."""
        self._enquiry(satisfied=("satisfied", "rating", 5))
        self._enquiry(replied=TOO_LATE, user=self.helper)
        self._complaint(satisfied=("neutral", "phone", 4))
        self._enquiry(closed=shanghai("04-01 10:00"))  # the next month
        self._enquiry(closed=None)
        self.compute()
        self.assertRecordValues(
            self.of("company") | self.of("team") | self.of("user", user_id=self.agent),
            [
                {
                    "ended_count": 3,
                    "reply_count": 3,
                    "reply_met_count": 2,
                    "on_time_percent": 66.67,
                    "success_percent": 100,
                    "satisfaction_percent": 50,
                    "satisfaction_self_percent": 100,
                    "satisfaction_phone_percent": 0,
                    "attitude_mean": 4.5,
                    "reply_late_hours": 3,
                }
            ]
            * 2
            + [
                {
                    "ended_count": 2,
                    "reply_count": 2,
                    "reply_met_count": 2,
                    "on_time_percent": 100,
                    "success_percent": 100,
                    "satisfaction_percent": 50,
                    "satisfaction_self_percent": 100,
                    "satisfaction_phone_percent": 0,
                    "attitude_mean": 4.5,
                    "reply_late_hours": 0,
                }
            ],
        )
        self.assertEqual(self.of("user", user_id=self.helper).reply_met_count, 0)

    def test_months_begin_where_the_company_is(self):
        """A ticket that was closed at 0:30 of 1 April in Shanghai, which is March in
        London, ended in April."""
        self._enquiry(closed=shanghai("03-31 23:30"))
        self._enquiry(closed=shanghai("04-01 00:30"))
        self.compute()
        self.assertEqual(self.of("company").ended_count, 1)

    def test_rows_add_up(self):
        """Each number of the company is the sum over its teams, and of a team over its
        handlers, tickets without either included."""
        other = self.team.copy({"name": "Hotline", "leader_id": False})
        self._enquiry()
        self._complaint()
        with freeze_time(CLOSED):
            lost = self.env["key.account.ticket"].create(
                {"name": "Lost", "company_id": self.company.id, "team_id": False}
            )
            lost.action_withdraw("Nothing")
        self._enquiry(team_id=other.id, replied=TOO_LATE)
        self.compute()
        self.assertEqual(self.of("company").ended_count, 4)
        for counter in service_kpis.COUNTERS:
            name = self.Month._columns_of({counter: 0}).popitem()[0]
            whole = sum(self.of("company").mapped(name))
            self.assertEqual(sum(self.of("team").mapped(name)), whole, name)
            self.assertEqual(sum(self.of("user").mapped(name)), whole, name)

    def test_the_same_as_the_analysis(self):
        """The pivot of tickets and the frozen figures say the same."""
        self._enquiry(satisfied=("satisfied", "rating", 5))
        self._enquiry(replied=TOO_LATE, satisfied=("neutral", "phone", 3))
        self._complaint()
        refused = self._complaint(closed=None)
        with freeze_time(CLOSED):
            refused.with_user(self.manager).action_refuse_finally("No more")
        self.compute()
        month = self.of("company")
        names = (
            ("on_time_percent", "on_time_percent"),
            ("success_percent", "success_percent"),
            ("satisfaction_percent", "satisfaction_percent"),
            ("satisfaction_self_percent", "satisfaction_self_percent"),
            ("satisfaction_phone_percent", "satisfaction_phone_percent"),
            ("response_percent", "response_percent"),
            ("attitude_mark", "attitude_mean"),
        )
        ((*values,),) = self.env["key.account.ticket.analysis"]._read_group(
            [("company_id", "=", self.company.id)],
            [],
            [f"{name}:avg" for name, _other in names],
        )
        for (name, other), value in zip(names, values, strict=True):
            self.assertAlmostEqual(month[other], value, places=2, msg=name)
        ((met, late),) = self.env["key.account.sla.analysis"]._read_group(
            [("company_id", "=", self.company.id)],
            [],
            ["met_count:sum", "late_hours:sum"],
        )
        self.assertEqual(month.promise_met_count, met)
        self.assertAlmostEqual(month.late_hours, late)

    def test_void_promises_and_holds_are_watched(self):
        """Who voids promises or holds tickets to look better is seen: their number, and
        the share of the time that stood still."""
        with freeze_time(shanghai("03-09 10:00")):
            ticket = self._create_ticket()
            ticket.action_accept()
            ticket.action_hold("customer", "A drawing")
        with freeze_time(shanghai("03-09 15:00")):
            ticket.action_resume()
            ticket.action_log_call("Told him.")
        with freeze_time(shanghai("03-09 17:00")):
            ticket.action_done()
            ticket.action_close(nothing_else="said")
        with freeze_time(CLOSED):
            gone = self._create_ticket()
            gone.action_merge(ticket.copy({"name": "Again"}))
        self.compute()
        month = self.of("company")
        self.assertEqual(month.hold_undecided_count, 1)
        self.assertEqual(month.hold_count, 0)
        # acknowledged at once, replied after 4, solved after 2 hours beside 4 held
        self.assertEqual((month.held_minutes, month.elapsed_minutes), (240, 600))
        self.assertEqual(month.held_percent, 40)
        self.assertEqual(month.void_count, 3)
        self.assertEqual(month.reply_count, 1)

    def test_a_promise_that_was_replaced_is_no_escape(self):
        """Another priority voids a promise and makes another: nobody got away."""
        with freeze_time(CLOSED):
            ticket = self._create_ticket()
            urgent = {"name": "Urgent", "priority": "3", "sequence": 1}
            self._create_policy({"first_reply": 1, "resolve": 1}, **urgent)
            ticket.write({"urgency": "high", "importance": "high"})
            ticket.action_close(answer="Yes.", nothing_else="said")
        self.compute()
        states = ticket.sudo().clock_ids.mapped("state")
        self.assertIn("void", states)
        replaced = ticket.sudo().clock_ids.replaces_id
        self.assertEqual(
            self.of("company").void_count, states.count("void") - len(replaced)
        )

    def test_customers_who_were_not_satisfied_at_first(self):
        """Who was not satisfied and is so in the end is satisfied, and still counted
        among those whom it took two attempts."""
        with freeze_time(CLOSED):
            ticket = self._complaint(closed=None)
            ticket.action_record_satisfaction("dissatisfied", comment="Still crooked")
            self.assertEqual(ticket.state, "planning")
            self._solve_complaint(ticket)
            ticket.action_record_satisfaction("satisfied")
            ticket.action_close()
        self.compute()
        month = self.of("company")
        self.assertEqual(month.satisfaction_percent, 100)
        self.assertEqual(month.unhappy_before_count, 1)

    def test_targets(self):
        """R113: reached or not, as the company aimed when it was computed; no target
        and no figure are neither."""
        self.company.write(
            {
                "key_account_target_on_time": 66.67,
                "key_account_target_success": 100,
                "key_account_target_satisfaction": 0,
            }
        )
        self._enquiry()
        self._enquiry()
        self._enquiry(replied=TOO_LATE)
        self.compute()
        month = self.of("company")
        self.assertEqual(month.on_time_reached, "reached")
        self.assertEqual(month.success_reached, "unknown")
        self.assertEqual(month.reached, "reached")
        self.company.key_account_target_on_time = 66.68
        self.assertEqual(month.on_time_reached, "reached")  # as it was
        self.compute()
        self.assertEqual(month.on_time_reached, "unreached")
        self.assertEqual(month.reached, "unreached")

    def test_groups_weigh_by_size(self):
        """The percentage of two months, or teams, together is that of their sums."""
        self._enquiry(replied=TOO_LATE, received=shanghai("02-26 10:00"))
        self._enquiry()
        for _more in range(2):
            self._enquiry(
                received=shanghai("02-10 10:00"),
                replied=shanghai("02-10 11:00"),
                closed=shanghai("02-10 12:00"),
            )
        self.compute(FEBRUARY)
        self.compute()
        ((percent, empty),) = self.Month._read_group(
            [("company_id", "=", self.company.id), ("level", "=", "company")],
            [],
            ["on_time_percent:avg", "success_percent:avg"],
        )
        self.assertEqual(percent, 75)
        self.assertIs(empty, False)

    # --- The job ---

    def test_job_computes_and_freezes(self):
        """On the first the last month is there; a month later it is frozen, and the
        next one is there. As often as it runs."""
        self._enquiry()
        for _twice in range(2):
            self.run_job()
            self.assertEqual(self.of("company").state, "open")
            self.assertEqual(len(self.rows()), 3)
        kept = self.rows()
        self.run_job(shanghai("05-01 09:00"))
        self.assertEqual(self.rows(), kept)
        self.assertEqual(set(kept.mapped("state")), {"frozen"})
        april = self.rows(APRIL)
        self.assertEqual((april.level, april.ended_count), ("company", 0))
        self.assertEqual(april.state, "open")

    def test_job_begins_when_the_month_is_over_there(self):
        """At 23:30 of 31 March in Shanghai there is no March yet."""
        self._enquiry()
        self.run_job(shanghai("03-31 23:30"))
        self.assertFalse(self.rows())
        self.run_job(shanghai("04-01 00:30"))
        self.assertTrue(self.rows())

    def test_job_makes_up_for_months_without_it(self):
        """The server was off for two months."""
        self._enquiry()
        self.run_job()
        self.run_job(shanghai("07-02 09:00"))
        months = self.Month.search(
            [("company_id", "=", self.company.id), ("level", "=", "company")]
        )
        self.assertEqual([row.month.month for row in months], [6, 5, 4, 3])
        self.assertEqual(months.mapped("state"), ["open", "frozen", "frozen", "frozen"])

    def test_open_months_follow_their_tickets(self):
        """A ticket that is taken up again leaves a month that is still open, and so do
        the rows of whom nothing is left."""
        ticket = self._enquiry()
        self._enquiry(user=self.helper)
        self.compute()
        self.assertEqual(len(self.of("user")), 2)
        with freeze_time(FIRST_OF_APRIL):
            ticket.action_reopen("Not solved")
        self.compute()
        self.assertEqual(self.of("user").user_id, self.helper)
        self.assertEqual(self.of("company").ended_count, 1)

    def test_companies_left_out_are_named(self):
        """A company that cannot be computed does not keep the others from it; a manager
        of it is told, and so is who presses the button."""
        self._enquiry()
        other = self._create_company("Elsewhere")
        boss = self._create_user("ka_boss", "key_account.group_manager", other)
        self.env["key.account.ticket"].create(
            {"name": "x", "company_id": other.id, "team_id": False}
        )
        compute = type(self.Month)._compute_month

        def broken(model, company, month):
            if company == other:
                raise UserError("Out of paper.")
            return compute(model, company, month)

        self.patch(type(self.Month), "_compute_month", broken)
        with mute_logger("odoo.addons.key_account.models.tickets.ticket_month_engine"):
            self.run_job()
        self.assertTrue(self.rows())
        note = self.env["mail.message"].search(
            [("partner_ids", "in", boss.partner_id.ids)], limit=1, order="id desc"
        )
        self.assertIn("Elsewhere", note.body)
        self.assertIn("Out of paper.", note.body)
        self.manager.company_ids |= other
        with freeze_time(FIRST_OF_APRIL):
            action = (
                self.Month.with_user(self.manager)
                .with_context(allowed_company_ids=(self.company | other).ids)
                .action_compute()
            )
        message = action["params"]["message"]
        self.assertIn(f"Computed: {self.company.name}.", message)
        self.assertIn("Left out: Elsewhere. Out of paper.", message)

    def test_a_company_without_tickets_has_no_months(self):
        other = self._create_company("Elsewhere")
        self.run_job()
        self.assertFalse(self.rows(company=other))
        with self.assertRaisesRegex(UserError, "no tickets"):
            self.Month._compute_month(other, MARCH)

    def test_twice_at_once(self):
        """While one transaction computes the months of a company, another one leaves
        the company out, with the reason."""
        self._enquiry()
        self.env.flush_all()
        with self.registry.cursor() as other:
            other.execute(
                "SELECT pg_advisory_xact_lock(hashtext(%s), %s)",
                [self.Month._name, self.company.id],
            )
            with freeze_time(FIRST_OF_APRIL):
                problem = self.Month._work_off(self.company)
        self.assertIn("right now", problem)
        self.assertFalse(self.rows())
        self.run_job()
        self.assertTrue(self.rows())

    def test_queries_do_not_grow(self):
        """Computing a month of ten tickets asks as much as one of two."""
        counts = []
        for more in (2, 8):
            for _time in range(more):
                self._enquiry(closed=CLOSED + timedelta(minutes=more))
            self.compute()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.compute()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

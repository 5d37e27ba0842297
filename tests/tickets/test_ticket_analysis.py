from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .analysis_case import CLOSED, RECEIVED, TOO_LATE, AnalysisCase, shanghai


@tagged("post_install", "-at_install")
class TestTicketAnalysis(AnalysisCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Analysis = cls.env["key.account.ticket.analysis"]
        cls.root = cls.env["key.account.cause"].create({"name": "Graphics"})
        cls.cause.parent_id = cls.root

    def row(self, ticket):
        return self.Analysis.search([("ticket_id", "=", ticket.id)])

    def mean(self, name, *tickets):
        """A figure of tickets as a pivot shows it."""
        ids = [ticket.id for ticket in tickets]
        ((value,),) = self.Analysis._read_group(
            [("ticket_id", "in", ids)], [], [f"{name}:avg"]
        )
        return value

    def test_a_row_says_what_became_of_a_ticket(self):
        """R094: cause and its main one, department, how long it took and how late it
        was, on the wall and in working hours."""
        ticket = self._complaint(replied=TOO_LATE, amount_claimed=500)
        row = self.row(ticket)
        self.assertRecordValues(
            row,
            [
                {
                    "kind": "complaint",
                    "state": "closed",
                    "cause_id": self.cause.id,
                    "root_cause_id": self.root.id,
                    "department_id": self.workshop.id,
                    "account_id": self.account.id,
                    "user_id": self.agent.id,
                    "satisfaction": "satisfied",
                    "amount_claimed": 500,
                    "reply_count": 1,
                    "reply_met_count": 0,
                    # from 10:00 to 16:00, an hour of lunch in it
                    "first_reply_hours": 6,
                    "first_reply_work_hours": 5,
                    "solution_hours": 24,
                    "closed_within": "week_1",
                }
            ],
        )
        # promised were two hours
        self.assertAlmostEqual(row.late_hours, 3)

    def test_figures_leave_out_what_does_not_count(self):
        """R113: side exits are neither success nor failure, silence is no opinion, and
        the mean is that of those who count."""
        solved = self._complaint()
        with freeze_time(CLOSED):
            withdrawn = self._create_ticket("complaint")
            withdrawn.action_withdraw("He takes it back")
            merged = self._create_ticket("complaint")
            merged.action_merge(self._create_ticket("complaint"))
        silent = self._enquiry()
        some = solved, withdrawn, merged, silent
        self.assertEqual(self.mean("success_percent", *some), 100)
        self.assertEqual(self.mean("satisfaction_percent", *some), 100)
        # no figure, which is not 0 %
        self.assertIs(self.mean("success_percent", withdrawn, merged, silent), False)
        self.assertIs(self.mean("satisfaction_percent", withdrawn, silent), False)
        self.assertEqual(self.row(merged).closed_within, "x_side")

    def test_refused_and_overruled_complaints_are_no_success(self):
        """Closed without the customer's agreement counts, but not for us."""
        solved = self._complaint()
        refused = self._complaint(closed=None)
        with freeze_time(CLOSED):
            refused.with_user(self.manager).action_refuse_finally("No more")
        self.assertEqual(refused.state, "closed")
        self.assertTrue(refused.customer_accepted_at)
        self.assertEqual(self.mean("success_percent", solved, refused), 50)

    def test_satisfaction_shows_its_sources_apart(self):
        """I8: what we noted ourselves after a call stands beside what the customer
        said, with the share of those who said anything (R101)."""
        said = self._enquiry(satisfied=("neutral", "rating", 4))
        noted = self._enquiry(satisfied=("satisfied", "phone", None))
        gone = self._enquiry(satisfied=("unreachable", "phone", None))
        some = said, noted, gone
        self.assertEqual(self.mean("satisfaction_percent", *some), 50)
        self.assertEqual(self.mean("satisfaction_self_percent", *some), 0)
        self.assertEqual(self.mean("satisfaction_phone_percent", *some), 100)
        self.assertAlmostEqual(self.mean("response_percent", *some), 200 / 3, places=5)
        self.assertEqual(self.mean("attitude_mark", *some), 4)

    def test_on_time_weighs_replies_not_tickets(self):
        """A ticket with three replies weighs three times as much as one with one."""
        late = self._enquiry(replied=TOO_LATE)
        busy = self._enquiry(closed=None)
        for hour in (12, 14):
            with freeze_time(shanghai(f"03-10 {hour}:00")):
                busy.sudo()._customer_wrote_at(shanghai(f"03-10 {hour}:00"))
                busy.action_log_call("Told him.")
        self.assertEqual(self.row(busy).reply_count, 3)
        self.assertEqual(self.mean("on_time_percent", late, busy), 75)

    def test_weeks_until_closed(self):
        """Of what was received in a month: how much was closed in how many weeks."""
        weeks = ((6, "week_1"), (7, "week_2"), (27, "week_4"), (90, "week_5"))
        for days, week in weeks:
            ticket = self._enquiry(closed=RECEIVED + timedelta(days=days))
            self.assertEqual(self.row(ticket).closed_within, week)
        self.assertEqual(self.row(self._enquiry(closed=None)).closed_within, "y_open")

    def test_who_sees_a_ticket_sees_its_row(self):
        """The rows of a view leak no more than the tickets: by search, groups, and
        reading what one has the id of."""
        mine = self._complaint()
        foreign = self.env["key.account.ticket"].create(
            {
                "name": "Of others",
                "kind": "complaint",
                "company_id": self.company.id,
                "team_id": False,
            }
        )
        about = self._complaint(closed=None)
        about.sudo().responsible_user_id = self.employee
        tickets = mine | foreign | about
        for user, seen in (
            (self.manager, tickets),
            (self.agent, mine | about),
            (self.seller, mine | about),
            (self.reviewer, tickets),
            (self.employee, about),
            (self.reader, tickets.browse()),
        ):
            user.group_ids |= self.env.ref("base.group_allow_export")
            with self.subTest(user.login):
                self.env.invalidate_all()
                rows = self.Analysis.with_user(user).search(
                    [("ticket_id", "in", tickets.ids)]
                )
                self.assertEqual(rows.ticket_id.ids, rows.ids)
                self.assertEqual(set(rows.ids), set(seen.ids))
                self.assertEqual(
                    set(self.env["key.account.ticket"].with_user(user).search([]).ids)
                    & set(tickets.ids),
                    set(seen.ids),
                )
                groups = rows._read_group(
                    [("ticket_id", "in", tickets.ids)], ["state"], ["__count"]
                )
                self.assertEqual(sum(count for _state, count in groups), len(seen))
                for row in (self.Analysis.browse((tickets - seen).ids)).with_user(user):
                    with self.assertRaises(AccessError):
                        row.read(["account_id"])
                    with self.assertRaises(AccessError):
                        row.export_data(["amount_claimed"])

    def test_another_company_sees_nothing(self):
        """Rows belong to a company."""
        ticket = self._enquiry()
        other = self._create_company("Elsewhere")
        boss = self._create_user("ka_boss", "key_account.group_manager", other)
        rows = self.Analysis.with_user(boss).with_context(allowed_company_ids=other.ids)
        self.assertFalse(rows.search([("ticket_id", "=", ticket.id)]))
        self.assertFalse(rows._read_group([], ["ticket_id"], ["__count"]))

    def test_nobody_writes_a_view(self):
        """There is nothing to create, change or delete."""
        row = self.row(self._enquiry()).with_user(self.manager)
        for attempt in (
            lambda: row.write({"state": "new"}),
            lambda: row.unlink(),
            lambda: row.create({}),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_outside_readers_need_a_request(self):
        """R038: exporting the analysis is exporting tickets of customers."""
        self.agent.group_ids |= self.env.ref("base.group_allow_export")
        row = self.row(self._complaint()).with_user(self.agent)
        with self.assertRaises(AccessError):
            row.export_data(["account_id/name", "amount_claimed"])
        self._let_out(self.account, self.agent, "export")
        self.assertEqual(row.export_data(["amount_claimed"])["datas"], [[0.0]])

    def test_queries_do_not_grow(self):
        """A page of the analysis costs the same for one ticket and for ten."""
        counts = []
        for more in (1, 9):
            for _time in range(more):
                self._enquiry()
            for _warm in range(2):
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                self.Analysis.with_user(self.agent).formatted_read_group(
                    [], ["root_cause_id", "received_at:month"], ["on_time_percent:avg"]
                )
                count = self.env.cr.sql_log_count - before
            counts.append(count)
        self.assertEqual(*counts)

    def test_opens_the_ticket(self):
        ticket = self._enquiry()
        action = self.row(ticket).with_user(self.agent).action_open_ticket()
        self.assertEqual(action["res_id"], ticket.id)

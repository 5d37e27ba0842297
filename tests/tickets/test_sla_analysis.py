from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .analysis_case import CLOSED, TOO_LATE, AnalysisCase, shanghai


@tagged("post_install", "-at_install")
class TestSlaAnalysis(AnalysisCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Analysis = cls.env["key.account.sla.analysis"]

    def rows(self, *tickets):
        return self.Analysis.search(
            [("ticket_id", "in", [ticket.id for ticket in tickets])]
        )

    def test_one_row_for_each_promise_that_is_over(self):
        """R094: kept or broken, by whom, how late and how long it stood still."""
        ticket = self._enquiry(replied=TOO_LATE)
        rows = self.rows(ticket)
        self.assertEqual(
            {(row.metric, row.state) for row in rows},
            {("acknowledge", "met"), ("first_reply", "missed"), ("resolve", "met")},
        )
        reply = rows.filtered("is_reply")
        self.assertEqual(reply.failed_by_id, self.agent)
        self.assertAlmostEqual(reply.late_hours, 3)
        self.assertAlmostEqual(reply.worked_hours, 5)
        self.assertEqual(reply.promised_hours, 2)
        self.assertEqual(reply.policy_id, self.policy)

    def test_holds_are_seen(self):
        """A promise that stood still says how long, and how long it took without."""
        with freeze_time(shanghai("03-09 10:00")):
            ticket = self._create_ticket()
            ticket.action_accept()
            ticket.action_hold("customer", "A drawing")
        with freeze_time(shanghai("03-09 15:00")):
            ticket.action_resume()
            ticket.action_log_call("Told him.")
        with freeze_time(shanghai("03-09 17:00")):
            ticket.action_done()
        row = self.rows(ticket).filtered(lambda one: one.metric == "resolve")
        self.assertAlmostEqual(row.held_hours, 4)
        self.assertAlmostEqual(row.worked_hours, 2)

    def test_void_and_running_promises_are_no_rows(self):
        """Nobody waits for a void promise: it is neither kept nor broken."""
        with freeze_time(CLOSED):
            ticket = self._create_ticket()
            self.assertFalse(self.rows(ticket))
            ticket.action_withdraw("He takes it back")
        self.assertTrue(ticket.sudo().clock_ids)
        self.assertFalse(self.rows(ticket))

    def test_on_time_is_a_share_of_promises(self):
        """R113: one of three replies late is 66.67 %, in each group as in all."""
        some = [self._enquiry(), self._enquiry(), self._enquiry(replied=TOO_LATE)]
        ((percent, met, missed, mean),) = self.Analysis._read_group(
            [("ticket_id", "in", [t.id for t in some]), ("is_reply", "=", True)],
            [],
            [
                "on_time_percent:avg",
                "met_count:sum",
                "missed_count:sum",
                "late_hours_mean:avg",
            ],
        )
        self.assertAlmostEqual(percent, 200 / 3, places=5)
        self.assertEqual((met, missed), (2, 1))
        self.assertAlmostEqual(mean, 3)

    def test_who_sees_a_promise_sees_its_row(self):
        """By search, groups and reading: no more than the clocks."""
        mine = self._complaint()
        with freeze_time(CLOSED):
            foreign = self.env["key.account.ticket"].create(
                {
                    "name": "Of others",
                    "company_id": self.company.id,
                    "team_id": False,
                }
            )
            foreign.action_close(answer="Yes.", nothing_else="said")
        both = self.rows(mine, foreign)
        self.assertEqual(both.ticket_id, mine.sudo() | foreign)
        for user, seen in (
            (self.manager, mine | foreign),
            (self.agent, mine),
            (self.reviewer, mine),
        ):
            with self.subTest(user.login):
                self.env.invalidate_all()
                rows = both.with_user(user).search([("id", "in", both.ids)])
                clocks = self.env["key.account.sla.clock"].with_user(user)
                self.assertEqual(
                    set(rows.ids), set(clocks.search([("id", "in", both.ids)]).ids)
                )
                self.assertEqual(set(rows.ticket_id.ids), set(seen.ids))
                ((count,),) = rows._read_group(
                    [("id", "in", both.ids)], [], ["__count"]
                )
                self.assertEqual(count, len(rows))
        self.agent.group_ids |= self.env.ref("base.group_allow_export")
        hidden = self.rows(foreign).with_user(self.agent)
        for attempt in (
            lambda: hidden.read(["late_hours"]),
            lambda: hidden.export_data(["late_hours"]),
            lambda: hidden[0].action_open_ticket(),
            lambda: both.with_user(self.reader).search([]),
            lambda: both.with_user(self.manager).write({"state": "met"}),
        ):
            with self.assertRaises(AccessError):
                attempt()

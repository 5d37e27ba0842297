from datetime import datetime, timedelta

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

TABLES = (
    "key_account_sla_notice",
    "key_account_sla_event",
    "key_account_sla_clock",
    "key_account_ticket_hold",
    "key_account_ticket_measure",
    "key_account_ticket_investigation",
    "key_account_ticket_round",
)


@tagged("post_install", "-at_install")
class TestTicketRace(TransactionCase):
    """Two people, or two jobs, at the same moment: each in a transaction of his own,
    really written and taken back afterwards."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            self.company = env.company.id
            self.agents = [
                new_test_user(env, f"race_{n}", groups="key_account.group_member").id
                for n in range(2)
            ]
            self.team = (
                env["key.account.ticket.team"]
                .create({"name": "Race", "member_ids": [Command.set(self.agents)]})
                .id
            )
            self.policy = (
                env["key.account.sla.policy"]
                .create(
                    {
                        "name": "Race",
                        "sequence": 0,
                        "team_id": self.team,
                        "around_the_clock": True,
                        "line_ids": [
                            Command.create({"metric": "resolve", "minutes": 60})
                        ],
                    }
                )
                .id
            )
            self.ladder = (
                env["key.account.sla.ladder"]
                .create({"policy_id": self.policy, "percent": 100})
                .id
            )
            self.ticket = (
                env["key.account.ticket"]
                .create(
                    {
                        "name": "Race",
                        "team_id": self.team,
                        "user_id": self.agents[0],
                        "received_at": datetime.now() - timedelta(hours=3),
                    }
                )
                .id
            )
        self.addCleanup(self.clean)

    def clean(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            for table in TABLES:
                cr.execute(
                    f"DELETE FROM {table} WHERE ticket_id = %s",
                    [self.ticket],
                )
            cr.execute("DELETE FROM key_account_ticket WHERE id = %s", [self.ticket])
            for model in ("mail.message", "mail.activity", "mail.followers"):
                rows = [("res_id", "=", self.ticket)]
                name = "model" if model == "mail.message" else "res_model"
                rows.append((name, "=", "key.account.ticket"))
                env[model].search(rows).unlink()
            env["key.account.sla.policy"].browse(self.policy).unlink()
            env["key.account.ticket.team"].browse(self.team).unlink()
            users = env["res.users"].browse(self.agents)
            partners = users.partner_id
            users.unlink()
            partners.unlink()

    def ticket_of(self, cr, user):
        env = api.Environment(cr, user, {"tracking_disable": True})
        return env["key.account.ticket"].browse(self.ticket)

    def test_two_take_one_ticket(self):
        """The second is told at once that somebody else is at it; tried again, that it
        is taken."""
        with self.registry.cursor() as one, self.registry.cursor() as two:
            self.ticket_of(one, self.agents[0]).action_accept()
            one.execute("SELECT 1")
            mine = self.ticket_of(two, self.agents[1])
            with self.assertRaisesRegex(UserError, "Somebody else is changing"):
                mine.action_accept()
            two.rollback()
            one.commit()
            with self.assertRaisesRegex(UserError, "belongs to the state New"):
                self.ticket_of(two, self.agents[1]).action_accept()
            two.rollback()

    def test_two_close_and_reopen(self):
        """Who began before the other one was done does not overwrite it."""
        with self.registry.cursor() as one, self.registry.cursor() as two:
            two.execute("SELECT state FROM key_account_ticket")
            ticket = self.ticket_of(one, self.agents[0])
            ticket.action_close(answer="Hall 3", nothing_else="said")
            one.commit()
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                self.ticket_of(two, self.agents[1]).action_withdraw("Never mind")
            two.rollback()
            self.assertEqual(self.ticket_of(two, self.agents[1]).state, "closed")

    def test_the_job_twice_at_once(self):
        """I5: one of two jobs takes the step; the other one leaves the ticket alone,
        and finds nothing left to do when it comes back."""
        with self.registry.cursor() as one, self.registry.cursor() as two:
            jobs = [
                api.Environment(cr, SUPERUSER_ID, {})["key.account.sla.clock"]
                for cr in (one, two)
            ]
            now = datetime.now()
            self.assertEqual(jobs[0]._watch(now), 1)
            self.assertEqual(jobs[1]._watch(now), 0)
            one.commit()
            two.rollback()
            self.assertEqual(jobs[1]._watch(now), 0)
            two.execute(
                "SELECT COUNT(*) FROM key_account_sla_notice WHERE ticket_id = %s",
                [self.ticket],
            )
            self.assertEqual(two.fetchone(), (1,))

    def test_the_job_is_killed(self):
        """What was not committed is done again, whole, by the next run."""
        now = datetime.now()
        with self.registry.cursor() as cr:
            job = api.Environment(cr, SUPERUSER_ID, {})["key.account.sla.clock"]
            self.assertEqual(job._watch(now), 1)
            cr.rollback()
            self.assertEqual(job._watch(now), 1)
            cr.commit()  # pylint: disable=invalid-commit
            clocks = job.search([("ticket_id", "=", self.ticket)])
            self.assertRecordValues(clocks, [{"state": "missed", "ladder_step": 100}])

    def test_the_job_and_an_agent(self):
        """The agent works on the ticket: the job waits for the next run, and what he
        did in time is not called late afterwards."""
        with self.registry.cursor() as one, self.registry.cursor() as two:
            self.ticket_of(one, self.agents[0]).action_accept()
            job = api.Environment(two, SUPERUSER_ID, {})["key.account.sla.clock"]
            self.assertEqual(job._watch(datetime.now()), 0)
            two.rollback()
            one.rollback()

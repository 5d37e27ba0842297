from datetime import datetime

from freezegun import freeze_time
from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .ticket_case import FRIDAY, TicketCase


@tagged("post_install", "-at_install")
@freeze_time(FRIDAY)
class TestSlaLadder(TicketCase):
    """Who hears of a promise before it is broken (R087)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Ladder = cls.env["key.account.sla.ladder"]
        cls.policy.line_ids.filtered(lambda line: line.metric != "resolve").unlink()
        cls.head = cls._create_user("ka_head", "base.group_user")
        cls.company.key_account_general_manager_id = cls.manager

    def steps(self, *rows, **vals):
        return self.Ladder.create(
            [
                {
                    "company_id": self.company.id,
                    "percent": percent,
                    "receiver": receiver,
                    **vals,
                }
                for percent, receiver in rows
            ]
        )

    def told(self, ticket, moment):
        """Who was warned of the ticket up to ``moment``, as ``{percent: people}``."""
        with freeze_time(moment):
            self.env["key.account.sla.clock"].sudo()._watch(moment)
        told = {}
        for notice in self.env["key.account.sla.notice"].search(
            [("ticket_id", "=", ticket.id)]
        ):
            told.setdefault(notice.percent, set()).add(notice.user_id)
        return told

    def test_step_by_step(self):
        """R087: half of the time, nearly all of it, late, half as long again: each step
        is told to its person, once."""
        self.steps((50, "owner"), (80, "leader"), (100, "department"), (150, "holder"))
        ticket = self._create_ticket("complaint")
        ticket.action_accept()
        ticket.responsible_department_id = self.workshop
        monday, tuesday = datetime(2026, 3, 9), datetime(2026, 3, 10)
        # 16 h from Friday 17:00: half is over on Monday at 17:00, 80 % on Tuesday 13:48
        self.assertEqual(self.told(ticket, monday.replace(hour=8, minute=59)), {})
        told = self.told(ticket, monday.replace(hour=9))
        self.assertEqual(told, {50: {self.agent}})
        self.assertEqual(self.told(ticket, tuesday.replace(hour=5, minute=47)), told)
        self.assertEqual(
            self.told(ticket, tuesday.replace(hour=5, minute=48)).keys(), {50, 80}
        )
        told = self.told(ticket, tuesday.replace(hour=9))
        self.assertEqual(told[100], {self.builder})
        told = self.told(ticket, datetime(2026, 3, 11, 9))
        self.assertEqual(told[150], {self.seller})
        self.assertEqual(self.told(ticket, datetime(2026, 4, 11)), told)

    def test_own_steps_instead(self):
        """A policy with warnings of its own does not make those of the company."""
        self.steps((50, "owner"))
        self.steps((90, "leader"), policy_id=self.policy.id)
        ticket = self._create_ticket(user_id=self.agent.id)
        told = self.told(ticket, datetime(2026, 3, 20))
        self.assertEqual(told, {90: {self.leader}})

    def test_missing_people(self):
        """R087: where the one who should hear is missing, or has left, the next higher
        one does; and a ticket without anybody is noted as such."""
        self.steps((50, "owner"), (80, "holder"), (100, "director"))
        self.agent.active = False
        ticket = self._create_ticket(user=self.manager, user_id=self.agent.id)
        told = self.told(ticket, datetime(2026, 3, 20))
        self.assertEqual(told[50], {self.leader})
        self.assertEqual(told[80], {self.seller})
        self.assertEqual(told[100], {self.manager})
        self.team.leader_id = False
        self.company.key_account_general_manager_id = False
        self.account._change_holder(self.env["res.users"])
        others = self.env["res.users"].search(
            [
                ("all_group_ids", "in", self.env.ref("key_account.group_manager").ids),
                ("company_ids", "in", self.company.ids),
            ]
        )
        (others - self.env.user).active = False
        self.env.user.company_ids = [Command.unlink(self.company.id)]
        ticket = self._create_ticket(user=self.leader)
        told = self.told(ticket, datetime(2026, 3, 20))
        self.assertEqual(
            told,
            {50: {self.env["res.users"]}}
            | {80: {self.env["res.users"]}, 100: {self.env["res.users"]}},
        )
        nobody = self.env["key.account.sla.notice"].search([("state", "=", "nobody")])
        self.assertEqual(nobody.ticket_id, ticket)

    def test_late_without_a_ladder(self):
        """Without any warnings nobody is told, and what is late shows all the same."""
        ticket = self._create_ticket()
        self.assertEqual(self.told(ticket, datetime(2026, 3, 20)), {})
        self.assertEqual(ticket.sla_state, "late")

    def test_bounds(self):
        """A warning comes between 1 and 200 %, and once to each person."""
        for percent in (0, 201):
            with (
                self.subTest(percent=percent),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.cr.savepoint(),
            ):
                self.steps((percent, "owner"))
        self.steps((50, "owner"))
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.steps((50, "owner"))

    def test_name(self):
        self.assertEqual(self.steps((80, "leader")).display_name, "80 % · Team Leader")

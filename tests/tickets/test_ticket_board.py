from datetime import datetime

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .ticket_case import FRIDAY, TicketCase

LATER = datetime(2026, 3, 20, 2)


@tagged("post_install", "-at_install")
@freeze_time(FRIDAY)
class TestTicketBoard(TicketCase):
    """What the leader sees before it is late (R087)."""

    def figures(self, user=None):
        Ticket = self.env["key.account.ticket"].with_user(user or self.leader)
        return {figure["key"]: figure["value"] for figure in Ticket.get_leader_board()}

    def ask(self, ticket):
        return (
            self.env["key.account.ticket.consult"]
            .with_user(self.agent)
            .create(
                {
                    "ticket_id": ticket.id,
                    "department_id": self.workshop.id,
                    "question": "When?",
                }
            )
        )

    def test_figures(self):
        """Late, nearly late, not taken, holds and questions that wait, counted by what
        the reader may see."""
        taken = self._create_ticket()
        taken.action_accept()
        self._create_ticket()
        self.ask(taken)
        taken.action_hold("customer", "A drawing")
        self._create_ticket(team_id=False, account_id=False, partner_id=False)
        self.assertEqual(self.figures()["late"], 0)
        with freeze_time(LATER):
            clocks = self.env["key.account.sla.clock"].sudo()
            clocks.search([("stop_at", "=", False)])._refresh()
            figures = self.figures()
        self.assertEqual(figures["late"], 2)
        self.assertEqual(figures["nobody"], 1)
        self.assertEqual(figures["holds"], 1)
        self.assertEqual(figures["questions"], 1)
        with freeze_time(LATER):
            self.assertEqual(self.figures(self.manager)["late"], 3)
            self.assertEqual(self.figures(self.agent)["holds"], 0, "his own")

    def test_nearly_late(self):
        """R087: from 80 % of the promised time on a ticket stands among those that are
        nearly late, before it is late."""
        self.policy.line_ids.filtered(lambda line: line.metric != "resolve").unlink()
        self._create_ticket()
        nearly = datetime(2026, 3, 10, 5, 48)
        with freeze_time(nearly):
            self.env["key.account.sla.clock"].sudo()._watch(nearly)
        figures = self.figures()
        self.assertEqual((figures["late"], figures["soon"]), (0, 1))

    def test_on_time_this_month(self):
        """Promises that were kept, of those that came to an end this month."""
        self.assertEqual(self.figures()["month"], "–")
        ticket = self._create_ticket()
        ticket.action_accept()
        self.assertEqual(self.figures()["month"], "100 %")
        with freeze_time(LATER):
            words = "Sorry."
            ticket.message_post(
                body=words,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
            self.assertEqual(self.figures()["month"], "50 %")

    def test_what_figures_open(self):
        """Each figure opens what it counts: a filter of the board, or an action."""
        search = self.env.ref("key_account.ticket_view_search_board").arch
        for figure in self.env["key.account.ticket"].get_leader_board():
            with self.subTest(figure["key"]):
                if "filter" in figure:
                    self.assertIn(f'name="{figure["filter"]}"', search)
                else:
                    self.assertTrue(self.env.ref(figure["action"]).res_model)

    def test_hand_over_from_the_board(self):
        """R087: the leader gives a ticket to another of his people; its promises run
        on as they did."""
        mate = self._create_user("ka_mate", "key_account.group_member")
        self.team.member_ids = [Command.link(mate.id)]
        ticket = self._create_ticket()
        before = ticket.next_due_at
        ticket.with_user(self.leader).user_id = mate
        self.assertEqual(ticket.user_id, mate)
        self.assertEqual(ticket.next_due_at, before)

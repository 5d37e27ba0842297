# pylint: disable=translation-required
"""What a customer does about his ticket by himself (R092, R093, R095, R101)."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import LockError
from odoo.tests import tagged

from .portal_case import TICKETS, PortalCase

FACE = {"outcome": "satisfied", "attitude": "5", "speed": "4"}


@tagged("post_install", "-at_install")
class TestPortalSteps(PortalCase):
    def test_agree(self):
        """R092: what he says on the portal is written down as said there."""
        ticket = self._negotiating()
        self.visit(self.lin)
        answer = self.take(ticket, "agree")
        self.assertIn("you agree, and we begin", answer.text)
        self.assertEqual(ticket.state, "executing")
        talk = ticket.sudo().round_ids
        self.assertRecordValues(
            talk, [{"answer": "accept", "channel": "portal", "user_id": False}]
        )
        self.assertNotIn(
            "you agree, and we begin", self.url_open(f"{TICKETS}/{ticket.id}").text
        )

    def test_disagree_takes_words(self):
        ticket = self._negotiating()
        self.visit(self.lin)
        answer = self.take(ticket, "disagree", words="   ")
        self.assertIn("Please tell us in a few words", answer.text)
        self.assertEqual(ticket.state, "negotiating")
        self.take(ticket, "disagree", words="Too late for the fair.")
        self.assertEqual(ticket.state, "planning")
        self.assertFalse(ticket.sudo().plan_approved_at)
        self.assertEqual(ticket.sudo().round_ids.words, "Too late for the fair.")
        self.assertEqual(self._clock(ticket, "next_reply").state, "running")

    def test_typed_words_are_kept_on_an_error(self):
        ticket = self._negotiating()
        self.visit(self.lin)
        ticket.action_customer_refuse("By phone.")
        answer = self.take(ticket, "disagree", words="My very own words.")
        self.assertIn("This has gone on meanwhile.", answer.text)
        ticket = self._followed_up()
        answer = self.take(ticket, "rate", outcome="great", words="My very own words.")
        self.assertIn("My very own words.", answer.text)
        self.assertFalse(ticket.satisfaction)

    def test_confirm_closes_an_enquiry(self):
        """R095, I6: nothing else to ask, said by the customer himself."""
        ticket = self._answered()
        self.visit(self.lin)
        self.take(ticket, "confirm")
        self.assertRecordValues(
            ticket.sudo(),
            [
                {
                    "state": "closed",
                    "nothing_else": "confirmed",
                    "user_id": self.agent.id,
                }
            ],
        )
        self.assertTrue(ticket.closed_at)

    def test_confirm_after_a_word_of_thanks(self):
        """His own thanks after our answer does not keep him from ending it."""
        ticket = self._answered()
        self._post(ticket, "Thanks!", user=self.lin)
        if ticket.state != "answered":
            ticket.action_done()
        self.visit(self.lin)
        self.take(ticket, "confirm")
        self.assertEqual(ticket.state, "closed")

    def test_confirm_says_that_a_complaint_is_solved(self):
        """R093: satisfied, said on the portal; closing takes more than that."""
        ticket = self._followed_up()
        self.visit(self.lin)
        self.take(ticket, "confirm")
        self.assertRecordValues(
            ticket.sudo(),
            [
                {
                    "state": "follow_up",
                    "satisfaction": "satisfied",
                    "satisfaction_source": "portal",
                    "satisfaction_by_id": False,
                }
            ],
        )
        ticket.action_close()
        self.assertEqual(ticket.state, "closed")

    def test_still_open(self):
        """R093: who is not satisfied is not done with."""
        self.visit(self.lin)
        for ticket, state in (
            (self._answered(), "assigned"),
            (self._followed_up(), "planning"),
        ):
            with self.subTest(ticket.kind):
                self.take(ticket, "still_open")
                self.assertNotEqual(ticket.state, state)
                self.take(ticket, "still_open", words="The colour is wrong.")
                self.assertEqual(ticket.state, state)
                self.assertEqual(self._clock(ticket, "next_reply").state, "running")
                said = ticket.sudo().message_ids.filtered(
                    lambda m: m.author_id == self.contact and "colour" in m.body
                )
                self.assertTrue(said.filtered(lambda m: not m.subtype_id.internal))

    def test_reopen_within_the_days_of_grace(self):
        ticket = self._answered()
        ticket.action_close(nothing_else="said")
        self.visit(self.lin)
        self.take(ticket, "reopen", words="It fell down.")
        self.assertEqual(ticket.state, "assigned")
        self.assertEqual(ticket.reopen_count, 1)
        ticket.action_withdraw("Never mind.")
        late = fields.Datetime.now() - timedelta(days=8)
        ticket.sudo()._authorized().write({"closed_at": late})
        answer = self.take(ticket, "reopen", words="Again.")
        self.assertIn("This has gone on meanwhile.", answer.text)
        self.assertEqual(ticket.state, "withdrawn")

    def test_what_was_refused_for_good_stays_closed(self):
        """I2: a decision of the general manager is not undone by a button."""
        ticket = self._followed_up()
        self.company.key_account_general_manager_id = self.manager
        ticket.with_user(self.manager).action_refuse_finally("We did all we could.")
        self.visit(self.lin)
        self.take(ticket, "reopen", words="No!")
        self.assertEqual(ticket.state, "closed")

    def test_withdraw_in_his_own_words(self):
        """The promises are void, not met."""
        ticket = self._create_ticket("complaint")
        self.visit(self.lin)
        self.take(ticket, "withdraw")
        self.assertEqual(ticket.state, "new")
        self.take(ticket, "withdraw", words="It was our own mistake.")
        self.assertEqual(ticket.state, "withdrawn")
        self.assertEqual(ticket.exit_reason, "It was our own mistake.")
        self.assertEqual(set(ticket.sudo().clock_ids.mapped("state")), {"void"})
        self.assertIn(
            "It was our own mistake.", self.read_page(f"{TICKETS}/{ticket.id}")[1]
        )

    def test_rate(self):
        """R101: satisfied or not, how he was treated, how fast, in his words."""
        ticket = self._followed_up()
        self.visit(self.lin)
        self.take(ticket, "rate", **FACE, words="Very friendly.")
        self.assertRecordValues(
            ticket.sudo(),
            [
                {
                    "satisfaction": "satisfied",
                    "satisfaction_source": "portal",
                    "attitude": "5",
                    "speed": "4",
                    "satisfaction_comment": "Very friendly.",
                }
            ],
        )
        self.assertEqual(ticket.sudo().rating_ids.mapped("rating"), [5])

    def test_later_answer_takes_the_place_of_the_first_until_it_is_closed(self):
        ticket = self._followed_up()
        self.visit(self.lin)
        self.take(ticket, "rate", **FACE)
        self.take(ticket, "rate", outcome="neutral", attitude="2")
        self.assertEqual(ticket.satisfaction, "neutral")
        self.assertEqual(ticket.sudo().attitude, "2")
        self.assertEqual(len(ticket.sudo().rating_ids), 1)
        ticket.action_close()
        self.take(ticket, "rate", outcome="dissatisfied", words="No.")
        self.assertEqual(ticket.satisfaction, "neutral")
        self.assertEqual(ticket.state, "closed")

    def test_marks_are_from_one_to_five(self):
        ticket = self._followed_up()
        self.visit(self.lin)
        for forged in ({"attitude": "6"}, {"speed": "0"}, {"outcome": "unreachable"}):
            with self.subTest(forged):
                self.take(ticket, "rate", **{**FACE, **forged})
                self.assertFalse(ticket.satisfaction)

    def test_words_have_an_end(self):
        ticket = self._answered()
        self.visit(self.lin)
        answer = self.take(ticket, "still_open", words="x" * 5_001)
        self.assertIn("more than 5000 characters", answer.text)
        self.assertEqual(ticket.state, "answered")

    def test_steps_that_are_not_offered(self):
        """A step that does not fit the state changes nothing."""
        self.visit(self.lin)
        tickets = {
            "agree": self._answered(),
            "confirm": self._negotiating(),
            "reopen": self._create_ticket(),
            "rate": self._create_ticket(),
            "withdraw": self._answered(),
        }
        tickets["withdraw"].action_close(nothing_else="said")
        for step, ticket in tickets.items():
            with self.subTest(step):
                state = ticket.state
                self.take(ticket, step, words="Please.", **FACE)
                self.assertEqual(ticket.state, state)
                self.assertFalse(ticket.satisfaction)
        self.take(tickets["rate"], "unlink", words="Please.")

    def test_somebody_else_is_at_work(self):
        """Who meets another one at the same ticket is told to try again."""
        ticket = self._answered()
        self.visit(self.lin)
        model = self.registry["key.account.ticket"]
        with patch.object(model, "lock_for_update", side_effect=LockError("taken")):
            answer = self.take(ticket, "confirm")
        self.assertIn("Wait a moment and try again.", answer.text)
        self.assertEqual(ticket.state, "answered")

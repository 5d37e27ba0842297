"""Whether the customer is satisfied, and who may say so (R093, R101, I8)."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .portal_case import TICKETS, PortalCase


@tagged("post_install", "-at_install")
class TestTicketSatisfied(PortalCase):
    def _rating_of(self, ticket):
        return ticket.sudo().rating_ids.sorted("id")[-1:]

    def _asked(self):
        """A complaint of which the customer was asked, and the token of his link."""
        ticket = self._followed_up()
        self.env.flush_all()
        return ticket, self._rating_of(ticket).access_token

    def submit(self, token, rate, feedback=""):
        """Sends the page of a rating link."""
        data = {"rate": str(rate), "feedback": feedback}
        page = self.url_open(f"/rate/{token}/{rate}").text
        csrf = self.csrf_of(page) or False
        answer = self.send(f"/rate/{token}/submit_feedback", data, csrf=csrf or None)
        self.env.invalidate_all()
        return answer

    # --- The mail ---

    def test_customer_is_asked_by_mail(self):
        """In his language, with the links of Odoo's rating page and of the portal."""
        ticket, token = self._asked()
        mail = (
            self.env["mail.mail"]
            .search([("model", "=", ticket._name), ("res_id", "=", ticket.id)])
            .filtered(lambda mail: "are you satisfied?" in (mail.subject or ""))
        )
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.recipient_ids, self.contact)
        for rate in (1, 3, 5):
            self.assertIn(f"/rate/{token}/{rate}", mail.body_html)
        self.assertIn(f"{TICKETS}/{ticket.id}?access_token=", mail.body_html)
        self.assertTrue(ticket.satisfaction_asked_at)

    def test_links_are_not_in_the_conversation(self):
        """I8: who handles it cannot answer for the customer by his link."""
        ticket, token = self._asked()
        seen = ticket.with_user(self.agent).message_ids.mapped("body")
        self.assertTrue(any("was asked how satisfied he is" in body for body in seen))
        self.assertFalse(any(token in body or "/rate/" in body for body in seen))
        with self.assertRaises(AccessError):
            self._rating_of(ticket).with_user(self.agent).read(["access_token"])

    def test_no_address_no_mail(self):
        self.contact.email = False
        ticket = self._followed_up()
        self.assertTrue(ticket.satisfaction_asked_at)
        self.assertFalse(ticket.sudo().rating_ids)

    # --- The link ---

    def test_get_does_not_rate(self):
        """D12: the crawler of a mail server opens every link."""
        ticket, token = self._asked()
        self.visit(None)
        for rate in (1, 3, 5):
            self.assertEqual(self.url_open(f"/rate/{token}/{rate}").status_code, 200)
        self.url_open(f"/rate/{token}/submit_feedback?rate=1")
        self.env.invalidate_all()
        self.assertFalse(ticket.satisfaction)
        self.assertEqual(ticket.state, "follow_up")

    def test_link_needs_no_log_in(self):
        ticket, token = self._asked()
        self.visit(None)
        self.submit(token, 5, "Well done")
        self.assertRecordValues(
            ticket.sudo(),
            [
                {
                    "satisfaction": "satisfied",
                    "satisfaction_source": "rating",
                    "satisfaction_comment": "Well done",
                    "satisfaction_by_id": False,
                    "state": "follow_up",
                }
            ],
        )

    def test_second_answer_before_closing_replaces_the_first(self):
        ticket, token = self._asked()
        self.visit(None)
        self.submit(token, 5)
        self.submit(token, 3)
        self.assertEqual(ticket.satisfaction, "neutral")
        ticket.action_close()
        answer = self.submit(token, 1, "Changed my mind")
        self.assertIn("You have told us already.", answer.text)
        self.assertEqual(ticket.satisfaction, "neutral")
        self.assertEqual(ticket.state, "closed")
        self.assertEqual(self._rating_of(ticket).rating, 3)

    def test_dissatisfied_goes_back_and_is_asked_again(self):
        """R093: back to planning; the next attempt to solve it is asked about anew."""
        ticket, token = self._asked()
        self.visit(None)
        self.submit(token, 1, "The colour is wrong")
        self.assertEqual(ticket.state, "planning")
        self.assertEqual(ticket.satisfaction, "dissatisfied")
        answer = self.submit(token, 5, "Never mind")
        self.assertIn("We are still working on it.", answer.text)
        self.assertEqual(ticket.satisfaction, "dissatisfied")
        self._add_measure(ticket)
        self._solve_complaint(ticket)
        self.assertEqual(ticket.state, "follow_up")
        self.assertFalse(ticket.satisfaction)
        with self.assertRaisesRegex(UserError, "whether the customer is satisfied"):
            ticket.action_close()
        ticket.action_record_satisfaction("satisfied", "phone")
        ticket.action_close()
        self.assertEqual(ticket.state, "closed")

    def test_not_after_the_days_of_grace(self):
        ticket, token = self._asked()
        ticket.action_record_satisfaction("satisfied", "phone")
        ticket.action_close()
        late = fields.Datetime.now() - timedelta(days=8)
        ticket.sudo()._authorized().write({"closed_at": late})
        self.visit(None)
        answer = self.submit(token, 1)
        self.assertIn("This was closed some time ago.", answer.text)
        self.assertEqual(ticket.satisfaction, "satisfied")

    def test_customer_corrects_what_we_noted(self):
        """Within the days of grace his own word counts more than our note of a call."""
        ticket, token = self._asked()
        ticket.action_record_satisfaction("satisfied", "phone")
        ticket.action_close()
        self.visit(None)
        self.submit(token, 3)
        self.assertEqual(ticket.satisfaction, "neutral")
        self.assertEqual(ticket.satisfaction_source, "rating")

    def test_nobody_else_rates_by_the_link(self):
        """Who is logged in as somebody else is refused, the handler above all."""
        ticket, token = self._asked()
        for user in (self.agent, self.manager, self.berg):
            with self.subTest(user.login):
                self.visit(user)
                answer = self.submit(token, 5)
                self.assertIn("Only the customer of", answer.text)
                self.assertFalse(ticket.satisfaction)
        self.visit(self.lin)
        self.submit(token, 5)
        self.assertEqual(ticket.satisfaction, "satisfied")

    def test_contact_who_left_does_not_rate(self):
        """Who changed to another company says nothing for his old one any more."""
        ticket, token = self._asked()
        self.contact.parent_id = self.boreal.partner_id
        self.env.flush_all()
        self.visit(None)
        answer = self.submit(token, 5)
        self.assertIn("for the customer himself to say", answer.text)
        self.assertFalse(ticket.satisfaction)

    # --- Nobody rates his own work ---

    def test_ratings_are_not_made_by_hand(self):
        """I8: neither by creating, nor by changing, nor by taking one over."""
        ticket, _token = self._asked()
        rating = self._rating_of(ticket)
        other = self.env["rating.rating"].create(
            {"res_model_id": self.env["ir.model"]._get_id("res.partner"), "res_id": 1}
        )
        model_id = self.env["ir.model"]._get_id(ticket._name)
        for user in (self.agent, self.leader, self.manager):
            ratings = self.env["rating.rating"].with_user(user)
            for attempt in (
                lambda r=ratings: r.browse(rating.id).write({"rating": 5}),
                lambda r=ratings: r.create(
                    {"res_model_id": model_id, "res_id": ticket.id, "rating": 5}
                ),
                lambda r=ratings: r.browse(other.id).write(
                    {"res_model_id": model_id, "res_id": ticket.id}
                ),
                lambda u=user: ticket.with_user(u).rating_apply(5, rating=rating),
            ):
                with self.subTest(user.login), self.assertRaises(UserError):
                    with self.env.cr.savepoint():
                        attempt()
        self.assertEqual(rating.rating, 0)

    def test_handler_notes_calls_only(self):
        """I8: marked apart, and somebody else checks samples of it."""
        ticket = self._followed_up()
        for source in ("portal", "rating", "interview", "external"):
            with self.subTest(source), self.assertRaises(UserError):
                ticket.action_record_satisfaction("satisfied", source)
        ticket.action_record_satisfaction("satisfied", "phone", "4", "5")
        self.assertEqual(ticket.satisfaction_by_id, self.agent)
        with self.assertRaisesRegex(UserError, "Somebody else checks"):
            ticket.action_sample("same")
        ticket.with_user(self.leader).action_sample("same")
        self.assertEqual(ticket.sampled_by_id, self.leader)

    def test_what_the_customer_said_stays(self):
        ticket = self._followed_up()
        self.visit(self.lin)
        self.take(ticket, "confirm")
        for user in (self.agent, self.leader, self.manager):
            with self.subTest(user.login), self.assertRaises(UserError):
                ticket.with_user(user).action_record_satisfaction("neutral", "phone")
        with self.assertRaises(UserError), mute_logger("odoo.models"):
            ticket.satisfaction = "neutral"

"""The pages of a customer: what he is told and what he may do (R086, R092, R093, R101)."""

import re
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import LockError
from odoo.tests import tagged

from .portal_case import TICKETS, PortalCase

FACE = {"outcome": "satisfied", "attitude": "5", "speed": "4"}


@tagged("post_install", "-at_install")
class TestPortal(PortalCase):
    # --- Home and list ---

    def test_home_counts_when_asked(self):
        """R086: the card is there from the first day, its figures only on request."""
        self._create_ticket()
        self._answered()
        self._create_ticket(partner_id=self.berg.partner_id.id)
        self.visit(self.lin)
        _answer, text = self.read_page("/my")
        self.assertIn("Ask us something, or tell us what went wrong", text)
        names = ["key_account_ticket_count", "key_account_turn_count"]
        counts = self.rpc("/my/counters", counters=names)["result"]
        self.assertEqual([counts[name] for name in names], [2, 1])
        others = self.rpc("/my/counters", counters=[])["result"]
        self.assertFalse(others.keys() & set(names))

    def test_list_shows_open_ones_first(self):
        old = self._answered(name="Old and closed")
        old.action_close(nothing_else="said")
        self._create_ticket(name="Fresh one")
        self._create_ticket(name="Of Boreal", partner_id=self.berg.partner_id.id)
        self.visit(self.lin)
        _answer, text = self.read_page(TICKETS)
        self.assertLess(text.index("Fresh one"), text.index("Old and closed"))
        self.assertNotIn("Of Boreal", text)

    def test_list_is_sorted_and_filtered(self):
        """Sorted and filtered by status and kind; a wrong value changes nothing."""
        self._create_ticket(name="An apple")
        self._answered(name="Zebra answered")
        self._create_ticket("complaint", name="Middle complaint")
        self.visit(self.lin)
        names = ("An apple", "Zebra answered", "Middle complaint")
        for query, expected in (
            ("filterby=turn", {"Zebra answered"}),
            ("filterby=open", set(names)),
            ("filterby=ended", set()),
            ("filterby=enquiry", {"An apple", "Zebra answered"}),
            ("filterby=complaint", {"Middle complaint"}),
            ("filterby=nonsense&sortby=password", set(names)),
            ("search=zebra", {"Zebra answered"}),
        ):
            with self.subTest(query):
                _answer, text = self.read_page(f"{TICKETS}?{query}")
                self.assertEqual({name for name in names if name in text}, expected)
        _answer, text = self.read_page(f"{TICKETS}?sortby=name")
        places = [text.index(name) for name in sorted(names)]
        self.assertEqual(places, sorted(places))

    def test_list_takes_pages(self):
        for number in range(22):
            self._create_ticket(name=f"Ticket number {number:02}.")
        self.visit(self.lin)
        seen = []
        for page in (1, 2):
            _answer, text = self.read_page(f"{TICKETS}/page/{page}?sortby=name")
            seen.append(set(re.findall(r"Ticket number \d\d", text)))
        self.assertEqual([len(names) for names in seen], [20, 2])
        self.assertFalse(seen[0] & seen[1])

    def test_list_of_nothing_says_what_to_do(self):
        self.visit(self.lin)
        _answer, text = self.read_page(TICKETS)
        self.assertIn("There is nothing here yet.", text)

    def test_list_costs_the_same_for_many(self):
        """The number of queries does not grow with the number of tickets."""
        self.visit(self.lin)

        def count(number):
            for _number in range(number):
                self._answered()
            self.url_open(TICKETS)  # fills the caches
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.url_open(TICKETS)
            return self.env.cr.sql_log_count - before

        self.assertEqual(count(2), count(8))

    # --- One ticket ---

    def test_page_says_what_happens_and_by_when(self):
        """R092: in plain words, in the time zone of the reader."""
        ticket = self._create_ticket(received_at="2026-03-06 09:00:00")
        ticket.sudo().clock_ids.flush_recordset()
        self.visit(self.lin)
        _answer, text = self.read_page(f"{TICKETS}/{ticket.id}")
        self.assertIn(ticket.number, text)
        self.assertIn("Our turn", text)
        self.assertIn("You get a first answer", text)
        # 2 hours after Friday 17:00 are Monday 10:00 in Shanghai
        self.assertIn("Mon, Mar 9, 2026, 10:00", text)
        self.assertIn("Times: Asia/Shanghai", text)

    def test_promises_are_kept_missed_running_and_held(self):
        ticket = self._create_ticket("complaint")
        ticket.action_accept()  # keeps: acknowledge
        first, resolve = (
            self._clock(ticket, name) for name in ("first_reply", "resolve")
        )
        ticket.action_hold("organiser", "Whispered secret")
        states = {p["words"]: p["state"] for p in ticket._told_promises()}
        self.assertEqual(states["We confirm that we have your message"], "kept")
        self.assertEqual(states["You get a first answer"], "running")
        self.assertEqual(states["It is solved"], "held")
        first._authorized().write({"state": "missed", "missed_at": first.due_at})
        resolve._authorized().write(
            {
                "state": "missed",
                "missed_at": first.due_at,
                "due_at": first.due_at,
                "stop_at": first.due_at + timedelta(hours=1),
            }
        )
        states = {p["words"]: p["state"] for p in ticket._told_promises()}
        self.assertEqual(states["You get a first answer"], "late")
        self.assertEqual(states["It is solved"], "missed")
        self.visit(self.lin)
        _answer, text = self.read_page(f"{TICKETS}/{ticket.id}")
        for words in (
            "Kept:",
            "Late: promised by",
            "and are late. We are sorry.",
            "We are waiting for the organiser or the venue.",
        ):
            self.assertIn(words, text)
        self.assertNotIn("Whispered secret", text)

    def test_page_speaks_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.lin.lang = "zh_CN"
        ticket = self._create_ticket(received_at="2026-03-06 09:00:00")
        self.opener.cookies.clear()
        self.visit(self.lin)
        answer, text = self.read_page(f"{TICKETS}/{ticket.id}")
        self.assertIn('lang="zh-CN"', answer.text)
        self.assertIn("2026年3月9日周一, 10:00", text)

    def test_plan_is_shown_once_it_is_approved(self):
        """R090, R092: the customer reads a plan that was reviewed, and nothing of what
        it costs or who does it."""
        ticket = self._create_ticket("complaint")
        self._plan_complaint(ticket)
        ticket.plan = "<p>We print the board anew.</p>"
        ticket.measure_ids.write({"name": "New board", "amount": 4321})
        self._add_measure(ticket, "preventive", name="Check the files twice")
        self.visit(self.lin)
        for step in (lambda: None, ticket.action_submit):
            step()
            _answer, text = self.read_page(f"{TICKETS}/{ticket.id}")
            self.assertNotIn("We print the board anew.", text)
            self.assertNotIn("New board", text)
        ticket.with_user(self.reviewer).action_approve()
        _answer, text = self.read_page(f"{TICKETS}/{ticket.id}")
        self.assertIn("We print the board anew.", text)
        self.assertIn("New board", text)
        self.assertIn("I Agree", text)
        for secret in (
            "4,321",
            "4321",
            "Check the files twice",
            "Workshop",
            "ka_builder",
        ):
            self.assertNotIn(secret, text)

    def test_containment_that_is_done_is_shown_at_once(self):
        ticket = self._create_ticket("complaint")
        self._plan_complaint(ticket)
        lent = self._add_measure(ticket, "containment", name="Lent a board")
        self.assertEqual(ticket._told_measures(), [])
        lent.with_user(self.builder).action_done()
        self.assertEqual([m["name"] for m in ticket._told_measures()], ["Lent a board"])

    def test_merged_one_leads_to_the_other_only_if_it_is_his(self):
        ticket, goal = self._create_ticket(), self._create_ticket(name="The other one")
        ticket.action_merge(goal)
        self.visit(self.lin)
        _answer, text = self.read_page(f"{TICKETS}/{ticket.id}")
        self.assertIn("The other one", text)
        goal.sudo().write({"partner_id": self.berg.partner_id.id})
        _answer, text = self.read_page(f"{TICKETS}/{ticket.id}")
        self.assertNotIn("The other one", text)

    # --- Steps ---

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
        ticket.sudo().with_user(self.lin).sudo().message_post(
            body="Thanks!", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
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

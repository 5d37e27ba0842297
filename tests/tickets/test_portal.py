"""The pages of a customer: what he reads there (R086, R092)."""

import re
from datetime import timedelta

from odoo.tests import tagged

from .portal_case import TICKETS, PortalCase


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
            "We are late, and we are sorry.",
            "We are waiting for the organiser or the venue.",
        ):
            self.assertIn(words, text)
        self.assertNotIn("Whispered secret", text)

    def test_waiting_for_the_customer_is_his_turn(self):
        ticket = self._create_ticket()
        ticket.action_accept()
        ticket.promised_at = self._clock(ticket, "resolve").due_at
        self.assertEqual(ticket._told_now()["turn"], "us")
        self.assertTrue(ticket._told_now()["promised"])
        ticket.action_hold("customer", "A drawing")
        now = ticket._told_now()
        self.assertEqual(now["turn"], "you")
        self.assertEqual(now["hold"], "We are waiting for something from you.")

    def test_page_speaks_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.lin.lang = "zh_CN"
        ticket = self._create_ticket(received_at="2026-03-06 09:00:00")
        self.opener.cookies.clear()
        self.visit(self.lin)
        answer, text = self.read_page(f"{TICKETS}/{ticket.id}")
        self.assertIn('"bundle_params": {"lang": "zh_CN"}', answer.text)
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

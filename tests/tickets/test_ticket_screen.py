from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.web.models.models import Base as BaseModel

from ...tools import ticket_rules
from .ticket_case import FRIDAY, TicketCase


@tagged("post_install", "-at_install")
@freeze_time(FRIDAY)
class TestTicketScreen(TicketCase):
    """What the screens say of a ticket."""

    def _turn(self, ticket, user=None):
        ticket = ticket.with_user(user or ticket.env.user)
        ticket.invalidate_recordset()
        return ticket.turn_of, ticket.next_step, ticket.is_my_turn

    def _ask(self, ticket):
        return (
            self.env["key.account.ticket.consult"]
            .with_user(self.agent)
            .create(
                {
                    "ticket_id": ticket.id,
                    "department_id": self.workshop.id,
                    "question": "Which carpet?",
                }
            )
        )

    # --- Whose turn ---

    def test_turns_of_an_enquiry(self):
        """R095: at each step the form says who does what next."""
        ticket = self._create_ticket()
        self.assertEqual(
            self._turn(ticket),
            ("You", "Take it on, or pass it to a colleague.", True),
        )
        ticket.action_accept()
        self.assertEqual(self._turn(ticket), ("You", "Answer the customer.", True))
        self.assertEqual(self._turn(ticket, self.leader)[0], self.agent.name)
        consult = self._ask(ticket)
        self.assertEqual(
            self._turn(ticket), ("Workshop", "Answer the question.", False)
        )
        consult.with_user(self.builder).action_answer("402.")
        ticket.action_log_call("Carpet 402.")
        self.assertEqual(
            self._turn(ticket)[1], "Mark it as answered when that was all."
        )
        ticket.action_done()
        self.assertIn("whether anything is left", self._turn(ticket)[1])
        with freeze_time(FRIDAY + timedelta(minutes=5)):
            ticket._customer_wrote_at(datetime(2026, 3, 6, 9, 5))
            self.assertEqual(
                self._turn(ticket)[1], "Reply to what the customer wrote last."
            )
            ticket.action_log_call("That, too.")
            ticket.action_close(nothing_else="said")
        self.assertEqual(self._turn(ticket)[1:], ("", False))

    def test_turns_of_a_complaint(self):
        ticket = self._create_ticket("complaint")
        ticket.action_accept()
        self.assertIn("find out", self._turn(ticket)[1])
        ticket.action_investigate()
        self.assertIn("which department", self._turn(ticket)[1])
        line = (
            self.env["key.account.ticket.investigation"]
            .with_user(self.agent)
            .create({"ticket_id": ticket.id, "department_id": self.workshop.id})
        )
        self.assertEqual(self._turn(ticket)[0], "Workshop")
        line.with_user(self.builder).finding = "Last year's file."
        self.assertEqual(self._turn(ticket)[0], "You")
        ticket.write(
            {
                "cause_id": self.cause.id,
                "responsible_department_id": self.workshop.id,
            }
        )
        ticket.action_plan()
        self._add_measure(ticket)
        ticket.action_submit()
        self.assertEqual(self._turn(ticket)[0], "A reviewer")
        self.assertEqual(self._turn(ticket, self.reviewer)[0], "You")
        ticket.with_user(self.reviewer).action_approve()
        self.assertIn("Present the plan", self._turn(ticket)[1])
        ticket.action_customer_accept("Good.")
        self.assertEqual(self._turn(ticket)[0], self.builder.name)
        ticket.measure_ids.with_user(self.builder).action_done()
        self.assertIn("All is done", self._turn(ticket)[1])
        ticket.action_done()
        self.assertIn("whether he is satisfied", self._turn(ticket)[1])
        ticket.action_record_satisfaction("satisfied")
        self.assertEqual(self._turn(ticket)[1], "Close it.")

    # --- Who may ---

    def test_who_is_offered_steps(self):
        """I9: the agent and his leader; neither a reviewer nor whom it is about."""
        ticket = self._create_ticket("complaint", responsible_user_id=self.seller.id)
        may = {
            user.login: ticket.with_user(user).may_work
            for user in (self.agent, self.leader, self.manager)
        }
        self.assertEqual(set(may.values()), {True})
        for user in (self.reviewer, self.seller):
            with self.subTest(user.login):
                self.assertFalse(ticket.with_user(user).may_work)
                self.assertFalse(ticket.with_user(user).is_my_turn)

    def test_who_decides(self):
        """The leader and a manager decide more; the general manager the rest."""
        ticket = self._create_ticket("complaint")
        lead = {
            user: ticket.with_user(user).may_lead
            for user in (self.agent, self.leader, self.manager)
        }
        self.assertEqual(list(lead.values()), [False, True, True])
        self.assertFalse(ticket.with_user(self.leader).may_direct)
        self.assertTrue(ticket.with_user(self.manager).may_direct)
        self.company.key_account_general_manager_id = self.chair
        self.env.invalidate_all()
        self.assertFalse(ticket.with_user(self.manager).may_direct)

    # --- Filters ---

    def _found(self, name, value=True):
        """The tickets of this company that a filter finds, which are those it is true
        for."""
        self.env.invalidate_all()
        Ticket = self.env["key.account.ticket"].with_user(self.agent)
        mine = [("company_id", "=", self.company.id)]
        found = Ticket.search([(name, "=", value), *mine])
        every = Ticket.search(mine)
        self.assertEqual(found, every.filtered(lambda ticket: ticket[name] is value))
        return found

    def test_waiting_for_us(self):
        ours = self._create_ticket(name="ours")
        answered = self._create_ticket(name="answered")
        answered.action_reply("Yes.", settled=True)
        again = self._create_ticket(name="again")
        again.action_reply("Yes.", settled=True)
        again._customer_wrote_at(FRIDAY + timedelta(minutes=9))
        self._create_policy({"resolve": 9}, sequence=1, kind="complaint")
        held = self._create_ticket("complaint", name="held")
        held.action_accept()
        held.action_hold("customer", "A drawing")
        self.assertEqual(held.sla_state, "held")
        over = self._create_ticket(name="over")
        over.action_withdraw("Never mind.")
        self.assertEqual(self._found("awaits_us"), ours | again)
        self.assertEqual(self._found("awaits_us", False), answered | held | over)

    def test_possible_duplicates(self):
        """Of the same sender with the same subject within a day."""
        same = {"email_from": "Lin@aurora.example.com", "name": "No light"}
        one, two = self._create_ticket(**same), self._create_ticket(**same)
        two.email_from = "lin@aurora.example.com"
        self._create_ticket(**{**same, "name": "No water"})
        self._create_ticket(**same, received_at=FRIDAY - timedelta(days=3))
        self.assertEqual(self._found("may_be_duplicate"), one | two)
        self.assertEqual(one.duplicate_ids, two)
        action = one.action_open_duplicates()
        self.assertEqual(set(action["domain"][0][2]), set((one | two).ids))
        offered = two.action_merge()["context"]["default_into_id"]
        self.assertEqual(offered, one.id)
        two.action_merge(one)
        self.assertFalse(self._found("may_be_duplicate"))

    # --- Board ---

    def test_columns_of_the_board(self):
        """A board of one kind shows its whole way; what is empty or has ended is
        folded, the column where tickets arrive is not."""
        self._create_ticket("complaint").action_accept()
        self._create_ticket("complaint").action_withdraw("Never mind.")
        board = self.env["key.account.ticket"].with_user(self.agent)
        board = board.with_context(default_kind="complaint", read_group_expand=True)
        groups = board.formatted_read_group(
            [("kind", "=", "complaint"), ("company_id", "=", self.company.id)],
            ["state"],
            ["__count"],
        )
        states = [group["state"] for group in groups]
        self.assertEqual(states[:3], ["new", "accepted", "investigating"])
        self.assertIn("withdrawn", states)
        self.assertNotIn("merged", states)
        unfolded = [group["state"] for group in groups if not group.get("__fold")]
        self.assertEqual(unfolded, ["new", "accepted"])

    def _states(self):
        """Tickets in every column of both boards, the later ones due earlier."""
        for kind in ("enquiry", "complaint"):
            for number, state in enumerate(ticket_rules.states_of(kind)):
                ticket = self._create_ticket(kind, name=f"{kind} {number}")
                self.env.cr.execute(
                    "UPDATE key_account_ticket SET state = %s, is_open = %s,"
                    " next_due_at = %s WHERE id = %s",
                    [
                        state,
                        state not in ticket_rules.RESTING,
                        FRIDAY - timedelta(hours=number),
                        ticket.id,
                    ],
                )
            for late in range(3):
                more = self._create_ticket(kind, name=f"more {late}")
                self.env.cr.execute(
                    "UPDATE key_account_ticket SET next_due_at = %s WHERE id = %s",
                    [FRIDAY - timedelta(days=late), more.id],
                )
        self.env.invalidate_all()

    def test_the_board_shows_what_odoo_would(self):
        """Columns, counts, first cards and their order are those that Odoo finds with a
        query for each column; ours takes one for all."""
        self._states()
        board = self.env["key.account.ticket"].with_user(self.agent)
        odoo = BaseModel.web_read_group
        opened = [
            {"value": "new", "folded": False, "limit": 2, "offset": 0},
            {"value": "accepted", "folded": True, "limit": 40, "offset": 0},
            {"value": "closed", "folded": False, "limit": 40, "offset": 0},
        ]
        paged = [{"value": "new", "folded": False, "limit": 2, "offset": 2}]
        for kind in ("enquiry", "complaint", False):
            domain = [("company_id", "=", self.company.id)]
            domain += [("kind", "=", kind)] if kind else []
            asked = board.with_context(default_kind=kind, read_group_expand=True)
            for info in (None, opened, paged):
                for size in (40, 1):
                    with self.subTest(kind=kind, opened=bool(info), size=size):
                        options = {
                            "auto_unfold": True,
                            "opening_info": info,
                            "unfold_read_specification": {"name": {}, "user_id": {}},
                            "unfold_read_default_limit": size,
                        }
                        ours = asked.web_read_group(domain, ["state"], **options)
                        theirs = odoo(asked, domain, ["state"], **options)
                        self.assertEqual(ours, theirs)
                        self.assertTrue(ours["groups"][0]["__records"])

    def test_the_board_asks_once(self):
        """Nine columns cost no more than two."""
        board = self.env["key.account.ticket"].with_user(self.agent)
        board = board.with_context(default_kind="complaint", read_group_expand=True)
        domain = [("company_id", "=", self.company.id), ("kind", "=", "complaint")]
        counts = []
        for _more in range(2):
            self._create_ticket("complaint")
            for _time in range(3):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                board.web_read_group(
                    domain,
                    ["state"],
                    auto_unfold=True,
                    unfold_read_specification={"name": {}},
                )
                count = self.env.cr.sql_log_count - before
            counts.append(count)
            self._states()
        self.assertEqual(counts[1], counts[0])

    # --- Promises ---

    def test_lines_of_the_time_scale(self):
        """R087: each promise with when it began, was due, was kept and stood still;
        what was replaced is not shown."""
        ticket = self._create_ticket()
        ticket.action_accept()
        with freeze_time(datetime(2026, 3, 9, 1, 0)):
            ticket.action_hold("customer", "A drawing")
        with freeze_time(datetime(2026, 3, 9, 3, 0)):
            ticket.action_resume()
            ticket.invalidate_recordset()
            lines = {line["name"]: line for line in ticket.promise_lines}
        self.assertEqual(set(lines), {"Acknowledge", "First Reply", "Resolve"})
        self.assertEqual(lines["Acknowledge"]["state"], "met")
        self.assertEqual(
            lines["Resolve"],
            {
                "id": self._clock(ticket, "resolve").id,
                "name": "Resolve",
                "state": "running",
                "start": "2026-03-06 09:00:00",
                "due": "2026-03-11 02:00:00",
                "stop": False,
                "minutes": 960,
                "late": 0,
                "hours": "Service hours",
                "holds": [["2026-03-09 01:00:00", "2026-03-09 03:00:00"]],
            },
        )
        self._create_policy({"resolve": 2}, sequence=1, priority="3")
        with freeze_time(datetime(2026, 3, 9, 3, 0)):
            ticket.write({"urgency": "high", "importance": "high"})
            ticket.invalidate_recordset()
            names = [line["name"] for line in ticket.promise_lines]
        self.assertEqual(names.count("Resolve"), 1)

    def test_the_history_of_its_promises(self):
        """All that happened to the promises of one ticket, promise by promise."""
        ticket = self._create_ticket()
        action = ticket.action_open_promise_log()
        self.assertEqual(action["path"], "key-account-promise-log")
        log = self.env["key.account.sla.event"].with_user(self.agent)
        events = log.search(action["domain"])
        self.assertEqual(events.ticket_id, ticket)
        self.assertEqual(set(events.mapped("kind")), {"start"})
        self.assertIn("group_clock", action["context"])

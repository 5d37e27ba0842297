"""What the pages of tickets cost, as the web client asks for them, and that each role
can open those it is offered."""

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..dev import benchmark_pages as pages
from .tickets.ticket_case import FRIDAY, TicketCase

MOST = 20
PARTNERS = 80
MOST_OF_BUTTONS = 3

# what is told of tickets under Reporting
REPORTS = {
    "ticket_analysis_menu",
    "ticket_month_menu",
    "ticket_check_menu",
    *(
        f"ticket_analysis_{name}_menu"
        for name in ("cause", "satisfaction", "department", "tier")
    ),
    *(f"ticket_analysis_{name}_menu" for name in ("lateness", "success", "cohort")),
}


@tagged("post_install", "-at_install")
@freeze_time(FRIDAY)
class TestPagesTickets(TicketCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pure_reviewer = cls._create_user("ka_pure", "key_account.group_reviewer")
        cls.scheme = cls._create_scheme()
        cls.account._set_tier(cls.scheme.tier_ids[0], "evaluation")

    def _take_in(self, number):
        """Tickets of both kinds, some taken on, of different customers."""
        for n in range(number):
            account = self._create_account(f"Customer {n} of {number}")
            kind = ("enquiry", "complaint")[n % 2]
            ticket = self._create_ticket(
                kind, partner_id=account.partner_id.id, name=f"Question {n}"
            )
            if n % 3:
                ticket.action_accept()

    def _full_enquiry(self):
        order = self.env["sale.order"].create(
            {"partner_id": self.contact.id, "company_id": self.company.id}
        )
        project = self.env["project.project"].create({"name": "Booth"})
        ticket = self._create_ticket(
            channel="email",
            email_from=self.contact.email,
            show_name="CIIE",
            order_id=order.id,
            project_id=project.id,
        )
        ticket.action_accept()
        for question in ("Which carpet?", "Which lamp?"):
            self.env["key.account.ticket.consult"].with_user(self.agent).create(
                {
                    "ticket_id": ticket.id,
                    "department_id": self.workshop.id,
                    "question": question,
                }
            )
        ticket.action_hold("organiser", "The drawing")
        return ticket

    def _full_complaint(self):
        self._create_ticket("complaint", cause_id=self.cause.id)
        ticket = self._create_ticket("complaint", channel="email", email_from="a@b.cn")
        self._create_ticket("complaint", channel="email", email_from="a@b.cn")
        self._plan_complaint(ticket)
        self._add_measure(
            ticket, "corrective", effect_due="2026-05-01", verifier_id=self.leader.id
        )
        ticket.action_submit()
        ticket.with_user(self.reviewer).action_approve()
        ticket.action_customer_refuse("No.")
        ticket.action_hold("customer", "His lawyer")
        ticket.action_resume()
        ticket.action_submit()
        return ticket

    def queries(self, page, records, user):
        """Queries of a page when the server has shown it before."""
        show = page(records.with_user(user))
        counts = []
        for _time in range(4):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            show()
            counts.append(self.env.cr.sql_log_count - before)
        return min(counts)

    # --- Cost ---

    def test_lists_do_not_grow(self):
        """Ten tickets or fifty, the list and the board cost the same."""
        Ticket = self.env["key.account.ticket"].with_context(default_kind="complaint")
        counts = {}
        for more in (10, 40):
            self._take_in(more)
            for page in (pages.list_page, pages.kanban_page):
                for user in (self.manager, self.agent, self.reviewer):
                    key = page.__name__, user.login
                    counts.setdefault(key, []).append(self.queries(page, Ticket, user))
        for key, (few, many) in counts.items():
            with self.subTest(key):
                self.assertLessEqual(many, few)
                self.assertLessEqual(many, MOST)

    def test_forms(self):
        """The form of a ticket in which every page has something."""
        for ticket in (self._full_enquiry(), self._full_complaint()):
            for user in (self.agent, self.leader, self.manager):
                with self.subTest(kind=ticket.kind, user=user.login):
                    count = self.queries(pages.form_page, ticket, user)
                    self.assertLessEqual(count, MOST)

    def test_form_does_not_grow(self):
        """A complaint with ten times as many measures and talks opens the same, and so
        do its pages."""
        ticket = self._full_complaint()
        parts = ("investigation", "measure", "round", "hold")
        lists = [self.env[f"key.account.ticket.{part}"] for part in parts]

        def counts():
            form = self.queries(pages.form_page, ticket, self.agent)
            pages_of = [
                self.queries(pages.list_page, part, self.agent) for part in lists
            ]
            return [form, *pages_of, self._queries_of_promises(ticket)]

        before = counts()
        ticket.with_user(self.reviewer).action_reject("More.")
        for _more in range(20):
            self._add_measure(ticket)
            self.env["key.account.ticket.round"].with_user(self.agent).create(
                {"ticket_id": ticket.id, "answer": "later", "words": "Later."}
            )
        for few, many in zip(before, counts(), strict=True):
            self.assertLessEqual(many, few)

    def _queries_of_promises(self, ticket):
        """Of the time scale, which is read when its page is opened."""
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        ticket.with_user(self.agent).web_read({"promise_lines": {}})
        return self.env.cr.sql_log_count - before

    def test_buttons_of_partners(self):
        """The button on eighty partners costs three queries at the most."""
        self._take_in(6)
        partners = self.env["res.partner"].create(
            [{"name": f"Partner {n}"} for n in range(PARTNERS - 2)]
        )
        partners = (partners | self.contact | self.account.partner_id).with_user(
            self.agent
        )
        self._create_ticket()
        self._create_ticket(partner_id=self.account.partner_id.id)
        partners.mapped("open_ticket_count")
        self.env.invalidate_all()
        partners.mapped("commercial_partner_id")  # which every page of partners reads
        before = self.env.cr.sql_log_count
        counts = {partner: partner.open_ticket_count for partner in partners}
        self.assertLessEqual(self.env.cr.sql_log_count - before, MOST_OF_BUTTONS)
        self.assertEqual(counts[self.contact.with_user(self.agent)], 1)
        self.assertEqual(counts[self.account.partner_id.with_user(self.agent)], 2)
        self.assertEqual(sum(counts.values()), 3)

    # --- Roles ---

    def _open(self, model, user, record=None):
        """Opens the views of a model as a browser does, and a form with a record."""
        Model = self.env[model].with_user(user)
        kinds = ("list", "kanban", "search")
        Model.get_views([(False, kind) for kind in kinds])
        pages.list_page(Model)()
        if record:
            record = record.with_user(user)
            return pages.form_page(record)()[0]
        return None

    def test_forms_of_each_role(self):
        """Who sees a ticket sees a form that he can open, whatever his role: the agent,
        his leader, a reviewer without another role, an employee whose work it is
        about (I9)."""
        complaint = self._full_complaint()
        complaint.sudo().responsible_user_id = self.employee
        enquiry = self._full_enquiry()
        for user in (self.agent, self.leader, self.manager):
            for ticket in (complaint, enquiry):
                values = self._open(ticket._name, user, ticket)
                self.assertTrue(values["may_work"])
                self.assertTrue(ticket.with_user(user).promise_lines)
        values = self._open(complaint._name, self.pure_reviewer, complaint)
        self.assertTrue(values["may_review"])
        self.assertFalse(values["may_work"])
        for part in ("investigation_ids", "measure_ids", "round_ids", "promise_lines"):
            self.assertTrue(complaint.with_user(self.pure_reviewer)[part])
        self.env.invalidate_all()
        values = self._open(complaint._name, self.employee, complaint)
        self.assertEqual(values["number"], complaint.number)
        self.assertFalse(values["may_work"])
        for hidden in ("current_hold_id", "plan", "cause_id", "amount_granted"):
            self.assertNotIn(hidden, values)
        self.assertIn("turn_of", values)

    def test_parts_for_those_who_are_asked(self):
        """A department's employee without a role answers a question, finds out what
        happened and says that his measure is done, without seeing the ticket."""
        enquiry, complaint = self._full_enquiry(), self._full_complaint()
        consult = enquiry.consult_ids[0]
        for part in (
            consult,
            complaint.investigation_ids,
            complaint.measure_ids[0],
        ):
            with self.subTest(part._name):
                values = self._open(part._name, self.builder, part)
                self.assertFalse(values["may_open_ticket"])
                self.assertEqual(
                    part.with_user(self.builder).number, part.ticket_id.number
                )
                mine = self.env[part._name].with_user(self.builder)
                self.assertIn(part, mine.search([("is_asked", "=", True)]))
                self.assertFalse(part.with_user(self.employee).has_access("read"))
        consult.with_user(self.builder).write({"answer": "Carpet 402."})
        consult.with_user(self.builder).action_answer()
        self.assertEqual(consult.state, "answered")
        self.assertEqual(
            consult.with_user(self.agent).action_open_ticket()["res_id"], enquiry.id
        )

    def test_a_promise_explains_itself(self):
        """The log of a promise and the holds that stopped it open for whoever works on
        the ticket or reviews it; nobody else sees them (R087)."""
        complaint = self._full_complaint()
        clock = self._clock(complaint, "resolve")
        self.assertTrue(clock)
        for user in (self.agent, self.leader, self.pure_reviewer):
            with self.subTest(user.login):
                values = self._open("key.account.sla.clock", user, clock)
                self.assertTrue(values["event_ids"])
                self.assertEqual(values["ticket_id"]["id"], complaint.id)
                self._open("key.account.sla.event", user)
                hold = complaint.hold_ids
                values = self._open("key.account.ticket.hold", user, hold)
                self.assertEqual(values["may_decide"], user == self.leader)
                talk = complaint.round_ids[0]
                self.assertTrue(self._open("key.account.ticket.round", user, talk))
        self.assertFalse(clock.with_user(self.chair)._filtered_access("read"))

    def test_evidence_is_seen(self):
        """A file that was uploaded before the line was saved is seen by whoever sees
        the line."""
        complaint = self._full_complaint()
        file = self.env["ir.attachment"].with_user(self.agent)
        file = file.create({"name": "photo.jpg", "raw": b"x"})
        line = complaint.investigation_ids
        line.with_user(self.agent).evidence_ids = [Command.link(file.id)]
        self.env.invalidate_all()
        seen = line.with_user(self.pure_reviewer).evidence_ids
        self.assertEqual(seen.mapped("name"), ["photo.jpg"])

    def test_menus(self):
        """Each role is offered what it can use: the employee one small app of what he
        is asked for, which the others have among the key accounts."""
        visible = {}
        for user in (self.employee, self.reader, self.agent, self.pure_reviewer):
            menus = self.env["ir.ui.menu"].with_user(user).load_menus(False)
            visible[user] = {
                menu["xmlid"].partition(".")[2]
                for menu in menus.values()
                if menu.get("xmlid", "").startswith("key_account.")
            }
        asked = {
            f"asked_{name}_menu" for name in ("consult", "investigation", "measure")
        }
        # who helps to prepare a visit finds it in the calendar
        asked |= {"asked_menu", "visit_item_calendar_menu"}
        self.assertEqual(visible[self.employee], asked)
        tickets = {
            user: {
                name
                for name in names
                if name.startswith(("ticket", "hotline")) and name not in REPORTS
            }
            for user, names in visible.items()
        }
        everybody = {
            "tickets_menu",
            "ticket_consult_menu",
            "ticket_investigation_menu",
            "ticket_measure_menu",
        }
        self.assertEqual(tickets[self.reader], everybody)
        self.assertEqual(
            tickets[self.pure_reviewer],
            everybody | {"ticket_complaint_menu", "ticket_menu", "ticket_review_menu"},
        )
        self.assertEqual(
            tickets[self.agent],
            everybody
            | {
                "ticket_inbox_menu",
                "hotline_menu",
                "ticket_enquiry_menu",
                "ticket_complaint_menu",
                "ticket_menu",
                "ticket_hold_menu",
                "ticket_board_menu",
                "ticket_load_menu",
                "ticket_consult_board_menu",
                "ticket_refusal_menu",
            },
        )

    def test_inbox(self):
        """My Inbox: what I handle, and what nobody of my team has taken yet."""
        mine = self._create_ticket(name="mine")
        mine.action_accept()
        free = self._create_ticket(name="free")
        taken = self._create_ticket(name="taken")
        taken.with_user(self.leader).action_accept()
        ended = self._create_ticket(name="ended")
        ended.action_withdraw("Never mind.")
        action = self.env.ref("key_account.ticket_inbox_action")
        for user, expected in (
            (self.agent, mine | free),
            (self.leader, taken | free),
            (self.seller, mine.browse()),
        ):
            domain = self._evaluate_domain(action.domain, user)
            found = self.env["key.account.ticket"].with_user(user).search(domain)
            with self.subTest(user.login):
                self.assertEqual(found, expected)

    def _evaluate_domain(self, text, user):
        return safe_eval(text, {"uid": user.id})

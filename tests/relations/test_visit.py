from datetime import datetime

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...dev import benchmark_pages as pages
from .visit_case import SECRET, VisitCase


@tagged("post_install", "-at_install")
class TestVisit(VisitCase):
    """How a contact is planned, takes place or does not, and stays on record."""

    def refused(self, text, error=UserError):
        return self.assertRaisesRegex(error, text)

    # --- Time and people ---

    def test_kinds(self):
        """The kinds other programs rely on."""
        self.assertEqual(
            list(dict(self.Visit._fields["kind"].selection)),
            [
                "visit",
                "call",
                "online",
                "mail",
                "reception",
                "interview",
                "return_visit",
                "review",
            ],
        )

    def test_time_of_a_kind(self):
        """A kind takes its usual time, unless somebody says otherwise (R042)."""
        call, reception = self.plan("call"), self.receive()
        self.assertEqual(call.planned_until, datetime(2026, 3, 17, 2, 15))
        self.assertEqual(reception.planned_until, datetime(2026, 3, 17, 5, 0))
        reception.duration = 8
        self.assertEqual(reception.planned_until, datetime(2026, 3, 17, 10, 0))
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(CheckViolation),
            self.env.cr.savepoint(),
        ):
            call.duration = 0
            call.flush_recordset()

    def test_name(self):
        """It is called by its kind, customer and day where the company works."""
        visit = self.plan(planned_at="2026-03-16 20:00:00")
        self.assertEqual(visit.display_name, "Visit · Orient Motors · 03/17/2026")
        self.assertEqual(self.Visit.name_search("Orient")[0][0], visit.id)

    def test_number_of_visitors(self):
        """At least those who are named; more may come."""
        visit = self.receive(headcount=4)
        self.assertEqual(visit.headcount, 4)
        self.assertEqual(self.receive().headcount, 1)
        visit.visitor_ids = [Command.clear()]
        self.assertEqual(visit.headcount, 4)

    def test_people_in_their_places(self):
        """The host may open the file, colleagues work here, visitors do not."""
        with self.refused("ka_colleague.* cannot see the file of Orient"):
            self.plan(user_id=self.colleague.id)
        far = self._create_user(
            "ka_far", "key_account.group_member", self._create_company("Far")
        )
        with self.refused("does not work in Huazhan", ValidationError):
            self.plan(colleague_ids=[Command.set(far.ids)])
        with self.refused("work here: they are colleagues", ValidationError):
            self.plan(visitor_ids=[Command.set(self.employee.partner_id.ids)])
        visit = self.plan()
        with self.refused("cannot see the file of Orient"):
            visit.user_id = self.colleague
        self.account._change_holder(self.colleague)
        visit.with_user(self.colleague).user_id = self.colleague
        self.assertEqual(visit.sudo().user_id, self.colleague)

    # --- States ---

    def test_states(self):
        """What is planned is done, missed or called off; what did not take place is
        planned again; what is done stays done."""
        visit = self.plan(planned_at="2026-03-10 02:00:00")
        visit.action_miss()
        with self.refused("still to come"):
            visit.action_replan("2026-03-10 03:00:00")
        visit.action_replan("2026-03-11 02:00:00")
        self.assertEqual(visit.state, "planned")
        self.assertEqual(visit.planned_at, datetime(2026, 3, 11, 2))
        visit.action_cancel()
        for action in (visit.action_done, visit.action_miss):
            with self.refused("cannot become|is still to come"):
                action()
        visit.action_replan("2026-03-12 02:00:00")
        visit.action_done()
        for action in (visit.action_cancel, visit.action_done):
            with self.refused("which is final"):
                action()
        with self.refused("which is final"):
            visit.action_replan("2026-03-13 02:00:00")

    def test_not_missed_before_its_time(self):
        """What is still to come is called off, not missed."""
        with self.refused("is still to come"):
            self.plan().action_miss()

    def test_wizard_asks_for_the_new_time(self):
        """The button asks when, and plans all of them for it."""
        visits = self.plan(planned_at="2026-03-09 02:00:00") | self.plan("call")
        visits.action_cancel()
        action = visits.action_replan()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.seller)
            .with_context(**action["context"])
            .create({"planned_at": "2026-03-20 02:00:00"})
        )
        wizard.action_replan()
        self.assertEqual(set(visits.mapped("state")), {"planned"})
        self.assertEqual(set(visits.mapped("planned_at")), {datetime(2026, 3, 20, 2)})

    def test_raw_writes(self):
        """Nobody writes by hand what the buttons write, the superuser neither."""
        visit = self.plan()
        lead = self.env["crm.lead"].create({"name": "Hall"})
        for vals in (
            {"state": "done"},
            {"done_at": "2026-03-10 01:00:00"},
            {"lead_id": lead.id},
            {"event_id": False},
        ):
            for user in (self.seller, self.manager, self.env.ref("base.user_root")):
                with self.subTest(vals, user=user.login):
                    with self.refused("cannot be written directly"):
                        visit.with_user(user).write(vals)
            with self.subTest(vals), self.refused("cannot be written directly"):
                self.plan(**{"event_id": 1} if "event_id" in vals else vals)
        with self.refused("cannot be written directly"):
            self.Visit.with_context(default_state="done").create(
                {"account_id": self.account.id}
            )

    # --- Done ---

    def test_done_when_it_was(self):
        """It took place when it was planned; what is done before its time, now."""
        self.assertEqual(self.hold().done_at, datetime(2026, 3, 9, 2))
        self.assertEqual(
            self.hold("call", "2026-03-11 02:00:00").done_at, datetime(2026, 3, 10, 4)
        )

    def test_done_is_a_contact(self):
        """The account remembers the latest of them (R044)."""
        self.hold("call", "2026-03-09 02:00:00")
        self.assertEqual(self.account.last_contact_at, datetime(2026, 3, 9, 2))
        self.hold("visit", "2026-03-02 02:00:00")
        self.assertEqual(self.account.last_contact_at, datetime(2026, 3, 9, 2))
        self.plan(planned_at="2026-03-10 02:00:00").action_miss()
        self.assertEqual(self.account.last_contact_at, datetime(2026, 3, 9, 2))

    def test_time_stays(self):
        """What is over keeps its time and its customer."""
        other = self._create_account("Delta")
        other._change_holder(self.seller)
        done, missed = self.hold(), self.plan(planned_at="2026-03-09 02:00:00")
        missed.action_miss()
        for visit in done | missed:
            for vals in (
                {"planned_at": "2026-03-08 02:00:00"},
                {"duration": 3},
                {"account_id": other.id},
            ):
                with self.refused("its time stays as it was"):
                    visit.write(vals)

    # --- On record ---

    def test_minutes_close(self):
        """Seven days after it what was written can be mended no more, by nobody
        (R046); what is still open of it can be."""
        visit = self.hold(minutes="<p>Wants light</p>")
        with freeze_time("2026-03-16 01:59:00"):
            visit.minutes = f"<p>{SECRET}</p>"
        with freeze_time("2026-03-16 02:00:00"):
            self.env.invalidate_all()
            for name, value in (
                ("minutes", "<p>Nothing</p>"),
                ("feedback", "Nothing"),
                ("visitor_ids", [Command.clear()]),
                ("place", "Elsewhere"),
            ):
                for user in (self.seller, self.manager, self.env.user):
                    with self.refused("is closed since 03/16/2026"):
                        visit.with_user(user).write({name: value})
            visit.solved = True
            visit.message_post(body=SECRET)
        self.assertIn(SECRET, visit.minutes)

    def test_days_until_minutes_close(self):
        """The company says how many; none closes them at once."""
        visit = self.hold()
        self.company.key_account_visit_lock_days = 0
        with self.refused("is closed since 03/09/2026"):
            visit.minutes = "<p>Late</p>"
        self.company.key_account_visit_lock_days = 30
        visit.minutes = "<p>Late</p>"
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(CheckViolation),
            self.env.cr.savepoint(),
        ):
            self.company.key_account_visit_lock_days = -1
            self.company.flush_recordset()

    def test_never_deleted(self):
        """Neither a visit that was nor one that was called off (R046)."""
        planned = self.plan()
        planned.action_cancel()
        with self.assertRaises(AccessError):
            planned.with_user(self.manager).unlink()
        for visit in (self.hold(), planned):
            with self.refused("stays on record"):
                visit.sudo().unlink()

    def test_merged_accounts(self):
        """When two customers become one, their visits stay, and what is prepared."""
        other = self._create_account("Orient Motors Ltd")
        other._change_holder(self.seller)
        visit = self.receive(account_id=other.id, visitor_ids=False)
        items = visit.item_ids
        self.account._absorb(other)
        self.assertEqual(visit.account_id, self.account)
        self.assertEqual(items.account_id, self.account)

    # --- What is next ---

    def test_hint(self):
        """The form says what is to be done in each state."""
        visit = self.receive()
        self.assertRegex(visit.hint, r"Book the meeting room.*\(.*until 03/14/2026\)")
        visit.item_ids.done = True
        self.assertEqual(visit.hint, "Everything is prepared.")
        late = self.plan(planned_at="2026-03-09 02:00:00")
        self.assertIn("The time is over", late.hint)
        late.action_done()
        self.assertIn("mended until 03/16/2026", late.hint)
        late.feedback = "Fine"
        self.assertFalse(late.hint)
        visit.action_cancel()
        self.assertIn("Plan it again", visit.hint)

    def test_late(self):
        """Late is what is planned and over."""
        late = self.plan(planned_at="2026-03-10 01:00:00")
        now = self.plan(planned_at="2026-03-10 03:00:00")
        done = self.hold()
        mine = self.Visit.search([("account_id", "=", self.account.id)])
        self.assertEqual(mine.filtered("is_late"), late)
        self.assertEqual(mine.search([("is_late", "=", True)]) & mine, late)
        self.assertEqual(mine.search([("is_late", "=", False)]) & mine, now | done)

    def test_counter_and_calls_of_the_account(self):
        """The account counts what its reader may see, and logs a call (R044)."""
        self.plan(), self.hold()
        account = self.account.with_user(self.seller)
        self.assertEqual(account.visit_count, 2)
        self.assertEqual(self.account.with_user(self.colleague).visit_count, 0)
        action = account.action_open_visits()
        self.assertEqual(len(self.Visit.search(action["domain"])), 2)
        action = account.action_log_call()
        call = self.Visit.with_context(**action["context"]).create(
            {"feedback": "All well", "solved": True}
        )
        call.action_done()
        self.assertEqual((call.kind, call.state), ("call", "done"))
        self.assertEqual(call.done_at, datetime(2026, 3, 10, 4))
        self.assertFalse(call.event_id)
        for name in ("action_open_visits", "action_log_call"):
            with self.refused("open to those who serve him"):
                getattr(self.account.with_user(self.colleague), name)()

    # --- Speed ---

    def test_list_does_not_grow(self):
        """Ten visits or forty, the list and the board cost the same queries."""
        counts = {"list": [], "kanban": []}
        for number in (10, 30):
            for _one in range(number):
                self.receive()
            for kind, seen in counts.items():
                seen.append(self._queries(kind))
        for kind, (few, many) in counts.items():
            with self.subTest(kind):
                self.assertLessEqual(many, few)
                self.assertLessEqual(many, 15)

    def _queries(self, kind):
        arch = pages._arch(self.Visit, kind)
        specification = pages._specification(self.Visit, arch)
        counts = []
        for _time in range(3):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.Visit.web_search_read([], specification, limit=80)
            counts.append(self.env.cr.sql_log_count - before)
        return min(counts)

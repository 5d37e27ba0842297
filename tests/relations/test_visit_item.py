from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .visit_case import AIM, SECRET, VisitCase


@tagged("post_install", "-at_install")
class TestVisitItem(VisitCase):
    """The checklist of a visit: who does what until when (R043, R050)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visit = cls.receive()
        cls.items = cls.visit.item_ids
        cls.task = cls.items[-1]
        cls.task.user_id = cls.employee
        cls.helper = cls.env["key.account.visit.item"].with_user(cls.employee)

    def test_days(self):
        """Each is due so many days before the visit, and moves along with it."""
        self.items[0].days_before = 3
        self.assertEqual(self.items[0].due_on, date(2026, 3, 14))
        # half past midnight in Shanghai is the day before in UTC
        self.visit.planned_at = "2026-03-18 16:30:00"
        self.assertEqual(self.items[0].due_on, date(2026, 3, 16))

    def test_late(self):
        """Late is what is due before today and not done."""
        self.visit.planned_at = "2026-03-11 02:00:00"
        early, today = self.items[:2]
        (self.items - early - today).days_before = 0
        early.days_before, today.days_before = 2, 1
        self.assertEqual(self.items.filtered("is_late"), early)
        mine = [("id", "in", self.items.ids)]
        found = self.items.search([*mine, ("is_late", "=", True)])
        self.assertEqual(found, early)
        early.done = True
        self.assertFalse(self.items.search([*mine, ("is_late", "=", True)]))
        early.done = False
        self.visit.action_cancel()
        self.assertFalse(early.is_late)

    def test_counted(self):
        """The visit says how far it is."""
        self.items[:3].action_done()
        self.assertEqual(self.visit.item_count, 8)
        self.assertEqual(self.visit.done_item_count, 3)

    def test_who_does_it(self):
        """The host, unless somebody else is asked; whoever works here may be."""
        new = self.items.create({"visit_id": self.visit.id, "name": "Flowers"})
        self.assertEqual(new.user_id, self.seller)
        far = self._create_user("ka_far", "base.group_user", self._create_company("F"))
        with self.assertRaisesRegex(ValidationError, "does not work in Huazhan"):
            new.user_id = far

    def test_new_host(self):
        """He takes over what the old one has not done; colleagues keep theirs."""
        self.items[0].done = True
        self.account._change_holder(self.colleague)
        self.visit.with_user(self.colleague).user_id = self.colleague
        items = self.items.sudo()
        self.assertEqual(items[0].user_id, self.seller)
        self.assertEqual(items[1:-1].user_id, self.colleague)
        self.assertEqual(items[-1].user_id, self.employee)

    # --- Who helps ---

    def test_helper_sees_his_own(self):
        """He sees what he is asked to prepare, when the visitors come and where, and
        no other item, no visit and no word of it."""
        self.assertEqual(self.helper.search([]), self.task)
        task = self.task.with_user(self.employee)
        self.assertEqual(task.customer_name, "Orient Motors")
        self.assertEqual(task.place, "Room 2")
        self.assertTrue(task.planned_at)
        self.visit.minutes = f"<p>{SECRET}</p>"
        self.env.invalidate_all()
        said = str(task.read())
        for word in (AIM, SECRET):
            self.assertNotIn(word, said)
        with self.assertRaises(AccessError):
            self.items[0].with_user(self.employee).read(["name"])
        with self.assertRaises(AccessError):
            self.visit.with_user(self.employee).read(["place"])
        for condition in (
            ("visit_id.purpose", "ilike", "hall"),
            ("visit_id.minutes", "ilike", "Wei"),
            ("account_id.visit_ids.minutes", "ilike", "Wei"),
        ):
            with self.subTest(condition), self.assertRaises(AccessError):
                self.helper.search([condition])

    def test_helper_ticks_off(self):
        """That is all he changes, and only of his own."""
        task = self.task.with_user(self.employee)
        task.action_done()
        self.assertTrue(self.task.done)
        for vals in ({"name": "Rest"}, {"user_id": self.seller.id}, {"days_before": 9}):
            with self.assertRaisesRegex(UserError, "changed by the host"):
                task.write(vals)
        for attempt in (
            lambda: self.items[0].with_user(self.employee).action_done(),
            lambda: task.unlink(),
            lambda: task.create({"visit_id": self.visit.id, "name": "Rest"}),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_helper_who_serves_others(self):
        """A member who does not serve this customer is a helper like any other."""
        self.items[0].user_id = self.colleague
        mine = self.items.with_user(self.colleague).search([])
        self.assertEqual(mine & self.items, self.items[0])
        with self.assertRaises(AccessError):
            mine.create({"visit_id": self.visit.id, "name": "Rest"})
        with self.assertRaisesRegex(UserError, "changed by the host"):
            mine[0].note = "Rest"

    def test_stays_with_its_visit(self):
        """It is not carried into another visit, closed or not."""
        other = self._create_account("Delta")
        foreign = self.env["key.account.visit"].create(
            {
                "account_id": other.id,
                "user_id": self.manager.id,
                "planned_at": "2026-03-17 02:00:00",
            }
        )
        for visit in (foreign, self.plan()):
            with self.assertRaisesRegex(UserError, "stays with it"):
                self.items[0].visit_id = visit

    # --- Telling people ---

    def test_who_is_asked_is_told(self):
        """Once for all of it, without the name of the customer; who asks himself, and
        who is only looked at, is not."""
        told = self.env["mail.message"].with_context(tracking_disable=False)
        loud = self.items.with_context(tracking_disable=False).with_user(self.seller)
        before = told.search([("partner_ids", "in", self.employee.partner_id.ids)])
        loud[:2].user_id = self.employee
        new = told.search([("partner_ids", "in", self.employee.partner_id.ids)])
        new -= before
        self.assertEqual(len(new), 1)
        for item in loud[:2]:
            self.assertIn(item.name, new.body)
        self.assertIn("03/14/2026", new.body)
        self.assertIn("/odoo/key-account-preparation", new.body)
        for word in ("Orient", AIM):
            self.assertNotIn(word, new.body)
        loud[:2].user_id = self.seller
        mine = [("partner_ids", "in", self.seller.partner_id.ids)]
        self.assertFalse(told.search([*mine, ("subject", "=", "To prepare")]))

    def test_only_what_is_to_come(self):
        """Nobody is asked to prepare what was called off."""
        visit = self.receive()
        visit.action_cancel()
        loud = visit.item_ids.with_context(tracking_disable=False)
        loud.user_id = self.employee
        self.assertFalse(
            self.env["mail.message"].search([("subject", "=", "To prepare")])
        )

    def test_deleted_lines(self):
        """A line of the checklist may be deleted by who serves the customer."""
        self.visit.item_ids = [Command.delete(self.items[0].id)]
        self.assertEqual(len(self.visit.item_ids), 7)

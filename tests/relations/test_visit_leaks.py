from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .visit_case import AIM, SECRET, VisitCase

WHISPER = "Pays late since spring"


@tagged("post_install", "-at_install")
class TestVisitLeaks(VisitCase):
    """Each way to what was said with a customer, tried by whoever has no business in
    his file (R035, R039); those who help at the visit are among them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visit = cls.receive(
            minutes=f"<p>{SECRET}</p>",
            feedback=SECRET,
            colleague_ids=(cls.colleague | cls.employee).ids,
        )
        cls.message = cls.visit.message_post(body=WHISPER)
        cls.activity = cls.visit.activity_schedule(
            "mail.mail_activity_data_todo", summary=WHISPER, user_id=cls.seller.id
        )
        cls.portal = cls._create_user("ka_portal", "base.group_portal")
        cls.outsiders = {
            "member": cls.colleague,
            "reader": cls.reader,
            "committee": cls.second,
            "employee": cls.employee,
            "portal": cls.portal,
        }

    def each(self):
        for role, user in self.outsiders.items():
            self.env.invalidate_all()
            with self.subTest(role):
                yield user

    def finds(self, user, model, *conditions):
        records = self.env[model].with_user(user)
        try:
            return records.search(list(conditions))
        except AccessError:
            return records

    def test_those_who_serve_see_all(self):
        """What the tests below do not find is there."""
        for user in (self.seller, self.steward, self.manager):
            self.env.invalidate_all()
            visit = self.visit.with_user(user)
            self.assertIn(SECRET, visit.minutes)
            self.assertIn(self.message, visit.message_ids)
            self.assertIn(visit, visit.search([("minutes", "ilike", "Ms Wei")]))

    def test_read_and_write(self):
        for user in self.each():
            visit = self.visit.with_user(user)
            for attempt in (
                lambda visit=visit: visit.read(["minutes"]),
                lambda visit=visit: visit.write({"minutes": "<p>No</p>"}),
                lambda visit=visit: visit.action_done(),
                lambda visit=visit: visit.action_cancel(),
                lambda visit=visit: visit.action_pass_to_sales(),
                lambda visit=visit: visit.create({"account_id": self.account.id}),
                lambda visit=visit: visit.export_data(["minutes"]),
            ):
                with self.assertRaises(UserError):
                    attempt()

    def test_search(self):
        """Neither itself nor through the account, nor the items they help with."""
        for user in self.each():
            for model, *conditions in (
                ("key.account.visit", ("id", "=", self.visit.id)),
                ("key.account.visit", ("minutes", "ilike", "Wei")),
                ("key.account", ("visit_ids", "!=", False)),
                ("key.account", ("visit_ids", "in", self.visit.ids)),
                ("key.account", ("visit_ids.minutes", "ilike", "Wei")),
                ("key.account", ("visit_ids.purpose", "ilike", AIM)),
                ("key.account.visit.item", ("visit_id.purpose", "ilike", AIM)),
                ("calendar.event", ("name", "ilike", "Orient")),
                ("calendar.event", ("description", "ilike", "Orient")),
            ):
                self.assertFalse(self.finds(user, model, *conditions), conditions)

    def test_group(self):
        for user in self.each():
            visits = self.env["key.account.visit"].with_user(user)
            try:
                groups = visits.formatted_read_group([], ["feedback"], ["__count"])
            except AccessError:
                continue
            self.assertFalse(groups)

    def test_chatter(self):
        """Messages, activities, followers and attachments of the visit."""
        paper = self.env["ir.attachment"].create(
            {
                "name": "minutes.txt",
                "raw": SECRET.encode(),
                "res_model": "key.account.visit",
                "res_id": self.visit.id,
            }
        )
        for user in self.each():
            for model, *conditions in (
                ("mail.message", ("body", "ilike", WHISPER)),
                ("mail.message", ("model", "=", "key.account.visit")),
                ("mail.activity", ("summary", "ilike", WHISPER)),
                ("mail.followers", ("res_model", "=", "key.account.visit")),
                ("ir.attachment", ("res_model", "=", "key.account.visit")),
            ):
                self.assertFalse(self.finds(user, model, *conditions), conditions)
            for record, name in (
                (self.message, "body"),
                (self.activity, "summary"),
                (paper, "raw"),
            ):
                with self.assertRaises(AccessError):
                    record.with_user(user).read([name])

    def test_past_of_the_team(self):
        """Who served the customer once loses what he was told then."""
        self.account._change_holder(self.colleague)
        visit = self.visit.with_user(self.seller).sudo()
        told = visit.message_post(
            body=WHISPER, partner_ids=self.colleague.partner_id.ids
        )
        self.account._change_holder(self.seller)
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            told.with_user(self.colleague).read(["body"])
        with self.assertRaises(AccessError):
            self.visit.with_user(self.colleague).read(["minutes"])

    def test_strangers_are_not_told(self):
        """Nobody is made a follower, an addressee or an assignee of what is closed to
        him, the colleagues who help neither."""
        partner = self.employee.partner_id
        for attempt in (
            lambda: self.visit.message_subscribe(partner.ids),
            lambda: self.visit.message_post(body=WHISPER, partner_ids=partner.ids),
            lambda: self.visit.activity_schedule(
                "mail.mail_activity_data_todo", user_id=self.employee.id
            ),
        ):
            with self.assertRaisesRegex(UserError, "cannot see the file of Orient"):
                attempt()
        self.assertNotIn(partner, self.visit.message_partner_ids)

    def test_calendar(self):
        """Who helps sees a reception at a time; the others that somebody is busy; the
        papers of the invitation say no more."""
        event = self.visit.sudo().event_id
        for user in (self.reader, self.second):
            self.env.invalidate_all()
            self.assertEqual(event.with_user(user).name, "Busy")
        self.env.invalidate_all()
        helper = event.with_user(self.employee)
        self.assertEqual(helper.name, "Reception")
        said = str(helper.read()) + str(event.message_ids.mapped("body"))
        papers = self.env["ir.attachment"].search(
            [("res_model", "=", "calendar.event"), ("res_id", "=", event.id)]
        )
        said += "".join(paper.raw.decode() for paper in papers)
        for word in (AIM, SECRET, WHISPER, "Orient"):
            self.assertNotIn(word, said)

    def test_leaves_under_a_data_request_only(self):
        """An export of visits is an export of customers (R038)."""
        self.seller.group_ids |= self.env.ref("base.group_allow_export")
        visit = self.visit.with_user(self.seller)
        for records, name in ((visit, "minutes"), (visit.item_ids, "name")):
            with self.assertRaisesRegex(AccessError, "may not leave this way"):
                records.export_data([name])
        self._let_out(self.account, self.seller, "export")
        [[cell]] = visit.export_data(["minutes"])["datas"]
        self.assertIn(SECRET, cell)

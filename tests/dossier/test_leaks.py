from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .leak_case import OTHER, SECRET, WHISPER, LeakCase

FACTS = ("needs", "show_budget", "risk")


@tagged("post_install", "-at_install")
class TestLeaks(LeakCase):
    """Each way to a confidential fact, tried by whoever has no business in the file
    (R035, R039): it is empty, it is not found, or it is refused."""

    def test_those_who_serve_see_all(self):
        """What the tests below do not find is there."""
        for role, account in self.each(self.serving):
            with self.subTest(role):
                self.assertEqual(account.needs, SECRET)
                self.assertEqual(account.show_budget, 880_000)
                self.assertIn(self.message, account.message_ids)
                self.assertEqual(account.activity_summary, "Talk prices")
                self.assertEqual(account.message_attachment_count, 1)
                self.assertTrue(account.message_partner_ids)
                self.assertTrue(account.has_message)
                self.assertIn(account, account.search([("needs", "ilike", "Ms Wei")]))

    # --- Facts ---

    def test_read(self):
        """A stranger reads the public fields, and the facts are empty to him."""
        for role, account in self.each(self.strangers):
            with self.subTest(role):
                [values] = account.read(["name", "potential", *FACTS])
                self.assertEqual(values["potential"], 1_000)
                self.assertFalse(any(values[name] for name in FACTS))
                self.assertFalse(account.profile_ids if role == "member" else False)
        for role, account in self.each(self.outsiders):
            with self.subTest(role), self.assertRaises(AccessError):
                account.read(["name"])

    def test_read_what_another_cached(self):
        """What the system read for itself in the same request is not handed on."""
        stranger = self.account.with_user(self.colleague)
        self.assertEqual(stranger.sudo().needs, SECRET)
        self.assertFalse(stranger.needs)

    def test_profile_itself(self):
        """The record of the facts is closed, not only the fields that show it."""
        profile = self.account.profile_ids
        for role, user in {**self.strangers, **self.outsiders}.items():
            with self.subTest(role):
                self.assertFalse(
                    self.finds(user, "key.account.profile", ("needs", "!=", False))
                )
                with self.assertRaises(AccessError):
                    profile.with_user(user).read(["needs"])

    def test_search_by_value(self):
        """A closed file is not found by what stands in it, nor by its absence."""
        for role, account in self.each(self.strangers):
            for condition in (
                ("needs", "ilike", "Ms Wei"),
                ("needs", "=", SECRET),
                ("show_budget", ">", 500_000),
                ("risk", "in", ["high"]),
                ("needs", "!=", False),
                ("profile_ids.needs", "ilike", "Ms Wei"),
                ("profile_ids", "!=", False),
                ("profile_ids", "in", self.account.profile_ids.ids),
            ):
                with self.subTest(role, condition=condition):
                    try:
                        found = account.search([condition])
                    except AccessError:
                        continue
                    self.assertNotIn(account, found)
            with self.subTest(role):
                unknown = account.search([("needs", "=", False)])
                self.assertIn(account, unknown)
                self.assertIn(account, account.search([("risk", "!=", "high")]))

    def test_search_through_others(self):
        """Nor through the records that lead to it."""
        for role, user in self.strangers.items():
            for model, path in (
                ("res.partner", "key_account_id.needs"),
                ("res.partner", "key_account_ids.needs"),
                ("key.account", "referrer_id.key_account_ids.needs"),
            ):
                with self.subTest(role, path=path):
                    self.assertFalse(self.finds(user, model, (path, "ilike", "Ms Wei")))

    def test_group_and_aggregate(self):
        """Facts are no columns of the account; of profiles a stranger counts none."""
        for role, account in self.each(self.strangers):
            for groupby, aggregates in (
                (["risk"], ["__count"]),
                ([], ["show_budget:sum"]),
                (["profile_ids.risk"], ["__count"]),
            ):
                with self.subTest(role, groupby=groupby):
                    try:
                        account.formatted_read_group([], groupby, aggregates)
                    except (ValueError, UserError):
                        continue
                    self.fail("grouped by what is closed")
        profiles = self.env["key.account.profile"].with_user(self.colleague)
        [group] = profiles.formatted_read_group([], [], ["show_budget:sum"])
        self.assertFalse(group["show_budget:sum"])

    def test_export(self):
        """The columns of the facts stay empty."""
        group = self.env.ref("base.group_allow_export")
        for role, user in self.strangers.items():
            user.write({"group_ids": [fields.Command.link(group.id)]})
            self._let_out(self.account, user, "export")
            with self.subTest(role):
                account = self.account.with_user(user)
                [row] = account.export_data(["name", *FACTS])["datas"]
                self.assertEqual(row[0], "Orient Motors")
                self.assertFalse(any(row[1:]))

    def test_name_search(self):
        """A name is found by the name, and by nothing else."""
        for role, account in self.each(self.strangers):
            with self.subTest(role):
                self.assertTrue(account.name_search("Orient"))
                self.assertFalse(account.name_search("Ms Wei"))
                inside = [("needs", "ilike", "Ms Wei")]
                self.assertFalse(account.name_search("Orient", inside))
        for role, account in self.each(self.outsiders):
            with self.subTest(role), self.assertRaises(AccessError):
                account.name_search("Orient")

    def test_write(self):
        """Who may not read a fact does not overwrite it either."""
        for role, account in self.each(self.strangers):
            with self.subTest(role), self.assertRaises(UserError):
                account.write({"needs": "Nothing"})
        with self.assertRaises(UserError):
            self.env["key.account.profile"].with_user(self.colleague).create(
                {"account_id": self._create_account("Delta").id, "needs": "Nothing"}
            )

    def test_reports(self):
        """No paper shows a stranger what the screen does not."""
        Report = self.env["ir.actions.report"]
        reports = Report.search([("model", "=", "key.account")])
        self.assertTrue(reports)
        for report in reports:
            for role, user in self.strangers.items():
                if report.report_name == "key_account.report_file":
                    continue  # refused as a whole, see below
                with self.subTest(role, report=report.report_name):
                    text, _kind = Report.with_user(user)._render_qweb_html(
                        report.report_name, self.account.ids
                    )
                    self.assertIn("Orient Motors", text.decode())
                    self.assertNotIn(SECRET, text.decode())
                    self.assertNotIn(WHISPER, text.decode())
            self.env.invalidate_all()
            with self.subTest("employee", report=report.report_name):
                with self.assertRaises(UserError):
                    Report.with_user(self.employee)._render_qweb_html(
                        report.report_name, self.account.ids
                    )

    def test_report_of_the_file(self):
        """The sheet of the whole file is refused."""
        Report = self.env["ir.actions.report"]
        for role, user in {**self.strangers, **self.outsiders}.items():
            with self.subTest(role), self.assertRaises(UserError):
                Report.with_user(user)._render_qweb_html(
                    "key_account.report_file", self.account.ids
                )

    # --- The thread ---

    def test_chatter(self):
        """Messages are not read, found, counted or searched by (R039)."""
        for role, user in {**self.strangers, **self.outsiders}.items():
            with self.subTest(role):
                found = self.finds(
                    user,
                    "mail.message",
                    ("model", "=", "key.account"),
                    ("body", "ilike", WHISPER),
                )
                self.assertFalse(found)
                with self.assertRaises(AccessError):
                    self.message.with_user(user).read(["body"])
        for role, account in self.each(self.strangers):
            with self.subTest(role):
                self.assertFalse(account.message_ids)
                self.assertFalse(account.has_message)
                for condition in (
                    ("has_message", "=", True),
                    ("message_ids.body", "ilike", WHISPER),
                    ("message_ids", "!=", False),
                    ("message_ids", "in", self.message.ids),
                ):
                    self.assertFalse(account.search([condition]), condition)
                    self.assertIn(account, account.search(["!", condition]))

    def test_chatter_of_the_past(self):
        """Who served the customer once loses what he was told, and the rest of the
        inbox stays."""
        past, _activity = self._leave(self.colleague)
        other = self.colleague.partner_id.message_post(
            body=OTHER, partner_ids=self.colleague.partner_id.ids
        )
        mine = self.env["mail.message"].with_user(self.colleague)
        self.assertEqual(mine.search([("id", "in", (past | other).ids)]), other)
        for message in past:
            with self.assertRaises(AccessError):
                message.with_user(self.colleague).read(["body"])
        self.account._change_holder(self.colleague)
        self.env.invalidate_all()
        self.assertEqual(mine.search([("id", "in", past.ids)]), past)

    def test_followers(self):
        """Who follows a closed file is nobody's business."""
        follower = self.account.message_follower_ids
        self.assertTrue(follower)
        partner = self.seller.partner_id
        for role, user in {**self.strangers, "employee": self.employee}.items():
            with self.subTest(role):
                self.assertFalse(
                    self.finds(user, "mail.followers", ("id", "in", follower.ids))
                )
                with self.assertRaises(AccessError):
                    follower.with_user(user).read(["partner_id"])
        for role, account in self.each(self.strangers):
            with self.subTest(role):
                self.assertFalse(account.message_partner_ids)
                for condition in (
                    ("message_partner_ids", "in", partner.ids),
                    ("message_follower_ids", "!=", False),
                    ("message_follower_ids", "in", follower.ids),
                    ("message_follower_ids.partner_id", "in", partner.ids),
                ):
                    self.assertFalse(account.search([condition]), condition)
        theirs = [("message_partner_ids", "in", partner.ids)]
        self.assertIn(self.file, self.file.search(theirs))

    def test_attachments(self):
        """Neither their names, nor their number, nor what they say."""
        for role, user in {**self.strangers, "employee": self.employee}.items():
            Attachment = self.env["ir.attachment"].with_user(user)
            with self.subTest(role):
                for domain in (
                    [("res_model", "=", "key.account")],
                    [("id", "=", self.attachment.id)],
                    [("name", "=", "offer.txt")],
                    [
                        ("res_model", "=", "key.account"),
                        ("res_id", "=", self.account.id),
                    ],
                ):
                    self.assertNotIn(self.attachment, Attachment.search(domain))
                with self.assertRaises(AccessError):
                    self.attachment.with_user(user).read(["raw"])
        for role, account in self.each(self.strangers):
            with self.subTest(role):
                self.assertFalse(account.message_attachment_count)
                self.assertFalse(account._get_mail_thread_data_attachments())

    # --- Activities and calendar ---

    def test_activities(self):
        """What is to be done, by when and by whom stays in the file."""
        for role, user in {**self.strangers, "employee": self.employee}.items():
            with self.subTest(role):
                self.assertFalse(
                    self.finds(user, "mail.activity", ("id", "=", self.activity.id))
                )
                with self.assertRaises(AccessError):
                    self.activity.with_user(user).read(["summary"])
        for role, account in self.each(self.strangers):
            for name in (
                "activity_ids",
                "activity_state",
                "activity_summary",
                "activity_type_id",
                "activity_type_icon",
                "activity_user_id",
                "activity_date_deadline",
                "activity_exception_decoration",
                "activity_calendar_event_id",
            ):
                with self.subTest(role, field=name):
                    self.assertFalse(account[name])
            for condition in (
                ("activity_ids", "!=", False),
                ("activity_ids", "in", self.activity.ids),
                ("activity_ids", "not in", [False]),
                ("activity_summary", "ilike", "prices"),
                ("activity_state", "in", ["overdue", "today", "planned"]),
                ("activity_user_id", "=", self.seller.id),
                ("activity_type_id", "!=", False),
                ("activity_date_deadline", "!=", False),
            ):
                with self.subTest(role, condition=condition):
                    self.assertNotIn(account, account.search([condition]))
            with self.subTest(role):
                free = account.search([("activity_state", "=", False)])
                self.assertIn(account, free)
                data = self.env["mail.activity"].with_user(account.env.user)
                data = data.get_activity_data("key.account", [])
                self.assertFalse(data["activity_res_ids"])

    def test_activity_state_by_group(self):
        """Odoo groups by it in SQL; a closed file counts as without an activity."""
        for people, expected in ((self.strangers, False), (self.serving, "today")):
            for role, account in self.each(people):
                with self.subTest(role):
                    groups = account._read_group(
                        [("id", "=", account.id)], ["activity_state"], ["__count"]
                    )
                    self.assertEqual([tuple(row) for row in groups], [(expected, 1)])

    def test_activity_of_the_past(self):
        """The activity of somebody who served once is for the others to do."""
        _messages, activity = self._leave(self.colleague)
        mine = activity.with_user(self.colleague)
        self.assertFalse(mine.search([("id", "=", activity.id)]))
        for attempt in (
            lambda: mine.read(["summary"]),
            lambda: mine.write({"summary": "Mine"}),
            lambda: mine.action_feedback("Done"),
        ):
            with self.assertRaises(AccessError):
                attempt()
        self.assertTrue(activity.with_user(self.seller).read(["summary"]))

    def test_calendar(self):
        """Colleagues see that the time is taken: no name, no words, and no searching
        for them."""
        event = self._create_event(name="Prices with Orient")
        for role, user in {**self.strangers, "employee": self.employee}.items():
            self.env.invalidate_all()
            theirs = event.with_user(user)
            with self.subTest(role):
                self.assertEqual(theirs.name, "Busy")
                self.assertFalse(theirs.description)
                for condition in (
                    ("name", "ilike", "Prices"),
                    ("res_id", "=", self.account.id),
                    ("activity_ids.note", "ilike", WHISPER),
                ):
                    self.assertFalse(
                        self.finds(
                            user, "calendar.event", condition, ("id", "=", event.id)
                        ),
                        condition,
                    )
                busy = self.finds(
                    user,
                    "calendar.event",
                    ("partner_ids", "in", self.seller.partner_id.ids),
                )
                self.assertIn(event, busy)
        own = self.finds(self.seller, "calendar.event", ("name", "ilike", "Prices"))
        self.assertIn(event, own)

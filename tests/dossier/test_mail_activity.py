from odoo.exceptions import UserError
from odoo.tests import tagged

from .leak_case import WHISPER, LeakCase


@tagged("post_install", "-at_install")
class TestMailActivity(LeakCase):
    """What is to be done for a customer is assigned to those who may see his file."""

    def test_assigned_to_a_stranger(self):
        """Refused with a sentence, when it is made and when it changes hands."""
        for role, user in {**self.strangers, "employee": self.employee}.items():
            with self.subTest(role):
                with self.assertRaisesRegex(UserError, "cannot see the file of Orient"):
                    self.file.activity_schedule(
                        "mail.mail_activity_data_todo", user_id=user.id
                    )
                with self.assertRaisesRegex(UserError, "cannot see the file of Orient"):
                    self.activity.with_user(self.seller).write({"user_id": user.id})

    def test_assigned_to_who_serves(self):
        """The steward and the manager serve every customer."""
        for user in (self.steward, self.manager):
            self.activity.with_user(self.seller).write({"user_id": user.id})
            self.assertIn(self.activity, self.account.with_user(user).activity_ids)

    def test_carried_into_a_file(self):
        """A stranger's own activity is not moved into a closed file, nor one of his
        colleague's into a file which is closed to that one."""
        place = {
            "res_model_id": self.env["ir.model"]._get_id("key.account"),
            "res_id": self.account.id,
        }
        own = self.env["mail.activity"].with_user(self.colleague)
        own = own.create({"summary": "Own", "user_id": self.colleague.id})
        with self.assertRaises(UserError):
            own.write(place)
        theirs = self.account.partner_id.with_user(self.seller).activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.colleague.id
        )
        with self.assertRaisesRegex(UserError, "cannot see the file of Orient"):
            theirs.write(place)

    def test_calendar_carries_no_note(self):
        """The event that an activity makes has its time; the note stays where it is,
        and so does what came of the meeting."""
        event = self._create_event()
        self.assertEqual(event.privacy, "private")
        self.assertNotIn(WHISPER, event.description or "")
        self.assertIn(WHISPER, self.activity.note)
        self.assertEqual(event.activity_ids, self.activity)
        event.write({"description": "Room 3"})
        self.assertIn(WHISPER, self.activity.note)
        self.activity.with_user(self.seller).action_feedback("Wants a discount")
        self.assertNotIn("discount", event.notes or "")
        self.assertIn("discount", self.account.message_ids[0].body)

    def test_other_activities(self):
        """Elsewhere the calendar is as Odoo made it."""
        activity = self.account.partner_id.activity_schedule(
            "mail.mail_activity_data_meeting", note=WHISPER, user_id=self.seller.id
        )
        context = activity.action_create_calendar_event()["context"]
        self.assertIn(WHISPER, context["default_description"])
        self.assertNotIn("default_privacy", context)

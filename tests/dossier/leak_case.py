from odoo.fields import Command

from ..common import KeyAccountCase

SECRET = "Budget is with Ms Wei"
WHISPER = "Pays late since spring"
OTHER = "Nothing about customers"


class LeakCase(KeyAccountCase):
    """The full file of one customer of the seller, and everybody who has no business
    in it: ``strangers`` may read accounts, ``outsiders`` may not.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._create_account("Orient Motors", potential=1_000)
        cls.account._change_holder(cls.seller)
        cls.file = cls.account.with_user(cls.seller)
        cls.file.write({"needs": SECRET, "show_budget": 880_000, "risk": "high"})
        cls.message = cls.file.message_post(body=WHISPER)
        cls.attachment = (
            cls.env["ir.attachment"]
            .with_user(cls.seller)
            .create(
                {
                    "name": "offer.txt",
                    "raw": SECRET.encode(),
                    "res_model": "key.account",
                    "res_id": cls.account.id,
                }
            )
        )
        cls.activity = cls.file.activity_schedule(
            "mail.mail_activity_data_meeting",
            summary="Talk prices",
            note=WHISPER,
            user_id=cls.seller.id,
        )
        cls.colleague = cls._create_user("ka_colleague", "key_account.group_member")
        cls.portal = cls._create_user("ka_portal", "base.group_portal")
        cls.strangers = {
            "member": cls.colleague,
            "reader": cls.reader,
            "committee": cls.second,
        }
        cls.outsiders = {"employee": cls.employee, "portal": cls.portal}
        cls.serving = {
            "owner": cls.seller,
            "steward": cls.steward,
            "manager": cls.manager,
        }

    def each(self, people):
        """``(role, account)`` as each of ``people`` sees it, with nothing cached."""
        for role, user in people.items():
            self.env.invalidate_all()
            yield role, self.account.with_user(user)

    def finds(self, user, model, *conditions):
        """What ``user`` finds, nothing where the model itself is closed to him."""
        records = self.env[model].with_user(user)
        if not records.has_access("read"):
            return records
        return records.search(list(conditions))

    @classmethod
    def _leave(cls, user):
        """Somebody who served the customer does so no more, and keeps what he was
        told by then: notified, author and assignee."""
        cls.account._change_holder(user)
        message = cls.account.message_post(
            body=WHISPER, partner_ids=user.partner_id.ids
        )
        own = cls.account.with_user(user).message_post(body=OTHER)
        activity = cls.account.activity_schedule(
            "mail.mail_activity_data_todo", summary="Call back", user_id=user.id
        )
        cls.account._change_holder(cls.seller)
        cls.env.invalidate_all()
        return message | own, activity

    @classmethod
    def _create_event(cls, **vals):
        """A meeting in the file, as the seller makes it of his activity."""
        action = cls.activity.with_user(cls.seller).action_create_calendar_event()
        return (
            cls.env["calendar.event"]
            .with_user(cls.seller)
            .with_context(**{**action["context"], "no_mail_to_attendees": True})
            .create(
                {
                    "start": "2026-03-02 01:00:00",
                    "stop": "2026-03-02 02:00:00",
                    "res_model_id": cls.env["ir.model"]._get_id("key.account"),
                    "res_id": cls.account.id,
                    "partner_ids": [Command.set(cls.seller.partner_id.ids)],
                    **vals,
                }
            )
        )

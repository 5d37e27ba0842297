"""Company A neither reads nor changes anything of B by a program that uses the session
of its log-in (I9): the methods of models, and the addresses that pages ask."""

from uuid import uuid4

from odoo.tests import tagged
from odoo.tools import mute_logger

from .portal_leak_case import MODEL, PortalLeakCase


@tagged("post_install", "-at_install")
class TestPortalPrograms(PortalLeakCase):
    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule", "odoo.models")
    def test_rpc(self):
        """Every method of a model that its session lets a portal user call."""
        ids, file_ids = self.ticket.ids, self.message.attachment_ids.ids
        read = ["name", "display_name", "description"]
        calls = [
            (MODEL, "read", ids, read),
            (MODEL, "web_read", ids, {"name": {}}),
            (MODEL, "search_read", [["id", "in", ids]], read),
            (MODEL, "search_read", [["name", "ilike", "Aurora"]], read),
            (MODEL, "web_search_read", [], {"name": {}}),
            (MODEL, "name_search", "Aurora"),
            (MODEL, "formatted_read_group", [], ["name"], ["__count"]),
            (MODEL, "export_data", ids, read),
            (MODEL, "copy", ids),
            (MODEL, "write", ids, {"name": "Hacked"}),
            (MODEL, "unlink", ids),
            (MODEL, "create", {"name": "Hacked", "commercial_partner_id": 1}),
            (MODEL, "message_post", ids),
            (MODEL, "message_new", {"subject": "Hacked", "email_from": "x@x.com"}),
            (MODEL, "message_update", ids, {"body": "Hacked"}),
            (MODEL, "message_process", MODEL, self._forged_reply()),
            (MODEL, "message_notify", ids),
            (MODEL, "message_subscribe", ids, self.berg.partner_id.ids),
            (MODEL, "message_get_followers", ids),
            (MODEL, "get_portal_url", ids),
            (MODEL, "rating_apply", ids, 5),
            (MODEL, "rating_get_stats", ids),
            ("rating.rating", "search_read", [], ["access_token", "res_id"]),
            ("mail.message", "read", self.message.ids, ["body"]),
            ("mail.message", "search_read", [["model", "=", MODEL]], ["body"]),
            ("mail.message", "search_read", [["id", "in", self.message.ids]], ["body"]),
            ("mail.message", "write", self.message.ids, {"body": "Hacked"}),
            ("mail.message", "unlink", self.message.ids),
            ("mail.message", "portal_message_format", self.message.ids),
            ("ir.attachment", "read", file_ids, ["name", "raw"]),
            ("ir.attachment", "search_read", [["res_model", "=", MODEL]], ["name"]),
            ("ir.attachment", "search_read", [["id", "in", file_ids]], ["name"]),
            ("ir.attachment", "write", file_ids, {"name": "Hacked"}),
            ("ir.attachment", "unlink", file_ids),
            (
                "ir.attachment",
                "create",
                {"name": "x", "raw": "x", "res_model": MODEL, "res_id": ids[0]},
            ),
            ("key.account.sla.clock", "search_read", [], ["metric"]),
            ("key.account.ticket.round", "search_read", [], ["words"]),
        ]
        calls += [
            (MODEL, name, ids)
            for name in dir(self.registry[MODEL])
            if name.startswith("action_")
        ]
        calls += [
            (MODEL, name, ids, "Hacked")
            for name in dir(self.registry[MODEL])
            if name.startswith("action_")
        ]
        for who, _user in self.strangers():
            for call in calls:
                with self.subTest(who=who, call=call[:2]):
                    self.assertClosed(self.call(*call))
        self.assertUnchanged()

    def _forged_reply(self):
        """A mail that pretends to answer a message of the ticket."""
        return (
            f"From: Ms Lin <lin@aurora.example.com>\r\nTo: service@example.com\r\n"
            f"Message-ID: <{uuid4()}@example.com>\r\n"
            f"In-Reply-To: {self.message.message_id}\r\n"
            f"Subject: Hacked\r\n\r\nHacked\r\n"
        )

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_addresses_of_the_conversation(self):
        """The JSON addresses of mail and portal, with and without wrong tokens."""
        thread = {"thread_model": MODEL, "thread_id": self.ticket.id}
        post = {"body": "Hacked", "message_type": "comment"}
        own = self._create_ticket(partner_id=self.berg.partner_id.id)
        foreign = self._link_of(own, self.berg.partner_id)
        foreign["token"] = foreign["access_token"]
        wanted = ["activities", "attachments", "followers", "suggestedRecipients"]
        calls = [
            ("/mail/chatter_fetch", thread),
            ("/mail/chatter_fetch", {**thread, "token": str(uuid4())}),
            ("/portal/chatter_init", thread),
            ("/portal/chatter_init", {**thread, **foreign}),
            ("/mail/thread/messages", thread),
            ("/mail/thread/recipients", thread),
            (
                "/mail/data",
                {"fetch_params": [["mail.thread", {**thread, "request_list": wanted}]]},
            ),
            ("/mail/message/post", {**thread, "post_data": post}),
            ("/mail/message/post", {**thread, "post_data": post, "token": "x"}),
            ("/mail/message/post", {**thread, "post_data": post, **foreign}),
            (
                "/mail/message/update_content",
                {"message_id": self.message.id, "update_data": {"body": "Hacked"}},
            ),
            (
                "/mail/message/reaction",
                {"message_id": self.message.id, "content": "x", "action": "add"},
            ),
            (
                "/mail/update_is_internal",
                {"message_id": self.message.id, "is_internal": True},
            ),
            (
                "/mail/thread/subscribe",
                {
                    "res_model": MODEL,
                    "res_id": self.ticket.id,
                    "partner_ids": self.berg.partner_id.ids,
                },
            ),
            (
                "/mail/attachment/delete",
                {"attachment_id": self.message.attachment_ids.id},
            ),
            (
                "/portal/attachment/remove",
                {"attachment_id": self.message.attachment_ids.id},
            ),
        ]
        for who, _user in self.strangers():
            for path, params in calls:
                with self.subTest(who=who, path=path, params=params):
                    self.assertClosed(self.rpc(path, **params))
            with self.subTest(who=who, path="/mail/attachment/upload"):
                self.send(
                    "/mail/attachment/upload",
                    {"thread_id": self.ticket.id, "thread_model": MODEL},
                    {"ufile": ("x.txt", b"Hacked")},
                )
        self.assertUnchanged()

import json
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .leak_case import SECRET, WHISPER, LeakCase


@tagged("post_install", "-at_install")
class TestLeaksOverHttp(HttpCase, LeakCase):
    """The same from outside: JSON-2 with a key, and the addresses of files."""

    def call(self, user, method, model="key.account", **arguments):
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        keys = self.env["res.users.apikeys"].with_user(user)
        return self.url_open(
            f"/json/2/{model}/{method}",
            data=json.dumps(arguments),
            headers={
                "Authorization": f"Bearer {keys._generate('rpc', 'test', tomorrow)}",
                "Content-Type": "application/json",
                "X-Odoo-Database": self.env.cr.dbname,
            },
        )

    def test_json(self):
        """A key opens no more than its user."""
        ids = self.account.ids
        for user in (self.seller, self.colleague, self.reader):
            self._let_out(self.account, user, "api")
        own = self.call(self.seller, "read", ids=ids, fields=["needs"])
        self.assertEqual(own.json()[0]["needs"], SECRET)
        self.env.cr.flush()
        for user in (self.colleague, self.reader):
            with self.subTest(user.login):
                names = ["needs", "activity_summary", "message_ids"]
                [row] = self.call(user, "read", ids=ids, fields=names).json()
                self.assertFalse(any(row[name] for name in names))
                domain = [["needs", "ilike", "Ms Wei"]]
                self.assertEqual(self.call(user, "search", domain=domain).json(), [])
                sudo = {"su": True, "uid": self.seller.id, "key_account_listing": 1}
                [row] = self.call(
                    user, "read", ids=ids, fields=["needs"], context=sudo
                ).json()
                self.assertFalse(row["needs"])

    def test_address_of_an_attachment(self):
        """/web/content knows who asks; pictures of customers are for all readers."""
        address = f"/web/content/{self.attachment.id}"
        avatar = f"/web/image/key.account/{self.account.id}/avatar_128"
        self.authenticate(self.seller.login, self.seller.login)
        self.assertEqual(self.url_open(address).content, SECRET.encode())
        for user in (self.colleague, self.reader, self.employee, self.portal):
            self.authenticate(user.login, user.login)
            with self.subTest(user.login), mute_logger("odoo.http"):
                answer = self.url_open(address)
                self.assertNotIn(SECRET.encode(), answer.content)
                self.assertNotEqual(answer.status_code, 200)
                answer = self.url_open(f"{address}?access_token=guess")
                self.assertNotIn(SECRET.encode(), answer.content)
        self.authenticate(self.reader.login, self.reader.login)
        picture = self.url_open(avatar)
        self.assertEqual(picture.status_code, 200)
        self.assertTrue(picture.headers["Content-Type"].startswith("image/"))

    def test_thread_of_the_page(self):
        """What the page of an account asks the server for its thread."""
        request = {
            "params": {
                "fetch_params": [
                    [
                        "mail.thread",
                        {
                            "thread_model": "key.account",
                            "thread_id": self.account.id,
                            "request_list": [
                                "activities",
                                "attachments",
                                "followers",
                                "scheduledMessages",
                                "suggestedRecipients",
                            ],
                        },
                    ]
                ]
            }
        }
        messages = {
            "params": {"thread_model": "key.account", "thread_id": self.account.id}
        }
        for user, sees in ((self.seller, True), (self.colleague, False)):
            self.authenticate(user.login, user.login)
            with self.subTest(user.login):
                answer = self.url_open("/mail/data", json=request).text
                for word in ("Talk prices", "offer.txt"):
                    self.assertEqual(word in answer, sees, word)
                answer = self.url_open("/mail/thread/messages", json=messages).text
                self.assertEqual(WHISPER in answer, sees)

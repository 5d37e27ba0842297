"""What a customer reads of his own ticket by a program, as opposed to the page: the
same and no more. Notes, files and words of ours stay with us (I9, R092)."""

from datetime import date

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .portal_case import TICKETS, PortalCase

MODEL = "key.account.ticket"
WHISPER = "Between us: he always complains"
# What the page shows. A field that is added to tickets is closed until it is named
# here and in models/tickets/ticket_portal.py.
SHOWN = {
    "id",
    "display_name",
    "number",
    "name",
    "kind",
    "portal_state",
    "is_open",
    "description",
    "remedy_sought",
    "company_id",
    "partner_id",
    "commercial_partner_id",
    "order_id",
    "show_name",
    "stand_no",
    "received_at",
    "closed_at",
    "access_url",
    "access_token",
    "access_warning",
}


@tagged("post_install", "-at_install")
class TestPortalRecords(PortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls._create_ticket("complaint", user=cls.agent)
        cls.ticket.message_subscribe(cls.contact.ids)

    def _note(self, **kwargs):
        return self._post(self.ticket, WHISPER, internal=True, **kwargs)

    def _fetch(self):
        """The conversation as the page of the portal gets it."""
        return self.rpc(
            "/mail/chatter_fetch",
            thread_model=MODEL,
            thread_id=self.ticket.id,
            fetch_params={"limit": 100},
        )

    # --- Fields ---

    def test_fields(self):
        """Every field of tickets is either on the page or closed: to read, to search,
        to sort and to group by it."""
        self.visit(self.lin)
        known = self.call(MODEL, "fields_get", attributes=["type"])["result"]
        self.assertEqual(set(known), SHOWN & set(self.env[MODEL]._fields))
        self.assertEqual(SHOWN - set(known), set())
        with mute_logger("odoo.http", "odoo.models"):
            for name, field in self.env[MODEL]._fields.items():
                with self.subTest(name):
                    answer = self.call(MODEL, "read", self.ticket.ids, [name])
                    self.assertEqual("error" in answer, name not in SHOWN)
                    if name in SHOWN or not field.store:
                        continue
                    [row] = self.ticket.sudo().read([name], load="")
                    guess = row[name]
                    if isinstance(guess, date):
                        guess = fields.Datetime.to_string(guess)
                    for method, args, options in (
                        ("search", [[[name, "=", guess]]], {}),
                        ("search", [[]], {"order": name}),
                        ("formatted_read_group", [[], [name], ["__count"]], {}),
                    ):
                        answer = self.call(MODEL, method, *args, **options)
                        self.assertIn("error", answer, method)

    def test_default_order_needs_nothing_that_is_closed(self):
        self.visit(self.lin)
        rows = self.call(MODEL, "search_read", [], ["number"])["result"]
        self.assertEqual([row["number"] for row in rows], [self.ticket.number])
        groups = self.call(MODEL, "formatted_read_group", [], ["kind"], ["__count"])[
            "result"
        ]
        self.assertEqual(groups[0]["__count"], 1)

    def test_states_are_those_of_the_page(self):
        """Review and questions to departments are ours."""
        self.visit(self.lin)
        self._plan_complaint(self.ticket)
        self.ticket.action_submit()
        [row] = self.call(MODEL, "read", self.ticket.ids, ["portal_state"])["result"]
        self.assertEqual(row["portal_state"], "planning")
        for value, found in (("planning", True), ("proposed", False)):
            domain = [["portal_state", "=", value]]
            answer = self.call(MODEL, "search_count", domain)["result"]
            self.assertEqual(bool(answer), found)
        domain = [["portal_state", "not in", ["planning"]]]
        self.assertEqual(self.call(MODEL, "search_count", domain)["result"], 0)

    def test_parts_are_closed(self):
        self._plan_complaint(self.ticket)
        self.ticket.action_hold("customer", WHISPER)
        self.visit(self.lin)
        parts = (
            "consult",
            "investigation",
            "measure",
            "round",
            "hold",
            "team",
            "mailbox",
            "step",
        )
        models = [f"key.account.ticket.{part}" for part in parts]
        models += [
            "key.account.sla.clock",
            "key.account.sla.event",
            "key.account.cause",
        ]
        models += ["key.account.sla.policy", "key.account", "key.account.tier"]
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_model"):
            for model in [*models, "rating.rating", "mail.activity", "mail.followers"]:
                with self.subTest(model):
                    answer = self.call(model, "search_read", [], ["id"])
                    self.assertIn("error", answer)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_own_ticket_is_changed_on_its_page_only(self):
        """Neither a field nor a step, in whatever state it is (D12)."""
        ticket = self._followed_up()
        self.visit(self.lin)
        steps = [n for n in dir(self.registry[MODEL]) if n.startswith("action_")]
        before = ticket.sudo().read(["state", "satisfaction", "name", "write_date"])
        for step in steps:
            for words in ((), ("My words",)):
                with self.subTest(step=step, words=words):
                    self.call(MODEL, step, ticket.ids, *words)
        for vals in ({"name": "x"}, {"state": "closed"}, {"satisfaction": "neutral"}):
            with self.subTest(vals):
                self.assertIn("error", self.call(MODEL, "write", ticket.ids, vals))
        self.assertIn("error", self.call(MODEL, "create", {"name": "x"}))
        self.assertIn("error", self.call(MODEL, "unlink", ticket.ids))
        self.env.invalidate_all()
        after = ticket.sudo().read(["state", "satisfaction", "name", "write_date"])
        self.assertEqual(before, after)

    # --- Messages ---

    def test_notes_and_answers_of_departments(self):
        """Internal is what a colleague notes, and what the system writes for us."""
        note = self._note()
        consult = (
            self.env["key.account.ticket.consult"]
            .with_user(self.agent)
            .create(
                {
                    "ticket_id": self.ticket.id,
                    "department_id": self.workshop.id,
                    "question": "What happened?",
                }
            )
        )
        consult.with_user(self.builder).action_answer(f"{WHISPER}, says the workshop")
        handed_back = self.ticket.sudo().message_ids[:1]
        self.assertIn("Workshop answers", handed_back.body)
        self.assertTrue(handed_back.subtype_id.internal)
        hidden = self._post(self.ticket, WHISPER, is_internal=True)
        shown = self._post(self.ticket, "For the customer to read")
        self.visit(self.lin)
        messages = note + handed_back + hidden
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"):
            for message in messages:
                for method, *args in (
                    ("read", ["body"]),
                    ("write", {"is_internal": False}),
                    ("portal_message_format",),
                ):
                    with self.subTest(body=message.body, method=method):
                        answer = self.call("mail.message", method, message.ids, *args)
                        self.assertIn("error", answer)
                        self.assertNotIn(WHISPER, str(answer))
            thread = {"thread_model": MODEL, "thread_id": self.ticket.id}
            for path, params in (
                ("/mail/chatter_fetch", thread),
                ("/mail/thread/messages", thread),
            ):
                with self.subTest(path):
                    text = str(self.rpc(path, **params))
                    self.assertIn(shown.body.striptags(), text)
                    self.assertNotIn(WHISPER, text)
            domain = [["model", "=", MODEL], ["res_id", "=", self.ticket.id]]
            found = self.call("mail.message", "search_read", domain, ["body"])
            self.assertEqual([row["id"] for row in found["result"]], shown.ids)
            self.assertNotIn(WHISPER, self.url_open(f"{TICKETS}/{self.ticket.id}").text)

    def test_token_shows_no_notes(self):
        """The same for who has the link only."""
        self._note(attachments=[("ours.txt", WHISPER.encode())])
        self._post(self.ticket, "For the customer to read")
        token = self.ticket.sudo()._portal_ensure_token()
        self.visit(None)
        answer = self.rpc(
            "/mail/chatter_fetch",
            thread_model=MODEL,
            thread_id=self.ticket.id,
            token=token,
        )
        self.assertIn("For the customer to read", str(answer))
        self.assertNotIn(WHISPER, str(answer))
        self.assertNotIn("ours.txt", str(answer))

    def test_reply_on_the_page(self):
        """R086, I7: what he writes on the page, with a file, waits for an answer."""
        self._post(self.ticket, "Which board?")
        self.visit(self.lin)
        upload = self.send(
            "/mail/attachment/upload",
            {
                "thread_id": self.ticket.id,
                "thread_model": MODEL,
                "is_pending": "true",
            },
            {"ufile": ("board.jpg", b"\xff\xd8")},
        ).json()["data"]
        file_id = upload["attachment_id"]
        [stored] = upload["store_data"]["ir.attachment"]
        answer = self.rpc(
            "/mail/message/post",
            thread_model=MODEL,
            thread_id=self.ticket.id,
            post_data={
                "body": "The one on the left.",
                "message_type": "comment",
                "subtype_xmlid": "mail.mt_comment",
                "attachment_ids": [file_id],
                "attachment_tokens": [stored["ownership_token"]],
            },
        )
        self.env.invalidate_all()
        message = self.env["mail.message"].browse(answer["result"]["message_id"])
        self.assertEqual(message.author_id, self.contact)
        self.assertEqual(message.attachment_ids.name, "board.jpg")
        self.assertEqual(self._clock(self.ticket, "next_reply").state, "running")
        self.visit(self.colleague)
        fetched = self._fetch()["result"]["data"]["mail.message"][0]
        self.assertIn("The one on the left.", fetched["body"][1])
        [file] = fetched["attachment_ids"]
        self.assertEqual(self.url_open(self._address_of(file)).content, b"\xff\xd8")

    def test_program_writes_as_its_user_and_to_nobody_else(self):
        """A call cannot make our answer of a customer's words, nor mail to others."""
        self._post(self.ticket, "Which board?")
        self.visit(self.lin)
        with mute_logger("odoo.http"):
            answer = self.call(
                MODEL,
                "message_post",
                self.ticket.ids,
                body="It is solved.",
                author_id=self.agent.partner_id.id,
                email_from="service@huazhan.example.com",
                partner_ids=self.berg.partner_id.ids,
                message_type="email",
                subtype_xmlid="mail.mt_note",
            )
        self.env.invalidate_all()
        message = self.ticket.sudo().message_ids[:1]
        self.assertNotIn("error", answer)
        self.assertEqual(message.author_id, self.contact)
        self.assertFalse(message.partner_ids)
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_comment"))
        self.assertEqual(self._clock(self.ticket, "next_reply").state, "running")

    # --- Files ---

    def test_files_of_ours(self):
        """Files on a note, beside the conversation and of a measure are ours; those on
        a message to the customer he gets with it."""
        note = self._note(attachments=[("note.txt", WHISPER.encode())])
        beside, evidence = (
            self.env["ir.attachment"]
            .with_user(self.agent)
            .create(
                [
                    {
                        "name": "beside.txt",
                        "raw": WHISPER.encode(),
                        "res_model": MODEL,
                        "res_id": self.ticket.id,
                    },
                    {"name": "evidence.txt", "raw": WHISPER.encode()},
                ]
            )
        )
        self._plan_complaint(self.ticket)
        self.ticket.measure_ids.evidence_ids = evidence
        sent = self._post(
            self.ticket, "Here is the plan", attachments=[("plan.txt", b"The plan")]
        )
        self.visit(self.lin)
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_model"):
            for file in note.attachment_ids + beside + evidence:
                with self.subTest(file.name):
                    answer = self.url_open(f"/web/content/{file.id}")
                    self.assertNotEqual(answer.status_code, 200)
                    for method, *args in (
                        ("read", file.ids, ["name"]),
                        ("search_read", [["id", "=", file.id]], ["name"]),
                        ("search_read", [["res_model", "=", MODEL]], ["name"]),
                    ):
                        answer = self.call("ir.attachment", method, *args)
                        self.assertFalse(answer.get("result"), method)
            thread = {
                "thread_model": MODEL,
                "thread_id": self.ticket.id,
                "request_list": ["attachments"],
            }
            text = str(self.rpc("/mail/data", fetch_params=[["mail.thread", thread]]))
        for name in ("note.txt", "beside.txt", "evidence.txt"):
            self.assertNotIn(name, text)
        fetched = self._fetch()["result"]["data"]["mail.message"]
        self.assertEqual([message["id"] for message in fetched], sent.ids)
        [file] = fetched[0]["attachment_ids"]
        answer = self.url_open(self._address_of(file))
        self.assertEqual(answer.content, b"The plan")

    def _address_of(self, file):
        """Where the page gets a file of the conversation from."""
        return f"/web/content/{file['id']}?access_token={file['raw_access_token']}"

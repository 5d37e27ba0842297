"""The form in which a customer asks or complains (R086)."""

import re
from unittest.mock import patch
from uuid import uuid4

from psycopg2.errors import UniqueViolation

from odoo.exceptions import ConcurrencyError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MockEmail

from .portal_case import TICKETS, PortalCase

NEW = f"{TICKETS}/new"


@tagged("post_install", "-at_install")
class TestPortalNew(PortalCase, MockEmail):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.email = "office@fairs.example.com"
        cls.order = cls._create_order(cls.account.partner_id)
        cls.foreign_order = cls._create_order(cls.boreal.partner_id)

    @classmethod
    def _create_order(cls, customer, state="sale", company=None):
        product = cls.env["product.product"].create(
            {"name": "Stand", "type": "service", "taxes_id": [Command.clear()]}
        )
        order = cls.env["sale.order"].create(
            {
                "partner_id": customer.id,
                "company_id": (company or cls.company).id,
                "order_line": [Command.create({"product_id": product.id})],
            }
        )
        order.state = state
        return order

    def submit(self, files=None, **values):
        """Fills in the form that the page shows, and sends it."""
        page = self.url_open(NEW).text
        once = re.search(r'name="once" value="([0-9a-f]{32})"', page)[1]
        data = {
            "kind": "complaint",
            "name": "Fascia is wrong",
            "text": "The name on it is <b>not</b> ours.",
            "once": once,
            **values,
        }
        before = self._tickets()
        answer = self.send(NEW, data, files, csrf=self.csrf_of(page))
        self.env.invalidate_all()
        return self._tickets() - before, answer

    def _tickets(self):
        return self.env["key.account.ticket"].search([], order="id")

    def test_complaint_with_files(self):
        """Several files of any kind; number and promised times on the next page."""
        self.visit(self.lin)
        files = [
            ("files", ("wrong.jpg", b"\xff\xd8 picture", "image/jpeg")),
            ("files", ("plan.dwg", b"AC1032 drawing", "application/acad")),
            ("files", ("evil.html", b"<script>alert(1)</script>", "text/html")),
        ]
        ticket, answer = self.submit(
            files,
            order_id=str(self.order.id),
            show_name="Hannover Messe",
            stand_no="A12",
            remedy_sought="A new board.",
        )
        self.assertRecordValues(
            ticket,
            [
                {
                    "kind": "complaint",
                    "state": "new",
                    "channel": "portal",
                    "partner_id": self.contact.id,
                    "account_id": self.account.id,
                    "company_id": self.company.id,
                    "team_id": self.team.id,
                    "user_id": False,
                    "order_id": self.order.id,
                    "show_name": "Hannover Messe",
                    "stand_no": "A12",
                    "remedy_sought": "A new board.",
                }
            ],
        )
        self.assertIn("&lt;b&gt;not&lt;/b&gt;", ticket.description)
        self.assertIn(self.contact, ticket.message_partner_ids)
        self.assertTrue(answer.url.endswith(f"{TICKETS}/{ticket.id}/thanks"))
        self.assertIn(ticket.number, answer.text)
        self.assertIn("You get a first answer", answer.text)
        attachments = self.env["ir.attachment"].search(
            [("res_model", "=", ticket._name), ("res_id", "=", ticket.id)]
        )
        self.assertEqual(
            set(attachments.mapped("name")), {"wrong.jpg", "plan.dwg", "evil.html"}
        )
        evil = attachments.filtered(lambda file: file.name == "evil.html")
        self.assertEqual(evil.mimetype, "text/plain")

    def test_enquiry(self):
        """What would put it right is asked of complaints only; the customer waits for
        us from the moment he sent it."""
        self.visit(self.lin)
        ticket, _answer = self.submit(kind="enquiry", remedy_sought="Left over")
        self.assertEqual(ticket.kind, "enquiry")
        self.assertFalse(ticket.remedy_sought)
        self.assertEqual(ticket.last_inbound_at, ticket.received_at)
        self.assertEqual(self._clock(ticket, "first_reply").state, "running")

    def test_what_is_wrong_is_said_and_what_was_typed_is_kept(self):
        self.visit(self.lin)
        good = {"name": "My very own line", "text": "My very own text"}
        for wrong, words in (
            ({"kind": "demand"}, "Please choose one."),
            ({"name": "  "}, "Please say in one line what it is about."),
            ({"text": ""}, "Please tell us what you ask, or what happened."),
            ({"name": "x" * 201}, "Please write at most 200 characters."),
            ({"stand_no": "x" * 201}, None),
            ({"order_id": str(self.foreign_order.id)}, "a contract of your company."),
            ({"order_id": "1 OR 1=1"}, "Please choose a contract of your company."),
        ):
            with self.subTest(wrong):
                ticket, answer = self.submit(**{**good, **wrong})
                self.assertFalse(ticket)
                self.assertIn("Not sent yet", answer.text)
                self.assertIn(words or "Not sent yet", answer.text)
                for name in good.keys() - wrong.keys():
                    self.assertIn(good[name], answer.text)

    def test_files_too_large_or_too_many(self):
        self.visit(self.lin)
        self.env["ir.config_parameter"].set_param("web.max_file_upload_size", "10000")
        large = [("files", ("big.bin", b"x" * 10_001))]
        ticket, answer = self.submit(large)
        self.assertFalse(ticket)
        self.assertIn("These files are too large: together", answer.text)
        self.assertIn("Please choose your files again", answer.text)
        many = [("files", (f"{number}.txt", b"x")) for number in range(21)]
        ticket, answer = self.submit(many)
        self.assertFalse(ticket)
        self.assertIn("Please attach at most 20 files", answer.text)

    def test_only_contracts_of_his_company(self):
        quotation = self._create_order(self.account.partner_id, "draft")
        self.visit(self.lin)
        page = self.url_open(NEW).text
        self.assertIn(self.order.name, page)
        for other in (self.foreign_order, quotation):
            self.assertNotIn(f">{other.name}<", page)
            self.assertNotIn(f'value="{other.id}"', page)

    def test_sent_twice_is_one_ticket(self):
        """A double click, or going back in the browser: the first ticket."""
        self.visit(self.lin)
        once = uuid4().hex
        first, _answer = self.submit(once=once)
        second, answer = self.submit(once=once, text="Changed")
        self.assertEqual(len(first), 1)
        self.assertFalse(second)
        self.assertIn(first.number, answer.text)

    def test_acknowledged_by_mail(self):
        """R086: the number and the times by mail as well, in a letter that no program
        answers; one letter, however often the form is sent, and one kept promise."""
        self.visit(self.lin)
        once = uuid4().hex
        with self.mock_mail_gateway():
            ticket, _answer = self.submit(once=once)
            again, _answer = self.submit(once=once)
            [mail] = self._mails
        self.assertFalse(again)
        self.assertIn(self.contact.email, mail["email_to"][0])
        self.assertIn(ticket.number, mail["subject"])
        self.assertIn(f"{TICKETS}/{ticket.id}", mail["body"])
        self.assertEqual(mail["headers"]["Auto-Submitted"], "auto-replied")
        self.assertEqual((ticket.acknowledgement, ticket.state), ("sent", "new"))
        self.assertFalse(ticket.last_reply_at)
        [clock] = ticket.clock_ids.filtered(lambda c: c.metric == "acknowledge")
        self.assertEqual(clock.state, "met")
        stops = clock.event_ids.filtered(lambda event: event.kind == "stop")
        self.assertEqual(len(stops), 1)

    def test_one_letter_an_hour(self):
        """The guard against loops holds: a second ticket within the hour is taken in,
        and a note says why nothing was sent."""
        self.visit(self.lin)
        with self.mock_mail_gateway():
            self.submit()
            second, _answer = self.submit(name="Another thing")
            self.assertEqual(len(self._mails), 1)
        self.assertEqual(second.acknowledgement, "left_out")
        self.assertIn("within the last hour", str(second.message_ids.mapped("body")))

    def test_sent_twice_at_once(self):
        """The second of two at once begins anew, and finds what the first one made."""
        tickets = self.env["key.account.ticket"].with_user(self.lin)
        values = {"kind": "enquiry", "name": "Once", "text": "Only once"}
        model = self.registry["key.account.ticket"]
        duplicate = UniqueViolation("portal_key")
        with (
            patch.object(model, "create", side_effect=duplicate),
            self.assertRaises(ConcurrencyError),
        ):
            tickets._portal_take_in(values, [], uuid4().hex)
        key = uuid4().hex
        tickets._portal_take_in(values, [], key)
        self.env.flush_all()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self._create_ticket().sudo().portal_key = key
            self.env.flush_all()

    def test_key_of_somebody_else(self):
        """Who sends the key of another customer's form does not get his ticket."""
        once = uuid4().hex
        self.visit(self.lin)
        first, _answer = self.submit(once=once)
        self.visit(self.berg)
        second, answer = self.submit(once=once)
        self.assertEqual(second.partner_id, self.berg.partner_id)
        self.assertNotIn(first.number, answer.text)

    def test_only_a_form_with_a_token_makes_a_ticket(self):
        """Neither a GET, nor a forged form, nor somebody without a log-in."""
        values = {"kind": "enquiry", "name": "Forged", "text": "Forged"}
        self.visit(self.lin)
        before = self._tickets()
        self.url_open(f"{NEW}?kind=enquiry&name=Forged&text=Forged")
        with mute_logger("odoo.http"):
            for csrf in ("", "0" * 40 + "o9999999999"):
                answer = self.send(NEW, values, csrf=csrf)
                self.assertEqual(answer.status_code, 400)
            self.visit(None)
            self.send(NEW, values)
        self.assertEqual(self._tickets(), before)

    def test_contract_of_another_company_of_ours(self):
        """The ticket belongs to the company that has the contract."""
        branch = self._create_company("Huazhan West")
        self.lin.company_ids = [Command.link(branch.id)]
        self.env.user.company_ids = [Command.link(branch.id)]
        order = self._create_order(self.account.partner_id, company=branch)
        companies = self.lin.company_ids.ids
        tickets = self.env["key.account.ticket"].with_user(self.lin)
        tickets = tickets.with_context(allowed_company_ids=companies)
        values = {
            "kind": "enquiry",
            "name": "West",
            "text": "West",
            "order_id": str(order.id),
        }
        self.assertFalse(tickets._portal_problems(values, []))
        ticket = tickets._portal_take_in(values, [], uuid4().hex)
        self.assertEqual(ticket.sudo().company_id, branch)
        self.assertFalse(ticket.sudo().team_id)

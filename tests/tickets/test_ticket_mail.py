# pylint: disable=translation-required
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .mail_case import BOX, COMPLAINTS, MailCase
from .ticket_case import FRIDAY

LATER = FRIDAY + timedelta(minutes=10)
ASKED = "And?"
LIN = "lin@aurora.example.com"


@tagged("post_install", "-at_install")
@freeze_time(FRIDAY)
class TestTicketMail(MailCase):
    """Answers of ours: whom they reach, where they come from, what they count as."""

    def _taken(self, *args, **kwargs):
        """A mail that the agent has taken on."""
        ticket = self._mail(*args, **kwargs).with_user(self.agent)
        ticket.action_accept()
        return ticket

    def _say(self, ticket, body="It is being printed anew.", **kwargs):
        with freeze_time(LATER):
            return ticket.message_post(
                **{
                    "body": body,
                    "message_type": "comment",
                    "subtype_xmlid": "mail.mt_comment",
                    **kwargs,
                }
            )

    def _compose(self, ticket, **vals):
        """The big composer of the web client, as it opens on a ticket."""
        composer = self.env["mail.compose.message"].with_user(self.agent)
        with freeze_time(LATER):
            return composer.create(
                {
                    "model": ticket._name,
                    "res_ids": str(ticket.ids),
                    "composition_mode": "comment",
                    "body": "<p>It is being printed anew.</p>",
                    "subtype_id": self.env.ref("mail.mt_comment").id,
                    **vals,
                }
            )

    # --- Where an answer comes from ---

    def test_round_trip(self):
        """Tickets 5 (#3405): our answer comes from the address written to, and what the
        customer answers to it lands in the ticket, and back again."""
        for box in (BOX, COMPLAINTS):
            with self.subTest(box), self.mock_mail_gateway():
                ticket = self._taken(to=box)
                self._say(ticket)
                (sent,) = self._sent_to(LIN)
                self.assertEqual(sent["email_from"], f'"{self.agent.name}" <{box}>')
                self.assertEqual(sent["reply_to"], f'"Service" <{box}>')
                self.assertIn(f"-{ticket.id}-key.account.ticket@", sent["message_id"])
                self.assertIn("@aurora.example.com", sent["references"])
                self.assertFalse(self._receive(self._answer_to(sent, body="Thanks!")))
                answer = ticket.message_ids[0]
                self.assertIn("Thanks!", answer.body)
                self.assertEqual(answer.author_id, self.contact)
                self.assertEqual(answer.message_type, "email")

    def test_answer_without_references(self):
        """A mail program that keeps one header of the two is understood as well."""
        with self.mock_mail_gateway():
            ticket = self._taken()
            self._say(ticket)
            (sent,) = self._sent_to(LIN)
            for header in ("References", "In-Reply-To"):
                raw = self._raw(
                    to=sent["reply_to"],
                    **{header.replace("-", "_"): sent["message_id"]},
                )
                self.assertFalse(self._receive(raw))
                self.assertEqual(ticket.message_ids[0].message_type, "email")

    def test_answer_to_the_acknowledgement(self):
        """Pressing Reply on the acknowledgement goes on with the ticket, of a stranger
        as well."""
        with self.mock_mail_gateway():
            ticket = self._mail("Mr Wu <wu@stranger.example.org>")
            self._acknowledge()
            (sent,) = self._mails
            raw = self._answer_to(
                sent, "wu@stranger.example.org", body="One thing more"
            )
            self.assertFalse(self._receive(raw))
        self.assertIn("One thing more", ticket.message_ids[0].body)
        self.assertFalse(ticket.message_ids[0].author_id)
        self.assertFalse(ticket.message_ids[0].is_internal)

    def test_composer(self):
        """The big composer and its templates write from the mailbox, too."""
        template = self.env["mail.template"].create(
            {
                "name": "Answer",
                "model_id": self.env["ir.model"]._get_id("key.account.ticket"),
                "email_from": "office@huazhan.example.com",
                "subject": "About {{ object.number }}",
                "body_html": "<p>Soon.</p>",
                "use_default_to": True,
            }
        )
        for vals in (
            {"partner_ids": [Command.set(self.contact.ids)]},
            {"template_id": template.id},
        ):
            with self.subTest(**vals), self.mock_mail_gateway():
                ticket = self._taken()
                self._compose(ticket, **vals)._action_send_mail()
                (sent,) = self._sent_to(LIN)
                self.assertEqual(sent["email_from"], f'"{self.agent.name}" <{BOX}>')
                self.assertEqual(sent["reply_to"], f'"Service" <{BOX}>')
                self.assertEqual(self._clock(ticket, "first_reply").state, "met")
                self.assertEqual(ticket.message_ids[0].author_id, self.agent.partner_id)
                self.assertFalse(self._receive(self._answer_to(sent)))

    def test_message_sent_by_template(self):
        """What another step sends with a template, too."""
        template = self.env.ref("key_account.mail_template_acknowledgement")
        with self.mock_mail_gateway():
            ticket = self._taken()
            ticket.message_post_with_source(
                template, message_type="comment", subtype_xmlid="mail.mt_comment"
            )
            self.assertIn(f"<{BOX}>", self._sent_to(LIN)[0]["email_from"])

    def test_hotline_ticket(self):
        """A ticket that came by phone is answered from the team's mailbox; where there
        is none, from the colleague's own address, and answers reach the catchall."""
        ticket = self._create_ticket()
        ticket.action_accept()
        with self.mock_mail_gateway():
            self._say(ticket)
            self.assertIn(f"<{BOX}>", self._sent_to(LIN)[0]["email_from"])
        (self.box | self.complaint_box).unlink()
        with self.mock_mail_gateway():
            self._say(ticket)
            (sent,) = self._sent_to(LIN)
            self.assertIn(self.agent.email_normalized, sent["email_from"])
            self.assertIn("catchall@fairs.example.com", sent["reply_to"])
            self.assertFalse(self._receive(self._answer_to(sent, body="By catchall")))
        self.assertIn("By catchall", ticket.message_ids[0].body)

    def test_notes_stay_with_their_author(self):
        """A note is no letter."""
        ticket = self._taken()
        note = self._say(ticket, subtype_xmlid="mail.mt_note")
        self.assertEqual(note.email_from, self.agent.email_formatted)

    # --- Whom it reaches, and what it counts as ---

    def test_a_reply_reaches_the_customer(self):
        """I7: our answer stops the clocks of replies, and he gets it, whether he
        follows the ticket or not."""
        ticket = self._mail().with_user(self.agent)
        with self.mock_mail_gateway():
            self._say(ticket)
            self.assertEqual(len(self._sent_to(LIN)), 1)
        self.assertEqual(ticket.last_reply_at, LATER)
        self.assertEqual(self._clock(ticket, "first_reply").stop_at, LATER)
        self.assertEqual(self._clock(ticket, "acknowledge").state, "met")
        self.assertEqual(ticket.sudo().account_id.last_contact_at, LATER)

    def test_a_reply_to_a_stranger(self):
        """He gets it without being made a contact."""
        ticket = self._mail("Mr Wu <wu@stranger.example.org>").with_user(self.agent)
        partners = self.env["res.partner"].search_count([])
        with self.mock_mail_gateway():
            self._say(ticket)
            (sent,) = self._sent_to("wu@stranger.example.org")
            self.assertIn(f"<{BOX}>", sent["email_from"])
            raw = self._answer_to(sent, "wu@stranger.example.org")
            self.assertFalse(self._receive(raw))
        self.assertEqual(self.env["res.partner"].search_count([]), partners)
        self.assertEqual(self._clock(ticket, "first_reply").state, "met")
        self.assertEqual(self._clock(ticket, "next_reply").state, "running")

    def test_opening_a_letter_makes_no_contact(self):
        """Odoo makes contacts of the people it suggests as recipients; not here."""
        ticket = self._mail("Mr Wu <wu@stranger.example.org>").with_user(self.agent)
        self.agent.group_ids += self.env.ref("base.group_partner_manager")
        partners = self.env["res.partner"].search_count([])
        suggested = ticket._message_get_suggested_recipients(no_create=False)
        self.assertIn("wu@stranger.example.org", [one["email"] for one in suggested])
        ticket._partner_find_from_emails_single(["wu@stranger.example.org"])
        self.assertEqual(self.env["res.partner"].search_count([]), partners)
        # somebody else whom the agent writes to is his choice
        ticket._partner_find_from_emails_single(["he@stranger.example.org"])
        self.assertEqual(self.env["res.partner"].search_count([]), partners + 1)

    def test_what_is_no_reply(self):
        """I7: neither a note nor an automatic message, nor a letter to somebody else,
        stops a clock."""
        supplier = self.env["res.partner"].create(
            {"name": "Supplier", "email": "sup@steel.example.net"}
        )
        ticket = self._mail().with_user(self.agent)
        with self.mock_mail_gateway():
            self._say(ticket, subtype_xmlid="mail.mt_note")
            self._say(ticket, message_type="auto_comment")
            self._say(ticket, message_type="notification", partner_ids=self.contact.ids)
            self._say(ticket, message_type="out_of_office")
            self._say(ticket, partner_ids=supplier.ids)
            self.assertFalse(
                [mail for mail in self._sent_to(LIN) if "printed" in mail["body"]][2:]
            )
        self.assertFalse(ticket.last_reply_at)
        self.assertEqual(self._clock(ticket, "first_reply").state, "running")
        self._say(ticket, partner_ids=(supplier | self.contact).ids)
        self.assertEqual(ticket.last_reply_at, LATER)

    def test_a_colleague_away(self):
        """What Odoo answers for a colleague on leave is no reply of ours."""
        ticket = self._taken()
        self.agent.write(
            {
                "out_of_office_from": "2020-01-01 00:00:00",
                "out_of_office_message": "<p>Back on Monday</p>",
            }
        )
        with self.mock_mail_gateway():
            ticket.with_user(self.env.ref("base.user_root")).message_post(
                body=ASKED,
                message_type="email",
                subtype_xmlid="mail.mt_comment",
                author_id=self.contact.id,
            )
            self.assertIn("Back on Monday", self._sent_to(LIN)[0]["body"])
        self.assertFalse(ticket.last_reply_at)

    def test_who_took_the_customer_out_has_done_so(self):
        """The web client sends whom the author chose: nobody is added to them."""
        ticket = self._mail().with_user(self.agent)
        with self.mock_mail_gateway():
            self._say(ticket, partner_ids=[])
            self.assertFalse(self._sent_to(LIN))
        self.assertFalse(ticket.last_reply_at)

    def test_a_colleague_answers_in_his_mail_program(self):
        """A colleague who answers a notification by mail answers the customer, who gets
        it from the mailbox."""
        ticket = self._taken()
        self.leader.partner_id.email = "leader@huazhan.example.com"
        ticket.message_subscribe(self.leader.partner_id.ids)
        with self.mock_mail_gateway():
            self._say(ticket)
            (told,) = self._sent_to("leader@huazhan.example.com")
        with self.mock_mail_gateway(), freeze_time(datetime(2026, 3, 6, 9, 30)):
            raw = self._answer_to(
                told, "leader@huazhan.example.com", body="Ready on Monday"
            )
            self.assertFalse(self._receive(raw))
            (sent,) = self._sent_to(LIN)
        self.assertEqual(sent["email_from"], f'"{self.leader.name}" <{BOX}>')
        self.assertEqual(ticket.last_reply_at, datetime(2026, 3, 6, 9, 30))
        self.assertEqual(ticket.last_inbound_at, FRIDAY)

    def test_a_colleague_writes_to_both(self):
        """With the customer in the mail itself it is our reply, though Odoo sends him
        nothing more; without him it is not."""
        self.leader.partner_id.email = "leader@huazhan.example.com"
        with self.mock_mail_gateway():
            ticket = self._mail()
            self._acknowledge()
        first = ticket.message_ids.filtered(lambda m: m.message_type == "auto_comment")
        raw = self._raw(
            "leader@huazhan.example.com",
            to=f"wu@stranger.example.org, {BOX}",
            In_Reply_To=first.message_id,
        )
        with self.mock_mail_gateway():
            self._receive(raw)
            self.assertFalse(self._sent_to(LIN))
        self.assertFalse(ticket.last_reply_at)
        raw = self._raw(
            "leader@huazhan.example.com",
            to=f"Ms Lin <{LIN}>",
            Cc=BOX,
            In_Reply_To=first.message_id,
        )
        with self.mock_mail_gateway():
            self._receive(raw)
            self.assertFalse(self._sent_to(LIN))
        self.assertEqual(ticket.last_reply_at, FRIDAY)

    def test_a_call_is_a_reply(self):
        """I7: a talk that was logged answers the customer."""
        ticket = self._taken()
        ticket.action_log_call("Told her Monday")
        self.assertEqual(ticket.last_reply_at, FRIDAY)
        self.assertEqual(self._clock(ticket, "first_reply").state, "met")

    def test_answering_names_the_sender(self):
        """Who answers a stranger as a contact with his address says who he is."""
        ticket = self._mail("wu@stranger.example.org").with_user(self.agent)
        wu = self.env["res.partner"].create(
            {"name": "Mr Wu", "email": "wu@stranger.example.org"}
        )
        self._say(ticket, partner_ids=wu.ids)
        self.assertEqual(ticket.partner_id, wu)

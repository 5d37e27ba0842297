# pylint: disable=translation-required
from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .mail_case import BOX, MailCase
from .ticket_case import FRIDAY

LIN = "lin@aurora.example.com"
WU = "wu@stranger.example.org"
OUR_ANSWER = "It is being printed anew."
ONE_MORE = "And one thing more."
WRONG_AGAIN = "It is wrong again."
DAY = timedelta(days=1)
SOON = FRIDAY + 2 * DAY
LATE = FRIDAY + 9 * DAY


@tagged("post_install", "-at_install")
@freeze_time(FRIDAY)
class TestTicketAgain(MailCase):
    """The customer writes to a ticket that there is."""

    def _answered(self, *args, **kwargs):
        """An enquiry by mail that we have answered."""
        ticket = self._mail(*args, **kwargs).with_user(self.agent)
        ticket.action_accept()
        ticket.message_post(
            body=OUR_ANSWER,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        ticket.action_done()
        return ticket

    def _closed(self, *args, **kwargs):
        ticket = self._answered(*args, **kwargs)
        ticket.action_close(nothing_else="said")
        return ticket

    def _write_to(self, ticket, sender=LIN, at=SOON, **headers):
        """A mail that answers to what is on a ticket; the tickets made of it."""
        first = ticket.sudo().message_ids.filtered(
            lambda message: message.message_type in ("email", "comment")
        )[-1:]
        raw = self._raw(sender, References=first.message_id, **headers)
        with freeze_time(at), self.mock_mail_gateway():
            return self._receive(raw)

    def _comment_on(self, ticket, at=SOON):
        """A comment of the customer on his page."""
        with freeze_time(at):
            return ticket.with_user(self.env.ref("base.user_root")).message_post(
                body=ONE_MORE,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                author_id=self.contact.id,
            )

    # --- An open ticket ---

    def test_he_waits_from_his_first_message_on(self):
        """I7: further messages do not begin the waiting anew; our reply ends it."""
        ticket = self._mail().with_user(self.agent)
        ticket.action_accept()
        self._write_to(ticket, at=FRIDAY + timedelta(minutes=5))
        self.assertFalse(self._clock(ticket, "next_reply"))  # the first reply is due
        ticket.action_log_call("Called her")
        self._write_to(ticket, at=FRIDAY + timedelta(minutes=10))
        clock = self._clock(ticket, "next_reply")
        self.assertEqual(clock.start_at, FRIDAY + timedelta(minutes=10))
        self._write_to(ticket, at=FRIDAY + timedelta(minutes=20))
        self.assertEqual(self._clock(ticket, "next_reply"), clock)
        self.assertEqual(ticket.last_inbound_at, FRIDAY + timedelta(minutes=20))
        self.assertEqual(ticket.state, "assigned")

    def test_a_comment_on_the_portal_counts_the_same(self):
        """Zammad #1322: what he writes on his page is not overlooked."""
        ticket = self._mail().with_user(self.agent)
        ticket.action_log_call("Called her")
        self._comment_on(ticket, FRIDAY + timedelta(minutes=10))
        self.assertEqual(self._clock(ticket, "next_reply").state, "running")

    def test_only_the_customer_does_that(self):
        """freescout #3551: who got a copy, a supplier and a colleague wake nobody. A
        colleague of the customer does, and so does the address it came from."""
        supplier = self.env["res.partner"].create(
            {"name": "Supplier", "email": "sup@steel.example.net"}
        )
        self.reader.partner_id.email = "reader@huazhan.example.com"
        boss = self.env["res.partner"].create(
            {
                "name": "His boss",
                "parent_id": self.account.partner_id.id,
                "email": "boss@home.example.net",
            }
        )
        ticket = self._closed()
        others = (supplier.email, "copy@elsewhere.example.org", self.reader.email)
        for sender in others:
            with self.subTest(sender):
                self.assertFalse(self._write_to(ticket, sender))
                self.assertEqual(ticket.state, "closed")
                self.assertEqual(ticket.last_inbound_at, FRIDAY)
                self.assertEqual(ticket.message_ids[0].message_type, "email")
        self._write_to(ticket, boss.email)
        self.assertEqual(ticket.state, "assigned")
        stranger = self._closed(WU)
        self._write_to(stranger, f"Wu <{WU.upper()}>")
        self.assertEqual(stranger.state, "assigned")

    # --- An answered enquiry ---

    def test_he_has_more(self):
        """R095: an answered enquiry goes back to its handler, with another promise to
        solve it."""
        ticket = self._answered()
        self.assertEqual(self._clock(ticket, "resolve").state, "met")
        self.assertFalse(self._write_to(ticket))
        self.assertEqual(ticket.state, "assigned")
        self.assertFalse(ticket.outcome)
        self.assertEqual(self._clock(ticket, "resolve", run=2).start_at, SOON)
        self.assertEqual(self._clock(ticket, "next_reply").start_at, SOON)
        self.assertEqual(self._clock(ticket, "resolve").state, "met")
        self.assertFalse(ticket.reopen_count)

    # --- A closed one ---

    def test_reopened_within_the_days_of_grace(self):
        """Tickets D6: it is taken up again as a next run, and handler and leader are
        told."""
        ticket = self._closed()
        self.assertFalse(self._write_to(ticket))
        self.assertEqual(ticket.state, "assigned")
        self.assertEqual(ticket.reopen_count, 1)
        self.assertFalse(ticket.closed_at)
        self.assertEqual(self._clock(ticket, "resolve", run=2).start_at, SOON)
        self.assertEqual(self._clock(ticket, "next_reply").start_at, SOON)
        told = ticket.sudo().activity_ids
        self.assertEqual(told.user_id, self.agent | self.leader)
        kind = self.env.ref("key_account.activity_customer_wrote")
        self.assertEqual(told.activity_type_id, kind)

    def test_side_exits_are_reopened_too(self):
        """What he took back, and a complaint that was found unjustified."""
        ticket = self._mail().with_user(self.agent)
        ticket.action_accept()
        ticket.action_withdraw("Never mind")
        self._write_to(ticket)
        self.assertEqual(ticket.state, "assigned")
        complaint = self._mail(to="complaints@fairs.example.com")
        complaint.with_user(self.leader).action_unjustified("We did as agreed")
        self._comment_on(complaint)
        self.assertEqual(complaint.state, "accepted")

    def test_when_people_have_left(self):
        """With handler and leader gone a manager is told; nothing fails."""
        ticket = self._closed()
        (self.agent | self.leader).action_archive()
        self._write_to(ticket)
        self.assertEqual(ticket.state, "assigned")
        told = ticket.sudo().activity_ids.user_id
        self.assertEqual(len(told), 1)
        self.assertTrue(told.has_group("key_account.group_manager"))

    def test_later_it_is_a_new_one(self):
        """Tickets 8.2: after the days of grace the old one stays closed and says where
        it goes on; the new one knows where it came from, and is acknowledged."""
        old = self._closed()
        new = self._write_to(old, at=LATE, body="It is wrong again.")
        self.assertEqual(len(new), 1)
        self.assertEqual(old.state, "closed")
        self.assertRecordValues(
            new,
            [
                {
                    "origin_id": old.id,
                    "partner_id": self.contact.id,
                    "account_id": self.account.id,
                    "team_id": self.team.id,
                    "mailbox_id": self.box.id,
                    "kind": "enquiry",
                    "state": "new",
                    "received_at": LATE,
                    "acknowledgement": "wanted",
                }
            ],
        )
        self.assertIn("wrong again", new.description)
        self.assertIn(new.number, old.message_ids[0].body)
        self.assertEqual(new.message_ids[-1].message_type, "email")

    def test_later_on_the_portal(self):
        """The same for what he writes on his page; its files come along."""
        old = self._closed()
        file = self.env["ir.attachment"].create({"name": "photo.png", "raw": b"x"})
        tickets = self.env["key.account.ticket"]
        with freeze_time(LATE), self.mock_mail_gateway():
            message = old.with_user(self.env.ref("base.user_root")).message_post(
                body=WRONG_AGAIN,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                author_id=self.contact.id,
                attachment_ids=file.ids,
            )
            self.assertEqual(len(self._sent_to(LIN)), 1)  # the acknowledgement
        new = tickets.search([("origin_id", "=", old.id)])
        self.assertEqual(len(new), 1)
        self.assertEqual(new.channel, "portal")
        self.assertEqual(new.acknowledgement, "sent")
        self.assertEqual(old.state, "closed")
        self.assertIn(message, old.message_ids)
        said = new.message_ids.filtered(lambda m: m.message_type == "comment")
        self.assertIn("wrong again", said.body)
        self.assertEqual(said.attachment_ids.name, "photo.png")
        self.assertIn(new.number, str(old.message_ids.mapped("body")))

    def test_the_new_one_is_found_again(self):
        """Who goes on answering to the old mail lands in the new ticket, as long as
        that is alive."""
        old = self._closed()
        new = self._write_to(old, at=LATE)
        self.assertFalse(self._write_to(old, at=LATE + DAY, body="Hello?"))
        self.assertIn("Hello?", new.message_ids[0].body)
        self.assertFalse(self._comment_on(old, LATE + DAY) in new.message_ids)
        self.assertIn("one thing more", new.message_ids[0].body)
        new.with_user(self.agent).action_withdraw("Never mind")
        third = self._write_to(old, at=LATE + 30 * DAY)
        self.assertEqual(third.origin_id, new)

    def test_no_days_of_grace(self):
        """A company that grants none makes a new ticket at once."""
        self.company.key_account_grace_days = 0
        old = self._closed()
        self.assertEqual(self._write_to(old, at=FRIDAY).origin_id, old)

    def test_strangers_make_no_new_ticket(self):
        """Long after, a supplier's mail stays in the thread it answers to."""
        old = self._closed()
        self.assertFalse(self._write_to(old, "copy@elsewhere.example.org", LATE))
        self.assertEqual(old.message_ids[0].message_type, "email")

    # --- Merged ---

    def test_merged(self):
        """What he answers to a merged ticket goes on with the one that took it in, by
        mail and on the portal, however often that was merged."""
        one, two, three = (self._mail(Subject=name) for name in "abc")
        one.with_user(self.agent).action_merge(two)
        two.with_user(self.agent).action_merge(three)
        self.assertFalse(self._write_to(one, body="Found you"))
        self.assertIn("Found you", three.message_ids[0].body)
        self._comment_on(one)
        self.assertIn("one thing more", three.message_ids[0].body)
        self.assertEqual(three.last_inbound_at, SOON)
        self.assertEqual(one.state, "merged")

    # --- Programs ---

    def test_programs_wake_nobody(self):
        """Tickets 8.2: an automatic answer stays with its ticket as a note, and does
        nothing else; nobody is written to for it."""
        marks = (
            {"Auto_Submitted": "auto-replied"},
            {"Subject": "Automatic reply: The fascia is wrong"},
            {"Precedence": "bulk"},
        )
        for at in (SOON, LATE):
            ticket = self._closed()
            for headers in marks:
                with self.subTest(at=at, **headers):
                    self.assertFalse(self._write_to(ticket, at=at, **headers))
                    self.assertEqual(ticket.state, "closed")
                    self.assertEqual(ticket.last_inbound_at, FRIDAY)
                    note = ticket.message_ids[0]
                    self.assertEqual(note.message_type, "auto_comment")
                    self.assertTrue(note.subtype_id.internal)
                    self.assertFalse(self._mails)
        self.assertFalse(self._refusals())

    def test_our_own_address_answers_itself(self):
        """A mail from one of our mailboxes on a ticket is a note, and no reply."""
        ticket = self._answered(WU)
        self._write_to(ticket, BOX)
        self.assertEqual(ticket.state, "answered")
        self.assertEqual(ticket.message_ids[0].message_type, "auto_comment")

    def test_a_rating_is_no_letter(self):
        """Who rates a closed ticket does not open it again."""
        ticket = self._closed()
        token = ticket.sudo()._rating_get_access_token()
        with freeze_time(SOON):
            ticket.sudo().rating_apply(5, token=token, feedback="Thank you")
        self.assertEqual(ticket.state, "closed")

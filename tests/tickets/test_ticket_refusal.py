from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .mail_case import COMPLAINTS, MailCase
from .ticket_case import FRIDAY

SAID = "It came in already."


@tagged("post_install", "-at_install")
@freeze_time(FRIDAY)
class TestTicketRefusal(MailCase):
    def _refuse(self, *args, **kwargs):
        """A mail that a program wrote."""
        kwargs.setdefault("Auto_Submitted", "auto-generated")
        raw = self._raw(*args, **kwargs)
        self.assertFalse(self._receive(raw))
        return self._refusals()[:1], raw

    def test_what_is_kept(self):
        """R086: who wrote what, why it made no ticket, and the mail itself."""
        refusal, raw = self._refuse(
            "Shop <shop@stranger.example.org>", Subject="Order 7"
        )
        self.assertRecordValues(
            refusal,
            [
                {
                    "email_from": "Shop <shop@stranger.example.org>",
                    "subject": "Order 7",
                    "reason": "auto",
                    "received_at": FRIDAY,
                    "mailbox_id": self.box.id,
                    "team_id": self.team.id,
                    "company_id": self.company.id,
                    "ticket_id": False,
                }
            ],
        )
        file = self.env["ir.attachment"].search(
            [("res_model", "=", refusal._name), ("res_id", "=", refusal.id)]
            + [("res_field", "=", "mail")]
        )
        self.assertEqual(file.raw, raw)

    def test_the_same_mail_once(self):
        """Delivered twice it is listed once."""
        _refusal, raw = self._refuse()
        self._receive(raw)
        self.assertEqual(len(self._refusals()), 1)

    def test_make_a_ticket_of_it(self):
        """Whoever leads the team takes it in all the same: with its mailbox's kind, its
        sender and its files, without a letter to a program, and once."""
        refusal, _raw = self._refuse(to=COMPLAINTS, body="The wall fell.")
        with self.mock_mail_gateway():
            action = refusal.with_user(self.leader).action_make_ticket()
            self._acknowledge()
            self.assertFalse(self._mails)
        ticket = refusal.ticket_id
        self.assertEqual(action["res_id"], ticket.id)
        self.assertEqual(ticket.kind, "complaint")
        self.assertEqual(ticket.partner_id, self.contact)
        self.assertEqual(ticket.mailbox_id, self.complaint_box)
        self.assertEqual(ticket.channel, "email")
        self.assertIn("The wall fell", ticket.description)
        self.assertEqual(len(ticket.message_ids), 1)
        again = refusal.with_user(self.leader).action_make_ticket()
        self.assertEqual(again["res_id"], ticket.id)

    def test_whatever_the_reason_was(self):
        """A mailbox that is gone, a sender who may not write, one who writes too much:
        people decide otherwise."""
        self.env["ir.config_parameter"].sudo().set_param(
            "mail.gateway.loop.threshold", 1
        )
        self.box.alias_contact = "partners"
        with self.mock_mail_gateway():
            self._receive(self._raw("wu@stranger.example.org"))
            self._receive(self._raw())
            self._receive(self._raw())
        reasons = self._refusals().mapped("reason")
        self.assertEqual(reasons, ["too_many", "not_allowed"])
        refusals = self._refusals() | self._refuse(to=COMPLAINTS)[0]
        self.complaint_box.unlink()
        with self.mock_mail_gateway():
            for refusal in refusals.with_user(self.manager):
                refusal.action_make_ticket()
            self.assertFalse(self._mails)
        self.assertEqual(len(refusals.ticket_id), 3)
        self.assertEqual(refusals.ticket_id.team_id, self.team)

    def test_what_cannot_be_one(self):
        """An answer that came in on its ticket another way is not made one twice."""
        refusal, raw = self._refuse()
        known = self._create_ticket()
        known.sudo().message_post(body=SAID, message_id=refusal.message_id)
        refusal.with_user(self.manager).action_make_ticket()
        self.assertEqual(refusal.ticket_id, known)
        refusal, _raw = self._refuse()
        thread = type(self.env["mail.thread"])
        with patch.object(thread, "message_process", lambda *args, **kwargs: False):
            with self.assertRaises(UserError):
                refusal.with_user(self.manager).action_make_ticket()

    def test_who_sees_them(self):
        """Managers see all of their companies, team leaders those of their teams, and
        nobody else any."""
        refusal, _raw = self._refuse()
        other = self.env["key.account.ticket.team"].create(
            {"name": "Others", "company_id": self.company.id}
        )
        self._create_mailbox("others", team_id=other.id)
        foreign, _raw = self._refuse(to="others@fairs.example.com")
        seen = {
            self.manager: refusal | foreign,
            self.leader: refusal,
            self.agent: refusal.browse(),
        }
        for user, expected in seen.items():
            with self.subTest(user.login):
                mine = refusal.with_user(user).search([])
                self.assertEqual(mine, expected)
        for user in (self.agent, self.reader, self.employee):
            with self.subTest(user.login), self.assertRaises(AccessError):
                refusal.with_user(user).action_make_ticket()
        elsewhere = self._create_company("Huazhan Hong Kong")
        foreign_manager = self._create_user(
            "ka_hk", "key_account.group_manager", elsewhere
        )
        abroad = refusal.with_user(foreign_manager).with_context(
            allowed_company_ids=elsewhere.ids
        )
        self.assertFalse(abroad.search([]))

    def test_nobody_writes_them(self):
        """Append-only: not even a manager changes, makes or deletes one."""
        refusal, _raw = self._refuse()
        for user in (self.manager, self.env.ref("base.user_admin"), self.env.user):
            mine = refusal.with_user(user).with_company(self.company)
            for attempt in (
                lambda mine=mine: mine.write({"reason": "bulk"}),
                lambda mine=mine: mine.write({"ticket_id": False}),
                lambda mine=mine: mine.create({"reason": "bulk"}),
                lambda mine=mine: mine.unlink(),
            ):
                with self.subTest(user.login), self.assertRaises(UserError):
                    attempt()

    def test_forgotten_after_a_year(self):
        """What nobody made a ticket of is not kept for ever."""
        refusal, _raw = self._refuse()
        self.env["key.account.ticket.refusal"]._gc_old()
        self.assertTrue(refusal.exists())
        with freeze_time(FRIDAY + timedelta(days=367)):
            self.env["key.account.ticket.refusal"]._gc_old()
        self.assertFalse(refusal.exists())

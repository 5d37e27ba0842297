from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .mail_case import BOX, COMPLAINTS, DOMAIN, MailCase, word
from .ticket_case import FRIDAY

LOG = "odoo.addons.key_account.models.tickets.ticket_gateway"
MINE = "The fascia is wrong"


@tagged("post_install", "-at_install")
@freeze_time(FRIDAY)
class TestTicketGateway(MailCase):
    # --- Who writes, and where to ---

    def test_known_sender(self):
        """R086: a mail of a contact is a ticket of his customer, with his tier and its
        promises, in the mailbox's team and company."""
        self.account._set_tier(self._tier(), "override")
        ticket = self._mail(body="The <b>fascia</b> is blue.")
        self.assertRecordValues(
            ticket,
            [
                {
                    "name": MINE,
                    "kind": "enquiry",
                    "channel": "email",
                    "state": "new",
                    "partner_id": self.contact.id,
                    "account_id": self.account.id,
                    "tier_id": self.account.tier_id.id,
                    "policy_id": self.policy.id,
                    "team_id": self.team.id,
                    "company_id": self.company.id,
                    "mailbox_id": self.box.id,
                    "email_from": "lin@aurora.example.com",
                    "received_at": FRIDAY,
                    "last_inbound_at": FRIDAY,
                }
            ],
        )
        self.assertTrue(ticket.tier_id)
        self.assertIn("is blue", ticket.description)
        message = ticket.message_ids.filtered(lambda m: m.message_type == "email")
        self.assertEqual(message.author_id, self.contact)
        self.assertEqual(
            set(ticket.clock_ids.mapped("metric")),
            {"acknowledge", "first_reply", "resolve"},
        )

    def _tier(self):
        scheme = self.env["key.account.scheme"].create(
            {
                "name": "Tiers",
                "company_id": self.company.id,
                "tier_ids": [
                    Command.create({"code": "A", "name": "A", "enter_score": 80})
                ],
            }
        )
        return scheme.tier_ids

    def test_unknown_sender(self):
        """R086, tickets D11: nobody becomes a contact by writing. Name and address are
        kept apart."""
        partners = self.env["res.partner"].with_context(active_test=False)
        before = partners.search_count([])
        ticket = self._mail('"Mr Wu, Hall 3" <WU@stranger.example.org>', Cc="x@y.org")
        self.assertEqual(partners.search_count([]), before)
        self.assertFalse(ticket.partner_id)
        self.assertFalse(ticket.account_id)
        self.assertEqual(ticket.email_from, "wu@stranger.example.org")
        self.assertEqual(ticket.contact_name, "Mr Wu, Hall 3")
        self.assertEqual(ticket.email_cc, "x@y.org")
        self.assertEqual(ticket.policy_id, self.policy)
        self.assertFalse(ticket.message_ids.author_id)
        self.assertEqual(ticket.acknowledgement, "wanted")

    def test_mailbox_says_the_kind(self):
        """R086: the address of the complaints makes complaints. Both at once: one
        ticket, a complaint."""
        self.assertEqual(self._mail(to=COMPLAINTS).kind, "complaint")
        both = self._mail(to=f"{BOX}, {COMPLAINTS}", Cc=f"Lin <{BOX}>")
        self.assertEqual(both.kind, "complaint")
        self.assertEqual(both.mailbox_id, self.complaint_box)

    def test_mailbox_of_another_company(self):
        """A contact of one company is a stranger to the other; its mailbox makes its
        tickets."""
        other = self._create_company("Huazhan Hong Kong")
        other.alias_domain_id = self.alias_domain
        team = self.env["key.account.ticket.team"].create(
            {"name": "Hong Kong", "company_id": other.id}
        )
        self._create_mailbox("hk", team_id=team.id)
        self.contact.company_id = self.company
        ticket = self._mail(to=f"hk@{DOMAIN}")
        self.assertEqual(ticket.company_id, other)
        self.assertFalse(ticket.partner_id)
        self.assertFalse(ticket.message_ids.author_id)
        two = self._receive(self._raw(to=f"hk@{DOMAIN}, {BOX}"))
        self.assertEqual(two.company_id, other | self.company)
        self.assertEqual(len(two), 2)

    def test_one_address_of_several_contacts(self):
        """Of the firm and its secretary with one address it is the person."""
        self.account.partner_id.email = "lin@aurora.example.com"
        self.assertEqual(self._mail().partner_id, self.contact)

    def test_a_colleague_passes_something_on(self):
        """What a colleague sends to a mailbox is a ticket without a customer: nobody
        takes him for one, and no letter goes to him."""
        self.agent.partner_id.email = "agent@huazhan.example.com"
        ticket = self._mail("agent@huazhan.example.com")
        self.assertFalse(ticket.partner_id)
        self.assertEqual(ticket.message_ids.author_id, self.agent.partner_id)
        self.assertFalse(ticket.acknowledgement)
        ticket.with_user(self.agent).action_accept()
        self.assertFalse(ticket.partner_id)

    def test_same_mail_twice(self):
        """Tickets 8.5: one Message-Id, one ticket; else the mail itself tells."""
        raw = self._raw()
        self.assertEqual(len(self._receive(raw)), 1)
        self.assertFalse(self._receive(raw))
        raw = self._raw(Message_Id=None)
        self.assertEqual(len(self._receive(raw)), 1)
        self.assertFalse(self._receive(raw))
        self.assertEqual(len(self._receive(self._raw(Message_Id=None, body="x"))), 1)

    def test_files_and_pictures_are_kept(self):
        """The files hang on the ticket, and pictures show where they were."""
        parts = [
            "--B",
            "Content-Type: text/html",
            "",
            '<p>Look: <img src="cid:photo"/></p>',
            "--B",
            'Content-Type: image/png; name="photo.png"',
            "Content-ID: <photo>",
            "Content-Transfer-Encoding: base64",
            "",
            "iVBORw0KGgo=",
            "--B",
            'Content-Disposition: attachment; filename="plan.pdf"',
            "Content-Type: application/pdf",
            "Content-Transfer-Encoding: base64",
            "",
            "JVBERi0=",
            "--B--",
        ]
        ticket = self._mail(
            body="\r\n".join(parts), Content_Type='multipart/mixed; boundary="B"'
        )
        files = self.env["ir.attachment"].search(
            [("res_model", "=", ticket._name), ("res_id", "=", ticket.id)]
        )
        self.assertEqual(set(files.mapped("name")), {"photo.png", "plan.pdf"})
        self.assertIn("/web/image/", ticket.description)
        self.assertNotIn("cid:", ticket.description)

    def test_what_he_said_is_harmless(self):
        """No script of a mail runs here."""
        ticket = self._mail(
            body='<p onclick="steal()">Hi<script>steal()</script></p>',
            Content_Type="text/html",
        )
        self.assertIn("Hi", ticket.description)
        self.assertNotIn("steal", ticket.description)

    def test_fetched_for_tickets(self):
        """A server that makes tickets of all it fetches needs no mailbox, and guards
        all the same."""
        ticket = self._receive(self._raw(to="info@elsewhere.example.com"), self._model)
        self.assertEqual(len(ticket), 1)
        self.assertEqual(ticket.channel, "email")
        self.assertEqual(ticket.acknowledgement, "wanted")
        raw = self._raw(to="info@elsewhere.example.com", Precedence="bulk")
        self.assertFalse(self._receive(raw, self._model))
        self.assertEqual(self._refusals().reason, "bulk")

    _model = "key.account.ticket"

    def test_fetched_for_another_company(self):
        """What such a server says of its tickets counts."""
        other = self._create_company("Huazhan Hong Kong")
        team = self.env["key.account.ticket.team"].create(
            {"name": "Hong Kong", "company_id": other.id}
        )
        given = {"company_id": other.id, "team_id": team.id, "kind": "complaint"}
        raw = self._raw(to="info@elsewhere.example.com")
        ticket = self._receive(raw, self._model, custom_values=given)
        self.assertEqual(ticket.company_id, other)
        self.assertEqual(ticket.team_id, team)
        self.assertEqual(ticket.kind, "complaint")

    def test_nobody_forges_a_ticket(self):
        """Whoever hands a mail to the gateway, a program included, gets nothing past
        the guards with it."""
        forged = {
            "state": "closed",
            "closed_at": "2020-01-01 00:00:00",
            "acknowledged_at": "2020-01-01 00:00:00",
            "plan_approved_at": "2020-01-01 00:00:00",
            "company_id": self.company.id,
        }
        thread = self.env["mail.thread"].with_user(self.employee)
        thread = thread.with_context(key_account_intake="x", key_account_forced=True)
        ticket = self.env["key.account.ticket"].sudo()
        known = ticket.search([])
        raw = self._raw(to="x@elsewhere.example.com")
        thread.message_process(self._model, raw, custom_values=forged)
        (new,) = ticket.search([]) - known
        self.assertEqual(new.state, "new")
        self.assertFalse(new.closed_at or new.acknowledged_at or new.plan_approved_at)
        raw = self._raw(to="x@elsewhere.example.com", Precedence="bulk")
        thread.message_process(self._model, raw, custom_values=forged)
        self.assertEqual(ticket.search([]) - known, new)

    def test_other_mail_passes_untouched(self):
        """What is not for tickets goes its own way, machine-made or not."""
        alias = self.env["mail.alias"].create(
            {
                "alias_name": "leads",
                "alias_model_id": self.env["ir.model"]._get_id("crm.lead"),
                "alias_domain_id": self.alias_domain.id,
            }
        )
        raw = self._raw(to=alias.alias_full_name, Auto_Submitted="auto-generated")
        leads = self.env["crm.lead"].search_count([])
        self.assertFalse(self._receive(raw))
        self.assertEqual(self.env["crm.lead"].search_count([]), leads + 1)
        self.assertFalse(self._refusals())
        with self.assertRaises(ValueError):
            self._receive(self._raw(to="nobody@elsewhere.example.com"))

    # --- Guards ---

    def test_machines_make_no_tickets(self):
        """Tickets 8.5: what a program wrote is refused, and kept for people."""
        marks = {
            "auto": [
                {"Auto_Submitted": "auto-replied"},
                {"Auto_Submitted": "auto-generated; x"},
                {"X_Auto_Response_Suppress": "DR, OOF, AutoReply"},
                {"X_Autoreply": "yes"},
                {"Return_Path": "<>"},
            ],
            "bulk": [{"Precedence": value} for value in ("bulk", "junk", "auto_reply")],
            "vacation": [
                {"Subject": "Automatic reply: your offer"},
                {"Subject": word("自动回复：您的报价", "gb18030")},
            ],
            "own": [{"From": COMPLAINTS}, {"From": f"catchall@{DOMAIN}"}],
        }
        with self.mock_mail_gateway():
            for reason, mails in marks.items():
                for headers in mails:
                    with self.subTest(reason=reason, **headers):
                        raw = self._raw(**headers)
                        self.assertFalse(self._receive(raw))
                        refusal = self._refusals()[:1]
                        self.assertEqual(refusal.reason, reason)
                        self.assertEqual(refusal.mailbox_id, self.box)
                        self.assertEqual(refusal.team_id, self.team)
            self._acknowledge()
        self.assertFalse(self._mails)

    def test_people_do(self):
        """A person whose mail program says so, or who is on a mailing list, is heard;
        a list gets no answer of ours."""
        ticket = self._mail(Auto_Submitted="no", X_Auto_Response_Suppress="None")
        self.assertEqual(ticket.acknowledgement, "wanted")
        ticket = self._mail(List_Id="<expo.example.org>", Precedence="list")
        self.assertFalse(ticket.acknowledgement)

    def test_bounces_are_ignored(self):
        """A bounce makes neither a ticket nor a refusal: it is Odoo's to handle."""
        report = 'multipart/report; report-type=delivery-status; boundary="B"'
        for headers in (
            {"From": "MAILER-DAEMON@mx.example.org"},
            {"Content_Type": report, "body": "--B\r\n\r\nNo such user\r\n--B--"},
            {"to": f"bounce@{DOMAIN}, {BOX}"},
        ):
            with self.subTest(**headers):
                self.assertFalse(self._receive(self._raw(**headers)))
        self.assertFalse(self._refusals())

    def test_too_many_from_one_sender(self):
        """Odoo's guard against loops counts tickets by their senders, whatever case
        they write their address in; what it stops is listed."""
        limit = self.env["ir.config_parameter"].sudo()
        limit.set_param("mail.gateway.loop.threshold", 2)
        self._mail("Wu <wu@stranger.example.org>")
        self._mail("WU@stranger.example.org")
        self._mail("u@stranger.example.org")  # somebody else
        with self.mock_mail_gateway():
            self.assertFalse(self._receive(self._raw("wu@stranger.example.org")))
        self.assertEqual(self._refusals().reason, "too_many")
        self.env["mail.gateway.allowed"].create({"email": "wu@stranger.example.org"})
        self._mail("wu@stranger.example.org")

    def test_a_mailbox_for_known_people(self):
        """A mailbox may be for contacts only: who may not write is told so by Odoo, and
        that is listed."""
        self.box.alias_contact = "partners"
        self._mail()
        with self.mock_mail_gateway():
            self.assertFalse(self._receive(self._raw("wu@stranger.example.org")))
        self.assertEqual(len(self._sent_to("wu@stranger.example.org")), 1)
        self.assertEqual(self._refusals().reason, "not_allowed")

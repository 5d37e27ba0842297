from ast import literal_eval

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .mail_case import BOX, COMPLAINTS, DOMAIN, MailCase


@tagged("post_install", "-at_install")
class TestTicketMailbox(MailCase):
    def test_address_makes_tickets(self):
        """R086: an alias of Odoo, which says kind, team and company of its tickets."""
        alias = self.complaint_box.alias_id
        self.assertEqual(alias.alias_full_name, COMPLAINTS)
        self.assertEqual(alias.alias_model_id.model, "key.account.ticket")
        self.assertEqual(
            literal_eval(alias.alias_defaults),
            {
                "kind": "complaint",
                "team_id": self.team.id,
                "company_id": self.company.id,
                "mailbox_id": self.complaint_box.id,
                "channel": "email",
            },
        )
        self.assertEqual(self.complaint_box.display_name, COMPLAINTS)

    def test_changed_mailbox(self):
        """Another team or kind: what arrives from now on is theirs, whatever the alias
        was set up with."""
        other = self.env["key.account.ticket.team"].create(
            {"name": "Others", "company_id": self.company.id}
        )
        self.box.write({"team_id": other.id, "kind": "complaint"})
        ticket = self._mail()
        self.assertEqual(ticket.team_id, other)
        self.assertEqual(ticket.kind, "complaint")
        self.box.alias_defaults = f"{{'mailbox_id': {self.box.id}, 'team_id': 0}}"
        self.assertEqual(self._mail().team_id, other)

    def test_mail_domain_of_its_company(self):
        """A manager of one company makes the mailbox of another in its domain."""
        hong_kong = self._create_company("Huazhan Hong Kong")
        hong_kong.alias_domain_id = self.env["mail.alias.domain"].create(
            {"name": "hk.example.com"}
        )
        self.manager.company_ids |= hong_kong
        team = self.env["key.account.ticket.team"].create(
            {"name": "Hong Kong", "company_id": hong_kong.id}
        )
        manager = self.manager.with_user(self.manager).with_context(
            allowed_company_ids=(self.company | hong_kong).ids
        )
        box = manager.env["key.account.ticket.mailbox"].create(
            {"team_id": team.id, "alias_name": "service"}
        )
        self.assertEqual(box.alias_full_name, "service@hk.example.com")
        self.assertEqual(box._address(), "service@hk.example.com")
        self.assertEqual(box.company_id, hong_kong)

    def test_one_address_one_mailbox(self):
        """Two mailboxes cannot have one address."""
        with self.assertRaises(UserError):
            self._create_mailbox("service")

    def test_which_address_answers(self):
        """The address written to; else the team's for this kind, else any of it; none
        as long as there is no mail domain."""
        enquiry, complaint = self._create_ticket(), self._create_ticket("complaint")
        self.assertEqual(enquiry._sender_address(), BOX)
        self.assertEqual(complaint._sender_address(), COMPLAINTS)
        self.assertEqual(self._mail(to=COMPLAINTS)._sender_address(), COMPLAINTS)
        self.complaint_box.unlink()
        self.assertEqual(complaint._sender_address(), BOX)
        self.box.alias_domain_id = False
        self.assertEqual(complaint._sender_address(), "")
        self.box.unlink()
        self.assertEqual(complaint._sender_address(), "")
        enquiry.team_id = False
        self.assertEqual(enquiry._sender_address(), "")

    def test_gone_mailbox(self):
        """Its tickets stay, and are answered from the team's other address."""
        ticket = self._mail(to=COMPLAINTS)
        self.complaint_box.unlink()
        self.assertFalse(ticket.mailbox_id)
        self.assertEqual(ticket._sender_address(), BOX)

    def test_who_keeps_mailboxes(self):
        """Managers do; agents read them."""
        self.box.with_user(self.agent).read(["kind", "alias_name"])
        with self.assertRaises(AccessError):
            self.box.with_user(self.agent).write({"kind": "complaint"})
        self.box.with_user(self.manager).write({"alias_name": "help"})
        self.assertEqual(self.box.alias_full_name, f"help@{DOMAIN}")

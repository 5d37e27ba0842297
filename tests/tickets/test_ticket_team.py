from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .ticket_case import FRIDAY, TicketCase


@tagged("post_install", "-at_install")
@freeze_time(FRIDAY)
class TestTicketTeam(TicketCase):
    """Who takes enquiries and complaints, and where customers write to (R086)."""

    def mailbox(self, name, kind="enquiry", team=None):
        return self.env["key.account.ticket.mailbox"].create(
            {
                "team_id": (team or self.team).id,
                "kind": kind,
                "alias_name": name,
            }
        )

    def test_mail_becomes_a_ticket_of_its_mailbox(self):
        """R086: what arrives at an address is a ticket of its kind and team, whoever
        else has teams and addresses."""
        domain = self.env["mail.alias.domain"].create(
            {"name": "huazhan.example.com", "bounce_alias": "b", "catchall_alias": "c"}
        )
        self.company.alias_domain_id = domain
        other = self.team.copy({"name": "Night"})
        mailbox = self.mailbox("night-complaints", "complaint", other)
        ticket_id = self.env["mail.thread"].message_process(
            None,
            "From: Ms Lin <lin@aurora.example.com>\n"
            f"To: {mailbox.alias_full_name}\n"
            "Subject: Lamp broken\nMessage-Id: <1@aurora.example.com>\n\nIt is dark.",
        )
        ticket = self.env["key.account.ticket"].browse(ticket_id)
        self.assertEqual(ticket.kind, "complaint")
        self.assertEqual(ticket.team_id, other)
        self.assertEqual(ticket.mailbox_id, mailbox)

    def test_moved_mailbox(self):
        """R086: a mailbox that gets another kind makes tickets of that kind."""
        mailbox = self.mailbox("care")
        mailbox.kind = "complaint"
        self.assertIn("'complaint'", mailbox.alias_defaults)

    def test_addresses_are_shown(self):
        """The addresses of a team stand in the list; one without a name does not."""
        self.mailbox("service")
        self.mailbox(False, "complaint")
        names = self.team.mailbox_ids.mapped("alias_full_name")
        self.assertEqual(self.team.addresses, next(filter(None, names)))
        self.assertTrue(self.team.addresses.startswith("service"))

    def test_ready_team_takes_no_address(self):
        """The team that comes with the addon has two mailboxes which wait for their
        addresses, so that it never takes one that is used already."""
        team = self.env.ref("key_account.ticket_team_service")
        kinds = set(team.mailbox_ids.mapped("kind"))
        self.assertEqual(kinds, {"enquiry", "complaint"})

    def test_counts(self):
        """Open and late tickets of a team, and what its buttons list."""
        late = self._create_ticket()
        self._create_ticket(received_at="2026-03-06 08:59:00")
        closed = self._create_ticket()
        closed.action_close(answer="It is free.", nothing_else="said")
        with freeze_time("2026-03-09 01:30:00"):
            self.env["key.account.sla.clock"].sudo()._watch(FRIDAY)
        (late.sudo().clock_ids)._refresh()
        self.assertEqual(self.team.open_count, 2)
        Ticket = self.env["key.account.ticket"]
        opened = Ticket.search(self.team.action_open_tickets()["domain"])
        self.assertEqual(len(opened), 2)
        with freeze_time("2026-03-20 01:30:00"):
            opened.sudo().clock_ids.filtered(lambda c: not c.stop_at)._refresh()
        self.team.invalidate_recordset()
        self.assertEqual(self.team.late_count, 2)
        self.assertEqual(Ticket.search(self.team.action_open_late()["domain"]), opened)

    def test_people_of_the_company(self):
        """Leader and agents work in the company of the team."""
        stranger = self._create_user(
            "ka_stranger", "key_account.group_member", self._create_company("Else")
        )
        portal = self._create_user("ka_client", "base.group_portal")
        for vals in (
            {"leader_id": stranger.id},
            {"member_ids": [Command.link(stranger.id)]},
            {"member_ids": [Command.link(portal.id)]},
        ):
            with (
                self.subTest(vals),
                self.assertRaisesRegex(ValidationError, "do not work"),
            ):
                self.team.write(vals)

    def test_who_changes_teams(self):
        """Managers change teams and mailboxes, agents look."""
        self.team.with_user(self.agent).read(["name"])
        with self.assertRaises(AccessError):
            self.team.with_user(self.agent).name = "Ours"
        with self.assertRaises(AccessError):
            self.mailbox("x").with_user(self.leader).kind = "complaint"
        self.team.with_user(self.manager).name = "Service and Care"

from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import Form, tagged

from .ticket_case import FRIDAY, TicketCase


@tagged("post_install", "-at_install")
@freeze_time(FRIDAY)
class TestTicketButtons(TicketCase):
    """Tickets of a customer, a contact, a contract and a project."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.env["sale.order"].create(
            {"partner_id": cls.contact.id, "company_id": cls.company.id}
        )
        cls.project = cls.env["project.project"].create(
            {
                "name": "Booth",
                "partner_id": cls.contact.id,
                "company_id": cls.company.id,
            }
        )

    def _list_of(self, record, user=None):
        """The tickets that the button of a record lists, and the new one it offers."""
        action = record.with_user(user or self.agent).sudo(False).action_open_tickets()
        Ticket = self.env["key.account.ticket"].with_user(user or self.agent)
        return Ticket.search(action["domain"]), action["context"]

    def test_of_a_customer(self):
        """Open and late ones are counted, of those one may see; a new one knows its
        customer (R086)."""
        late = self._create_ticket(received_at=FRIDAY - timedelta(days=9))
        self._create_ticket("complaint")
        ended = self._create_ticket()
        ended.action_withdraw("Never mind.")
        account = self.account.with_user(self.agent)
        self.assertEqual(late.sla_state, "late")
        self.assertEqual((account.open_ticket_count, account.late_ticket_count), (2, 1))
        blind = self.account.with_user(self.chair)
        self.assertEqual((blind.open_ticket_count, blind.late_ticket_count), (0, 0))
        found, _context = self._list_of(self.account)
        self.assertEqual(len(found), 3)
        for kind in ("enquiry", "complaint"):
            action = getattr(account, f"action_new_{kind}")()
            form = Form(
                self.env["key.account.ticket"]
                .with_user(self.agent)
                .with_context(**action["context"])
            )
            form.name = "No light"
            ticket = form.save()
            self.assertRecordValues(
                ticket, [{"kind": kind, "account_id": self.account.id}]
            )

    def test_of_a_contact_and_his_company(self):
        """A company shows what all its people asked, a contact his own."""
        colleague = self.env["res.partner"].create(
            {"name": "Mr Qian", "parent_id": self.account.partner_id.id}
        )
        mine = self._create_ticket()
        his = self._create_ticket(partner_id=colleague.id)
        self.assertEqual(self._list_of(self.contact)[0], mine)
        self.assertEqual(self._list_of(self.account.partner_id)[0], mine | his)
        self.assertEqual(
            self._list_of(colleague)[1]["default_partner_id"], colleague.id
        )
        counts = (self.contact | self.account.partner_id).with_user(self.agent)
        self.assertEqual(counts.mapped("open_ticket_count"), [1, 2])

    def test_of_a_contract_and_a_project(self):
        """A ticket that is made there is about it."""
        for record, field in ((self.order, "order_id"), (self.project, "project_id")):
            with self.subTest(record._name):
                other = self._create_ticket()
                ticket = self._create_ticket(**{field: record.id})
                found, context = self._list_of(record)
                self.assertEqual(found, ticket)
                self.assertNotIn(other, found)
                self.assertEqual(context[f"default_{field}"], record.id)
                self.assertEqual(context["default_partner_id"], self.contact.id)
                seen = record.with_user(self.agent)
                self.env.invalidate_all()
                self.assertEqual(seen.sudo().with_user(self.agent).open_ticket_count, 1)

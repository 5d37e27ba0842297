from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .mail_case import COMPLAINTS, MailCase, word
from .ticket_case import FRIDAY

WU = "wu@stranger.example.org"


@tagged("post_install", "-at_install")
@freeze_time(FRIDAY)
class TestTicketSender(MailCase):
    # --- Becoming a contact ---

    def test_accepted_he_becomes_a_contact(self):
        """R086, tickets D11: by the name he goes by, and what he wrote so far is his.
        The agent needs no right to make contacts for that."""
        name = word("吴先生", "gb18030", "gb2312")
        ticket = self._mail(f"{name} <{WU}>").with_user(self.agent)
        self.assertFalse(self.agent.has_group("base.group_partner_manager"))
        ticket.action_accept()
        contact = ticket.partner_id
        self.assertEqual(contact.name, "吴先生")
        self.assertEqual(contact.email, WU)
        self.assertFalse(contact.parent_id)
        first = ticket.message_ids.filtered(lambda m: m.message_type == "email")
        self.assertEqual(first.author_id, contact)
        self.assertIn(contact, ticket.message_partner_ids)

    def test_known_by_then(self):
        """Who has become a contact in the meantime is not made one twice."""
        first = self._mail(WU).with_user(self.agent)
        second = self._mail(WU).with_user(self.agent)
        first.action_accept()
        self.assertEqual(first.partner_id.name, WU)
        second.action_accept()
        self.assertEqual(second.partner_id, first.partner_id)

    def test_a_contact_of_another_company_is_not_known(self):
        """The company's own contact, or a common one, never another company's."""
        other = self._create_company("Huazhan Hong Kong")
        self.env["res.partner"].create(
            {"name": "Wu HK", "email": WU, "company_id": other.id}
        )
        ticket = self._mail(WU).with_user(self.agent)
        self.assertFalse(ticket.partner_id)
        ticket.action_accept()
        self.assertFalse(ticket.partner_id.company_id)

    def test_the_customer_chosen_by_the_agent(self):
        """An agent who knows the firm says so before he accepts."""
        ticket = self._mail(WU).with_user(self.agent)
        ticket.account_id = self.account
        ticket.action_accept()
        self.assertEqual(ticket.partner_id.parent_id, self.account.partner_id)
        self.assertEqual(ticket.account_id, self.account)

    # --- Suggestion ---

    def test_same_mail_domain_is_a_suggestion(self):
        """A new face of a known firm is put under it when somebody says so, and not
        before."""
        ticket = self._mail("Mr Ma <ma@aurora.example.com>").with_user(self.agent)
        self.assertEqual(ticket.suggested_account_id, self.account)
        self.assertFalse(ticket.account_id)
        ticket.action_accept()
        self.assertFalse(ticket.partner_id.parent_id)
        self.assertEqual(ticket.suggested_account_id, self.account)
        ticket.action_take_suggestion()
        self.assertEqual(ticket.partner_id.parent_id, self.account.partner_id)
        self.assertEqual(ticket.account_id, self.account)
        self.assertFalse(ticket.suggested_account_id)

    def test_suggestion_before_acceptance(self):
        """Taken first, the contact is made in the firm."""
        ticket = self._mail("Mr Ma <ma@aurora.example.com>").with_user(self.agent)
        ticket.action_take_suggestion()
        self.assertEqual(ticket.account_id, self.account)
        ticket.action_accept()
        self.assertEqual(ticket.partner_id.parent_id, self.account.partner_id)
        with self.assertRaises(AccessError):
            ticket.with_user(self.reader).action_take_suggestion()

    def test_suggestion_on_the_form(self):
        """R086: the form asks it of who may work on the ticket, and no longer when the
        customer is known; a click puts the sender under him."""
        ticket = self._mail("Mr Ma <ma@aurora.example.com>", to=COMPLAINTS)
        form = Form(ticket.with_user(self.agent))
        self.assertEqual(form.suggested_account_id, self.account)
        self.assertTrue(self._is_asked(form))
        self.assertFalse(self._is_asked(Form(ticket.with_user(self.reviewer))))
        [node] = form._view["tree"].xpath("//div[@name='suggestion']/button")
        getattr(form.record, node.get("name"))()
        self.assertEqual(ticket.account_id, self.account)
        self.env.invalidate_all()
        self.assertFalse(self._is_asked(Form(ticket.with_user(self.agent))))
        stranger = self._mail(WU).with_user(self.agent)
        self.assertFalse(self._is_asked(Form(stranger)))

    def _is_asked(self, form):
        return not form._get_modifier("suggested_account_id", "invisible")

    def test_no_suggestion(self):
        """Public mail services and domains of several customers say nothing."""
        rival = self._create_account("Aurora Rivals")
        for address in ("a@qq.com", "b@163.com", "c@gmail.com"):
            self.account.partner_id.email = address
            ticket = self._mail(f"x{address}")
            self.assertFalse(ticket.suggested_account_id, address)
        rival.partner_id.email = "office@aurora.example.com"
        self.assertFalse(self._mail("ma@aurora.example.com").suggested_account_id)

    # --- Duplicates ---

    def test_possible_duplicates(self):
        """Tickets 8.5: same sender, same subject, within a day; whatever answering and
        forwarding put before it."""
        first = self._mail(WU, Subject="Stand 5A12")
        again = [
            self._mail(f"Wu <{WU.upper()}>", Subject=subject)
            for subject in (
                "Re: stand  5A12",
                "FW: Re: Stand 5A12",
                word("回复：转发: Stand 5A12", "gb18030"),
                "Re[2]: Stand 5A12",
            )
        ]
        others = self._mail(WU, Subject="Stand 5A13")
        others |= self._mail("he@stranger.example.org", Subject="Stand 5A12")
        with freeze_time(FRIDAY + timedelta(hours=25)):
            others |= self._mail(WU, Subject="Stand 5A12")
        twins = first.union(*again)
        for ticket in twins:
            self.assertEqual(ticket.duplicate_ids, twins - ticket)
        self.assertFalse(others.duplicate_ids)
        again[0].with_user(self.agent).action_merge(first)
        first.invalidate_recordset()
        self.assertEqual(first.duplicate_ids, twins - first - again[0])

    def test_duplicates_of_a_list(self):
        """However many tickets a list shows, their duplicates cost one query."""
        tickets = self.env["key.account.ticket"]
        for number in range(6):
            tickets |= self._mail(WU, Subject=f"Stand {number % 3}")
        self.env.flush_all()
        self.env.invalidate_all()
        tickets.mapped("subject_key")  # the list itself
        before = self.env.cr.sql_log_count
        found = tickets.mapped(lambda ticket: len(ticket.duplicate_ids))
        self.assertEqual(self.env.cr.sql_log_count - before, 1)
        self.assertEqual(found, [1] * 6)

    def test_duplicates_one_may_see(self):
        """Nobody learns of a ticket that he may not see."""
        first = self._mail(WU, Subject="Stand 5A12")
        foreign = self.env["key.account.ticket.team"].create(
            {"name": "Others", "company_id": self.company.id}
        )
        second = self._mail(WU, Subject="Stand 5A12")
        second.team_id = foreign
        self.assertEqual(first.duplicate_ids, second)
        self.assertFalse(first.with_user(self.agent).duplicate_ids)

    def test_without_a_sender(self):
        """A ticket nobody wrote has no duplicates, and a new one in a form neither."""
        self.assertFalse(self._create_ticket().duplicate_ids)
        self.assertFalse(self._create_ticket(email_from="nonsense").duplicate_ids)
        new = self.env["key.account.ticket"].new({"name": "x", "email_from": WU})
        self.assertFalse(new.duplicate_ids)

    def test_a_name_that_is_no_address(self):
        """A broken From is kept as it is read; a very long one does not break an
        index."""
        ticket = self._mail("Mr Wu without an address")
        self.assertEqual(ticket.email_from, "Mr Wu without an address")
        self.assertFalse(ticket.email_normalized)
        self.assertFalse(ticket.acknowledgement)
        ticket = self._mail(f"{'w' * 5000}@stranger.example.org")
        self.assertFalse(ticket.email_normalized)
        ticket.with_user(self.agent).action_accept()
        self.assertTrue(ticket.partner_id)

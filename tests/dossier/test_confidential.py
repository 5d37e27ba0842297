from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tests import tagged

from .leak_case import OTHER, LeakCase


@tagged("post_install", "-at_install")
class TestConfidential(LeakCase):
    """Who may open a file: the one definition everything else asks (R035, R039)."""

    def is_open(self, user):
        """Whether it is, said by the field, the search, the rights and the check."""
        self.env.invalidate_all()
        account = self.account.with_user(user)
        answers = {
            account.may_open,
            account in account.search([("may_open", "=", True)]),
            account not in account.search([("may_open", "=", False)]),
            account.has_access("write"),
        }
        self.assertEqual(len(answers), 1, answers)
        if not answers.copy().pop():
            with self.assertRaisesRegex(UserError, "open to those who serve him"):
                account._check_may_open()
        else:
            account._check_may_open()
        return answers.pop()

    def is_mine(self, user):
        self.env.invalidate_all()
        account = self.account.with_user(user)
        found = account.search([("is_mine", "=", True)])
        others = account.search([("is_mine", "!=", True)])
        self.assertEqual(account in found, account.is_mine)
        self.assertEqual(account in others, not account.is_mine)
        return account.is_mine

    def test_every_role(self):
        """Owner, steward and manager; no other member, reader or committee."""
        for role, user in self.serving.items():
            with self.subTest(role):
                self.assertTrue(self.is_open(user))
                self.assertEqual(self.is_mine(user), user == self.seller)
        for role, user in self.strangers.items():
            with self.subTest(role):
                self.assertFalse(self.is_open(user))
                self.assertFalse(self.is_mine(user))
        for role, account in self.each(self.outsiders):
            with self.subTest(role):
                self.assertFalse(account.has_access("read"))
                with self.assertRaises(AccessError):
                    account.search([("may_open", "=", True)])

    def test_both_values(self):
        """A search for either value finds all."""
        mine = self.file
        for name in ("may_open", "is_mine"):
            self.assertIn(mine, mine.search([(name, "in", [True, False])]))
            self.assertEqual(
                mine.search_count([(name, "in", [True, False])]), mine.search_count([])
            )

    def test_owner_changes(self):
        """With the owner, who may open it changes at once, in the same request."""
        self.assertTrue(self.file.may_open)
        self.account._change_holder(self.colleague)
        self.assertFalse(self.file.may_open)
        self.assertFalse(self.is_open(self.seller))
        self.assertTrue(self.is_open(self.colleague))

    def test_agreement_of_the_employee(self):
        """Where the company asks for it, only while it is valid, to the midnight of
        the company; without, the owner is shut out of his own file (R036)."""
        self.company.key_account_nda_required = True
        self.assertFalse(self.is_open(self.seller))
        nda = self.env["key.account.nda"].create(
            {
                "party": "employee",
                "user_id": self.seller.id,
                "company_id": self.company.id,
                "valid_from": "2026-03-10",
                "valid_to": "2026-03-12",
            }
        )
        for moment, expected in (
            ("2026-03-09 15:59:59", False),
            ("2026-03-09 16:00:00", True),
            ("2026-03-12 15:59:59", True),
            ("2026-03-12 16:00:00", False),
        ):
            with self.subTest(moment), freeze_time(moment):
                self.assertEqual(self.is_open(self.seller), expected)
                needs = self.account.with_user(self.seller).needs
                self.assertEqual(bool(needs), expected)
        with freeze_time("2026-03-11"):
            nda.user_id = self.colleague
            self.assertFalse(self.is_open(self.seller))
            self.assertTrue(self.is_open(self.steward))

    def test_agreement_elsewhere(self):
        """An agreement with another company opens nothing here."""
        self.company.key_account_nda_required = True
        other = self._create_company("Delta Exhibitions")
        self.env["key.account.nda"].create(
            {
                "party": "employee",
                "user_id": self.seller.id,
                "company_id": other.id,
                "valid_from": "2020-01-01",
            }
        )
        self.assertFalse(self.is_open(self.seller))

    def test_companies(self):
        """Who serves in two companies opens in each what he serves there, while he
        works in it."""
        other = self._create_company("Delta Exhibitions")
        foreign = self._create_user("ka_foreign", "key_account.group_manager", other)
        theirs = self.account.with_user(foreign)
        theirs = theirs.with_context(allowed_company_ids=other.ids)
        self.assertFalse(theirs.has_access("read"))
        self.assertFalse(theirs.search([("may_open", "=", True)]))
        self.seller.write({"company_ids": [Command.link(other.id)]})
        self.assertTrue(self.is_open(self.seller))
        away = self.file.with_context(allowed_company_ids=other.ids)
        self.env.invalidate_all()
        self.assertFalse(away.may_open)
        self.assertFalse(away.search([("is_mine", "=", True)]))
        both = self.file.with_context(allowed_company_ids=(other | self.company).ids)
        self.assertTrue(both.may_open)

    def test_message_to_a_stranger(self):
        """Refused with a sentence, whoever writes it."""
        for user in (self.colleague, self.reader, self.employee):
            partner = user.partner_id
            with self.subTest(user.login):
                for account in (self.file, self.account):
                    with self.assertRaisesRegex(UserError, "cannot see the file"):
                        account.message_post(
                            body=OTHER, partner_ids=user.partner_id.ids
                        )
                    with self.assertRaisesRegex(UserError, "cannot see the file"):
                        account.message_subscribe(partner.ids)

    def test_message_to_who_serves(self):
        """The steward, the manager, and people outside who have no log-in here."""
        contact = self._create_customer("Ms Wei", email="wei@example.com")
        partners = (self.steward | self.manager).partner_id | contact
        message = self.file.message_post(body=OTHER, partner_ids=partners.ids)
        self.assertEqual(message.partner_ids, partners)

    def test_strangers_write_nothing(self):
        """Nor do they speak in the file of somebody else's customer."""
        for role, account in self.each(self.strangers):
            with self.subTest(role), self.assertRaises(UserError):
                account.message_post(body=OTHER)

    def test_followers_who_left(self):
        """A former owner still follows, and hears no more; the customer does."""
        contact = self._create_customer("Ms Wei", email="wei@example.com")
        self.account._change_holder(self.colleague)
        people = self.colleague.partner_id | self.seller.partner_id | contact
        left, stays = self.colleague.partner_id, self.seller.partner_id
        self.account.message_subscribe((left | contact).ids)
        self.account._change_holder(self.seller)
        self.account.message_subscribe(stays.ids)
        self.assertLessEqual(people, self.account.message_partner_ids)
        message = self.account.with_user(self.manager).message_post(
            body=OTHER, subtype_xmlid="mail.mt_comment"
        )
        self.assertEqual(message.sudo().notified_partner_ids & people, stays | contact)

    def test_other_recipients(self):
        """The same for who follows another document: it is none of ours."""
        partner = self.account.partner_id
        partner.message_subscribe(self.reader.partner_id.ids)
        self.assertIn(self.reader.partner_id, partner.message_partner_ids)

    def test_query_count(self):
        """A list of a hundred asks no more often than a list of ten."""
        for number in range(100):
            self._create_account(f"Customer {number}")
        Account = self.env["key.account"].with_user(self.seller)
        Account.search([], limit=1).read(["is_mine", "may_open"])
        counts = {10: [], 100: []}
        for limit in (10, 100) * 3:
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            Account.search(Domain.TRUE, limit=limit).read(["is_mine", "may_open"])
            counts[limit].append(self.env.cr.sql_log_count - before)
        # the least: what the server remembers may be forgotten in between
        self.assertEqual(min(counts[10]), min(counts[100]))

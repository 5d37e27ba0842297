"""What the pages of accounts cost, as the web client asks for them: a number of queries
that grows neither with the customers nor with how few of them one serves."""

from odoo.fields import Command
from odoo.tests import tagged

from ..dev import benchmark_files as files
from ..dev import benchmark_pages as pages
from .common import KeyAccountCase

MOST = 20


@tagged("post_install", "-at_install")
class TestPages(KeyAccountCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scheme = cls._create_scheme()
        roles = cls.env["key.account.role"].search([])
        parts = cls.env["key.account.buying.role"].search(
            [("code", "in", ["decider", "user"])]
        )
        cls.scheme.tier_ids.write(
            {
                "required_role_ids": [Command.set(roles.ids)],
                "required_buying_roles": [Command.set(parts.ids)],
            }
        )
        cls.helper = cls._create_user("ka_helper", "key_account.group_member")
        cls.full = cls._open(2, "Full")
        cls._join(cls.full, cls.seller)
        files.fill(cls.full, cls.seller, cls.helper)

    @classmethod
    def _open(cls, number, name):
        customers = cls.env["res.partner"].create(
            [{"name": f"{name} {n}", "is_company": True} for n in range(number)]
        )
        accounts = cls.env["key.account"]._open_for(customers, cls.company)
        for account in accounts:
            account._set_tier(cls.scheme.tier_ids[0], "evaluation")
        return accounts

    @classmethod
    def _join(cls, accounts, user):
        cls.env["key.account.member"]._authorized().create(
            [
                {
                    "account_id": account.id,
                    "user_id": user.id,
                    "role_id": cls.env.ref("key_account.role_manager").id,
                    "is_lead": True,
                }
                for account in accounts
            ]
        )

    def queries(self, page, records, user):
        """Queries of a page when the server has shown it before: the least of several
        times, as what it remembers may be forgotten in between."""
        show = page(records.with_user(user))
        counts = []
        for _time in range(4):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            show()
            counts.append(self.env.cr.sql_log_count - before)
        return min(counts)

    def test_lists_do_not_grow(self):
        """R005: ten customers or forty, the list and the board cost the same."""
        Account = self.env["key.account"]
        counts = {}
        for more in (8, 28):
            self._join(self._open(more, "More")[::4], self.seller)
            for page in (pages.list_page, pages.kanban_page):
                for user in (self.manager, self.seller, self.reader):
                    key = page.__name__, user.login
                    counts.setdefault(key, []).append(self.queries(page, Account, user))
        for key, (few, many) in counts.items():
            with self.subTest(key):
                # after a thousand other tests activities were read in two parts once,
                # which is two queries; what grows with records is ten times that
                self.assertLessEqual(many, few + 2)
                self.assertLessEqual(min(few, many), MOST)

    def test_serving_few_costs_nothing(self):
        """A member pays no more for the list than a manager, to whom all is open."""
        Account = self.env["key.account"]
        for page in (pages.list_page, pages.kanban_page):
            with self.subTest(page.__name__):
                self.assertLessEqual(
                    self.queries(page, Account, self.seller),
                    self.queries(page, Account, self.manager),
                )

    def test_form_of_a_full_file(self):
        """The form of a file in which every tab has something, for who serves the
        customer, for a manager, and for who may not open it."""
        for user in (self.manager, self.seller, self.helper, self.reader):
            with self.subTest(user.login):
                count = self.queries(pages.form_page, self.full[0], user)
                self.assertLessEqual(count, MOST)

    def test_form_does_not_grow(self):
        """A file that holds ten times as much opens with as many queries."""
        before = self.queries(pages.form_page, self.full[0], self.seller)
        people = self.env["key.account.stakeholder"]
        for number in range(20):
            contact = self.env["res.partner"].create(
                {"name": f"P {number}", "parent_id": self.full[0].partner_id.id}
            )
            people.create({"account_id": self.full[0].id, "partner_id": contact.id})
        after = self.queries(pages.form_page, self.full[0], self.seller)
        self.assertEqual(after, before)

    def test_lists_beside_the_form(self):
        """What the form does not hold, it opens as a list of this customer."""
        account = self.full[0].with_user(self.seller)
        for name in (
            "insights",
            "overrides",
            "appeals",
            "assessments",
            "motions",
            "tier_changes",
            "members",
        ):
            with self.subTest(name):
                action = getattr(account, f"action_open_{name}")()
                found = account.env[action["res_model"]].search(action["domain"])
                self.assertTrue(found)
                self.assertEqual(found.account_id, account)

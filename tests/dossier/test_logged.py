import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .leak_case import LeakCase

FORM = {"name": {}, "needs": {}, "may_open": {}}


@tagged("post_install", "-at_install")
class TestLogged(LeakCase):
    """What counts as opening a file."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second_account = cls._create_account("Delta Robotics")

    def opened(self):
        """``(account, user)`` of the log, as the end of a transaction writes it."""
        self.env.cr.flush()
        rows = self.env["key.account.access"].search([], order="id")
        return rows.mapped(lambda row: (row.account_id, row.user_id))

    def test_form(self):
        """Whoever opens the form of a file that is open to him is in the log, once."""
        for user in (self.seller, self.steward, self.manager):
            for _time in range(2):
                self.account.with_user(user).web_read(FORM)
                self.env.cr.flush()
        self.assertEqual(
            self.opened(),
            [
                (self.account, user)
                for user in (self.seller, self.steward, self.manager)
            ],
        )

    def test_saving_the_form(self):
        """Saving shows the file as well."""
        self.file.web_save({"employees": 5}, {"may_open": {}})
        self.assertEqual(self.opened(), [(self.account, self.seller)])

    def test_closed_to_him(self):
        """A stranger looks at the public fields: that opens nothing."""
        for role, account in self.each(self.strangers):
            with self.subTest(role):
                account.web_read(FORM)
                self.assertFalse(self.opened())
        for role, account in self.each(self.outsiders):
            with self.subTest(role), self.assertRaises(AccessError):
                account.web_read(FORM)
        self.assertFalse(self.opened())

    def test_public_fields(self):
        """Neither does the owner who reads no fact."""
        self.file.web_read({"name": {}, "potential": {}, "message_ids": {}})
        self.file.read(["name"])
        self.assertFalse(self.opened())

    def test_list(self):
        """Lists and boards open nothing, be they of one row; a client cannot claim to
        be a list."""
        mine = self.file.browse()
        domain = [("id", "=", self.account.id)]
        mine.web_search_read(domain, FORM)
        mine.web_read_group(
            domain, ["state"], auto_unfold=True, unfold_read_specification=FORM
        )
        self.assertFalse(self.opened())
        self.file.with_context(key_account_listing=True).web_read(FORM)
        self.assertEqual(self.opened(), [(self.account, self.seller)])

    def test_programs(self):
        """Reading by a program, and reading everything, opens all the files read."""
        both = (self.account | self.second_account).with_user(self.manager)
        both.read(["needs"])
        self.file.read()
        self.assertEqual(
            self.opened(),
            [
                (self.account, self.manager),
                (self.second_account, self.manager),
                (self.account, self.seller),
            ],
        )

    def test_export(self):
        """An export of facts opens each file in it, one of names none."""
        group = self.env.ref("base.group_allow_export")
        self.seller.write({"group_ids": [fields.Command.link(group.id)]})
        both = (self.account | self.second_account).with_user(self.seller)
        self._let_out(both, self.seller, "export")
        both.export_data(["name"])
        self.assertFalse(self.opened())
        both.export_data(["name", "profile_ids/needs"])
        self.assertEqual(self.opened(), [(self.account, self.seller)])

    def test_the_system(self):
        """What Odoo reads for itself is nobody's looking."""
        self.file.sudo().read(["needs"])
        self.account.read(["needs"])
        self.assertFalse(self.opened())

    def test_paper(self):
        """Who prints a file calls the same method."""
        self.file._log_opening()
        self.assertEqual(self.opened(), [(self.account, self.seller)])

    def test_nothing_is_left_of_a_failure(self):
        """A transaction that fails writes nothing, and the next one starts anew."""
        self.file.web_read(FORM)
        self.env.cr.precommit.clear()
        self.assertFalse(self.opened())
        self.file.web_read(FORM)
        self.assertEqual(self.opened(), [(self.account, self.seller)])

    def test_one_query(self):
        """One statement for a transaction, however many files it opens."""
        accounts = self.account.browse()
        for number in range(20):
            accounts |= self._create_account(f"Customer {number}")
        accounts |= self.account
        accounts = accounts.with_user(self.manager)
        accounts.mapped("company_id.resource_calendar_id.tz")
        self.env.cr.flush()
        accounts.read(["may_open", "needs"])
        with self.assertQueryCount(1):
            self.env.cr.precommit.run()
        self.assertEqual(len(self.opened()), 21)


@tagged("post_install", "-at_install")
class TestLoggedOverHttp(HttpCase, LeakCase):
    def test_requests(self):
        """A request of the page, and one with a key, write the log by themselves."""
        self._let_out(self.account, self.manager, "api")
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        keys = self.env["res.users.apikeys"].with_user(self.manager)
        self.url_open(
            "/json/2/key.account/read",
            data=json.dumps({"ids": self.account.ids, "fields": ["needs"]}),
            headers={
                "Authorization": f"Bearer {keys._generate('rpc', 'test', tomorrow)}",
                "Content-Type": "application/json",
                "X-Odoo-Database": self.env.cr.dbname,
            },
        ).raise_for_status()
        self.authenticate(self.seller.login, self.seller.login)
        self.url_open(
            "/web/dataset/call_kw/key.account/web_read",
            json={
                "params": {
                    "model": "key.account",
                    "method": "web_read",
                    "args": [self.account.ids, FORM],
                    "kwargs": {},
                }
            },
        ).raise_for_status()
        self.env.invalidate_all()
        rows = self.env["key.account.access"].search([], order="id")
        self.assertEqual(rows.user_id, self.manager | self.seller)

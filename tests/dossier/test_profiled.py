from odoo import models
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .leak_case import SECRET, LeakCase


@tagged("post_install", "-at_install")
class TestProfiled(LeakCase):
    """The facts of the profile as fields of the account (R022, R026, R027); to whom
    they are closed is in test_leaks."""

    def test_facts(self):
        """Every field of the profile that says something is one of the account."""
        says = {
            name
            for name, field in self.env["key.account.profile"]._fields.items()
            if field.store and not field.related and name not in models.MAGIC_COLUMNS
        }
        self.assertEqual(set(self.account._fact_names()), says - {"account_id"})
        for name in self.account._fact_names():
            fact, stored = (
                self.env[model]._fields[name]
                for model in ("key.account", "key.account.profile")
            )
            with self.subTest(name):
                self.assertEqual(fact.string, stored.string)
                self.assertEqual(fact.type, stored.type)
                self.assertFalse(fact.store)
                self.assertFalse(fact.compute_sudo)

    def test_write_and_read(self):
        """What is written on the account is read from it, and emptied there."""
        account = self._create_account("Delta")
        account._change_holder(self.seller)
        mine = account.with_user(self.seller)
        mine.write({"needs": False})
        self.assertFalse(account.profile_ids)
        mine.write({"needs": "A bar", "show_budget": 5_000, "risk": "low"})
        self.env.invalidate_all()
        self.assertEqual(
            (mine.needs, mine.show_budget, mine.risk), ("A bar", 5000, "low")
        )
        self.assertEqual(len(account.profile_ids), 1)
        mine.write({"needs": False})
        self.env.invalidate_all()
        self.assertFalse(mine.needs)
        self.assertEqual(mine.risk, "low")

    def test_create_with_facts(self):
        """The steward opens a file with what he knows already."""
        partner = self._create_customer("Delta")
        values = {"partner_id": partner.id, "needs": "A bar"}
        account = self.env["key.account"].with_user(self.steward).create(values)
        self.env.invalidate_all()
        self.assertEqual(account.profile_ids.needs, "A bar")

    def test_search(self):
        """Who serves finds by the value, by its absence and by its opposite."""
        empty = self._create_account("Delta")
        both = [("id", "in", (empty | self.account).ids)]
        Account = self.env["key.account"].with_user(self.manager)
        for condition, expected in (
            (("needs", "ilike", "ms wei"), self.account),
            (("needs", "not ilike", "ms wei"), empty),
            (("needs", "=", False), empty),
            (("needs", "!=", False), self.account),
            (("risk", "=", "high"), self.account),
            (("risk", "in", ["high", False]), self.account | empty),
            (("risk", "not in", ["high"]), empty),
            (("show_budget", ">", 1_000), self.account),
        ):
            with self.subTest(condition=condition):
                self.assertEqual(Account.search([condition, *both]), expected)

    def test_list_costs_the_same(self):
        """The facts of many accounts come in as many queries as those of one."""
        for number in range(12):
            self._create_account(f"Customer {number}", needs="A bar")
        Account = self.env["key.account"].with_user(self.manager)
        names = self.account._fact_names()
        Account.search([], limit=1).read(names)
        counts = []
        for limit in (2, 12):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            Account.search([], limit=limit).read(names)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_companies(self):
        """A manager of another company reads neither account nor facts."""
        other = self._create_company("Delta Exhibitions")
        foreign = self._create_user("ka_foreign", "key_account.group_manager", other)
        context = {"allowed_company_ids": other.ids}
        with self.assertRaises(AccessError):
            self.account.with_user(foreign).with_context(**context).read(["needs"])
        Profile = self.env["key.account.profile"].with_user(foreign)
        Profile = Profile.with_context(**context)
        self.assertFalse(Profile.search([("needs", "=", SECRET)]))

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger


@tagged("post_install", "-at_install")
class TestCapacityRace(TransactionCase):
    """Two managers at once, each in a transaction of his own."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self.company = env.ref("base.main_company").id
            self.user = env.ref("base.user_admin").id
            self.role = env.ref("key_account.role_planner").id
            partners = env["res.partner"].create(
                [{"name": f"Race {n}", "is_company": True} for n in range(2)]
            )
            self.partners = partners.ids
            company = env["res.company"].browse(self.company)
            self.accounts = env["key.account"]._open_for(partners, company).ids
            env.flush_all()
            cr.execute(
                "UPDATE key_account SET capacity_points = 1 WHERE id = ANY(%s)",
                [self.accounts],
            )
            self.addCleanup(self.clean)
            load, _count = (
                env["key.account.capacity"]
                ._loads()
                .get((self.company, self.user), (0, 0))
            )
            mine = [("user_id", "=", self.user), ("company_id", "=", self.company)]
            env["key.account.capacity"].search(mine).unlink()
            row = {"user_id": self.user, "company_id": self.company}
            env["key.account.capacity"].create({**row, "points": load + 1.5})

    def clean(self):
        """Takes back what the other transactions have really written."""
        with self.registry.cursor() as cr:
            for table, column, ids in (
                ("key_account_member", "account_id", self.accounts),
                ("key_account_capacity", "user_id", [self.user]),
                ("key_account", "id", self.accounts),
                ("res_partner", "id", self.partners),
            ):
                cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE %s = ANY(%s)",
                        SQL.identifier(table),
                        SQL.identifier(column),
                        ids,
                    )
                )
            env = api.Environment(cr, SUPERUSER_ID, {})
            messages = Domain("model", "=", "key.account")
            messages &= Domain("res_id", "in", self.accounts)
            env["mail.message"].search(messages).unlink()

    def join(self, cr, account):
        env = api.Environment(cr, SUPERUSER_ID, {})
        env["key.account.member"].create(
            {"account_id": account, "user_id": self.user, "role_id": self.role}
        )
        env.flush_all()

    def test_two_at_once_do_not_slip_under_the_limit(self):
        """The second one, who began before the first was done, is told so by
        PostgreSQL; Odoo tries him again, and then he is refused (R110)."""
        with self.registry.cursor() as one, self.registry.cursor() as two:
            two.execute("SELECT COUNT(*) FROM key_account_member")
            self.join(one, self.accounts[0])
            one.commit()
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                self.join(two, self.accounts[1])
            two.rollback()
            with self.assertRaisesRegex(UserError, "points; with Race 1 it would be"):
                self.join(two, self.accounts[1])
            two.rollback()

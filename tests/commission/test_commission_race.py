from datetime import date

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, new_test_user, tagged

OFFICER = "key_account.group_commission_officer"
TABLES = (
    "key_account_commission_entry",
    "key_account_commission_left_out",
    "key_account_commission_statement",
    "key_account_commission_run",
    "key_account_commission_turnover",
)


@tagged("post_install", "-at_install")
class TestCommissionRace(TransactionCase):
    """Two officers at the same moment, each in a transaction of his own, really written
    and taken back afterwards."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            self.company = env["res.company"].create({"name": "Race"}).id
            self.officers = [
                new_test_user(
                    env,
                    f"race_officer_{n}",
                    groups=OFFICER,
                    company_id=self.company,
                    company_ids=[(6, 0, [self.company])],
                ).id
                for n in range(2)
            ]
            runs = env["key.account.commission.run"].create(
                [
                    {
                        "company_id": self.company,
                        "date_from": date(2025, 1, 1),
                        "period": period,
                    }
                    for period in ("quarter", "month")
                ]
            )
            self.run_, self.other = runs.ids
        self.addCleanup(self.clean)

    def clean(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            for table in TABLES:
                column = "id" if table.endswith("run") else "company_id"
                ids = [self.run_, self.other] if column == "id" else [self.company]
                cr.execute(f"DELETE FROM {table} WHERE {column} = ANY(%s)", [ids])
            for model in ("mail.message", "mail.followers"):
                name = "model" if model == "mail.message" else "res_model"
                env[model].search(
                    [
                        (name, "=", "key.account.commission.run"),
                        ("res_id", "in", [self.run_, self.other]),
                    ]
                ).unlink()
            users = env["res.users"].browse(self.officers)
            partners = users.partner_id
            users.unlink()
            partners.unlink()
            cr.execute(
                "UPDATE res_company SET active = FALSE, name = 'Race ' || id"
                " WHERE id = %s",
                [self.company],
            )

    def of(self, cr, number, officer=0):
        context = {"tracking_disable": True, "lang": "en_US"}
        env = api.Environment(cr, self.officers[officer], context)
        return env["key.account.commission.run"].browse(number)

    def test_two_compute_one_run(self):
        """commission I3: the second is told at once that somebody else is at it, and
        finds it computed afterwards."""
        with self.registry.cursor() as one, self.registry.cursor() as two:
            self.of(one, self.run_).action_compute()
            one.execute("SELECT 1")
            with self.assertRaisesRegex(UserError, "Somebody else is changing"):
                self.of(two, self.run_, 1).action_compute()
            two.rollback()
            one.commit()
            self.of(two, self.run_, 1).action_compute()
            self.assertEqual(self.of(two, self.run_).state, "computed")
            two.rollback()

    def test_two_runs_of_one_company(self):
        """commission I3: of two runs of a company one is computed at a time; the second
        is told so at once."""
        with self.registry.cursor() as one, self.registry.cursor() as two:
            self.of(one, self.run_).action_compute()
            with self.assertRaisesRegex(UserError, "computing commissions of Race"):
                self.of(two, self.other, 1).action_compute()
            two.rollback()
            one.commit()
            with self.assertRaisesRegex(UserError, "is not approved yet"):
                self.of(two, self.other, 1).action_compute()
            two.rollback()

    def test_a_close_and_a_run(self):
        """commission I3: nobody closes a month while a run closes it."""
        with self.registry.cursor() as one, self.registry.cursor() as two:
            self.of(one, self.run_).action_compute()
            env = api.Environment(two, SUPERUSER_ID, {"lang": "en_US"})
            company = env["res.company"].browse(self.company)
            Turnover = env["key.account.commission.turnover"]
            with self.assertRaisesRegex(UserError, "Somebody else is closing"):
                Turnover._close_until(company, date(2025, 1, 31))
            two.rollback()
            one.rollback()

    def test_killed_half_way(self):
        """commission I3: a run that dies while it writes leaves nothing behind, and can
        be computed again."""
        model = type(self.env["key.account.commission.run"])
        with self.registry.cursor() as one:
            run = self.of(one, self.run_)

            def die(self, left_out):
                raise ZeroDivisionError

            self.patch(model, "_replace_left_out", die)
            with self.assertRaises(ZeroDivisionError):
                run.action_compute()
            one.rollback()
        with self.registry.cursor() as two:
            run = self.of(two, self.run_)
            self.assertEqual((run.state, run.input_hash), ("draft", False))
            self.assertFalse(run.company_id.key_account_closed_until)
            two.rollback()

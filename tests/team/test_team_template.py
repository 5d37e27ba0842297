from datetime import date

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .team_case import TeamCase


@tagged("post_install", "-at_install")
class TestTeamTemplate(TeamCase):
    """A team is written down once and put on many accounts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = (
            cls.env["key.account.team.template"]
            .with_user(cls.manager)
            .create(
                {
                    "name": "East",
                    "line_ids": [
                        Command.create(
                            {
                                "role_id": cls.leading.id,
                                "user_id": cls.seller.id,
                                "is_lead": True,
                            }
                        ),
                        Command.create(
                            {"role_id": cls.planner.id, "user_id": cls.second.id}
                        ),
                    ],
                }
            )
        )
        cls.other = cls._create_account("Delta")

    def wizard(self, **vals):
        return (
            self.env["key.account.staff"]
            .with_user(self.manager)
            .create(
                {
                    "account_ids": [Command.set((self.account | self.other).ids)],
                    "template_id": self.template.id,
                    **vals,
                }
            )
        )

    def test_line_of_a_template(self):
        """One lead, and nobody twice in a role ("key.account.team.template.line")."""
        line = self.template.line_ids[1]
        for vals in (
            {"role_id": self.planner.id, "user_id": self.chair.id, "is_lead": True},
            {"role_id": self.planner.id, "user_id": self.second.id},
        ):
            with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
                line.create({"template_id": self.template.id, **vals})

    def test_staffs_many(self):
        """Everybody of the template joins every account."""
        wizard = self.wizard()
        self.assertEqual(len(wizard.line_ids), 4)
        result = wizard.action_staff()
        self.assertEqual(result["params"]["message"], "Done: 4.")
        for account in self.account | self.other:
            self.assertEqual(account.lead_id, self.seller)
            self.assertEqual(account.team_user_ids, self.seller | self.second)

    def test_shows_what_is_refused(self):
        """What cannot be is shown with its reason before, and told after; the rest
        happens."""
        self.join(self.chair, self.leading, is_lead=True)
        self.join(self.second, account=self.other)
        wizard = self.wizard()
        refused = wizard.line_ids.filtered("problem")
        self.assertEqual(wizard.refused_count, 2)
        self.assertEqual(
            {(line.account_id, line.user_id) for line in refused},
            {(self.account, self.seller), (self.other, self.second)},
        )
        message = wizard.action_staff()["params"]["message"]
        self.assertIn("Done: 2. Left out: 2.", message)
        self.assertIn("Orient Motors: ka_chair", message)
        self.assertIn("leads the team", message)
        self.assertEqual(self.account.lead_id, self.chair)
        self.assertEqual(self.other.lead_id, self.seller)

    def test_loads_add_up_in_the_preview(self):
        """Two accounts that fit one by one and not together: the second is refused,
        or taken with a reason."""
        heavy, middle = self.weigh(5, 3)
        self.company.key_account_capacity = 6
        accounts = [Command.set((heavy | middle).ids)]
        wizard = self.wizard(account_ids=accounts)
        refused = wizard.line_ids.filtered("problem")
        self.assertEqual(refused.account_id, middle)
        self.assertEqual(len(refused), 2)
        wizard = self.wizard(account_ids=accounts, overload_reason="The show in May")
        self.assertFalse(wizard.line_ids.filtered("problem"))
        wizard.action_staff()
        ledger = self.env["key.account.capacity.override"].search([])
        self.assertEqual(ledger.user_id, self.seller | self.second)
        self.assertEqual(set(ledger.mapped("load_points")), {8})

    def test_preview_follows_the_form(self):
        """The preview changes while the manager fills in the form."""
        self.join(self.second, account=self.other, date_to="2026-03-31")
        Staff = self.env["key.account.staff"].with_user(self.manager)
        with Form(
            Staff.with_context(default_account_ids=[self.other.id]),
            "key_account.key_account_staff_view_form",
        ) as form:
            form.template_id = self.template
            self.assertEqual(form.refused_count, 1)
            form.date_from = "2026-04-01"
            self.assertEqual(form.refused_count, 0)
        form.record.action_staff()
        self.assertIn(date(2026, 4, 1), self.other.member_ids.mapped("date_from"))

    def test_only_managers_staff(self):
        for user in (self.seller, self.steward):
            with self.assertRaises(AccessError):
                self.wizard().with_user(user).action_staff()
            with self.assertRaises(AccessError):
                self.template.with_user(user).read(["name"])

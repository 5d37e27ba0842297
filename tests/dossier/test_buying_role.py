from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .people_case import PeopleCase


@tagged("post_install", "-at_install")
class TestBuyingRole(PeopleCase):
    def setUp(self):
        super().setUp()
        self.Role = self.env["key.account.buying.role"]

    def options(self):
        fields = self.env["key.account.stakeholder"].fields_get(["buying_role"])
        return dict(fields["buying_role"]["selection"])

    def test_the_roles_are_ready(self):
        """Six roles are there to choose from (R025)."""
        codes = {"decider", "approver", "influencer", "user", "gatekeeper", "coach"}
        self.assertLessEqual(codes, set(self.options()))

    def test_steward_adds_and_renames_a_role(self):
        """What a steward adds or renames is offered at once, in every language."""
        self.options()
        role = self.Role.with_user(self.steward).create(
            {"name": "Sponsor", "code": "sponsor"}
        )
        self.assertEqual(self.options()["sponsor"], "Sponsor")
        role.name = "Patron"
        self.assertEqual(self.options()["sponsor"], "Patron")
        self.boss.buying_role = "sponsor"
        role.update_field_translations("name", {"en_US": "Backer"})
        self.assertEqual(self.options()["sponsor"], "Backer")

    def test_unused_role_goes(self):
        """A role nobody plays may be deleted, and is offered no more."""
        role = self.Role.create({"name": "Sponsor", "code": "sponsor"})
        self.options()
        role.with_user(self.steward).unlink()
        self.assertNotIn("sponsor", self.options())

    def test_played_role_stays(self):
        """A role somebody plays, archived people included, keeps its code."""
        self.boss.active = False
        role = self.env.ref("key_account.buying_role_decider")
        with self.assertRaisesRegex(UserError, "Somebody plays the role Decider"):
            role.unlink()
        with self.assertRaisesRegex(UserError, "Somebody plays the role Decider"):
            role.code = "boss"
        role.name = "The One"
        self.assertEqual(self.boss.buying_role, "decider")

    def test_unknown_role_is_refused(self):
        """Only the roles on record can be given."""
        with self.assertRaisesRegex(ValidationError, "There is no buying role king"):
            self.boss.buying_role = "king"

    def test_codes_are_unique_and_plain(self):
        """Programs call a role by its code."""
        for code in ("decider", "No Spaces"):
            with (
                self.subTest(code),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.Role.create({"name": "New", "code": code})

    def test_member_changes_no_role(self):
        """The roles are the steward's, so that all use the same ones."""
        with self.assertRaises(AccessError):
            self.Role.with_user(self.seller).create({"name": "Mine", "code": "mine"})

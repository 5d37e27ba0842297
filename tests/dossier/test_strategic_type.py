from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import KeyAccountCase


@tagged("post_install", "-at_install")
class TestStrategicType(KeyAccountCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Type = cls.env["key.account.strategic.type"]

    def test_steward_keeps_the_types_and_members_use_them(self):
        """The steward makes a type, the owner of an account uses it (R021)."""
        kind = self.Type.with_user(self.steward).create({"name": "Flagship"})
        account = self._create_account("Orient Motors")
        account._change_holder(self.seller)
        account.with_user(self.seller).strategic_type_ids = kind
        found = self.env["key.account"].search([("strategic_type_ids", "=", kind.id)])
        self.assertEqual(found, account)

    def test_member_makes_no_type(self):
        """Labels are the steward's, so that all use the same ones."""
        with self.assertRaises(AccessError):
            self.Type.with_user(self.seller).create({"name": "Mine"})

    def test_name_is_unique(self):
        """Two types of one name are refused."""
        self.Type.create({"name": "Flagship"})
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.Type.create({"name": "Flagship"})

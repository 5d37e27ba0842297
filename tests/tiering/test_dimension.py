from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import KeyAccountCase


@tagged("post_install", "-at_install")
class TestDimension(KeyAccountCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Dimension = cls.env["key.account.dimension"]

    def test_employees_read_what_is_judged(self):
        """Everybody on the staff may read what 0 and 100 mean (R010)."""
        dimension = self.Dimension.create(
            {"name": "Influence", "description": "100: sits in the board of the fair."}
        )
        self.assertIn("board", dimension.with_user(self.employee).description)

    def test_only_managers_make_them(self):
        """A manager makes dimensions, a steward does not (R004, R005)."""
        self.Dimension.with_user(self.manager).create({"name": "Influence"})
        with self.assertRaises(AccessError):
            self.Dimension.with_user(self.steward).create({"name": "Charm"})

    def test_name_is_unique(self):
        """Two dimensions of one name are refused."""
        self.Dimension.create({"name": "Influence"})
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.Dimension.create({"name": "Influence"})

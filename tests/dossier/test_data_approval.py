from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .request_case import DataRequestCase


@tagged("post_install", "-at_install")
class TestDataApproval(DataRequestCase):
    def test_decisions_are_a_ledger(self):
        """Nobody writes, changes or deletes a decision by hand (R038)."""
        request = self._approved()
        row = request.sudo().approval_ids[0]
        for attempt in (
            lambda: row.write({"comment": "Never said so"}),
            lambda: row.unlink(),
            lambda: row.copy(),
        ):
            with self.assertRaisesRegex(UserError, "ledger"):
                attempt()

    def test_one_decision_a_person(self):
        """The database itself refuses a second decision of one person."""
        request = self._request()
        request.with_user(self.head).action_approve()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            request.with_user(self.head).sudo()._record("approved", "")

from odoo.exceptions import UserError
from odoo.tests import tagged

from .request_case import DataRequestCase


@tagged("post_install", "-at_install")
class TestDataUse(DataRequestCase):
    def test_uses_are_a_ledger(self):
        """What left the company stays written down, whatever becomes of the request
        (R038)."""
        request = self._approved()
        self.accounts.with_user(self.seller).export_data(["name"])
        use = self._uses()
        request.action_close()
        for attempt in (
            lambda: use.write({"row_count": 0}),
            lambda: use.unlink(),
            lambda: request.sudo().unlink(),
        ):
            with self.assertRaises(UserError):
                attempt()
        self.assertEqual(self._uses(), use)

    def test_use_says_what_left(self):
        """The list names the rows as people do, not by the name of a table."""
        self._approved()
        self.accounts.with_user(self.seller).export_data(["name"])
        self.assertEqual(self._uses().kind_of_rows, "Key Account")

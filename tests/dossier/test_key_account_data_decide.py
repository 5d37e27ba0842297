from odoo.exceptions import UserError
from odoo.tests import tagged

from .request_case import DataRequestCase


@tagged("post_install", "-at_install")
class TestKeyAccountDataDecide(DataRequestCase):
    def decide(self, user, request, **vals):
        wizard = self.env["key.account.data.decide"].with_user(user)
        return wizard.create({"request_id": request.id, **vals}).action_decide()

    def test_decide_with_a_comment(self):
        """The wizard approves or refuses, and keeps what was said."""
        request = self._request()
        self.decide(self.head, request, comment="Fine")
        self.assertEqual(request.state, "steward")
        self.decide(self.steward, request, decision="refuse", comment="Old data")
        self.assertEqual(request.state, "refused")
        comments = request.approval_ids.mapped("comment")
        self.assertEqual(comments, ["Fine", "Old data"])

    def test_not_out_of_turn(self):
        """The wizard gives nobody a turn he does not have."""
        request = self._request()
        with self.assertRaises(UserError):
            self.decide(self.manager, request)

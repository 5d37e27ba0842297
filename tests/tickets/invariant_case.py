from odoo.exceptions import UserError

from .ticket_case import TicketCase


class InvariantCase(TicketCase):
    """What tests of the invariants share."""

    def _followed_up(self, **vals):
        """A complaint that is carried out, before anybody asked the customer."""
        ticket = self._create_ticket("complaint", **vals)
        self._plan_complaint(ticket)
        self._solve_complaint(ticket)
        return ticket

    def assertRefused(self, call, *words):
        """The call is refused, with a sentence that holds these words."""
        with self.assertRaises(UserError) as caught:
            call()
        for word in words:
            self.assertIn(word, str(caught.exception))

from odoo.tests import tagged

from .tickets.portal_case import PortalCase


class PortalTourCase(PortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in ("en_US", "zh_CN"):
            cls.env["res.lang"]._activate_lang(lang)

    def walk(self, tour, url="/my"):
        self.start_tour(url, tour, login=self.lin.login, timeout=180)
        self.env.invalidate_all()


class PortalStory:
    """What each size of screen runs, in both languages."""

    def test_a_customer_complains_agrees_and_rates(self):
        """R086, R092, R093, R101: with a file, on his own, to the end."""
        for lang in ("en_US", "zh_CN"):
            self.lin.lang = lang
            with self.subTest(lang):
                self.walk("key_account_portal_complain")
                ticket = self.env["key.account.ticket"].search(
                    [("name", "=", "Fascia of the tour")], order="id desc", limit=1
                )
                self.assertEqual(ticket.kind, "complaint")
                self.assertEqual(ticket.remedy_sought, "A new board")
                self.assertEqual(ticket.channel, "portal")
                self._prepare_plan(ticket.with_user(self.agent))
                self.walk("key_account_portal_agree")
                self.assertEqual(ticket.state, "executing")
                self._carry_out(ticket.with_user(self.agent))
                self.walk("key_account_portal_rate", "/my/tickets?filterby=turn")
                self.assertRecordValues(
                    ticket,
                    [{"satisfaction": "neutral", "attitude": "4", "speed": "2"}],
                )
                ticket.with_user(self.agent).action_close()
                ticket.name = "Done with"

    def _prepare_plan(self, ticket):
        self._plan_complaint(ticket)
        ticket.plan = "<p>We print the board anew.</p>"
        ticket.action_submit()
        ticket.with_user(self.reviewer).action_approve()

    def _carry_out(self, ticket):
        ticket.measure_ids.with_user(self.builder).action_done()
        ticket.action_done()


@tagged("post_install", "-at_install")
class TestPortalTourOnDesktop(PortalStory, PortalTourCase):
    browser_size = "1366x768"


@tagged("post_install", "-at_install")
class TestPortalTourOnPhone(PortalStory, PortalTourCase):
    browser_size = "390x844"
    touch_enabled = True

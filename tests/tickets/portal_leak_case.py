from .portal_case import TICKETS, PortalCase

SECRET = "Aurora keeps this to itself"
MODEL = "key.account.ticket"


class PortalLeakCase(PortalCase):
    """An answered enquiry of Aurora, and everybody who has no business in it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls._create_ticket(name=SECRET, description=f"<p>{SECRET}</p>")
        cls.ticket.action_accept()
        cls.message = cls.ticket.message_post(
            body=SECRET,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=[("offer.txt", SECRET.encode())],
        )
        cls.ticket.action_done()
        cls.token = cls.ticket.sudo()._portal_ensure_token()
        cls.url = f"{TICKETS}/{cls.ticket.id}"

    def setUp(self):
        super().setUp()
        self.before = self._snapshot()

    @classmethod
    def _snapshot(cls):
        """What must not change: the ticket, its talks, its messages and files."""
        cls.env.flush_all()
        cls.env.invalidate_all()
        ticket = cls.ticket.sudo()
        files = [("res_model", "=", MODEL), ("res_id", "=", ticket.id)]
        messages = ticket.message_ids
        return (
            ticket.read(["state", "name", "satisfaction", "reopen_count", "user_id"]),
            [(message.id, message.body) for message in messages],
            cls.env["ir.attachment"].sudo().search(files).ids,
            ticket.round_ids.ids,
            ticket.message_partner_ids.ids,
            ticket.clock_ids.mapped(lambda c: (c.id, c.state)),
        )

    def strangers(self):
        """Everybody who has no business in it, logged in one after the other."""
        for user in (self.berg, None):
            self.visit(user)
            yield user.login if user else "anonymous", user

    def assertClosed(self, answer):
        """Nothing of the ticket is in an answer, page or JSON."""
        text = answer if isinstance(answer, str) else str(answer)
        self.assertNotIn(SECRET, text)
        self.assertNotIn(self.ticket.number, text)
        self.assertNotIn(self.token, text)

    def assertUnchanged(self):
        self.assertEqual(self._snapshot(), self.before)

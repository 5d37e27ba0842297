from base64 import b64encode
from email import message_from_bytes, policy

from odoo.addons.mail.tests.common import MockEmail

from .ticket_case import TicketCase

DOMAIN = "fairs.example.com"
BOX = f"service@{DOMAIN}"
COMPLAINTS = f"complaints@{DOMAIN}"


class MailCase(TicketCase, MockEmail):
    """A team with a mailbox for enquiries and one for complaints, and mails to them.
    Nothing leaves: what would be sent is kept in ``self._mails``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.alias_domain = cls.env["mail.alias.domain"].create(
            {"name": DOMAIN, "bounce_alias": "bounce", "catchall_alias": "catchall"}
        )
        cls.company.alias_domain_id = cls.alias_domain
        cls.box = cls._create_mailbox("service")
        cls.complaint_box = cls._create_mailbox("complaints", kind="complaint")

    @classmethod
    def _create_mailbox(cls, name, **vals):
        return cls.env["key.account.ticket.mailbox"].create(
            {"team_id": cls.team.id, "alias_name": name, **vals}
        )

    # --- Mails that come in ---

    def _raw(
        self, sender="lin@aurora.example.com", to=BOX, body="Please help.", **rest
    ):
        """A mail as bytes; further headers by name, ``_`` for ``-``."""
        headers = {
            "From": sender,
            "To": to,
            "Subject": "The fascia is wrong",
            "Message-Id": f"<{len(self._seen)}@aurora.example.com>",
            "Date": "Fri, 06 Mar 2026 17:00:00 +0800",
            "MIME-Version": "1.0",
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Transfer-Encoding": "8bit",
            **{name.replace("_", "-"): value for name, value in rest.items()},
        }
        self._seen.append(None)
        lines = [
            f"{name}: {text}" for name, text in headers.items() if text is not None
        ]
        return "\r\n".join([*lines, "", body]).encode()

    def setUp(self):
        super().setUp()
        self._seen = []

    def _receive(self, raw, model=None, **kwargs):
        """What the gateway makes of a mail, as the server that fetches it calls it:
        the tickets made."""
        root = self.env(user=self.env.ref("base.user_root"), context={})
        Ticket = self.env["key.account.ticket"].sudo()
        before = Ticket.search([])
        root["mail.thread"].message_process(model, raw, **kwargs)
        self.env.invalidate_all()
        return Ticket.search([]) - before

    def _mail(self, *args, **kwargs):
        """The one ticket made of a mail."""
        ticket = self._receive(self._raw(*args, **kwargs))
        ticket.ensure_one()
        return ticket

    def _refusals(self, **domain):
        return (
            self.env["key.account.ticket.refusal"]
            .sudo()
            .search([(name, "=", value) for name, value in domain.items()])
        )

    def _acknowledge(self):
        """The minute job, without its commits."""
        root = self.env(user=self.env.ref("base.user_root"), context={})
        root["key.account.ticket"]._acknowledge_waiting()

    # --- Mails that go out ---

    def _sent_to(self, address):
        """The mails that went to an address."""
        return [
            mail
            for mail in self._mails
            if any(address in one for one in mail["email_to"])
        ]

    def _answer_to(self, mail, sender="lin@aurora.example.com", **rest):
        """The customer presses Reply in his mail program."""
        return self._raw(
            sender,
            to=mail["reply_to"],
            Subject=f"Re: {mail['subject']}",
            In_Reply_To=mail["message_id"],
            References=f"{mail['references'] or ''} {mail['message_id']}",
            **rest,
        )


def word(text, charset, claimed=None):
    """An encoded word in a header; ``claimed`` is the charset it says it is in."""
    data = b64encode(text.encode(charset)).decode()
    return f"=?{claimed or charset}?B?{data}?="


def parse(raw):
    return message_from_bytes(raw, policy=policy.SMTP)

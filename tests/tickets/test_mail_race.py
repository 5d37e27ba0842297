import threading

from odoo import SUPERUSER_ID, api, fields
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger

MAIL = """From: race@aurora.example.net
To: race@race.example.com
Subject: Re: Race
Message-Id: <race-%s@aurora.example.net>
%s

And one thing more."""


@tagged("post_install", "-at_install")
class TestMailRace(TransactionCase):
    """A mail comes in while a colleague works on its ticket: two connections that
    really commit."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self.clean)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            company = env.ref("base.main_company")
            team = env["key.account.ticket.team"].create(
                {"name": "Race", "company_id": company.id}
            )
            ticket = env["key.account.ticket"].create(
                {
                    "name": "Race",
                    "email_from": "race@aurora.example.net",
                    "team_id": team.id,
                    "company_id": company.id,
                    "user_id": env.ref("base.user_admin").id,
                }
            )
            ticket._move("assigned")
            ticket._we_replied_at(fields.Datetime.now())
            ticket.action_done()
            message = ticket._message_log(body=ticket.name)
            self.made = {
                "key_account_ticket": ticket.ids,
                "key_account_ticket_team": team.ids,
            }
            self.ticket_id = ticket.id
            self.answers = f"References: {message.message_id}"

    def clean(self):
        """Takes back what the other transactions have really written."""
        with self.registry.cursor() as cr:
            ids = self.made["key_account_ticket"]
            for table, column in (
                ("key_account_sla_event", "ticket_id"),
                ("key_account_sla_clock", "ticket_id"),
            ):
                cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE %s = ANY(%s)",
                        SQL.identifier(table),
                        SQL.identifier(column),
                        ids,
                    )
                )
            for table in ("mail_message", "mail_activity", "mail_followers"):
                cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE res_id = ANY(%s) AND %s = %s",
                        SQL.identifier(table),
                        ids,
                        SQL.identifier(
                            "model" if table == "mail_message" else "res_model"
                        ),
                        "key.account.ticket",
                    )
                )
            for table, gone in self.made.items():
                cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE id = ANY(%s)", SQL.identifier(table), gone
                    )
                )

    def read(self, *names):  # pylint: disable=method-required-super
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            ticket = env["key.account.ticket"].browse(self.ticket_id)
            said = ticket.message_ids.filtered(lambda m: m.message_type == "email")
            return [ticket[name] for name in names] + [len(said)]

    def receive(self, number):
        with self.registry.cursor() as cr, mute_logger("odoo.sql_db"):
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["mail.thread"].message_process(
                "key.account.ticket", MAIL % (number, self.answers)
            )

    def test_mail_while_the_ticket_is_closed(self):
        """The mail waits for whoever closes the ticket, then finds it closed, and opens
        it again: nothing is lost and nobody is turned away (D6)."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            ticket = env["key.account.ticket"].browse(self.ticket_id)
            ticket.action_close(nothing_else="said")
            env.flush_all()
            mail = threading.Thread(target=self.receive, args=(1,))
            mail.start()
            mail.join(1)
            self.assertTrue(mail.is_alive(), "the mail did not wait")
            cr.commit()  # pylint: disable=invalid-commit
            mail.join(30)
            self.assertFalse(mail.is_alive())
        state, count, said = self.read("state", "reopen_count")
        self.assertEqual((state, count, said), ("assigned", 1, 1))

    def test_two_mails_at_once(self):
        """Two servers bring two answers: both are there, and the ticket is back."""
        mails = [threading.Thread(target=self.receive, args=(n,)) for n in (1, 2)]
        for mail in mails:
            mail.start()
        for mail in mails:
            mail.join(30)
        state, said = self.read("state")
        self.assertEqual((state, said), ("assigned", 2))

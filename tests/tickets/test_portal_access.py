"""Company A neither reads nor changes anything of B (I9, D12): by number, token,
address, attachment, message, search, GET, forged form or a program. Each way is one
subtest; ``berg`` of Boreal and somebody without a log-in try each on Aurora's."""

from uuid import uuid4

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .portal_case import TICKETS
from .portal_leak_case import MODEL, SECRET, PortalLeakCase

STEPS = (
    "agree",
    "disagree",
    "confirm",
    "still_open",
    "reopen",
    "withdraw",
    "rate",
)


@tagged("post_install", "-at_install")
class TestPortalAccess(PortalLeakCase):
    # --- Addresses ---

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_addresses(self):
        """By number, with a wrong token, by a link of another ticket, by files."""
        other = self._create_ticket(partner_id=self.berg.partner_id.id)
        link = self._link_of(other, self.berg.partner_id)
        query = "&".join(f"{name}={text}" for name, text in link.items())
        file = self.message.attachment_ids
        paths = (
            self.url,
            f"{self.url}?access_token={uuid4()}",
            f"{self.url}?access_token=",
            f"{self.url}?{query}",
            f"{self.url}/thanks",
            f"{TICKETS}?search={SECRET}",
            f"{TICKETS}?search={self.ticket.number}",
            f"{TICKETS}/page/1?filterby=all",
            "/my",
            f"/mail/view?model={MODEL}&res_id={self.ticket.id}",
            f"/mail/view?model={MODEL}&res_id={self.ticket.id}&access_token={uuid4()}",
            f"/mail/view?message_id={self.message.id}",
            f"/web/content/{file.id}",
            f"/web/content/{file.id}?access_token={uuid4()}",
            f"/web/content/{MODEL}/{self.ticket.id}/description",
            f"/web/image/{file.id}",
            f"/web/image/{MODEL}/{self.ticket.id}/rating_last_image",
            f"/mail/avatar/mail.message/{self.message.id}/author_avatar/50x50",
            f"/odoo/{MODEL}/{self.ticket.id}",
            f"/json/1/{MODEL}/{self.ticket.id}",
        )
        for who, _user in self.strangers():
            for path in paths:
                with self.subTest(who=who, path=path):
                    answer = self.url_open(path)
                    # the page of a search repeats what was looked for
                    text = answer.text if "search" not in path else ""
                    self.assertNotIn(SECRET, text)
                    self.assertNotIn("What We Promised", answer.text)
                    self.assertNotIn(self.token, answer.text)
        self.assertUnchanged()

    def test_search_finds_nothing_of_others(self):
        self.visit(self.berg)
        for text in (SECRET[:6], self.ticket.number):
            page = self.url_open(f"{TICKETS}?search={text}").text
            self.assertNotIn(f'href="{self.url}"', page)
            self.assertIn("There is nothing like that.", page)

    def test_forbidden_and_missing_look_the_same(self):
        """Nobody learns which numbers exist."""
        for who, _user in self.strangers():
            with self.subTest(who):
                forbidden = self.url_open(self.url, allow_redirects=False)
                missing = self.url_open(f"{TICKETS}/99999999", allow_redirects=False)
                self.assertEqual(forbidden.status_code, missing.status_code)
                self.assertEqual(
                    forbidden.headers["Location"].replace(str(self.ticket.id), "N"),
                    missing.headers["Location"].replace("99999999", "N"),
                )

    # --- Steps ---

    @mute_logger("odoo.http")
    def test_get_never_changes_anything(self):
        """D12: neither a stranger's GET nor the customer's own."""
        rated = {"outcome": "dissatisfied", "words": "x"}
        query = "&".join(f"{name}={text}" for name, text in rated.items())
        for user in (self.berg, None, self.lin):
            self.visit(user)
            for step in STEPS:
                with self.subTest(user=user and user.login, step=step):
                    self.url_open(f"{self.url}/{step}?{query}")
                    self.url_open(f"{self.url}?step={step}&{query}&success=Forged")
        self.assertUnchanged()
        page = self.url_open(f"{self.url}?success=Forged&error=Forged").text
        self.assertNotIn(">Forged<", page)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_steps(self):
        """By POST, with a token of one's own page, wrong tokens and signatures."""
        own = self._create_ticket(partner_id=self.berg.partner_id.id)
        foreign = self._link_of(own, self.berg.partner_id)
        signed = self._link_of(self.ticket)
        links = {
            "nothing": {},
            "wrong token": {"access_token": str(uuid4())},
            "link of another ticket": foreign,
            "signature only": {name: signed[name] for name in ("pid", "hash")},
            "token and a forged signature": {**signed, "hash": "0" * 64},
            "token and somebody else's": {
                **signed,
                "pid": str(self.berg.partner_id.id),
            },
            "token and no number": {**signed, "pid": "1 OR 1=1"},
        }
        for who, _user in self.strangers():
            for name, link in links.items():
                for step in STEPS:
                    with self.subTest(who=who, link=name, step=step):
                        self.take(
                            self.ticket, step, link, words="x", outcome="satisfied"
                        )
                        self.assertUnchanged()

    @mute_logger("odoo.http")
    def test_forged_forms(self):
        """Without the token of a page nothing is sent, not even by the customer."""
        for user in (self.lin, self.berg, None):
            self.visit(user)
            for step in STEPS:
                for csrf in ("", "0" * 40 + "o9999999999"):
                    with self.subTest(user=user and user.login, step=step):
                        answer = self.send(
                            f"{self.url}/{step}", {"words": "x"}, csrf=csrf
                        )
                        self.assertEqual(answer.status_code, 400)
        self.assertUnchanged()

    @mute_logger("odoo.http")
    def test_employees_do_not_answer_for_the_customer(self):
        """I8: who may read it as our employee sees the page, and takes no step there,
        not with the link of the customer either."""
        link = self._link_of(self.ticket)
        for user in (self.agent, self.leader, self.manager, self.seller):
            self.visit(user)
            for step in STEPS:
                with self.subTest(user=user.login, step=step):
                    for access in ({}, link):
                        answer = self.take(
                            self.ticket, step, access, words="x", outcome="satisfied"
                        )
                        self.assertIn("Only the customer may do this.", answer.text)
        self.assertUnchanged()

    # --- Links ---

    @mute_logger("odoo.http")
    def test_bare_token_reads_and_no_more(self):
        """The token alone opens this one ticket to read; somebody of us has it too."""
        self.visit(None)
        answer = self.url_open(f"{self.url}?access_token={self.token}")
        self.assertIn(SECRET, answer.text)
        self.assertNotIn("It Is Solved, Nothing Else", answer.text)
        other = self._create_ticket(name="Another one of Aurora")
        self.assertNotIn(
            other.name,
            self.url_open(f"{TICKETS}/{other.id}?access_token={self.token}").text,
        )
        for step in STEPS:
            with self.subTest(step):
                self.take(
                    self.ticket,
                    step,
                    {"access_token": self.token},
                    words="x",
                    outcome="satisfied",
                )
        self.assertUnchanged()

    @mute_logger("odoo.http")
    def test_mailed_link_confirms_and_rates(self):
        """What was mailed to the customer confirms and rates by POST, nothing else."""
        link = self._link_of(self.ticket)
        query = "&".join(f"{name}={text}" for name, text in link.items())
        self.visit(None)
        page = self.url_open(f"{self.url}?{query}").text
        self.assertIn("It Is Solved, Nothing Else", page)
        self.assertNotIn("It Is Not Solved Yet", page)
        for step in set(STEPS) - {"confirm", "rate"}:
            with self.subTest(step):
                self.take(self.ticket, step, link, words="x")
        self.assertUnchanged()
        answer = self.take(self.ticket, "confirm", link)
        self.assertEqual(self.ticket.state, "closed")
        self.assertIn("We are glad that it is solved.", answer.text)
        self.take(self.ticket, "rate", link, outcome="neutral", speed="3")
        self.assertEqual(self.ticket.sudo().satisfaction, "neutral")
        self.assertEqual(self.ticket.sudo().satisfaction_source, "portal")

    def test_link_of_who_left_acts_no_more(self):
        """The signature of a contact who was archived, or changed to another company,
        is worth nothing any more."""
        link = self._link_of(self.ticket)
        for change in (
            {"active": False},
            {"active": True, "parent_id": self.boreal.partner_id.id},
        ):
            with self.subTest(change), mute_logger("odoo.http"):
                self.lin.active = False
                self.contact.write(change)
                self.visit(None)
                self.take(self.ticket, "confirm", link)
                self.assertEqual(self.ticket.state, "answered")

    # --- People who come and go ---

    def test_access_follows_the_company_of_the_user(self):
        """A colleague sees it; who changes to another company does not any more, and
        does not take it along (commercial partner of now)."""
        self.visit(self.colleague)
        self.assertIn(SECRET, self.url_open(self.url).text)
        self.contact.parent_id = self.boreal.partner_id
        self.env.flush_all()
        self.env.invalidate_all()
        company = self.ticket.sudo().commercial_partner_id
        self.assertEqual(company, self.account.partner_id)
        for user, sees in (
            (self.lin, False),
            (self.berg, False),
            (self.colleague, True),
        ):
            with self.subTest(user.login):
                self.visit(user)
                self.assertEqual(SECRET in self.url_open(self.url).text, sees)
                found = self.call(MODEL, "search", [["id", "=", self.ticket.id]])
                self.assertEqual(bool(found["result"]), sees)

    def test_person_who_joins_a_company_keeps_his_ticket(self):
        """Of a person without an account, the ticket goes where he goes."""
        person = self.env["res.partner"].create({"name": "Mx Solo"})
        ticket = self._create_ticket(partner_id=person.id)
        self.assertEqual(ticket.sudo().commercial_partner_id, person)
        person.parent_id = self.boreal.partner_id
        self.assertEqual(ticket.sudo().commercial_partner_id, self.boreal.partner_id)

    def test_merging_shows_nothing_to_others(self):
        """Tickets of two customers are not merged, one without an account included."""
        person = self.env["res.partner"].create({"name": "Mx Solo"})
        stray = self._create_ticket(partner_id=person.id)
        with self.assertRaisesRegex(UserError, "of different customers"):
            stray.action_merge(self.ticket)
        unknown = self._create_ticket(partner_id=False, email_from="x@example.com")
        unknown.action_merge(self.ticket)
        self.assertEqual(unknown.state, "merged")

    def test_archived_user_is_out(self):
        self.visit(self.lin)
        self.lin.sudo().active = False
        self.env.flush_all()
        self.assertNotIn(SECRET, self.url_open(self.url).text)

    def test_follower_of_another_company(self):
        """Being a follower, or being told, opens nothing and lets nobody write."""
        berg = self.berg.partner_id
        self.ticket.message_subscribe(berg.ids)
        self.message.sudo().write({"partner_ids": [Command.link(berg.id)]})
        self.env["mail.notification"].create(
            {"mail_message_id": self.message.id, "res_partner_id": berg.id}
        )
        self.before = self._snapshot()
        self.visit(self.berg)
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"):
            self.assertNotIn(SECRET, self.url_open(self.url).text)
            for answer in (
                self.call("mail.message", "read", [self.message.id], ["body"]),
                self.call("mail.message", "search_read", [], ["body"]),
                self.call("mail.message", "write", [self.message.id], {"body": "x"}),
                self.call(
                    "mail.message",
                    "create",
                    {"model": MODEL, "res_id": self.ticket.id, "body": "x"},
                ),
                self.call(MODEL, "message_post", [self.ticket.id], body="x"),
                self.call(
                    "ir.attachment", "read", self.message.attachment_ids.ids, ["raw"]
                ),
            ):
                self.assertClosed(answer)
        self.assertUnchanged()

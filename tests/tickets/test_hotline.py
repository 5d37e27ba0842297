from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.mail.tests.common import MockEmail

from .ticket_case import FRIDAY, TicketCase


@tagged("post_install", "-at_install")
@freeze_time(FRIDAY)
class TestHotline(TicketCase, MockEmail):
    """The telephone rings: who is it, and what does he want?"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.email = "office@fairs.example.com"
        cls.team.sequence = 1
        cls.other_team = cls.env["key.account.ticket.team"].create(
            {
                "name": "Service South",
                "sequence": 2,
                "company_id": cls.company.id,
                "member_ids": [Command.set(cls.second.ids)],
            }
        )
        cls.order = cls.env["sale.order"].create(
            {
                "partner_id": cls.account.partner_id.id,
                "company_id": cls.company.id,
                "client_order_ref": "Booth 2026",
            }
        )
        cls.order.action_confirm()

    def _call(self, caller, user=None, **vals):
        """The form after ``caller`` was typed."""
        call = Form(self.env["key.account.hotline"].with_user(user or self.agent))
        call.caller = caller
        for name, value in vals.items():
            setattr(call, name, value)
        return call

    # --- Who calls ---

    def test_a_number_in_any_form(self):
        """R086: the same person, however the number is written."""
        for text in (
            "+86 21 5550 7788",
            "0086-21-55507788",
            "(021) 5550-7788",
            "02155507788",
            "021-55507788 ext. 801",
            "5550 7788",
            "7788",
            "０２１ ５５５０７７８８",
        ):
            with self.subTest(text):
                self.assertEqual(self._call(text).partner_id, self.contact)

    def test_another_number(self):
        """The last digits alone are not enough where more is known."""
        for text in ("+86 10 5550 7788", "021 6550 7788", "778"):
            with self.subTest(text):
                call = self._call(text)
                self.assertFalse(call.partner_id)
                self.assertTrue(call.found["unknown"])

    def test_a_name_or_a_ticket_number(self):
        """By his name, his company and his ticket."""
        self.assertEqual(self._call("Ms Lin").partner_id, self.contact)
        ticket = self._create_ticket()
        self.assertEqual(self._call(ticket.number).partner_id, self.contact)
        call = self._call("Aurora")
        self.assertFalse(call.partner_id, "the company or its contact: let him say")
        names = {person["name"] for person in call.found["people"]}
        self.assertEqual(names, {"Aurora Fairs", "Ms Lin"})
        chosen = self.env["key.account.hotline"].with_user(self.agent)
        chosen = chosen.new({"caller": "Aurora", "partner_id": self.contact.id})
        self.assertEqual(chosen.found["person"]["name"], "Ms Lin")
        self.assertFalse(chosen.contact_name)

    def test_an_unknown_caller(self):
        """A name and a number are enough, and when he calls again he is known by it."""
        call = self._call("0571 8888 1234", words="Do you build in Hangzhou?")
        call.contact_name = "Mr Gu"
        call.save().action_take()
        ticket = self.env["key.account.ticket"].search([], limit=1, order="id desc")
        self.assertEqual(ticket.partner_id.name, "Mr Gu")
        self.assertEqual(ticket.user_id, self.agent)
        other = self._call("0571 9999 1234", words="Prices, please.")
        self.assertTrue(other.found["unknown"])
        other.save()._make_ticket()
        again = self._call("+86 571 9999 1234").found
        self.assertEqual(len(again["tickets"]), 1)

    def test_nobody_and_nothing(self):
        """Neither an empty caller nor empty words make a ticket."""
        call = Form(self.env["key.account.hotline"].with_user(self.agent))
        call.words = "Something"
        with self.assertRaisesRegex(UserError, "who calls"):
            call.save().action_take()
        with self.assertRaisesRegex(UserError, "what he wants"):
            self._call("7788").save().action_take()

    # --- What is shown ---

    def test_all_at_once(self):
        """Customer, tier, owner, open tickets, contract, stand and what was said last
        are on the screen with the number."""
        scheme = self._create_scheme()
        self.account._set_tier(scheme.tier_ids[0], "evaluation")
        ticket = self._create_ticket(
            order_id=self.order.id, show_name="CIIE", stand_no="7.1 B12"
        )
        ticket.action_reply("It is on its way.")
        project = self.env["project.project"].create(
            {"name": "Booth", "partner_id": self.contact.id}
        )
        call = self._call("7788")
        found = call.found
        self.assertEqual(found["customer"]["name"], "Aurora Fairs")
        self.assertEqual(found["customer"]["tier"], scheme.tier_ids[0].name)
        self.assertEqual(found["customer"]["owner"], self.seller.name)
        self.assertEqual([t["id"] for t in found["tickets"]], ticket.ids)
        self.assertEqual(
            [(c["id"], c["reference"], c["show"]) for c in found["orders"]],
            [(self.order.id, "Booth 2026", "CIIE")],
        )
        self.assertEqual([p["id"] for p in found["projects"]], project.ids)
        self.assertEqual([t["words"] for t in found["talks"]], ["It is on its way."])
        self.assertEqual(call.order_id, self.order)
        self.assertEqual((call.show_name, call.stand_no), ("CIIE", "7.1 B12"))

    def test_no_more_than_that(self):
        """R035: whoever answers the telephone learns no confidential fact of a file
        that is closed to him, and no amount of a contract."""
        self.account.write({"needs": "Quiet rooms", "business_focus": "Bearings"})
        self.assertFalse(self.account.with_user(self.agent).may_open)
        self.assertFalse(self.agent.has_group("sales_team.group_sale_salesman"))
        found = self._call("7788").found
        self.assertEqual(
            set(found["customer"]),
            {"name", "account_id", "tier", "is_key", "owner", "last_contact"},
        )
        self.assertEqual(
            set(found["orders"][0]),
            {"id", "name", "reference", "on", "show", "stand"},
        )
        self.assertNotIn("Quiet", str(found))

    def test_tickets_of_another_team(self):
        """What another team deals with is not shown, but that it does is."""
        self.second.group_ids = [
            Command.link(self.env.ref("key_account.group_member").id)
        ]
        hidden = self._create_ticket(user=self.second, team_id=self.other_team.id)
        found = self._call("7788").found
        self.assertEqual(found["tickets"], [])
        self.assertEqual(found["elsewhere"], [{"team": "Service South", "count": 1}])
        self.assertNotIn(hidden.number, str(found))

    # --- What becomes of it ---

    def test_answered_on_the_spot(self):
        """R095: an enquiry that is answered right away is noted and closed, and what
        was promised is kept."""
        call = self._call("7788", words="Where is hall 5?\nHe stands at gate 3.")
        call.answer = "Straight on, then left."
        action = call.save().action_answer()
        self.assertEqual(
            action["params"]["next"]["type"], "ir.actions.act_window_close"
        )
        ticket = self.env["key.account.ticket"].search([], limit=1, order="id desc")
        self.assertRecordValues(
            ticket,
            [
                {
                    "name": "Where is hall 5?",
                    "state": "closed",
                    "channel": "phone",
                    "nothing_else": "said",
                    "user_id": self.agent.id,
                    "team_id": self.team.id,
                    "partner_id": self.contact.id,
                    "account_id": self.account.id,
                    "order_id": self.order.id,
                }
            ],
        )
        self.assertIn("gate 3", ticket.description)
        self.assertEqual(set(ticket.sudo().clock_ids.mapped("state")), {"met"})

    def test_an_answer_is_needed(self):
        with self.assertRaisesRegex(UserError, "what you told him"):
            self._call("7788", words="Where?").save().action_answer()
        call = self._call("7788", words="It is broken.", kind="complaint")
        with self.assertRaisesRegex(UserError, "not closed on the telephone"):
            call.save().action_answer()

    def test_taken_on(self):
        """R087: the agent who takes it on is its handler; the form opens."""
        call = self._call("7788", words="It is broken.", kind="complaint")
        call.urgency = "high"
        action = call.save().action_take()
        ticket = self.env["key.account.ticket"].browse(action["res_id"])
        self.assertRecordValues(
            ticket,
            [{"state": "accepted", "user_id": self.agent.id, "urgency": "high"}],
        )

    def test_passed_and_asked(self):
        """It becomes a ticket first, then who is to have it is asked; pressing twice
        makes one ticket."""
        call = self._call("7788", words="Which carpet?").save()
        action = call.action_pass()
        self.assertEqual(action["context"]["default_step"], "hand_over")
        ticket = call.ticket_id
        self.assertEqual(ticket.state, "new")
        action = call.action_ask()
        self.assertEqual(call.ticket_id, ticket)
        self.assertEqual(action["context"]["default_question"], "Which carpet?")
        self.assertEqual(ticket.state, "assigned")

    def test_who_has_an_address_gets_a_letter(self):
        """R086: the number and the times by mail, once, whatever is pressed how often;
        the promise to acknowledge is kept once."""
        for press in ("action_take", "action_pass", "action_ask"):
            with self.subTest(press), freeze_time(FRIDAY) as clock:
                self.contact.email = f"{press}@aurora.example.com"
                call = self._call("7788", words="It is broken.").save()
                with self.mock_mail_gateway():
                    getattr(call, press)()
                    clock.tick(7200)
                    call.action_ask()
                    [mail] = self._mails
                ticket = call.ticket_id
                self.assertIn(f"{press}@aurora", mail["email_to"][0])
                self.assertIn(ticket.number, mail["subject"])
                self.assertEqual(mail["headers"]["Auto-Submitted"], "auto-replied")
                self._assert_acknowledged_once(ticket)

    def _assert_acknowledged_once(self, ticket):
        [clock] = ticket.sudo().clock_ids.filtered(lambda c: c.metric == "acknowledge")
        self.assertEqual((clock.state, clock.stop_at), ("met", FRIDAY))
        stops = clock.event_ids.filtered(lambda event: event.kind == "stop")
        self.assertEqual(len(stops), 1)

    def test_who_gets_no_letter(self):
        """Nobody is written to who has his answer, who left no address, who or had a
        letter within the hour."""
        with self.mock_mail_gateway():
            call = self._call("7788", words="Where?", answer="There.")
            call.save().action_answer()
            self._call("021 4444 5555", words="Broken.").save().action_take()
            self.assertFalse(self._mails)
            self._call("7788", words="Broken.").save().action_take()
            call = self._call("7788", words="Another one.").save()
            call.action_pass()
            call.action_take()
            self.assertEqual(len(self._mails), 1)
        notes = call.ticket_id.message_ids.mapped("body")
        told = [note for note in notes if "within the last hour" in note]
        self.assertEqual(len(told), 1)

    def test_a_long_line(self):
        """The subject is the beginning of what he says."""
        call = self._call("7788", words="word " * 40).save()
        call.action_take()
        self.assertLessEqual(len(call.ticket_id.name), 60)

    # --- Rights and cost ---

    def test_whose_telephone(self):
        """Readers and employees take no calls."""
        for user in (self.reader, self.employee):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.env["key.account.hotline"].with_user(user).create({})
        call = self._call("7788").save()
        with self.assertRaises(AccessError):
            call.with_user(self.leader).read(["words"])

    def test_few_queries(self):
        """Somebody waits: a call costs the same whatever is going on with him."""
        counts = []
        for _more in range(2):
            for number in range(4):
                self._create_ticket(name=f"Question {number}")
            for _time in range(2):
                self.env.invalidate_all()
                call = self.env["key.account.hotline"].with_user(self.agent)
                call = call.new({"caller": "021 5550 7788"})
                before = self.env.cr.sql_log_count
                self.assertTrue(call.found["person"])
                self.assertTrue(call.order_id)
                count = self.env.cr.sql_log_count - before
            counts.append(count)
        self.assertLessEqual(counts[1], counts[0])
        self.assertLessEqual(counts[1], 25)

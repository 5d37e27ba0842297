from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .ticket_case import FRIDAY, TicketCase


@tagged("post_install", "-at_install")
@freeze_time(FRIDAY)
class TestSlaPolicy(TicketCase):
    """What is promised to whom (R018, R087)."""

    def narrow(self, hours=1, **vals):
        """A policy above the standard one, that promises a first reply only."""
        return self._create_policy(
            {"first_reply": hours}, name="Narrow", sequence=1, **vals
        )

    def policy_of(self, kind="enquiry", **vals):
        return self._create_ticket(kind, **vals).sudo().policy_id

    def test_first_match_wins(self):
        """R087: of two policies that fit, the upper one holds, and no other."""
        narrow = self.narrow(kind="complaint")
        self.assertEqual(self.policy_of("complaint"), narrow)
        self.assertEqual(self.policy_of("enquiry"), self.policy)
        narrow.sequence = 99
        self.assertEqual(self.policy_of("complaint"), self.policy)

    def test_each_condition_counts(self):
        """R018: kind, priority, team, customer, phase and date each keep a policy from
        holding where they are not met."""
        other_team = self.team.copy({"name": "Night"})
        other = self._create_account("Borealis")
        cases = [
            ({"priority": "3"}, {"urgency": "high", "importance": "high"}, {}),
            ({"team_id": other_team.id}, {"team_id": other_team.id}, {}),
            (
                {"account_ids": [Command.set(self.account.ids)]},
                {},
                {"partner_id": False, "account_id": other.id, "user_id": self.agent.id},
            ),
            ({"phase": "show"}, {"event_phase": "show"}, {"event_phase": "build"}),
            ({"date_to": "2026-03-06"}, {}, {"received_at": "2026-03-06 16:00:00"}),
            ({"date_from": "2026-03-07"}, {"received_at": "2026-03-06 16:00:00"}, {}),
        ]
        for terms, met, unmet in cases:
            with self.subTest(terms=terms):
                narrow = self.narrow(**terms)
                self.assertEqual(self.policy_of(**met), narrow)
                self.assertEqual(self.policy_of(**unmet), self.policy)
                narrow.active = False

    def test_tiers_are_known_by_their_code(self):
        """R018: a new version of the scheme does not end what was promised to tiers."""
        scheme = self._create_scheme()
        narrow = self.narrow(tier_ids=[Command.set(scheme.tier_ids[0].ids)])
        self.assertEqual(self.policy_of(), self.policy)
        new = scheme.browse(scheme.action_new_version()["res_id"])
        new.action_publish()
        self.account._set_tier(new.tier_ids[0], "evaluation")
        self.assertEqual(self.policy_of(), narrow)
        self.account._set_tier(new.tier_ids[1], "evaluation")
        self.assertEqual(self.policy_of(), self.policy)

    def test_no_policy_is_allowed(self):
        """A ticket that nothing is promised on is taken in all the same."""
        self.policy.active = False
        ticket = self._create_ticket()
        self.assertFalse(ticket.sudo().policy_id)
        self.assertFalse(ticket.sudo().clock_ids)
        self.assertEqual(ticket.sla_state, "none")

    def test_day_and_night_or_hours(self):
        """A policy runs day and night or in working hours, not both."""
        with self.assertRaises(ValidationError):
            self.narrow(around_the_clock=True, calendar_id=self.calendar.id)
        ticket = self._create_ticket(event_phase="show")
        self.assertEqual(
            self._clock(ticket, "first_reply").due_at, datetime(2026, 3, 9, 2)
        )
        self.narrow(phase="show", around_the_clock=True)
        ticket = self._create_ticket(event_phase="show")
        self.assertEqual(
            self._clock(ticket, "first_reply").due_at, datetime(2026, 3, 6, 10)
        )

    def test_in_words(self):
        """What a policy holds for and promises can be read in the list."""
        scheme = self._create_scheme()
        narrow = self.narrow(
            0.5,
            kind="complaint",
            priority="3",
            tier_ids=[Command.set(scheme.tier_ids[:2].ids)],
            date_to="2026-12-31",
        )
        self.assertEqual(
            narrow.conditions, "Complaint · Urgent · Tier A, B · until 12/31/2026"
        )
        self.assertEqual(narrow.promises, "First Reply: 30 min")
        self.assertEqual(narrow.line_ids.within, "30 working minutes")
        narrow.line_ids.hours = 2
        self.assertEqual(narrow.line_ids.minutes, 120)
        self.assertEqual(narrow.line_ids.within, "2 working hours")
        narrow.around_the_clock = True
        narrow.line_ids.minutes = 90
        self.assertEqual(narrow.line_ids.within, "1.5 hours, day and night")
        self.assertEqual(self.policy.conditions, "Everything else")

    def test_promised_is_promised(self):
        """A change of a policy does not touch what runs by it."""
        ticket = self._create_ticket()
        before = self._clock(ticket, "resolve").due_at
        self.policy._line("resolve").minutes = 60
        self.env["key.account.sla.clock"].sudo()._watch(datetime(2026, 3, 9, 1))
        self.assertEqual(self._clock(ticket, "resolve").due_at, before)


@tagged("post_install", "-at_install")
class TestReadyPromises(TicketCase):
    """The promises that come with the addon."""

    def load(self, user=None):
        Policy = self.env["key.account.sla.policy"].with_user(user or self.manager)
        return Policy.action_load_ready()["params"]["message"]

    def made(self):
        """The policies of the company, without the one of the other tests."""
        every = self.env["key.account.sla.policy"].with_context(active_test=False)
        return every.search([("company_id", "=", self.company.id)]) - self.policy

    def test_first_company_has_them(self):
        """R018: the first company has ready promises for each case and a ladder of 50,
        80, 100 and 150 %, with activities where something is late."""
        first = self.env.ref("base.main_company")
        shown = self.env.ref("key_account.sla_policy_show")
        urgent = self.env.ref("key_account.sla_policy_urgent")
        self.assertEqual((shown | urgent).company_id, first)
        self.assertTrue(shown.around_the_clock)
        self.assertFalse(urgent.around_the_clock)
        key = self.env.ref("key_account.sla_policy_key_a")
        self.assertEqual(set(key.tier_ids.mapped("code")), {"A"})
        self.assertEqual(key._line("first_reply").minutes, 120)
        ladder = self.env["key.account.sla.ladder"].search(
            [("company_id", "=", first.id), ("policy_id", "=", False)]
        )
        self.assertEqual(set(ladder.mapped("percent")), {50, 80, 100, 150})
        loud = ladder.filtered("make_activity")
        self.assertEqual(set(loud.mapped("percent")), {100})

    def test_another_company_loads_them(self):
        """R018: what another company lacks is made at the press of a button, once."""
        self._create_scheme()
        self.assertIn("7 service promises made", self.load())
        made = self.made()
        first = self.env["key.account.sla.policy"].search(
            [("company_id", "=", self.env.ref("base.main_company").id)]
        )
        self.assertEqual(len(made), 7)
        self.assertLessEqual(set(made.mapped("name")), set(first.mapped("name")))
        tiers = made.tier_ids
        self.assertEqual(set(tiers.mapped("code")), {"A", "B"})
        self.assertEqual(tiers.company_id, self.company)
        ladder = self.env["key.account.sla.ladder"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(len(ladder), 7)
        self.assertIn("has all ready promises already", self.load())
        self.assertEqual(self.made(), made)

    def test_what_was_changed_stays(self):
        """A promise that was changed or archived is left as it is; one that was deleted
        is made again."""
        self._create_scheme()
        self.load()
        urgent = self.made().filtered(lambda policy: policy.priority == "3")
        urgent.write({"name": "Ours", "active": False})
        show = self.made().filtered(lambda policy: policy.phase == "show")
        show.unlink()
        self.assertIn("1 service promises made", self.load())
        self.assertEqual(urgent.name, "Ours")
        self.assertFalse(urgent.active)
        self.assertEqual(len(self.made()), 7)

    def test_without_tiers_none_holds_for_all(self):
        """Promises to tiers are archived where there are none: with no tier named, they
        would hold for everybody."""
        message = self.load()
        self.assertIn("archived until there are tiers", message)
        waiting = self.made().filtered(lambda policy: not policy.active)
        self.assertEqual(len(waiting), 2)
        self.assertIn(waiting[0].name, message)

    def test_translated_as_the_first_ones(self):
        """Their names are there in every language that is installed."""
        self.env["res.lang"]._activate_lang("zh_CN")
        first = self.env.ref("key_account.sla_policy_urgent")
        first.with_context(lang="zh_CN").name = "紧急"
        self.load()
        urgent = self.made().filtered(lambda policy: policy.priority == "3")
        self.assertEqual(urgent.with_context(lang="zh_CN").name, "紧急")

    def test_only_managers_load(self):
        """Who may not make promises does not load any."""
        with self.assertRaises(AccessError):
            self.load(self.agent)

    def test_from_the_settings(self):
        """The settings load them for the company that is set there."""
        settings = self.env["res.config.settings"].create(
            {"company_id": self.company.id}
        )
        settings.action_load_ready_promises()
        self.assertEqual(len(self.made()), 7)

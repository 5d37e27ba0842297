from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .commission_records import CommissionRecords
from .common import KeyAccountCase
from .service_records import ServiceRecords


@tagged("post_install", "-at_install")
class TestMultiCompany(ServiceRecords, CommissionRecords, KeyAccountCase):
    """Two companies serve one customer; neither learns what the other knows of him."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.far = cls._create_company("Far Events")
        cls.env.user.company_ids |= cls.far
        cls.partner = cls._create_customer("Orient Motors")
        cls.account = cls._create_account(cls.partner)
        cls.scheme = cls._create_scheme()
        cls.evaluation = cls._evaluate("2026-01-01")
        cls.account._set_tier(cls.scheme.tier_ids[0], "override")
        motion = cls.env["key.account.motion"].create(
            {"account_id": cls.account.id, "kind": "exit", "reason": "Never pays"}
        )
        cls.account._move("active")
        motion.action_submit()
        motion.with_user(cls.chair).action_vote_no()
        common = {"account_id": cls.account.id}
        dimension = cls.env["key.account.dimension"].create({"name": "Influence"})
        cls.records = [
            cls.account,
            cls.scheme,
            cls.scheme.tier_ids,
            cls.scheme.criterion_ids,
            cls.evaluation,
            cls.evaluation.line_ids,
            cls.account.tier_change_ids,
            motion,
            motion.vote_ids,
            cls.env["key.account.override"].create(
                {
                    **common,
                    "tier_id": cls.scheme.tier_ids[1].id,
                    "reason": "Known",
                    "date_to": "2099-12-31",
                }
            ),
            cls.env["key.account.appeal"].create(
                {**common, "wanted_tier_id": cls.scheme.tier_ids[1].id, "reason": "No"}
            ),
            cls.env["key.account.assessment"].create(
                {
                    **common,
                    "dimension_id": dimension.id,
                    "score": 50,
                    "note": "Known",
                }
            ),
            *cls._create_team_records(),
            cls.env["key.account.work.exception"].create(
                {"name": "Build-up", "date_from": "2026-03-07"}
            ),
            *cls._create_intake_records(),
            *cls._create_visit_records(),
            *cls._create_ticket_data(),
            *cls._create_service_figures(),
            *cls._create_commission_records(cls.env.user).values(),
        ]
        cls.records += cls._create_people()
        cls.manager.group_ids |= cls.env.ref("key_account.group_private_facts")
        cls.manager.group_ids |= cls.env.ref("key_account.group_commission_officer")
        roles = (
            "key_account.group_manager,key_account.group_committee"
            ",key_account.group_private_facts,key_account.group_commission_officer"
        )
        request = cls.env["key.account.data.request"].create(
            {"purpose": "Labels", "content": "Names"}
        )
        uses = cls.env["key.account.data.use"]._authorized()
        decisions = cls.env["key.account.data.approval"]._authorized()
        cls.records += [
            request,
            decisions.create(
                {
                    "request_id": request.id,
                    "stage": "steward",
                    "decision": "approved",
                    "user_id": cls.env.uid,
                    "decided_at": "2026-01-01 08:00:00",
                }
            ),
            uses.create(
                {
                    "request_id": request.id,
                    "user_id": cls.env.uid,
                    "used_at": "2026-01-01 08:00:00",
                    "channel": "export",
                    "res_model": "key.account",
                }
            ),
        ]
        cls.stranger = cls._create_user("ka_far", roles, cls.far)

    @classmethod
    def _create_intake_records(cls):
        """A pool, a list of exhibitors, and a note of who opened the file."""
        exhibitors = cls.env["key.account.exhibitor.list"].create(
            {"name": "East", "line_ids": [Command.create({"name": "Zeiss"})]}
        )
        Access = cls.env["key.account.access"]
        moment = fields.Datetime.now()
        Access._write_openings([(cls.account.id, cls.seller.id, moment)])
        return [
            cls.env["key.account.pool"].create({"name": "East"}),
            exhibitors,
            exhibitors.line_ids,
            Access.search([("account_id", "=", cls.account.id)]),
        ]

    @classmethod
    def _create_ticket_data(cls):
        """What tickets are made of, in the company of the records."""
        records = cls._create_service_records()
        del records["key.account.cause"]  # shared by all companies
        cls._create_service_team()
        records |= cls._create_ticket_records(cls.env.user)
        records |= cls._create_service(cls.chair)
        Month = cls.env["key.account.ticket.month"]
        Month._compute_month(
            cls.company, cls.company._key_account_today().replace(day=1)
        )
        months = Month.search([("company_id", "=", cls.company.id)])
        return [*records.values(), months]

    @classmethod
    def _create_visit_records(cls):
        """A visit that our manager holds, and what he prepares for it."""
        visit = cls.env["key.account.visit"].create(
            {
                "account_id": cls.account.id,
                "user_id": cls.manager.id,
                "item_ids": [Command.create({"name": "Print the name signs"})],
            }
        )
        return [visit, visit.item_ids]

    @classmethod
    def _create_service_figures(cls):
        """What is said of a ticket that was closed: its rows in the analysis, the month
        that it counts in, and a check of it."""
        team = cls.env["key.account.ticket.team"].create({"name": "Service"})
        cls.env["key.account.sla.policy"].create(
            {
                "name": "Standard",
                "line_ids": [Command.create({"metric": "first_reply", "minutes": 60})],
            }
        )
        ticket = cls.env["key.account.ticket"].create(
            {"name": "Too dark", "team_id": team.id, "account_id": cls.account.id}
        )
        ticket.action_close(answer="It is mended.", nothing_else="said")
        Month = cls.env["key.account.ticket.month"]
        today = cls.company._key_account_today()
        Month._compute_month(cls.company, today.replace(day=1))
        return [
            cls.env["key.account.ticket.analysis"].browse(ticket.id),
            cls.env["key.account.sla.analysis"].search([("ticket_id", "=", ticket.id)]),
            Month.search([("company_id", "=", cls.company.id)]),
            cls.env["key.account.ticket.check"]._draw(
                team, "work", today, today, 1, "seed"
            ),
        ]

    @classmethod
    def _create_team_records(cls):
        """An agreement, a team with its template, and loads."""
        role = cls.env.ref("key_account.role_planner")
        person = {"user_id": cls.seller.id, "company_id": cls.company.id}
        served = {"user_id": cls.seller.id, "account_id": cls.account.id}
        template = cls.env["key.account.team.template"].create(
            {
                "name": "East",
                "line_ids": [
                    Command.create({"user_id": cls.seller.id, "role_id": role.id})
                ],
            }
        )
        return [
            cls.env["key.account.nda"].create({**person, "party": "employee"}),
            cls.env["key.account.profile"].create(
                {"account_id": cls.account.id, "needs": "Quiet"}
            ),
            cls.env["key.account.member"].create({**served, "role_id": role.id}),
            template,
            template.line_ids,
            cls.env["key.account.capacity"].create(person),
            cls.env["key.account.capacity.override"]
            ._authorized()
            .create(
                {
                    **person,
                    **served,
                    "load_points": 2,
                    "limit_points": 1,
                    "reason": "Nobody else",
                    "decided_by_id": cls.manager.id,
                }
            ),
        ]

    @classmethod
    def _create_people(cls):
        """A person of the customer, what we know of him, and a market note."""
        agent = cls.env["res.partner"].create({"name": "Ms Zhao"})
        person = cls.env["key.account.stakeholder"].create(
            {
                "account_id": cls.account.id,
                "partner_id": agent.id,
                "is_external": True,
            }
        )
        known = {"stakeholder_id": person.id}
        consent = {"consent_on": "2026-01-01", "consent_how": "paper"}
        return [
            person,
            cls.env["key.account.stakeholder.relation"].create(known),
            cls.env["key.account.private"].create({**known, **consent}),
            cls.env["key.account.insight"].create({"name": "The fair moves"}),
        ]

    def seen_from_far(self, records):
        return records.with_user(self.stranger).with_context(
            allowed_company_ids=self.far.ids
        )

    def test_every_model_with_a_company_is_tried(self):
        """No model of the addon that has a company is forgotten below."""
        with_company = {
            name
            for name, model in self.registry.items()
            if model._original_module == "key_account"
            and not (model._abstract or model._transient)
            and ("company_id" in model._fields or "scheme_id" in model._fields)
        }
        self.assertEqual({records._name for records in self.records}, with_company)

    def test_nothing_is_seen_from_the_other_company(self):
        """The other company's manager, on its committee too, sees no record of ours,
        neither in a list nor by its number."""
        for records in self.records:
            with self.subTest(records._name):
                self.assertTrue(records)
                theirs = self.seen_from_far(records)
                self.assertFalse(theirs.search([("id", "in", records.ids)]))
                for record in theirs:
                    self.assertFalse(record.has_access("read"))
                with self.assertRaises(AccessError):
                    theirs.read(["display_name"])

    def test_our_manager_sees_them(self):
        """The same records are there for our own people, as a check on the above."""
        for records in self.records:
            with self.subTest(records._name):
                found = records.with_user(self.manager).search(
                    [("id", "in", records.ids)]
                )
                self.assertEqual(found, records)

    def test_shared_customer(self):
        """Each company has its own account of a shared customer, with its own tier."""
        theirs = self.env["key.account"].sudo()._open_for(self.partner, self.far)
        self.assertNotEqual(theirs, self.account)
        ours = self.partner.with_user(self.manager)
        self.assertEqual(ours.key_account_id, self.account)
        self.assertTrue(ours.is_key_account)
        seen = self.seen_from_far(self.partner)
        self.assertEqual(seen.key_account_id, theirs)
        self.assertFalse(seen.key_account_tier_id)
        self.assertEqual(seen.key_account_ids, theirs)
        self.assertFalse(seen.search([("is_key_account", "=", True)]) & seen)
        groups = dict(
            seen._read_group(
                [("id", "=", seen.id)], ["key_account_tier_id"], ["__count"]
            )
        )
        self.assertEqual(groups, {self.scheme.tier_ids.browse(): 1})

    def test_switching_companies(self):
        """Who works in both sees the account of the company he has chosen."""
        theirs = self.env["key.account"].sudo()._open_for(self.partner, self.far)
        self.manager.company_ids = [Command.link(self.far.id)]
        partner = self.partner.with_user(self.manager)
        for company, account in ((self.company, self.account), (self.far, theirs)):
            chosen = partner.with_context(allowed_company_ids=company.ids)
            self.assertEqual(chosen.key_account_id, account)
            found = chosen.search([("key_account_id", "=", account.id)])
            self.assertEqual(found, partner)

    def test_a_partner_of_one_company(self):
        """A customer who belongs to one company has no account in another."""
        private = self._create_customer("Ours Only", company_id=self.company.id)
        self._create_account(private)
        with self.assertRaisesRegex(Exception, "company"):
            self.env["key.account"].sudo()._open_for(private, self.far)

    def test_live_scheme_of_each_company(self):
        """Each company publishes a scheme of its own."""
        other = self._create_scheme(company_id=self.far.id)
        self.assertEqual(self.scheme.state, "live")
        self.assertEqual(other.state, "live")
        Scheme = self.env["key.account.scheme"]
        self.assertEqual(Scheme._live(self.far), other)
        self.assertEqual(Scheme._live(self.company), self.scheme)

    def test_votes_of_the_other_committee(self):
        """A member of the other company's committee does not vote on ours."""
        motion = self.account.motion_ids
        with self.assertRaises(AccessError):
            self.seen_from_far(motion).action_vote_yes()
        self.assertEqual(len(motion.vote_ids), 1)

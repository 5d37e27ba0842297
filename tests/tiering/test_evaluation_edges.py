"""Around an evaluation: refunds, merges, overrides, versions, companies."""

from odoo import fields
from odoo.tests import tagged

from ..common import DAY
from .evaluation_case import NEXT, EvaluationCase

MONTHS = [fields.Date.add(DAY, months=number) for number in range(6)]


@tagged("post_install", "-at_install")
class TestBusinessEdges(EvaluationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_books_up()
        cls.scheme = cls._create_scheme(
            [("invoiced_net", 80, 0, 1000), ("months_since_last_invoice", 20, 12, 0)]
        )
        cls.tiers = dict(zip("ABCD", cls.scheme.tier_ids, strict=True))

    def line_for(self, account, day=DAY):
        return self._line_of(self._evaluate(day, apply=False), account)

    def test_refund_after_the_date(self):
        """A refund after the evaluation date lowers the next evaluation, not this."""
        self._invoice(self.best.partner_id, 1000, "2025-12-01")
        self._invoice(self.best.partner_id, -1000, "2026-01-02")
        line = self.line_for(self.best)
        self.assertEqual((line.explain[0]["raw"], line.explain[0]["sub"]), (1000, 100))
        later = self.line_for(self.best, NEXT)
        self.assertEqual((later.explain[0]["raw"], later.explain[0]["sub"]), (0, 0))

    def test_negative_total(self):
        """More credited than invoiced is worth no points, and shown as it is."""
        self._invoice(self.best.partner_id, 100, "2025-12-01")
        self._invoice(self.best.partner_id, -300, "2025-12-02")
        line = self.line_for(self.best)
        self.assertEqual((line.explain[0]["raw"], line.explain[0]["sub"]), (-200, 0))
        self.assertEqual(line.revenue, -200)

    def test_credit_notes_only(self):
        """Credit notes only: no points for revenue, no data for the last invoice."""
        self._invoice(self.best.partner_id, -300, "2025-12-02")
        line = self.line_for(self.best)
        self.assertEqual([entry["sub"] for entry in line.explain], [0, None])
        self.assertRecordValues(
            line,
            [{"score": 0, "coverage": 0.8, "computed_tier_id": self.tiers["D"].id}],
        )

    def test_no_invoices_at_all(self):
        """R009: without any invoice there is no score and no tier, and no traceback
        anywhere on the way."""
        evaluation = self._evaluate(DAY)
        line = self._line_of(evaluation, self.best)
        self.assertRecordValues(
            line,
            [
                {
                    "reason": "no_data",
                    "coverage": 0,
                    "computed_tier_id": False,
                    "changed": False,
                    "revenue": 0,
                }
            ],
        )
        self.assertEqual([entry["raw"] for entry in line.explain], [None, None])
        self.assertFalse(self.best.tier_id or self.best.tier_change_ids)
        self.assertTrue(evaluation.summary["cells"])

    def test_new_customers_are_graded_at_once(self):
        """R011: a customer without an account gets it, and is evaluated, archived or
        not."""
        partners = self._create_customer("Wuxi Fair")
        partners |= self._create_customer("Gone Fair")
        for partner in partners:
            self._invoice(partner, 1000, "2025-12-31")
        partners[1].active = False
        evaluation = self._evaluate(DAY)
        accounts = partners.with_context(active_test=False).key_account_ids
        self.assertEqual([account.tier_id.code for account in accounts], ["A", "A"])
        self.assertEqual(evaluation.line_count, 5)

    def test_shared_customer(self):
        """Two companies grade one customer each by its own books and scheme."""
        branch = self._create_company("Huazhan Guangzhou")
        self.env.user.company_ids |= branch
        self.manager.company_ids |= branch
        self._set_books_up(branch)
        self._invoice(self.best.partner_id, 1000, "2025-12-31")
        self._invoice(self.best.partner_id, 1, "2025-12-31", company=branch)
        self._evaluate(DAY)
        theirs = self._create_scheme(
            [("invoiced_net", 100, 0, 1)], company_id=branch.id
        )
        both = {"allowed_company_ids": [branch.id, self.company.id]}
        evaluation = (
            self.env["key.account.evaluation"]
            .with_user(self.manager)
            .with_context(**both)
            .create({"scheme_id": theirs.id, "date": DAY, "company_id": branch.id})
        )
        evaluation.action_simulate()
        self.assertRecordValues(
            evaluation.line_ids,
            [
                {
                    "score": 100,
                    "revenue": 1,
                    "company_id": branch.id,
                    "current_tier_id": False,
                    "computed_tier_id": theirs.tier_ids[0].id,
                }
            ],
        )
        self.assertEqual(
            evaluation.line_ids.account_id.partner_id, self.best.partner_id
        )
        self.assertEqual(self.best.tier_id, self.tiers["A"])

    def test_partners_merged_meanwhile(self):
        """Customers merged during an open evaluation: one line is left, it applies, and
        a new simulation counts the business of both."""
        partners = self.best.partner_id | self.good.partner_id
        for partner in partners:
            self._invoice(partner, 400, "2025-12-31")
        evaluation = self._evaluate(DAY, apply=False)
        self.assertEqual(self._line_of(evaluation, self.best).revenue, 400)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge(partners.ids, partners[0])
        evaluation.invalidate_recordset()
        self.assertFalse(self.good.exists())
        self.assertEqual(len(self._line_of(evaluation, self.best)), 1)
        again = self.new_evaluation(scheme_id=self.scheme.id)
        again.action_simulate()
        self.assertEqual(self._line_of(again, self.best).revenue, 800)
        for step in ("submit", "approve", "apply"):
            user = self.chair if step == "approve" else self.manager
            getattr(evaluation.with_user(user), f"action_{step}")()
        self.assertEqual(self.best.line_id, self._line_of(evaluation, self.best))
        self.assertTrue(self.best.tier_id)

    def test_closed_meanwhile(self):
        """A closed account is not graded any more."""
        self.best.with_user(self.manager).action_close()
        evaluation = self._evaluate(DAY, apply=False)
        self.assertFalse(self._line_of(evaluation, self.best))


@tagged("post_install", "-at_install")
class TestInertia(EvaluationCase):
    """Two evaluations below the keep score demote, one tier at a time."""

    def history(self, *potentials):
        tiers = []
        for day, potential in zip(MONTHS, potentials, strict=False):
            self.best.potential = potential
            self._evaluate(day)
            tiers.append((self.best.tier_id.code, self.best.below_count))
        return tiers

    def test_down_slowly(self):
        """R011: watched first, then one tier down, then watched again."""
        self.assertEqual(
            self.history(90, 10, 10, 10, 10, 90),
            [("A", 0), ("A", 1), ("B", 0), ("B", 1), ("C", 0), ("A", 0)],
        )
        log = self.best.tier_change_ids.sorted("id")
        self.assertEqual([row.to_tier_id.code for row in log], ["A", "B", "C", "A"])
        self.assertEqual(
            log.mapped("reason"), ["new", "demoted", "demoted", "promoted"]
        )
        self.assertEqual(self.best.tier_since, MONTHS[5])

    def test_good_month_between(self):
        """R011: one evaluation above the keep score starts the row anew."""
        self.assertEqual(
            self.history(90, 10, 70, 10),
            [("A", 0), ("A", 1), ("A", 0), ("A", 1)],
        )

    def test_same_date_counts_once(self):
        """R011: evaluated again on the same date, a low score is no second one."""
        self.history(90, 10)
        self._evaluate(MONTHS[1])
        self.assertEqual((self.best.tier_id.code, self.best.below_count), ("A", 1))
        self._evaluate(MONTHS[2])
        self.assertEqual(self.best.tier_id.code, "B")

    def test_too_little_data(self):
        """R009: nobody falls on data for less than the scheme asks for."""
        self._create_scheme(
            [("potential", 40, 0, 100), ("company_size", 60, 0, 10)], demote_after=1
        )
        self.best.employees = 10
        self._evaluate(DAY)
        self.best.write({"potential": 1, "employees": 0})
        line = self._line_of(self._evaluate(NEXT), self.best)
        self.assertRecordValues(
            line, [{"score": 1, "coverage": 0.4, "reason": "low_coverage"}]
        )
        self.assertEqual(self.best.tier_id.code, "A")

    def test_no_data_keeps_the_tier(self):
        """R009: who is known to be good and then not known at all stays what he is."""
        self._evaluate(DAY)
        self.best.potential = 0
        line = self._line_of(self._evaluate(NEXT), self.best)
        self.assertRecordValues(line, [{"reason": "no_data", "changed": False}])
        self.assertEqual(self.best.tier_id.code, "A")

    def test_new_version_goes_on_by_code(self):
        """A new version takes the tiers over by their codes: nobody changes, no row of
        the log, and the row of low scores goes on."""
        self.history(90, 10)
        self._evaluate(MONTHS[1])
        log = self.env["key.account.tier.change"].search([])
        version = self.scheme.browse(self.scheme.action_new_version()["res_id"])
        version.tier_ids[0].name = "Platinum"
        version.action_publish()
        evaluation = self._evaluate(MONTHS[2], apply=False)
        a, b = version.tier_ids[:2]
        self.assertEqual(evaluation.changed_count, 1)
        self.assertIn(
            {"from": a.id, "to": b.id, "count": 1, "revenue": 0},
            evaluation.summary["cells"],
        )
        self.assertEqual(
            [tier["id"] for tier in evaluation.summary["tiers"]], version.tier_ids.ids
        )
        cell = evaluation.action_open_cell(a.id, b.id)
        found = self.env[cell["res_model"]].search(cell["domain"])
        self.assertEqual(found.account_id, self.best)
        evaluation.action_submit()
        evaluation.with_user(self.chair).action_approve()
        evaluation.action_apply()
        self.assertEqual(self.best.tier_id, b)
        self.assertRecordValues(
            self.good, [{"tier_id": b.id, "tier_since": DAY, "is_key": True}]
        )
        fresh = self.env["key.account.tier.change"].search([]) - log
        self.assertEqual(fresh.account_id, self.best)

    def test_other_codes(self):
        """A tier that the new scheme does not know ends; everybody is new there."""
        self._evaluate(DAY)
        tiers = [("gold", 60, 50, True), ("silver", 0, 0, False)]
        scheme = self._create_scheme([("potential", 100, 0, 100)], tiers)
        evaluation = self._evaluate(NEXT)
        self.assertEqual({*evaluation.line_ids.mapped("reason")}, {"new"})
        gold, silver = scheme.tier_ids
        self.assertEqual(self.accounts.tier_id, gold | silver)
        self.assertEqual(self.small.tier_id, silver)
        self.assertEqual(evaluation.changed_count, 3)


@tagged("post_install", "-at_install")
class TestOverridden(EvaluationCase):
    def override(self, account, code, **vals):
        """An override approved by the committee."""
        today = fields.Date.context_today(account)
        override = (
            self.env["key.account.override"]
            .with_user(self.seller)
            .create(
                {
                    "account_id": account.id,
                    "tier_id": self.tiers[code].id,
                    "reason": "Opens a new hall next year",
                    "date_from": today,
                    "date_to": fields.Date.add(today, months=6),
                    **vals,
                }
            )
        )
        override.action_submit()
        override.with_user(self.chair).action_approve()
        self.assertEqual(override.state, "active")
        return override

    def test_override_decides(self):
        """While an override is active it decides, and the score goes on beside it."""
        self.override(self.small, "A")
        line = self._line_of(self._evaluate(DAY), self.small)
        self.assertRecordValues(
            line,
            [
                {
                    "computed_tier_id": self.tiers["D"].id,
                    "decided_tier_id": self.tiers["A"].id,
                    "decided_is_key": True,
                    "reason": "override",
                    "changed": False,
                }
            ],
        )
        self.assertRecordValues(
            self.small,
            [
                {
                    "tier_id": self.tiers["A"].id,
                    "earned_tier_id": self.tiers["D"].id,
                    "is_key": True,
                    "score": 10,
                }
            ],
        )

    def test_begun_after_the_simulation(self):
        """An override approved between simulating and applying is not lost."""
        evaluation = self._evaluate(DAY, apply=False)
        self.override(self.small, "A")
        evaluation.action_submit()
        evaluation.with_user(self.chair).action_approve()
        evaluation.action_apply()
        self.assertRecordValues(
            self.small,
            [
                {
                    "tier_id": self.tiers["A"].id,
                    "earned_tier_id": self.tiers["D"].id,
                    "is_key": True,
                }
            ],
        )
        self.assertEqual(self._line_of(evaluation, self.small).reason, "override")

    def test_ended_after_the_simulation(self):
        """An override that ended between simulating and applying decides no more."""
        override = self.override(self.small, "A")
        evaluation = self._evaluate(DAY, apply=False)
        override.with_user(self.seller).action_end()
        evaluation.action_submit()
        evaluation.with_user(self.chair).action_approve()
        evaluation.action_apply()
        self.assertRecordValues(
            self.small, [{"tier_id": self.tiers["D"].id, "is_key": False}]
        )

    def test_override_in_a_new_version(self):
        """An override goes on in a new version, in the tier of its code."""
        self.override(self.small, "A")
        self._evaluate(DAY)
        version = self.scheme.browse(self.scheme.action_new_version()["res_id"])
        version.action_publish()
        self._evaluate(NEXT)
        self.assertRecordValues(
            self.small, [{"tier_id": version.tier_ids[0].id, "is_key": True}]
        )

    def test_override_unknown_to_a_new_scheme(self):
        """An override to a key tier that the new scheme does not know stays one."""
        self.override(self.small, "A")
        tiers = [("gold", 60, 50, True), ("silver", 0, 0, False)]
        self._create_scheme([("potential", 100, 0, 100)], tiers)
        self._evaluate(DAY)
        self.assertRecordValues(
            self.small, [{"tier_id": self.tiers["A"].id, "is_key": True}]
        )


@tagged("post_install", "-at_install")
class TestQueries(EvaluationCase):
    def count(self, evaluation):
        """Queries of scoring and applying all customers."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        for _step in evaluation.sudo()._simulate():
            pass
        evaluation.sudo()._apply_lines()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def test_constant(self):
        """20 customers and 200 take the same number of queries."""
        value = self.env["key.account.dimension"].create({"name": "Value to us"})
        scheme = self._create_scheme(
            [
                ("invoiced_net", 40, 0, 1000),
                ("order_margin", 20, 0, 1000),
                ("potential", 20, 0, 100),
                {"measure": "manual", "weight": 20, "dimension_id": value.id},
            ]
        )
        counts = []
        for size in (20, 200):
            partners = self.env["res.partner"].create(
                [{"name": f"Fair {size}-{number}"} for number in range(size)]
            )
            self.env["key.account"]._open_for(partners)
            evaluation = self.new_evaluation(scheme_id=scheme.id)
            counts.append(self.count(evaluation))
        self.assertGreater(counts[0], 3)
        self.assertEqual(counts[0], counts[1])
        self.assertEqual(evaluation.line_count, 223)

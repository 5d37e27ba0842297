"""Schemes: what is published is complete, frozen, and open to everybody's eyes."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import DAY, KeyAccountCase


@tagged("post_install", "-at_install")
class TestScheme(KeyAccountCase):
    def publish_refused(self, scheme, message):
        with self.assertRaisesRegex(UserError, message), self.cr.savepoint():
            scheme.with_user(self.manager).action_publish()
        self.assertEqual(scheme.state, "draft")

    # --- Publishing ---

    def test_weights_sum_to_100(self):
        """R008: weights that do not sum to 100 are refused, to the hundredth."""
        for weights in ((60, 30), (60, 50), (60, 40.01)):
            rows = [("invoiced_net", weight, 0, 1) for weight in weights]
            scheme = self._create_scheme(rows, publish=False)
            self.publish_refused(scheme, "must sum to 100")
        rows = [("invoiced_net", weight, 0, 1) for weight in (33.33, 33.33, 33.34)]
        self.assertEqual(self._create_scheme(rows).state, "live")

    def test_weights_of_0_and_100(self):
        """R008: a criterion may weigh everything, and another nothing."""
        rows = [("invoiced_net", 100, 0, 1), ("invoice_count", 0, 0, 1)]
        self.assertEqual(self._create_scheme(rows).state, "live")

    def test_weight_out_of_range(self):
        """R008: no weight is below 0 or above 100."""
        for weight in (-1, 101):
            with (
                self.subTest(weight=weight),
                mute_logger("odoo.sql_db"),
                self.assertRaises(Exception) as caught,
                self.cr.savepoint(),
            ):
                rows = [("invoiced_net", weight, 0, 1)]
                self._create_scheme(rows, publish=False)
            self.assertIn("weight_in_range", str(caught.exception))

    def test_nothing_to_grade_by(self):
        """A scheme without criteria or without tiers is refused."""
        scheme = self._create_scheme(publish=False)
        scheme.criterion_ids.unlink()
        self.publish_refused(scheme, "at least one criterion and one tier")
        scheme = self._create_scheme(publish=False)
        scheme.tier_ids.unlink()
        self.publish_refused(scheme, "at least one criterion and one tier")

    def test_last_tier_is_for_everybody(self):
        """A last tier that some customers do not reach is refused."""
        tiers = [("A", 80, 70, True), ("B", 10, 5, False)]
        self.publish_refused(
            self._create_scheme(tiers=tiers, publish=False), "from score 0"
        )

    def test_tiers_are_ordered(self):
        """Tiers out of order, or two with the same score, are refused."""
        for enters in ((60, 80, 0), (80, 80, 0)):
            tiers = [
                (str(place), enter, 0, False) for place, enter in enumerate(enters)
            ]
            self.publish_refused(
                self._create_scheme(tiers=tiers, publish=False), "best first"
            )

    def test_key_tiers_come_first(self):
        """A key tier below one that is not key is refused."""
        tiers = [("A", 80, 70, False), ("B", 60, 50, True), ("C", 0, 0, False)]
        self.publish_refused(
            self._create_scheme(tiers=tiers, publish=False), "must be the best ones"
        )

    def test_one_live_scheme(self):
        """Publishing retires the scheme that was live; other companies keep theirs."""
        first, second = self._create_scheme(), self._create_scheme(publish=False)
        second.with_user(self.manager).action_publish()
        self.assertRecordValues(
            first | second, [{"state": "retired"}, {"state": "live"}]
        )
        self.assertEqual(second.published_by_id, self.manager)
        self.assertTrue(second.published_on)
        live = self.env["key.account.scheme"]._live(self.company)
        self.assertEqual(live, second)
        with mute_logger("odoo.sql_db"), self.assertRaises(Exception) as caught:
            self.cr.execute(
                "UPDATE key_account_scheme SET state = 'live' WHERE id = %s", first.ids
            )
        self.assertIn("one_live", str(caught.exception))

    def test_only_managers_publish(self):
        """Nobody below a manager publishes, not even the committee or the steward."""
        scheme = self._create_scheme(publish=False)
        for user in (self.employee, self.reader, self.seller, self.steward, self.chair):
            with (
                self.subTest(user=user.login),
                self.assertRaisesRegex(UserError, "Only a manager"),
            ):
                scheme.with_user(user).action_publish()
        self.assertEqual(scheme.state, "draft")

    # --- Frozen ---

    def test_published_is_frozen(self):
        """R010: what customers were graded by cannot be changed afterwards, in no
        field and on no way."""
        scheme = self._create_scheme()
        draft = self._create_scheme(publish=False)
        criterion, tier = scheme.criterion_ids[0], scheme.tier_ids[0]
        for label, change in {
            "name": lambda: scheme.write({"name": "New"}),
            "demote_after": lambda: scheme.write({"demote_after": 1}),
            "max_step": lambda: scheme.write({"max_step": 3}),
            "min_coverage": lambda: scheme.write({"min_coverage": 0}),
            "company": lambda: scheme.write({"company_id": self.env.company.id}),
            "criteria": lambda: scheme.write(
                {"criterion_ids": [Command.update(criterion.id, {"target": 1})]}
            ),
            "tiers": lambda: scheme.write({"tier_ids": [Command.delete(tier.id)]}),
            "weight": lambda: criterion.write({"weight": 50}),
            "delete": lambda: criterion.unlink(),
            "add": lambda: criterion.copy(),
            "enter": lambda: tier.write({"enter_score": 1}),
            "is_key": lambda: tier.write({"is_key": False}),
            "code": lambda: tier.write({"code": "X"}),
            "delete tier": lambda: tier.unlink(),
            "add tier": lambda: tier.copy({"code": "X"}),
            "move in": lambda: draft.criterion_ids.write({"scheme_id": scheme.id}),
            "move tier in": lambda: draft.tier_ids[0].write(
                {"scheme_id": scheme.id, "code": "X"}
            ),
            "delete scheme": lambda: scheme.unlink(),
        }.items():
            with (
                self.subTest(change=label),
                self.assertRaisesRegex(UserError, "Make a new version"),
                self.cr.savepoint(),
            ):
                change()
        scheme.description = "Agreed in the spring meeting"
        draft.with_user(self.manager).action_publish()
        with self.assertRaisesRegex(UserError, "Make a new version"):
            scheme.write({"max_step": 3})

    def test_state_is_not_written(self):
        """The state and the proof of publication change by publishing only."""
        scheme = self._create_scheme(publish=False)
        for vals in (
            {"state": "live"},
            {"published_on": "2026-01-01"},
            {"published_by_id": self.chair.id},
        ):
            with (
                self.subTest(vals=vals),
                self.assertRaisesRegex(UserError, "cannot be written directly"),
            ):
                scheme.with_user(self.manager).write(vals)

    def test_service_standard_stays_editable(self):
        """R018: the service of a live tier may be improved at any time."""
        tier = self._create_scheme().tier_ids[0].with_user(self.manager)
        tier.write({"contact_interval_days": 14, "benefits": "Own hotline"})
        self.assertRecordValues(
            tier, [{"contact_interval_days": 14, "benefits": "Own hotline"}]
        )

    def test_new_version_continues(self):
        """A new version has criteria, codes and rules of the old one, and a number."""
        scheme = self._create_scheme(max_step=2)
        action = scheme.with_user(self.manager).action_new_version()
        version = scheme.browse(action["res_id"])
        self.assertRecordValues(
            version,
            [
                {
                    "name": scheme.name,
                    "state": "draft",
                    "version": 2,
                    "max_step": 2,
                    "previous_id": scheme.id,
                    "published_on": False,
                }
            ],
        )
        codes = scheme.tier_ids.mapped("code")
        self.assertEqual(version.tier_ids.mapped("code"), codes)
        self.assertEqual(version.criterion_ids.mapped("target"), [100_000])
        third = scheme.browse(scheme.action_new_version()["res_id"])
        self.assertEqual(third.version, 3)
        self.assertEqual(scheme.state, "live")

    # --- Open to all ---

    def test_readable_by_all_staff(self):
        """R010: every employee reads the criteria, and changes nothing."""
        scheme = self._create_scheme(publish=False)
        for user in (self.employee, self.reader, self.seller, self.steward, self.chair):
            mine = scheme.with_user(user)
            with self.subTest(user=user.login):
                self.assertEqual(mine.criterion_ids.mapped("weight"), [100])
                self.assertEqual(len(mine.tier_ids), 4)
            for label, change in {
                "scheme": lambda mine=mine: mine.write({"max_step": 2}),
                "criterion": lambda mine=mine: mine.criterion_ids.write({"weight": 9}),
                "tier": lambda mine=mine: mine.tier_ids.write({"benefits": "Gold"}),
                "copy": lambda mine=mine: mine.action_new_version(),
                "create": lambda mine=mine: mine.create({"name": "Mine"}),
                "delete": lambda mine=mine: mine.criterion_ids.unlink(),
            }.items():
                with (
                    self.subTest(user=user.login, change=label),
                    self.assertRaises(AccessError),
                ):
                    change()

    # --- Preview ---

    def test_preview_is_what_an_evaluation_says(self):
        """The preview of a customer shows the figures of an evaluation of today."""
        self._set_books_up()
        account = self._create_account("Sino Light Fair")
        rows = [("invoiced_net", 60, 0, 100_000), ("order_margin", 40, 0, 1)]
        scheme = self._create_scheme(rows)
        today = scheme.create_date.date()
        for amount in (20_000, 41_234.56):
            day = today.replace(day=1).replace(year=today.year - (today.month == 1))
            self._invoice(account.partner_id, amount, day.replace(month=1))
        line = self._line_of(self._evaluate(today, apply=False), account)
        preview = scheme._explain_account(account, today)
        self.assertRecordValues(
            line,
            [
                {
                    "score": preview["score"],
                    "coverage": preview["coverage"],
                    "computed_tier_id": scheme.tier_ids[1].id,
                }
            ],
        )
        self.assertEqual(preview["tier"], "B")
        explained = line.explanation["rows"]
        for row, expected in zip(preview["rows"], explained, strict=True):
            self.assertEqual(row["raw"], expected["raw"])
            self.assertEqual(row["points"], expected["points"])

    def test_preview_follows_the_form(self):
        """Changing a criterion in the form changes the preview before it is saved, and
        facts just entered count at once."""
        account = self._create_account("Sino Light Fair")
        scheme = self._create_scheme([("potential", 100, 0, 100)], publish=False)
        account.potential = 60
        self.env.flush_all()
        account.potential = 40
        view = "key_account.scheme_view_form"
        with Form(scheme.with_user(self.manager), view=view) as form:
            form.preview_account_id = account
            self.assertEqual(form.preview["score"], 40)
            with form.criterion_ids.edit(0) as criterion:
                criterion.target = 50
            self.assertEqual((form.preview["score"], form.preview["tier"]), (80, "A"))

    def test_preview_without_data(self):
        """R009: a customer nobody knows anything of has no score and no tier."""
        account = self._create_account("Sino Light Fair")
        preview = self._create_scheme()._explain_account(account, DAY)
        self.assertEqual((preview["score"], preview["coverage"]), (None, 0))
        self.assertFalse(preview["tier"])

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .people_case import PeopleCase

FACTS = ["birthday", "family", "interests", "service_opinion"]


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 04:00:00")
class TestPrivate(PeopleCase):
    """Private facts: with consent, for the right people, until it is withdrawn."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.group = cls.env.ref("key_account.group_private_facts")
        cls.private = cls._confide(
            cls.boss, birthday="1980-05-06", interests="Mountains", family="A son"
        )

    def confide_in(self, user):
        user.group_ids |= self.group

    def as_confidant(self):
        self.confide_in(self.seller)
        return self.boss.with_user(self.seller)

    # --- Who may see them ---

    def test_team_member_of_the_group_sees(self):
        """Who serves the customer and belongs to the group reads the facts, on the
        person's own page (R028)."""
        boss = self.as_confidant()
        self.assertEqual(boss.interests, "Mountains")
        self.assertEqual(boss.birthday.isoformat(), "1980-05-06")
        self.assertEqual(self.private.with_user(self.seller).family, "A son")

    def test_everybody_else_does_not(self):
        """Not the team without the group, not the group without the customer, not
        even the manager without the group."""
        for user in (self.seller, self.steward, self.manager, self.reader):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.private.with_user(user).read(["interests"])
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.boss.with_user(user).read(["interests"])
        with self.assertRaises(AccessError):
            self.private.with_user(self.confidant).read(["interests"])
        self.confide_in(self.manager)
        self.assertEqual(self.boss.with_user(self.manager).interests, "Mountains")
        self.confide_in(self.steward)
        self.assertEqual(self.boss.with_user(self.steward).interests, "Mountains")

    def test_no_way_around(self):
        """Neither searching, nor grouping, nor exporting, nor a field that Odoo
        computes with all rights gives away what is closed."""
        self.seller.group_ids |= self.env.ref("base.group_allow_export")
        People = self.env["key.account.stakeholder"].with_user(self.seller)
        Private = self.env["key.account.private"].with_user(self.seller)
        attempts = {
            "search": lambda: People.search([("interests", "ilike", "Mountains")]),
            "path": lambda: People.search([("private_ids.family", "ilike", "son")]),
            "search private": lambda: Private.search([("family", "ilike", "son")]),
            "count": lambda: People.search_count([("birthday", "!=", False)]),
            "account": lambda: self.account.with_user(self.seller).search(
                [("stakeholder_ids.interests", "ilike", "Mountains")]
            ),
            "group": lambda: People.formatted_read_group(
                [], ["interests"], ["__count"]
            ),
            "group private": lambda: Private.formatted_read_group(
                [], ["interests"], ["__count"]
            ),
            "export": lambda: People.browse(self.boss.id).export_data(["interests"]),
            "order": lambda: Private.search([], order="birthday"),
        }
        for name, attempt in attempts.items():
            with self.subTest(name), self.assertRaises(AccessError):
                self.env.invalidate_all()
                attempt()
        with self.subTest("sudo of a related field"):
            self.assertFalse(self.boss.with_user(self.seller).sudo().interests)

    def test_group_sees_no_other_customer(self):
        """For a member of the group the people of others look as if nothing were
        known, by whatever way he asks."""
        self._confide(self.stranger, interests="Mountains")
        self.confide_in(self.seller)
        People = self.env["key.account.stakeholder"].with_user(self.seller)
        found = (
            People.sudo()
            .with_user(self.seller)
            .search([("interests", "ilike", "Mountains")])
        )
        self.assertEqual(found, self.boss)
        self.assertFalse(self.stranger.with_user(self.seller).sudo().interests)
        groups = self.env["key.account.private"].with_user(self.seller)
        rows = groups.formatted_read_group([], ["interests"], ["__count"])
        self.assertEqual([row["__count"] for row in rows], [1])

    def test_search_of_what_is_missing(self):
        """Those of whom nothing is known are found as such."""
        self.confide_in(self.seller)
        People = self.env["key.account.stakeholder"].with_user(self.seller)
        mine = [("account_id", "=", self.account.id)]
        self.assertEqual(
            People.search([*mine, ("birthday", "=", False)]), self.aide | self.buyer
        )
        self.assertEqual(People.search([*mine, ("birthday", "!=", False)]), self.boss)

    # --- Consent ---

    def test_no_fact_without_consent(self):
        """Facts without a recorded consent are refused, in Python and in SQL."""
        self.confide_in(self.seller)
        aide = self.aide.with_user(self.seller)
        with self.assertRaisesRegex(UserError, "with the person's consent only"):
            aide.birthday = "1990-01-01"
        with self.assertRaisesRegex(UserError, "with the person's consent only"):
            aide.write({"birthday": "1990-01-01", "consent_on": "2026-02-01"})
        for column in ("consent_on", "consent_how"):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(
                    f"UPDATE key_account_private SET {column} = NULL"  # pylint: disable=sql-injection
                )
        self.assertFalse(self.aide.private_ids)

    def test_consent_comes_first(self):
        """A consent that is still to come allows nothing."""
        with self.assertRaisesRegex(ValidationError, "still to come"):
            self._confide(self.aide, consent_on="2026-03-03")

    def test_facts_are_kept_on_the_person(self):
        """With the consent, facts are written as fields of the person."""
        self.confide_in(self.seller)
        aide = self.aide.with_user(self.seller)
        aide.write(
            {"consent_on": "2026-03-01", "consent_how": "mail", "interests": "Tea"}
        )
        aide.family = "Two daughters"
        self.assertRecordValues(
            self.aide.private_ids,
            [
                {
                    "interests": "Tea",
                    "family": "Two daughters",
                    "consent_how": "mail",
                    "consent_by_id": self.seller.id,
                }
            ],
        )
        self.assertEqual(aide.consent, "given")

    def test_member_without_the_group_writes_nothing(self):
        """Who may not read the facts may not write them either."""
        vals = {"consent_on": "2026-03-01", "consent_how": "mail", "interests": "Tea"}
        with self.assertRaises(AccessError):
            self.aide.with_user(self.seller).write(vals)
        self.confide_in(self.seller)
        with self.assertRaises(AccessError):
            self.stranger.with_user(self.seller).write(vals)
        with self.assertRaises(AccessError):
            self.private.with_user(self.seller).create(
                {**vals, "stakeholder_id": self.stranger.id}
            )

    # --- Withdrawal ---

    def test_any_member_records_a_withdrawal(self):
        """A member who may not see the facts still records that the consent is
        withdrawn; at once nobody sees them, the manager of the group included."""
        self.confide_in(self.manager)
        boss = self.boss.with_user(self.manager)
        self.assertEqual(boss.interests, "Mountains")
        self.assertEqual(boss.consent, "given")
        self.boss.with_user(self.seller).action_withdraw_consent()
        self.assertEqual(
            boss.read(FACTS), [{"id": boss.id, **dict.fromkeys(FACTS, False)}]
        )
        self.assertEqual(boss.consent, "withdrawn")
        self.assertFalse(
            boss.search([("interests", "!=", False), ("id", "=", boss.id)])
        )
        Private = self.env["key.account.private"].with_user(self.manager)
        self.assertFalse(Private.search([("stakeholder_id", "=", boss.id)]))
        with self.assertRaises(AccessError):
            self.private.with_user(self.manager).read(["interests"])
        self.assertFalse(self.boss.sudo().interests)
        self.assertEqual(self.private.withdrawn_on.isoformat(), "2026-03-02")
        body = self.account.message_ids.sorted("id")[-1].body
        self.assertIn("withdrew the consent", body)
        self.assertNotIn("Qiu", body)

    def test_stranger_records_no_withdrawal(self):
        """Only the team records a withdrawal, and only of a consent on record."""
        with self.assertRaises(AccessError):
            self.boss.with_user(self.chair).action_withdraw_consent()
        with self.assertRaisesRegex(UserError, "No consent of Ms Fang"):
            self.aide.with_user(self.seller).action_withdraw_consent()
        self.assertFalse(self.private.withdrawn_on)

    def test_withdraw_and_erase(self):
        """The facts are erased for good, also some time after the withdrawal."""
        self.boss.with_user(self.seller).action_withdraw_consent()
        self.boss.with_user(self.seller).action_withdraw_and_erase()
        self.assertFalse(self.private.exists())
        self.assertEqual(self.boss.consent, "none")

    def test_withdrawal_is_not_taken_back(self):
        """Nobody writes the withdrawal away; a new consent begins with nothing."""
        boss = self.as_confidant()
        with self.assertRaisesRegex(UserError, "cannot be written directly"):
            self.private.with_user(self.seller).write({"withdrawn_on": "2026-03-01"})
        boss.action_withdraw_consent()
        with self.assertRaises(UserError):
            self.private.with_user(self.seller).write({"consent_on": "2026-03-01"})
        boss.write({"consent_on": "2026-03-02", "consent_how": "spoken"})
        self.assertEqual(boss.consent, "given")
        self.assertFalse(boss.interests)
        self.assertFalse(self.private.exists())

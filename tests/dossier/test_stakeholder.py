from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .people_case import PeopleCase


@tagged("post_install", "-at_install")
class TestStakeholder(PeopleCase):
    def people(self, user, domain=()):
        People = self.env["key.account.stakeholder"].with_user(user)
        return People.search(list(domain)).sudo() & (
            self.boss | self.aide | self.buyer | self.stranger
        )

    # --- Who sees them ---

    def test_team_sees_its_people_only(self):
        """Who serves the customer sees his people, stewards and managers see all,
        others nobody (R025, R035)."""
        ours = self.boss | self.aide | self.buyer
        self.assertEqual(self.people(self.seller), ours)
        self.assertEqual(self.people(self.steward), ours | self.stranger)
        self.assertEqual(self.people(self.manager), ours | self.stranger)
        self.assertFalse(self.people(self.chair))
        with self.assertRaises(AccessError):
            self.people(self.reader)
        self.account._change_holder(self.chair)
        self.assertFalse(self.people(self.seller))

    def test_stranger_adds_nobody(self):
        """Who does not serve the customer adds no person to his file."""
        contact = self._create_contact(self.foreign, "Ms Xu")
        with self.assertRaises(AccessError):
            self.boss.with_user(self.seller).create(
                {"account_id": self.foreign.id, "partner_id": contact.id}
            )

    def test_owner_adds_a_person_by_form(self):
        """The owner adds a contact of his customer; role, weight and stance are
        recorded (R025)."""
        contact = self._create_contact(self.account, "Ms Lin")
        People = self.env["key.account.stakeholder"].with_user(self.seller)
        with Form(People) as form:
            form.account_id = self.account
            form.partner_id = contact
            form.buying_role = "coach"
            form.reports_to_id = self.boss
        person = People.search([("partner_id", "=", contact.id)])
        self.assertRecordValues(
            person,
            [{"influence": "medium", "stance": "neutral", "display_name": "Ms Lin"}],
        )

    # --- Whose people ---

    def test_family_or_outsider(self):
        """A stranger to the customer's house is recorded as an outsider (R131)."""
        agent = self.env["res.partner"].create({"name": "Ms Zhao"})
        with (
            self.assertRaisesRegex(ValidationError, "no contact of Orient Motors"),
            self.env.cr.savepoint(),
        ):
            self._create_person(self.account, agent)
        person = self._create_person(self.account, agent, is_external=True)
        with (
            self.assertRaisesRegex(ValidationError, "no contact of Orient Motors"),
            self.env.cr.savepoint(),
        ):
            person.is_external = False
        self.assertFalse(person.has_left)

    def test_once_in_a_file(self):
        """A person is in the file of a customer once, in those of several as often."""
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._create_person(self.account, self.boss.partner_id)

    def test_who_left(self):
        """Whose contact is archived or works elsewhere is marked, and found."""
        People = self.env["key.account.stakeholder"]
        self.aide.partner_id.active = False
        self.buyer.partner_id.parent_id = self.foreign.partner_id
        self.assertEqual(
            [p.has_left for p in (self.boss, self.aide, self.buyer)],
            [False, True, True],
        )
        mine = [("account_id", "=", self.account.id)]
        self.assertEqual(
            People.search([*mine, ("has_left", "=", True)]), self.aide | self.buyer
        )
        self.assertEqual(People.search([*mine, ("has_left", "=", False)]), self.boss)

    # --- The chain ---

    def test_chain_has_no_circle(self):
        """Nobody reports to those who report to him (R024)."""
        with self.assertRaisesRegex(ValidationError, "Nobody reports to himself"):
            self.boss.reports_to_id = self.buyer
        with self.assertRaisesRegex(ValidationError, "Nobody reports to himself"):
            self.boss.reports_to_id = self.boss

    def test_chain_stays_in_one_customer(self):
        """A superior belongs to the same customer, from whichever end it is changed."""
        with self.assertRaisesRegex(ValidationError, "different customers"):
            self.boss.reports_to_id = self.stranger
        self.boss.is_external = True
        with self.assertRaisesRegex(ValidationError, "different customers"):
            self.boss.account_id = self.foreign

    def test_gap_in_the_chain_closes(self):
        """Whose superior is deleted or archived reports to the next above."""
        self.aide.active = False
        self.assertEqual(self.buyer.reports_to_id, self.boss)
        self.aide.active = True
        self.buyer.reports_to_id = self.aide
        (self.aide | self.boss).unlink()
        self.assertTrue(self.buyer.exists())
        self.assertFalse(self.buyer.reports_to_id)

    def test_chart_opens(self):
        """The chart of a customer shows his people from the top (R024)."""
        action = self.boss.with_user(self.seller).action_open_chart()
        self.assertEqual(action["views"][0], [False, "hierarchy"])
        People = self.env["key.account.stakeholder"].with_user(self.seller)
        view = People.get_view(view_type="hierarchy")
        self.assertIn("known_by_ids", view["arch"])
        specification = {"display_name": {}}
        rows = People.hierarchy_read(
            [*action["domain"], ("reports_to_id", "=", False)],
            specification,
            "reports_to_id",
            "child_ids",
        )
        self.assertEqual({row["display_name"] for row in rows}, {"Mr Qiu", "Ms Fang"})

    def test_chart_is_closed_to_strangers(self):
        """Who may not open the file does not open the chart."""
        with self.assertRaisesRegex(UserError, "open to those who serve him"):
            self.foreign.with_user(self.seller).action_open_chart()

    # --- Who of us knows him ---

    def test_known_by(self):
        """The best relation counts, and those who only know of him do not."""
        self._know(self.boss, self.seller, "1")
        self._know(self.boss, self.chair, "3")
        self._know(self.boss, self.second, "0")
        self.assertRecordValues(
            self.boss, [{"relation_level": "3", "is_covered": True}]
        )
        self.assertEqual(self.boss.known_by_ids, self.seller | self.chair)
        self.assertFalse(self.aide.is_covered)

    def test_who_left_us_knows_nobody(self):
        """What a colleague knew has gone with him."""
        self._know(self.boss, self.chair, "3")
        self.chair.active = False
        self.assertRecordValues(
            self.boss, [{"relation_level": "0", "is_covered": False}]
        )
        self.assertFalse(self.boss.known_by_ids)

    # --- One contact only ---

    def single(self, user):
        Account = self.env["key.account"].with_user(user)
        return Account.search(
            [("is_single_contact", "=", True), ("id", "in", self.both.ids)]
        )

    def test_single_contact(self):
        """A customer we know through one person is found, by those only who may open
        his file; everybody else learns nothing."""
        self.both = self.account | self.foreign
        self.assertFalse(self.single(self.manager))
        self._know(self.boss, self.seller)
        self._know(self.stranger, self.seller)
        self.assertEqual(self.single(self.manager), self.both)
        self.assertEqual(self.single(self.seller), self.account)
        self.assertFalse(self.single(self.chair))
        self.assertFalse(self.single(self.reader))
        values = {
            user: self.both.with_user(user).mapped("is_single_contact")
            for user in (self.manager, self.seller, self.reader)
        }
        self.assertEqual(values[self.manager], [True, True])
        self.assertEqual(values[self.seller], [True, False])
        self.assertEqual(values[self.reader], [False, False])
        others = self.env["key.account"].search(
            [("is_single_contact", "=", False), ("id", "in", self.both.ids)]
        )
        self.assertFalse(others)

    def test_two_contacts_are_not_single(self):
        """A second person, as long as he is there, ends the risk."""
        self.both = self.account
        self._know(self.boss, self.seller)
        self._know(self.aide, self.seller)
        self.assertFalse(self.single(self.manager))
        self.aide.partner_id.active = False
        self.assertEqual(self.single(self.manager), self.account)

    def test_queries_do_not_grow(self):
        """Many accounts take as many queries as one."""
        accounts = self.env["key.account"]
        for number in range(6):
            account = self._create_account(f"Customer {number}")
            self._know(self._create_person(account, f"Person {number}"), self.seller)
            accounts |= account
        names = ["is_single_contact"]
        counts = []
        for some in (accounts, accounts[:1], accounts):
            self.env.invalidate_all()
            some = some.with_user(self.manager)
            some.read(["name"])
            before = self.cr.sql_log_count
            some.read(names)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(*counts[1:])
        self.assertLessEqual(counts[1], 6)

    # --- Contacts ---

    def test_contact_in_a_file_is_not_deleted(self):
        """Deleting a contact somebody's file knows is refused in a clear sentence."""
        with self.assertRaisesRegex(UserError, "Archive the contact, or erase"):
            self.aide.partner_id.unlink()
        self.aide.active = False
        with self.assertRaisesRegex(UserError, "Archive the contact, or erase"):
            self.aide.partner_id.unlink()

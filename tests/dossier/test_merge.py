from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ..common import KeyAccountCase


@tagged("post_install", "-at_install")
class TestAccountMerge(KeyAccountCase):
    """Partners are merged or change their parent; the file of the customer follows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scheme = cls._create_scheme()
        cls.tier_a, cls.tier_b = cls.scheme.tier_ids[:2]
        cls.kept = cls._create_customer("Orient Motors")
        cls.gone = cls._create_customer("Orient Motor Co")
        cls.third = cls._create_customer("Orient (Shanghai)")
        cls.Account = cls.env["key.account"]

    def merge(self, *partners):
        """Merges into the first one, as the contacts app does."""
        everyone = self.env["res.partner"].concat(*partners)
        wizard = self.env["base.partner.merge.automatic.wizard"].create(
            {
                "partner_ids": [Command.set(everyone.ids)],
                "dst_partner_id": partners[0].id,
            }
        )
        wizard.action_merge()
        self.env.invalidate_all()
        self.assertEqual(everyone.exists(), partners[0])
        self.assert_no_orphans()

    def references(self):
        """Every (table, column) of the database that may name an account."""
        columns = self.env.execute_query(
            SQL(
                """SELECT k.conrelid::regclass::text, a.attname
                     FROM pg_constraint k
                     JOIN pg_attribute a
                       ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
                    WHERE k.contype = 'f' AND k.confrelid = 'key_account'::regclass"""
            )
        )
        self.assertIn(("key_account_tier_change", "account_id"), columns)
        return columns

    def by_model(self):
        """Every table that names a record by model and id."""
        for table, model, column in (
            ("mail_message", "model", "res_id"),
            ("mail_activity", "res_model", "res_id"),
            ("mail_followers", "res_model", "res_id"),
            ("ir_attachment", "res_model", "res_id"),
            ("rating_rating", "res_model", "res_id"),
            ("ir_model_data", "model", "res_id"),
        ):
            yield SQL.identifier(table), SQL.identifier(model), SQL.identifier(column)

    def assert_no_orphans(self):
        """No row anywhere refers to an account that is not there."""
        self.env.flush_all()
        for table, column in self.references():
            query = SQL(
                "SELECT count(*) FROM %s child WHERE %s IS NOT NULL AND NOT EXISTS"
                " (SELECT FROM key_account WHERE id = child.%s)",
                SQL.identifier(table),
                SQL.identifier(column),
                SQL.identifier(column),
            )
            self.assertEqual(self.env.execute_query(query), [(0,)], (table, column))
        for table, model, column in self.by_model():
            query = SQL(
                "SELECT count(*) FROM %s child WHERE %s = 'key.account' AND NOT EXISTS"
                " (SELECT FROM key_account WHERE id = child.%s)",
                table,
                model,
                column,
            )
            self.assertEqual(self.env.execute_query(query), [(0,)], table)

    def count_children(self):
        self.env.flush_all()
        counts = {}
        for name, column in self.references():
            query = SQL(
                "SELECT count(%s) FROM %s",
                SQL.identifier(column),
                SQL.identifier(name),
            )
            counts[name, column] = self.env.execute_query(query)[0][0]
        for table, model, _column in self.by_model():
            query = SQL(
                "SELECT count(*) FROM %s WHERE %s = 'key.account'", table, model
            )
            counts[table.code] = self.env.execute_query(query)[0][0]
        return counts

    def fill(self, account):
        """Something of each kind on an account."""
        account._change_holder(self.seller)
        account.strategic_type_ids = self.env["key.account.strategic.type"].create(
            [{"name": f"Type {account.id}"}, {"name": f"Kind {account.id}"}]
        )
        dimension = self.env["key.account.dimension"].create(
            {"name": f"Dimension {account.id}"}
        )
        account._set_tier(self.tier_b, "evaluation")
        common = {"account_id": account.id, "reason": "Known"}
        override = (
            self.env["key.account.override"]
            .with_user(self.seller)
            .create(
                {**common, "tier_id": self.tier_a.id, "date_to": "2099-12-31"},
            )
        )
        override.action_submit()
        override.with_user(self.chair).action_approve()
        motion = (
            self.env["key.account.motion"]
            .with_user(self.seller)
            .create({**common, "kind": "exit"})
        )
        account._move("active")
        motion.action_submit()
        motion.with_user(self.chair).action_vote_no()
        self.env["key.account.appeal"].create(
            {**common, "wanted_tier_id": self.tier_a.id}
        )
        self.env["key.account.assessment"].create(
            {
                "account_id": account.id,
                "dimension_id": dimension.id,
                "score": 50,
                "note": "Known",
            }
        )
        greeting = "Hello"
        account.message_post(body=greeting)
        account.message_subscribe(self.seller.partner_id.ids)
        account.activity_schedule("mail.mail_activity_data_call", user_id=self.env.uid)
        self.env["ir.attachment"].create(
            {"name": "plan", "res_model": "key.account", "res_id": account.id}
        )
        self.env["ir.model.data"].create(
            {
                "module": "test",
                "name": f"account_{account.id}",
                "model": "key.account",
                "res_id": account.id,
            }
        )

    # --- Zero, one, two accounts ---

    def test_no_account(self):
        """Merging partners without accounts opens none."""
        self.merge(self.kept, self.gone)
        self.assertFalse(self.Account._of(self.kept))

    def test_account_of_the_kept_one(self):
        """The account of the partner that stays is as it was."""
        account = self._create_account(self.kept, business_focus="Cars")
        self.merge(self.kept, self.gone)
        self.assertEqual(self.Account._of(self.kept), account)
        self.assertEqual(account.business_focus, "Cars")

    def test_account_of_the_one_that_goes(self):
        """The only account follows its customer with everything on it."""
        account = self._create_account(self.gone, business_focus="Cars")
        self.fill(account)
        before = self.count_children()
        self.merge(self.kept, self.gone)
        self.assertEqual(self.Account._of(self.kept), account)
        self.assertEqual(account.name, "Orient Motors")
        self.assertEqual(self.count_children(), before)

    def test_two_accounts_become_one(self):
        """Two accounts become one; every row of both is kept, the decisions that were
        open twice are closed and stay on record."""
        keeper, other = self._create_account(self.kept), self._create_account(self.gone)
        self.fill(keeper)
        self.fill(other)
        before = self.count_children()
        gone_activities = other.activity_ids
        followers = keeper.message_follower_ids, other.message_follower_ids
        both = followers[0].partner_id & followers[1].partner_id
        self.assertIn(self.seller.partner_id, both)
        motions = keeper.motion_ids | other.motion_ids
        self.merge(self.kept, self.gone)
        self.assertEqual(self.Account._of(self.kept), keeper)
        self.assertFalse(other.exists())
        after = self.count_children()
        # one message about the merge; the end of the other override is logged
        expected = dict(before)
        expected['"mail_message"'] += 1
        # who followed both follows once
        expected['"mail_followers"'] -= len(both)
        expected["key_account_tier_change", "account_id"] += 1
        self.assertEqual(after, expected)
        self.assertEqual(keeper.motion_ids, motions)
        self.assertEqual(
            sorted(motions.mapped("state")), ["review", "withdrawn"], "one is open"
        )
        self.assertEqual(motions.vote_ids.mapped("choice"), ["no", "no"])
        self.assertEqual(
            sorted(keeper.override_ids.mapped("state")), ["active", "ended"]
        )
        self.assertEqual(
            sorted(keeper.appeal_ids.mapped("state")), ["open", "withdrawn"]
        )
        self.assertEqual(len(keeper.strategic_type_ids), 4)
        self.assertTrue(gone_activities <= keeper.activity_ids)
        self.assertEqual(self.env.ref(f"test.account_{other.id}"), keeper)

    def test_three_accounts_become_one(self):
        """Three customers that are one have one account."""
        accounts = [self._create_account(p) for p in (self.kept, self.gone, self.third)]
        self.fill(accounts[2])
        self.merge(self.kept, self.gone, self.third)
        self.assertEqual(self.Account._of(self.kept), accounts[0])
        self.assertTrue(accounts[0].override_ids)

    def test_two_that_go_and_none_that_stays(self):
        """The accounts of two that go become one account of the third."""
        self._create_account(self.gone, business_focus="Cars")
        self._create_account(self.third, potential=1000)
        self.merge(self.kept, self.gone, self.third)
        account = self.Account._of(self.kept)
        self.assertRecordValues(
            account, [{"business_focus": "Cars", "potential": 1000}]
        )

    # --- Facts ---

    def test_facts_are_filled_in_not_overwritten(self):
        """What the account knows stays; what it lacks comes from the other."""
        keeper = self._create_account(self.kept, business_focus="Cars")
        self._create_account(self.gone, business_focus="Trucks", potential=1000)
        self.merge(self.kept, self.gone)
        self.assertRecordValues(keeper, [{"business_focus": "Cars", "potential": 1000}])

    def test_history_says_what_it_was(self):
        """The history names the other account, its state and its owner."""
        keeper, other = self._create_account(self.kept), self._create_account(self.gone)
        other._change_holder(self.seller)
        self.merge(self.kept, self.gone)
        body = keeper.message_ids.sorted("id")[-1].body
        self.assertIn("Orient Motor Co (Prospect, owner ka_seller", body)
        self.assertEqual(keeper.holder_id, self.seller)

    def test_a_customer_stays_a_customer(self):
        """Whichever of the two was livelier, the account is."""
        for mine, his, merged in (
            ("prospect", "active", "active"),
            ("active", "closed", "active"),
            ("closed", "prospect", "prospect"),
            ("candidate", "exiting", "exiting"),
        ):
            with self.subTest(mine=mine, his=his):
                kept = self._create_customer("Kept")
                gone = self._create_customer("Gone")
                keeper, other = self._create_account(kept), self._create_account(gone)
                keeper._authorized().state = mine
                other._authorized().state = his
                self.merge(kept, gone)
                self.assertEqual(keeper.state, merged)

    def test_tier_comes_along(self):
        """An account without a tier takes over the tier, its score and its log."""
        keeper, other = self._create_account(self.kept), self._create_account(self.gone)
        other._set_tier(self.tier_a, "evaluation")
        other._authorized().score = 88
        self.merge(self.kept, self.gone)
        self.assertRecordValues(
            keeper, [{"tier_id": self.tier_a.id, "is_key": True, "score": 88}]
        )
        self.assertEqual(keeper.tier_change_ids.to_tier_id, self.tier_a)

    def test_override_comes_into_force(self):
        """An active override that comes along gives its tier, and the log says so."""
        keeper, other = self._create_account(self.kept), self._create_account(self.gone)
        keeper._set_tier(self.tier_b, "evaluation")
        self.fill(other)
        self.merge(self.kept, self.gone)
        self.assertEqual(keeper.tier_id, self.tier_a)
        self.assertEqual(keeper.active_override_id.tier_id, self.tier_a)
        newest = keeper.tier_change_ids.sorted("id")[-1]
        self.assertRecordValues(
            newest, [{"from_tier_id": self.tier_b.id, "to_tier_id": self.tier_a.id}]
        )

    def test_admission_of_who_is_a_customer_already(self):
        """A motion to take on somebody who turns out to be a customer is withdrawn."""
        keeper, other = self._create_account(self.kept), self._create_account(self.gone)
        keeper._move("active")
        motion = self.env["key.account.motion"].create(
            {"account_id": other.id, "kind": "admit", "reason": "Promising"}
        )
        self.merge(self.kept, self.gone)
        self.assertRecordValues(
            motion, [{"account_id": keeper.id, "state": "withdrawn"}]
        )

    def test_evaluation_lines(self):
        """Of two verdicts in one evaluation the merged account keeps its own; the
        others come along (the one documented loss)."""
        self._set_books_up()
        keeper = self._create_account(self.kept)
        keeper._move("active")
        self._invoice(self.kept, 100_000, "2025-11-10")
        self._evaluate("2026-01-01")
        other = self._create_account(self.gone)
        self._evaluate("2026-02-01")
        keeper.with_user(self.manager).exists()
        mine = keeper.evaluation_line_ids
        self.assertEqual(len(mine), 2)
        self.assertEqual(len(other.evaluation_line_ids), 1)
        before = self.count_children()
        self.merge(self.kept, self.gone)
        after = self.count_children()
        key = ("key_account_evaluation_line", "account_id")
        self.assertEqual(after[key], before[key] - 1)
        self.assertEqual(keeper.evaluation_line_ids, mine)
        self.assertEqual(keeper.line_id, mine.sorted("id")[-1])

    def test_referrals(self):
        """Who referred others still did; nobody has referred himself."""
        self._create_account(self.kept).referrer_id = self.gone
        other = self._create_account(self.gone)
        other.referrer_id = self.kept
        referred = self._create_account(self.third, referrer_id=self.gone.id)
        self.merge(self.kept, self.gone)
        self.assertFalse(self.Account._of(self.kept).referrer_id)
        self.assertEqual(referred.referrer_id, self.kept)

    # --- Companies ---

    def test_each_company_for_itself(self):
        """Accounts are merged company by company."""
        other_company = self._create_company("Far Events")
        mine = self._create_account(self.gone)
        far_kept = self.Account.sudo()._open_for(self.kept, other_company)
        far_gone = self.Account.sudo()._open_for(self.gone, other_company)
        self.merge(self.kept, self.gone)
        found = self.Account.sudo().search([("partner_id", "=", self.kept.id)])
        self.assertEqual(found, mine | far_kept)
        self.assertFalse(far_gone.exists())

    # --- Parents ---

    def test_company_becomes_a_contact(self):
        """A customer that becomes a contact of another one brings its file along."""
        account = self._create_account(self.gone)
        self.fill(account)
        before = self.count_children()
        self.gone.write({"is_company": False, "parent_id": self.kept.id})
        self.assertEqual(account.partner_id, self.kept)
        self.assertEqual(self.count_children(), before)
        self.assertEqual(self.gone.key_account_id, account)
        self.assert_no_orphans()

    def test_company_joins_another_with_a_file(self):
        """Where both have a file, they become one."""
        keeper, other = self._create_account(self.kept), self._create_account(self.gone)
        self.gone.write({"is_company": False, "parent_id": self.kept.id})
        self.assertFalse(other.exists())
        self.assertEqual(self.gone.key_account_id, keeper)
        self.assert_no_orphans()

    def test_person_gets_a_company(self):
        """A person with a file who joins a company hands it to the company."""
        person = self.env["res.partner"].create({"name": "Ms Lin"})
        account = self._create_account(person)
        person.parent_id = self.kept
        self.assertEqual(account.partner_id, self.kept)

    def test_subsidiary_keeps_its_own_file(self):
        """A company below another company stays a customer of its own."""
        account = self._create_account(self.gone)
        self.gone.parent_id = self.kept
        self.assertEqual(account.partner_id, self.gone)

    def test_merge_into_a_contact(self):
        """Merging into a contact gives the file to the contact's company."""
        contact = self.env["res.partner"].create(
            {"name": "Ms Lin", "parent_id": self.kept.id}
        )
        account = self._create_account(self.gone)
        self.merge(contact, self.gone)
        self.assertEqual(account.partner_id, self.kept)

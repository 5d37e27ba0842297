from odoo.fields import Command
from odoo.tests import tagged

from .people_case import PeopleCase


@tagged("post_install", "-at_install")
class TestPeopleMerge(PeopleCase):
    """Accounts and contacts are merged; the people in the files stay whole."""

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

    def chain(self, account):
        """{name: superior} of everybody in a file, in no circle."""
        People = self.env["key.account.stakeholder"].with_context(active_test=False)
        people = People.search([("account_id", "=", account.id)])
        self.assertFalse(people._has_cycle("reports_to_id"))
        self.assertLessEqual(people.reports_to_id, people)
        return {p.partner_id.name: p.reports_to_id.partner_id.name for p in people}

    # --- Accounts ---

    def test_people_of_both_accounts(self):
        """Two files become one: everybody is there, with relations, facts, notes."""
        note = self.env["key.account.insight"].create(
            {"name": "Grows", "kind": "customer", "account_id": self.foreign.id}
        )
        relation = self._know(self.stranger, self.seller)
        private = self._confide(self.stranger, interests="Tea")
        self.stranger.active = False
        self.merge(self.account.partner_id, self.foreign.partner_id)
        self.assertFalse(self.foreign.exists())
        self.assertEqual(
            self.chain(self.account),
            {"Mr Qiu": False, "Ms Fang": "Mr Qiu", "Mr Gu": "Ms Fang", "Mr Yan": False},
        )
        for record in (note, relation, private, self.stranger):
            self.assertEqual(record.account_id, self.account)
        self.assertFalse(self.stranger.active)
        self.assertFalse(self.stranger.has_left)
        self.assertEqual(self.stranger.relation_level, "2")

    def test_one_person_in_both_accounts(self):
        """Who is in both files is one person afterwards: his gaps are filled, the
        better relation counts, and those who reported to either report to him."""
        agent = self.env["res.partner"].create({"name": "Ms Zhao"})
        outside = {"is_external": True}
        mine = self._create_person(
            self.account, agent, reports_to_id=self.buyer.id, **outside
        )
        his = self._create_person(
            self.foreign, agent, buying_role="coach", stance="critic", **outside
        )
        self.stranger.reports_to_id = his
        self._know(mine, self.seller, "1")
        self._know(his, self.seller, "3")
        self._know(his, self.chair, "2")
        private = self._confide(his, interests="Tea")
        self.merge(self.account.partner_id, self.foreign.partner_id)
        self.assertFalse(his.exists())
        chain = self.chain(self.account)
        self.assertEqual([chain["Ms Zhao"], chain["Mr Yan"]], ["Mr Gu", "Ms Zhao"])
        self.assertRecordValues(
            mine,
            [{"buying_role": "coach", "stance": "critic", "relation_level": "3"}],
        )
        self.assertEqual(mine.known_by_ids, self.seller | self.chair)
        self.assertEqual(len(mine.relation_ids), 2)
        self.assertEqual(mine.private_ids, private)

    def test_people_of_another_company_stay(self):
        """Files of another company are not touched."""
        company = self._create_company("Far Events")
        far = self.env["key.account"]._open_for(self.foreign.partner_id, company)
        person = self._create_person(far, self.stranger.partner_id)
        self.merge(self.account.partner_id, self.foreign.partner_id)
        self.assertEqual(person.account_id.company_id, company)
        self.assertEqual(person.partner_id, self.stranger.partner_id)

    # --- Contacts ---

    def test_superior_and_report_are_one(self):
        """Whether the one above or the one below is kept, the chain holds."""
        for kept, gone, expected in (
            (self.buyer, self.boss, {"Ms Fang": "Mr Gu", "Mr Gu": False}),
            (self.boss, self.buyer, {"Mr Qiu": False, "Ms Fang": "Mr Qiu"}),
            (self.aide, self.boss, {"Ms Fang": False, "Mr Gu": "Ms Fang"}),
            (self.boss, self.aide, {"Mr Qiu": False, "Mr Gu": "Mr Qiu"}),
        ):
            with self.subTest(kept=kept.display_name, gone=gone.display_name):
                with self.env.cr.savepoint() as savepoint:
                    self.merge(kept.partner_id, gone.partner_id)
                    self.assertEqual(self.chain(self.account), expected)
                    savepoint.rollback()
                self.env.invalidate_all()

    def test_three_contacts(self):
        """Three contacts that are one leave one person."""
        self.merge(self.aide.partner_id, self.boss.partner_id, self.buyer.partner_id)
        self.assertEqual(self.chain(self.account), {"Ms Fang": False})

    def test_only_the_gone_contact_is_known(self):
        """A person follows his contact, in every file, with everything on him."""
        double = self._create_contact(self.account, "Ms Fang (old)")
        elsewhere = self._create_person(
            self.foreign, self.aide.partner_id, is_external=True
        )
        private = self._confide(self.aide, interests="Tea")
        self.merge(double, self.aide.partner_id)
        self.assertEqual((self.aide | elsewhere).partner_id, double)
        self.assertEqual(private.partner_id, double)
        self.assertEqual(self.buyer.reports_to_id, self.aide)

    def test_a_clash_in_one_file_spares_the_others(self):
        """Two contacts in one file become one person there; the other files keep
        theirs, whom Odoo's own merge would delete."""
        elsewhere = self._create_person(
            self.foreign, self.aide.partner_id, is_external=True
        )
        self.merge(self.boss.partner_id, self.aide.partner_id)
        self.assertEqual(elsewhere.partner_id, self.boss.partner_id)
        self.assertEqual(self.buyer.reports_to_id, self.boss)

    # --- Private facts of one person, twice ---

    def merge_facts(self, mine, his):
        """What is left of two records of private facts after a merge."""
        kept = self._confide(self.boss, interests="Tea", **mine[0])
        gone = self._confide(self.aide, interests="Golf", family="A son", **his[0])
        for private, (_vals, withdrawn) in ((kept, mine), (gone, his)):
            private._authorized().withdrawn_on = withdrawn
        self.merge(self.boss.partner_id, self.aide.partner_id)
        private = self.env["key.account.private"].search(
            [("stakeholder_id", "=", self.boss.id)]
        )
        return private.ensure_one()

    def test_two_consents(self):
        """What is kept wins; its gaps are filled."""
        private = self.merge_facts(({}, False), ({}, False))
        self.assertRecordValues(
            private,
            [{"interests": "Tea", "family": "A son", "withdrawn_on": False}],
        )

    def test_withdrawal_wins_over_older_consent(self):
        """Who withdrew as one of the two withdrew for both, whichever is kept."""
        private = self.merge_facts(({}, False), ({}, "2026-02-01"))
        self.assertEqual(private.withdrawn_on.isoformat(), "2026-02-01")

    def test_newer_consent_wins_over_withdrawal(self):
        """A consent given after a withdrawal stands, with its own facts only."""
        private = self.merge_facts(
            ({}, "2026-01-15"), ({"consent_on": "2026-02-01"}, False)
        )
        self.assertRecordValues(
            private,
            [{"interests": "Golf", "family": "A son", "withdrawn_on": False}],
        )

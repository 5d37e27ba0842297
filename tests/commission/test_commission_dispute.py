from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .commission_case import CommissionCase


@tagged("post_install", "-at_install")
class TestCommissionDispute(CommissionCase):
    """key.account.commission.dispute"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        customer = cls._create_customer("Orient Motors")
        cls.one = cls._deal(cls._earn(cls.ann, customer, 50_000))
        cls.other = cls._deal(cls._earn(cls.ann, customer, 40_000))
        cls._earn(cls.bo, customer, 30_000)
        cls.run_ = cls._compute()
        cls.run_.with_user(cls.officer).action_submit()

    def object(self, deal, user=None):
        """The person of a contract objects to his commission for it."""
        user = user or self.ann
        statement = self._statement(self.run_, user)
        entry = statement.entry_ids.filtered(
            lambda row: row.deal_id == deal and row.kind == "earn"
        )
        self.env["key.account.commission.object"].with_user(user).create(
            {"statement_id": statement.id, "entry_id": entry.id, "reason": "Too little"}
        ).action_object()
        return statement.dispute_ids[-1:]

    def answer(self, dispute, accepted="yes", amount=0.0, user=None):
        Answer = self.env["key.account.commission.answer"]
        Answer.with_user(user or self.second_officer).create(
            {
                "dispute_id": dispute.id,
                "accepted": accepted,
                "answer": "The fair paid later",
                "amount": amount,
            }
        ).action_answer()

    def recompute(self):
        run = self.run_.with_user(self.officer)
        run.action_return()
        run.action_compute()
        return self.run_

    def test_leaves_only_its_contract_out(self):
        """R122, 19.3: an open objection keeps its own contract from being paid, with
        that reason, and nothing else."""
        dispute = self.object(self.one)
        self.assertEqual(dispute.owner_id, self.officer)
        self.assertEqual(dispute.statement_id.state, "disputed")
        with self.assertRaisesRegex(UserError, "There are objections to"):
            self.run_.with_user(self.second_officer).action_approve()
        run = self.recompute()
        self.assertEqual(self.reasons(run), {self.one: "dispute"})
        self.assertEqual(run.entry_ids.deal_id & (self.one | self.other), self.other)
        self._approve(run)
        self.assertEqual(self.one.state, "collected")

    def test_the_only_contract_of_a_person(self):
        """His statement stays, with nothing on it but the objection; the run can be
        computed, approved and cancelled all the same."""
        deal = self._statement(self.run_, self.bo).entry_ids.deal_id
        dispute = self.object(deal, self.bo)
        run = self.recompute()
        statement = self._statement(run, self.bo)
        self.assertEqual(statement, dispute.statement_id)
        self.assertEqual((statement.net, len(statement.entry_ids)), (0, 0))
        run.with_user(self.officer).action_cancel()
        self.assertEqual(dispute.state, "open")
        self.assertEqual(run.statement_ids, statement)
        again = self._compute()
        self.assertEqual(self.reasons(again), {deal: "dispute"})

    def test_accepted_with_an_amount(self):
        """An adjustment that was decided upon is booked once, in the next run that is
        computed, and stays where it is."""
        dispute = self.object(self.one)
        self.answer(dispute, amount=123.45)
        self.assertEqual(
            (dispute.state, dispute.statement_id.state), ("accepted", "sent")
        )
        run = self.recompute()
        run.with_user(self.officer).action_compute()
        rows = self.env["key.account.commission.entry"].search(
            [("dispute_id", "=", dispute.id)]
        )
        self.assertEqual((rows.kind, rows.amount, rows.run_id), ("adjust", 123.45, run))
        self.assertIn("The fair paid later", rows.explain_text)
        before = self.ledger(self.one)
        self._approve(run)
        self.assertTrue(dispute.is_booked)
        third = self._settle(date(2026, 7, 1))
        self.assertFalse(third.entry_ids)
        self.assertEqual(self.ledger(self.one), before)

    def test_rejected_and_withdrawn(self):
        """What is rejected or taken back changes nothing, and the contract is paid."""
        rejected = self.object(self.one)
        self.answer(rejected, "no")
        withdrawn = self.object(self.other)
        withdrawn.with_user(self.ann).action_withdraw()
        run = self.recompute()
        self.assertFalse(run.left_out_ids)
        self.assertEqual(
            (rejected | withdrawn).mapped("state"), ["rejected", "withdrawn"]
        )

    def test_who_may_object_and_answer(self):
        """commission I10: each objects to his own statement; neither who objects nor a
        salesperson answers; nobody writes an objection by the way."""
        statement = self._statement(self.run_, self.ann)
        entry = statement.entry_ids[0]
        for user in self.bo, self.officer:
            with self.assertRaises(UserError):
                statement.with_user(user)._raise_dispute(entry, "Mine")
        dispute = self.object(self.one)
        with self.assertRaisesRegex(UserError, "Commission officers answer"):
            dispute.with_user(self.ann).action_decide(True, "Yes", 1_000)
        with self.assertRaises(AccessError):
            dispute.with_user(self.bo).action_withdraw()
        with self.assertRaises(UserError):
            dispute.with_user(self.ann).write({"amount": 5_000})
        with self.assertRaises(UserError):
            dispute.with_user(self.officer).write({"state": "accepted"})
        Dispute = self.env["key.account.commission.dispute"].with_user(self.officer)
        with self.assertRaises(UserError):
            Dispute.create({"statement_id": statement.id, "reason": "More"})
        with self.assertRaisesRegex(UserError, "rejected is not adjusted"):
            dispute.with_user(self.officer).action_decide(False, "No", 10)

    def test_not_acknowledged_while_open(self):
        """A statement with an open objection is not right at the same time."""
        self.object(self.one)
        statement = self._statement(self.run_, self.ann).with_user(self.ann)
        with self.assertRaisesRegex(UserError, "open objections"):
            statement.action_acknowledge()

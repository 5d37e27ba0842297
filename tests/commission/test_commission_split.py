from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .commission_case import CommissionCase

MARCH = date(2026, 3, 12)
MAY = date(2026, 5, 20)


@tagged("post_install", "-at_install")
class TestCommissionSplit(CommissionCase):
    """key.account.commission.split"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer("Orient Motors")
        cls.order = cls._sign(cls.ann, cls.customer, 120_000, day=MARCH)
        cls._pay(cls._bill(cls.order, MAY), MAY)
        cls.deal = cls._deal(cls.order)

    def test_order_has_one_share(self):
        """commission P16: the salesperson of an order has all of it, however the order
        was made."""
        self.assertRecordValues(
            self.deal.split_ids, [{"user_id": self.ann.id, "share": 100}]
        )
        self.assertEqual(self.deal.split_state, "agreed")

    def test_everybody_agrees_for_himself(self):
        """R122: the lead names people and shares; each agrees himself, and until then
        nothing is paid."""
        self._split(self.order, {self.ann: 70, self.bo: 30}, agree=False)
        self.assertEqual(self.deal.split_state, "waiting")
        run = self._compute()
        self.assertEqual(self.reasons(run), {self.deal: "split"})
        self.assertTrue(self.deal.activity_ids)
        share = self.deal.split_ids.filtered(lambda split: split.user_id == self.bo)
        with self.assertRaisesRegex(UserError, "agrees to this share"):
            share.with_user(self.ann).action_accept()
        with self.assertRaises(UserError):
            share.with_user(self.ann).write({"accepted_on": MAY})
        self.deal.with_user(self.bo).action_agree()
        self.assertEqual(self.deal.split_state, "agreed")
        self.assertFalse(self.deal.activity_ids)
        run.with_user(self.officer).action_compute()
        self.assertEqual(self.ledger(run)["earn"], 3_600)

    def test_a_change_asks_again(self):
        """R122: who agreed to 30 percent did not agree to 20."""
        self._split(self.order, {self.ann: 70, self.bo: 30})
        self.deal.with_user(self.ann).write(
            {
                "split_ids": [
                    Command.update(split.id, {"share": 80 if split.share == 70 else 20})
                    for split in self.deal.split_ids
                ]
            }
        )
        self.assertEqual(self.deal.split_state, "waiting")

    def test_incomplete(self):
        """R122: shares that are not 100 percent keep the contract from being paid."""
        self._split(self.order, {self.ann: 70, self.bo: 20})
        self.assertEqual(self.deal.split_state, "incomplete")
        self.assertEqual(self.reasons(self._compute()), {self.deal: "incomplete"})

    def test_only_who_leads_it(self):
        """R122: somebody with a share does not change it, nor does anybody else."""
        self._split(self.order, {self.ann: 70, self.bo: 30})
        share = self.deal.split_ids.filtered(lambda split: split.user_id == self.bo)
        with self.assertRaisesRegex(UserError, "sets the shares"):
            share.with_user(self.bo).write({"share": 60})
        with self.assertRaises(UserError):
            share.with_user(self.cho).write({"share": 60})
        with self.assertRaises(UserError):
            share.with_user(self.seller).unlink()

    def test_decision(self):
        """R122: where they cannot agree, an officer without a share decides, with a
        reason that everybody reads."""
        self._split(self.order, {self.ann: 70, self.bo: 30}, agree=False)
        wizard = (
            self.env["key.account.commission.decide"]
            .with_user(self.officer)
            .create({"deal_id": self.deal.id, "reason": "Bo found the fair"})
        )
        for line in wizard.line_ids:
            line.share = 60 if line.user_id == self.ann else 40
        wizard.action_decide()
        self.assertEqual(self.deal.split_state, "decided")
        shares = {split.user_id: split.share for split in self.deal.split_ids}
        self.assertEqual(shares, {self.ann: 60, self.bo: 40})
        self.assertEqual({*self.deal.split_ids.mapped("note")}, {"Bo found the fair"})
        run = self._compute()
        self.assert_statement(run, self.bo, gross=3_600 * 0.4)

    def test_who_may_decide(self):
        """R122: no salesperson, no officer with a share, and not without a reason."""
        deal = self.deal
        with self.assertRaisesRegex(UserError, "officers decide"):
            deal.with_user(self.ann).action_decide("Me", {self.ann.id: 100})
        shares = {self.officer.id: 100}
        with self.assertRaisesRegex(UserError, "You have a share yourself"):
            deal.with_user(self.officer).action_decide("Me", shares)
        with self.assertRaisesRegex(UserError, "Say why"):
            deal.with_user(self.officer).action_decide(" ", {self.bo.id: 100})
        with self.assertRaisesRegex(UserError, "not 100 percent"):
            deal.with_user(self.officer).action_decide("Bo", {self.bo.id: 90})

    def test_shares_change_while_a_run_is_computed(self):
        """R122: what was computed and not approved keeps nobody from changing shares;
        the run then has to be computed again."""
        run = self._compute()
        self.assertTrue(run.entry_ids)
        self._split(self.order, {self.bo: 100})
        run.with_user(self.officer).action_submit()
        with self.assertRaisesRegex(UserError, "have changed since"):
            run.with_user(self.second_officer).action_approve()
        run.with_user(self.officer).action_return()
        run.with_user(self.officer).action_compute()
        self.assertEqual(run.entry_ids.user_id, self.bo)

    def test_settled_shares_stay(self):
        """commission I4: what was paid is not shared anew, by nobody."""
        run = self._compute()
        run.with_user(self.officer).action_submit()
        with self.assertRaisesRegex(UserError, "is under review"):
            self._split(self.order, {self.bo: 100})
        run.with_user(self.second_officer).action_approve()
        self.assertTrue(self.deal.split_ids.is_settled)
        for attempt in (
            lambda: self._split(self.order, {self.bo: 100}),
            lambda: self.deal.split_ids.write({"share": 50}),
            lambda: self.deal.split_ids.unlink(),
            lambda: self.deal.with_user(self.officer).action_decide(
                "Bo", {self.bo.id: 100}
            ),
        ):
            with self.assertRaisesRegex(UserError, "shares stay"):
                attempt()

    def test_amendment_is_shared_alike(self):
        """R122: what changes a contract later is shared as the contract was."""
        self._split(self.order, {self.ann: 70, self.bo: 30})
        self._settle()
        self.order.order_line.price_unit = 150_000
        self.deal.action_refresh()
        more = self.order.key_account_deal_ids - self.deal
        shares = {split.user_id: split.share for split in more.split_ids}
        self.assertEqual(shares, {self.ann: 70, self.bo: 30})
        self.assertEqual(more.split_state, "agreed")

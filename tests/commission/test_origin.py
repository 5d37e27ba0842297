from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .commission_case import CommissionCase


@tagged("post_install", "-at_install")
class TestOrigin(CommissionCase):
    """key.account.origin"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer("Orient Motors")

    def origin(self, user, customer=None):
        return self.env["key.account.origin"].search(
            [
                ("partner_id", "=", (customer or self.customer).id),
                ("user_id", "=", user.id),
            ]
        )

    def lead(self, user, medium=None, **vals):
        return self.env["crm.lead"].create(
            {
                "name": "Stand",
                "partner_id": self.customer.id,
                "user_id": user.id,
                "company_id": self.company.id,
                "medium_id": medium and medium.id,
                **vals,
            }
        )

    def test_fixed_by_the_first_lead(self):
        """R119: the first lead of a customer with a salesperson says how he came."""
        medium = self.env["utm.medium"].create(
            {"name": "Calls", "key_account_origin": "telesales"}
        )
        lead = self.lead(self.ann, medium)
        origin = self.origin(self.ann)
        self.assertRecordValues(
            origin, [{"kind": "telesales", "origin_class": "new", "lead_id": lead.id}]
        )
        self.lead(self.ann)
        self.assertEqual(self.origin(self.ann).kind, "telesales")

    def test_found_by_himself(self):
        """R119: without a lead, the first order fixes that he found the customer."""
        self._sign(self.ann, self.customer, 1_000, day=date(2026, 3, 3))
        self.assertEqual(self.origin(self.ann).kind, "self_found")

    def test_taken_over(self):
        """R119: a customer whom a colleague dealt with is an existing one."""
        child = self._create_customer(
            "Branch", parent_id=self.customer.id, is_company=False
        )
        self.lead(self.ann)
        self.lead(self.bo, partner_id=child.id)
        self.assertRecordValues(
            self.origin(self.bo),
            [
                {
                    "kind": "transferred",
                    "origin_class": "existing",
                    "from_user_id": self.ann.id,
                }
            ],
        )

    def test_leads_at_once(self):
        """R119: of leads that are imported at once, the first one found the customer
        and the others took him over."""
        self.env["crm.lead"].create(
            [
                {
                    "name": "Stand",
                    "partner_id": self.customer.id,
                    "user_id": user.id,
                    "company_id": self.company.id,
                }
                for user in (self.bo, self.ann)
            ]
        )
        self.assertEqual(self.origin(self.bo).origin_class, "new")
        self.assertRecordValues(
            self.origin(self.ann),
            [{"origin_class": "existing", "from_user_id": self.bo.id}],
        )

    def test_orders_of_before(self):
        """R119: of orders from before the addon was there, the earliest says who found
        the customer and when."""
        days = [(self.ann, 5), (self.bo, 3), (self.bo, 4)]
        for user, day in days:
            order = self._quote(user, self.customer, 1_000)
            order.write({"state": "sale", "date_order": f"2026-03-0{day} 02:00:00"})
        self.company.key_account_commission_since = date(2026, 3, 1)
        self.env["key.account.commission.deal"]._open_earlier(self.company)
        self.assertRecordValues(
            self.origin(self.bo) | self.origin(self.ann),
            [
                {"origin_class": "new", "first_contact_on": date(2026, 3, 3)},
                {"origin_class": "existing", "first_contact_on": date(2026, 3, 5)},
            ],
        )

    def test_rate_of_each_class(self):
        """R119: new and existing customers are paid by their own rate, for ever."""
        self.lead(self.bo)
        new = self._earn(self.bo, self.customer, 50_000)
        existing = self._earn(self.ann, self.customer, 50_000)
        self._compute()
        self.assertEqual((self._deal(new).rate, self._deal(existing).rate), (3, 2))

    def test_changed_with_a_reason(self):
        """R119: a manager or officer, not the salesperson himself, changes it with a
        reason; contracts that were signed before keep what they have."""
        order = self._earn(self.ann, self.customer, 50_000)
        origin = self.origin(self.ann)
        with self.assertRaisesRegex(UserError, "of somebody else"):
            origin.with_user(self.ann).action_change("transferred", "Known")
        with self.assertRaisesRegex(UserError, "Say how"):
            origin.with_user(self.manager).action_change("transferred", " ")
        wizard = self.env["key.account.commission.origin"].with_user(self.manager)
        wizard.create(
            {"origin_id": origin.id, "kind": "transferred", "reason": "Cho's before"}
        ).action_change()
        self.assertEqual(origin.origin_class, "existing")
        later = self._earn(self.ann, self.customer, 50_000)
        self._compute()
        self.assertEqual((self._deal(order).rate, self._deal(later).rate), (4, 2.5))

    def test_not_written_by_the_way(self):
        """R119: neither written, deleted nor made anew by a salesperson."""
        self.lead(self.ann)
        origin = self.origin(self.ann)
        for user in self.ann, self.manager, self.officer, self.env.user:
            with self.assertRaises(UserError):
                origin.with_user(user).write({"kind": "inbound"})
            with self.assertRaises(UserError):
                origin.with_user(user).unlink()
        with self.assertRaises(UserError):
            self.env["key.account.origin"].with_user(self.ann).create(
                {
                    "partner_id": self._create_customer("Y").id,
                    "user_id": self.ann.id,
                    "kind": "self_found",
                    "first_contact_on": date(2026, 1, 1),
                }
            )

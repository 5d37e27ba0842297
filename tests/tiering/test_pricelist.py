"""R019: prices follow the tier."""

from odoo.tests import tagged

from ..common import DAY, KeyAccountCase


@tagged("post_install", "-at_install")
class TestPricelist(KeyAccountCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = cls.env.ref("product.group_product_pricelist")
        cls.env.ref("base.group_user").implied_ids |= group
        cls.standard, cls.gold, cls.own = cls.env["product.pricelist"].create(
            [
                {"name": name, "company_id": cls.company.id, "sequence": place}
                for place, name in enumerate(("Standard", "Gold", "By contract"))
            ]
        )
        cls.account = cls._create_account("Sino Light Fair", potential=100)
        cls.customer = cls.account.partner_id
        cls.scheme = cls._create_scheme([("potential", 100, 0, 100)], demote_after=1)
        cls.scheme.tier_ids[0].pricelist_id = cls.gold

    def test_enters_and_leaves_with_the_tier(self):
        """R019: with the tier come its prices, to all contacts; without it they go."""
        contact = self._create_customer(
            "Li Na", is_company=False, parent_id=self.customer.id
        )
        both = self.customer | contact
        self.assertEqual(both.property_product_pricelist, self.standard)
        self._evaluate(DAY)
        both.invalidate_recordset()
        self.assertEqual(self.account.tier_id.code, "A")
        for partner in both:
            self.assertEqual(partner.property_product_pricelist, self.gold)
        self.assertFalse(self.customer.specific_property_product_pricelist)
        self.account.potential = 1
        self._evaluate("2026-02-01")
        both.invalidate_recordset()
        self.assertEqual(self.account.tier_id.code, "B")
        self.assertEqual(both.property_product_pricelist, self.standard)

    def test_new_orders_have_it(self):
        """R019: a quotation of a customer of the tier has its prices, whoever makes
        it."""
        self._evaluate(DAY)
        salesman = self._create_user("plain_seller", "sales_team.group_sale_salesman")
        order = (
            self.env["sale.order"]
            .with_user(salesman)
            .create({"partner_id": self.customer.id})
        )
        self.assertEqual(order.pricelist_id, self.gold)

    def test_set_by_hand_stays(self):
        """R019: prices agreed with a customer outlast any change of tier."""
        self.customer.property_product_pricelist = self.own
        self._evaluate(DAY)
        self.customer.invalidate_recordset()
        self.assertEqual(self.customer.property_product_pricelist, self.own)
        self.account.potential = 1
        self._evaluate("2026-02-01")
        self.customer.invalidate_recordset()
        self.assertEqual(self.customer.property_product_pricelist, self.own)

    def test_archived_pricelist_of_a_tier(self):
        """R019: prices that are archived are promised no more."""
        self._evaluate(DAY)
        self.gold.active = False
        self.customer.invalidate_recordset()
        self.assertEqual(self.customer.property_product_pricelist, self.standard)

    def test_nobody_else_has_it(self):
        """R019: who is in no such tier, or in none, has the standard prices."""
        stranger = self._create_customer("Walk-in")
        other = self._create_account("Canton", potential=1).partner_id
        self._evaluate(DAY)
        self.assertEqual(stranger.property_product_pricelist, self.standard)
        self.assertEqual(other.property_product_pricelist, self.standard)

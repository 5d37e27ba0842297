from datetime import date

from odoo.tests import Form, tagged

from .commission_case import CommissionCase

MARCH = date(2026, 3, 12)
MAY = date(2026, 5, 20)


@tagged("post_install", "-at_install")
class TestPeerProbes(CommissionCase):
    """Eighteen probes that other programs fail, as far as no other test shows them:
    P1, P2 slabs; P5, P6, P18 contracts; P7, P14 collected money; P8, P13 options; P9
    versions; P12, P15 entries; P17 privacy."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer("Orient Motors")

    def test_refund_at_the_original_rate(self):
        """commission P3: a partial refund takes back its part at the original rate,
        though what is left would lie in a lower slab."""
        order = self._earn(self.ann, self.customer, 120_000)
        self._settle()
        self._credit(order.invoice_ids, 30_000, date(2026, 7, 5))
        third = self._settle(date(2026, 7, 1))
        self.assertEqual(self.ledger(third), {"clawback": -1_200, "retain": 120})

    def test_two_people_have_one_pool(self):
        """commission P4: two people on one contract divide its pool."""
        order = self._sign(self.ann, self.customer, 50_000, day=MARCH)
        self._split(order, {self.ann: 50, self.bo: 50})
        self._pay(self._bill(order, MAY), MAY)
        run = self._compute()
        self.assertEqual(self.ledger(run)["earn"], 1_500)
        self.assert_statement(run, self.bo, gross=750)

    def test_last_day_of_the_period(self):
        """commission P10: the 31st belongs to its month, and is paid with it."""
        plan = self._create_plan(period="month")
        dee = self._hire("dee", plan=plan)
        self._earn(dee, self.customer, 10_000, day=date(2026, 1, 31))
        january = self._settle(date(2026, 1, 1), period="month")
        self.assertEqual(self.ledger(january)["earn"], 300)

    def test_made_by_a_form(self):
        """commission P16: an order that is made by hand has its salesperson's share."""
        form = Form(self.env["sale.order"].with_company(self.company))
        form.partner_id = self.customer
        form.user_id = self.ann
        with form.order_line.new() as line:
            line.product_id = self.stand
            line.price_unit = 1_000
        order = form.save()
        order.action_confirm()
        self.assertEqual(self._deal(order).split_ids.user_id, self.ann)
        self.assertEqual(self._deal(order).measure_amount, 1_000)

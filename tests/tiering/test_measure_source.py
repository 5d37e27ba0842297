"""Measures of orders, opportunities, ratings, referrals, judgements and the file."""

from datetime import date, datetime

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from ..common import DAY
from .measure_case import MeasureCase

# The window of an evaluation of 1 January 2026 over twelve months.
FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)


@tagged("post_install", "-at_install")
class TestOtherMeasures(MeasureCase):
    def sale(self, amount, cost, moment, customer=None, **vals):
        """A confirmed order of one line."""
        product = self.env["product.product"].create(
            {"name": "Raw space stand", "standard_price": cost, "taxes_id": False}
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": (customer or self.customer).id,
                "company_id": self.company.id,
                "order_line": [
                    Command.create({"product_id": product.id, "price_unit": amount})
                ],
                **vals,
            }
        )
        order.action_confirm()
        order.date_order = moment
        return order

    def lead(self, revenue, moment="2025-11-01", probability=50, **vals):
        """An opportunity, created at a moment."""
        with freeze_time(moment):
            lead = self.env["crm.lead"].create(
                {
                    "name": "Stand at the light fair",
                    "type": "opportunity",
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "expected_revenue": revenue,
                    "probability": probability,
                    **vals,
                }
            )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id = %s", [moment, lead.id]
        )
        return lead

    def rating(self, stars, moment, **vals):
        rating = self.env["rating.rating"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                "res_id": self.customer.id,
                "partner_id": self.customer.id,
                "rating": stars,
                "consumed": True,
                **vals,
            }
        )
        rating.rated_on = moment
        return rating

    def test_order_margin(self):
        """R005: the margin of confirmed orders, each day counted where the company
        is: the year in Shanghai begins at 16:00 of 31 December UTC."""
        self.sale(100, 99, datetime(2024, 12, 31, 15, 59, 59))
        first = self.sale(100, 70, datetime(2024, 12, 31, 16))
        last = self.sale(100, 80, datetime(2025, 12, 31, 15, 59, 59))
        self.sale(100, 0, datetime(2025, 12, 31, 16))
        self.assertEqual(self.raw("order_margin"), 50)
        behind = self.behind("order_margin")
        self.assertEqual(behind, first | last)
        self.assertEqual(sum(behind.mapped("margin")), 50)

    def test_quotations_have_no_margin(self):
        """A quotation or a cancelled order is no business."""
        order = self.sale(100, 70, datetime(2025, 5, 1))
        order._action_cancel()
        self.assertIsNone(self.raw("order_margin"))

    def test_margin_in_foreign_currency(self):
        """The margin of an order in dollars counts at the rate of the order."""
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {
                "name": "2025-01-01",
                "rate": 0.2,
                "currency_id": dollar.id,
                "company_id": self.company.id,
            }
        )
        prices = self.env["product.pricelist"].create(
            {"name": "Dollars", "currency_id": dollar.id}
        )
        order = self.sale(
            100,
            0,
            datetime(2025, 5, 1),
            pricelist_id=prices.id,
            date_order="2025-05-01",
        )
        self.assertEqual(order.margin, 100)
        self.assertEqual(self.raw("order_margin"), 500)

    def test_pipeline(self):
        """R007: open opportunities count with their chance; won, lost, archived and
        later ones do not."""
        opened = self.lead(1000, probability=30)
        self.lead(1000).action_set_lost()
        self.lead(1000).action_set_won()
        archived = self.lead(1000)
        archived.active = False
        self.lead(1000, moment="2026-01-01")
        self.assertEqual(self.raw("pipeline_expected"), 300)
        self.assertEqual(self.behind("pipeline_expected"), opened)

    def test_referrals(self):
        """R013: the accounts opened in the window on his recommendation count."""
        person = self._create_customer(
            "Li Na", is_company=False, parent_id=self.customer.id
        )
        accounts = self.env["key.account"]
        for name, day in (("A", "2024-12-31"), ("B", FIRST), ("C", LAST), ("D", DAY)):
            with freeze_time(day):
                accounts |= self._create_account(name, referrer_id=person.id)
        self.assertEqual(self.raw("referrals"), 2)
        self.assertEqual(self.behind("referrals"), accounts[1:3])

    def test_no_referral_is_zero(self):
        """Nobody referred is known to be none, also of a customer without any row."""
        self.assertEqual(self.raw("referrals"), 0)
        self._create_scheme([("referrals", 100, 0, 5)])
        evaluation = self._evaluate(DAY, apply=False)
        line = self._line_of(evaluation, self.account)
        self.assertRecordValues(line, [{"score": 0, "coverage": 1.0, "reason": "new"}])

    def test_satisfaction(self):
        """R007: the mean of the ratings given in the window, unanswered ones apart."""
        given = self.rating(5, "2025-03-01") | self.rating(2, "2025-04-01")
        self.rating(1, "2024-12-31 15:59:59")
        self.rating(1, "2025-12-31 16:00:00")
        self.rating(0, "2025-05-01")
        self.rating(4, "2025-05-01", consumed=False)
        self.assertEqual(self.raw("satisfaction"), 3.5)
        self.assertEqual(self.behind("satisfaction"), given)

    def test_facts_of_the_file(self):
        """R007: potential and size are what the file says; not said is not zero."""
        self.assertIsNone(self.raw("potential"))
        self.assertIsNone(self.raw("company_size"))
        self.account.write({"potential": 800_000, "employees": 120})
        self.assertEqual(self.raw("potential"), 800_000)
        self.assertEqual(self.raw("company_size"), 120)
        self.assertEqual(self.behind("potential"), self.account)

    def test_industry(self):
        """R003, R012: 1 in a target industry, 0 in another, missing in none."""
        fairs, farms = self.env["res.partner.industry"].create(
            [{"name": "Trade fairs"}, {"name": "Farms"}]
        )
        target = {"industry_ids": [Command.set(fairs.ids)]}
        self.assertIsNone(self.raw("industry", **target))
        self.customer.industry_id = farms
        self.assertEqual(self.raw("industry", **target), 0)
        self.customer.industry_id = fairs
        self.assertEqual(self.raw("industry", **target), 1)

    def test_judgement(self):
        """R004: the latest approved judgement counts on its date and until it ends."""
        value, fame = self.env["key.account.dimension"].create(
            [{"name": "Value to us"}, {"name": "Fame"}]
        )
        rows = [
            (value, 40, "2025-01-01", False, True),
            (value, 70, "2025-06-01", False, True),
            (value, 99, "2025-07-01", "2025-12-31", True),
            (value, 90, "2025-12-01", False, False),
            (value, 10, "2026-01-02", False, True),
            (fame, 20, "2025-12-01", False, True),
        ]
        judgements = self.env["key.account.assessment"]
        for dimension, score, day, end, approved in rows:
            judgement = judgements.with_user(self.seller).create(
                {
                    "account_id": self.account.id,
                    "dimension_id": dimension.id,
                    "score": score,
                    "note": "Seen at the fair",
                    "date": day,
                    "valid_to": end,
                }
            )
            if approved:
                judgement.with_user(self.chair).action_approve()
            judgements |= judgement.with_env(self.env)
        target = {"dimension_id": value.id}
        self.assertEqual(self.raw("manual", **target), 70)
        self.assertEqual(self.behind("manual", **target), judgements[1])
        december = date(2025, 12, 31)
        self.assertEqual(self.raw("manual", until=december, **target), 99)
        self.assertEqual(self.behind("manual", until=december, **target), judgements[2])

    def test_closed_accounts_are_not_measured(self):
        """A closed account is not read."""
        other = self._create_account("Gone for good")
        other.with_user(self.manager).action_close()
        self.env["key.account"].search([]).write({"employees": 5})
        criterion = self.criterion("company_size")
        values = self.env["key.account.measure"]._read_values(
            self.company, DAY, criterion
        )
        self.assertEqual([*values], self.account.ids)

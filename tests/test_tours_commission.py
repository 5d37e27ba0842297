from contextlib import contextmanager
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.tests import HttpCase, tagged

from .commission.commission_case import CommissionCase


class CommissionTourCase(CommissionCase, HttpCase):
    """Two finished quarters: the first one is settled, the second one releases what the
    first one kept."""

    now = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in ("en_US", "zh_CN"):
            cls.env["res.lang"]._activate_lang(lang)
        today = cls.company._key_account_today()
        quarter = today.replace(month=today.month - (today.month - 1) % 3, day=1)
        cls.second = quarter - relativedelta(months=3)
        cls.first = quarter - relativedelta(months=6)
        # his twelve months of service are over in the second quarter
        cls.plan.version_ids._authorized().write(
            {"date_from": cls.first.replace(month=1, day=1)}
        )
        cls.plan.assignment_ids.write(
            {
                "date_from": cls.first.replace(month=1, day=1),
                "service_start": cls.second + relativedelta(months=1, years=-1),
            }
        )
        cls.walkers = cls.ann + cls.bo + cls.officer + cls.second_officer
        cls.walkers.odoobot_state = "disabled"
        cls.customer = cls._create_customer("Nordlicht")
        cls._create_account(cls.customer)._change_holder(cls.ann)

    @contextmanager
    def _speaking(self, lang):
        self.walkers.lang = lang
        yield

    def _walk(self, url, tour, user):
        name = f"key_account_commission_{tour}"
        self.start_tour(f"/odoo/{url}", name, login=user.login, timeout=180)
        self.env.invalidate_all()


class CommissionStories:
    """What each size of screen runs."""

    def test_a_quarter(self):
        """Signed, shared, forecast, closed, computed, objected to, answered, approved,
        paid, and released with the next quarter (R118 to R122)."""
        with self._speaking(self.told_in):
            order = self._quote(self.ann, self.customer, 150_000)
            self._walk(f"action-sale.action_orders/{order.id}", "sign", self.ann)
            deal = self._deal(order)
            self.assertEqual(deal.state, "draft")
            order.key_account_signed_on = self.first + timedelta(days=9)
            self._share(deal)
            day = self.first + timedelta(days=40)
            self._pay(self._bill(order, day), day)
            self._spend(order, 90_000, day)
            deal._refresh_figures()
            self._walk("my-commission", "forecast", self.ann)
            self._settle_first(deal)
            self._settle_second()

    def _share(self, deal):
        url = f"commission-my-contracts/{deal.id}"
        if self.touch_enabled:
            self._split(deal.order_id, {self.ann: 70, self.bo: 30}, agree=False)
        else:
            self._walk(url, "split", self.ann)
        self.assertEqual(deal.split_state, "waiting")
        self._walk(url, "agree", self.bo)
        self.assertEqual(deal.split_state, "agreed")

    def _settle_first(self, deal):
        self._walk("commission-runs", "close", self.officer)
        self.assertEqual(deal.rate, 4)
        run = self._create_run(self.first)
        self._walk(f"commission-runs/{run.id}", "run", self.officer)
        self.assertEqual(run.state, "review")
        self.assert_statement(run, self.bo, gross=720, retained=72, net=648)
        self._walk("commission-my-statements", "object", self.bo)
        self._walk("commission-objections", "answer", self.officer)
        self.assertEqual(run.statement_ids.dispute_ids.state, "rejected")
        self._walk("commission-my-statements", "acknowledge", self.ann)
        self._walk(f"commission-runs/{run.id}", "approve", self.second_officer)
        self._walk(f"commission-runs/{run.id}", "pay", self.officer)
        self.assertEqual(run.state, "paid")
        self._walk("commission-runs", "what_if", self.officer)

    def _settle_second(self):
        run = self._create_run(self.second)
        self._walk(f"commission-runs/{run.id}", "release", self.officer)
        self.assert_statement(run, self.ann, released=168, net=168)
        self.assert_statement(run, self.bo, released=72, net=72)


@tagged("post_install", "-at_install")
class TestCommissionToursDesktop(CommissionStories, CommissionTourCase):
    browser_size = "1366x768"
    told_in = "en_US"


@tagged("post_install", "-at_install")
class TestCommissionToursPhone(CommissionStories, CommissionTourCase):
    browser_size = "390x844"
    touch_enabled = True
    told_in = "zh_CN"

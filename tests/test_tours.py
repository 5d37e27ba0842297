from contextlib import contextmanager
from unittest.mock import patch

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import KeyAccountCase

AURORA, BOREAL, CIRRUS = "Aurora Fairs", "Boreal Stands", "Cirrus Expo"


class TourCase(KeyAccountCase, HttpCase):
    """Three customers with invoices, one of whom becomes a key account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["key.account.scheme"].search([("state", "=", "draft")]).unlink()
        cls._set_books_up()
        sales = cls.env.ref("sales_team.group_sale_salesman_all_leads")
        (cls.manager + cls.reader).group_ids = [Command.link(sales.id)]
        # whatever the language of the database is, the tours look for English words
        cls.env["res.lang"]._activate_lang("en_US")
        walkers = cls.manager + cls.chair + cls.reader
        walkers.lang = "en_US"
        if "odoobot_state" in walkers._fields:
            # on a phone its welcome covers the screen
            walkers.odoobot_state = "disabled"
        cls.aurora, cls.boreal, cls.cirrus = (
            cls._create_account(name) for name in (AURORA, BOREAL, CIRRUS)
        )
        today = fields.Date.today()
        for account, amount, months in (
            (cls.aurora, 50_000, 1),
            (cls.aurora, 30_000, 2),
            (cls.aurora, 70_000, 14),  # before the window of twelve months
            (cls.boreal, 61_000, 1),
            (cls.boreal, -2_000, 1),
            (cls.cirrus, 20_000, 3),
        ):
            day = today - relativedelta(months=months)
            cls._invoice(account.partner_id, amount, day)

    def _make_key_account(self):
        """What the tours of the manager and the chair lead to."""
        self._create_scheme(
            tiers=[("Gold", 60, 50, True), ("Silver", 0, 0, False)],
            name="Tiers of the Tour",
        )
        return self._evaluate(fields.Date.today())

    @contextmanager
    def _record_prints(self):
        """Notes which report is printed of which records."""
        prints = []
        Report = self.registry["ir.actions.report"]
        render = Report._render_qweb_pdf

        def note(report, report_ref, res_ids=None, data=None):
            prints.append((report._get_report(report_ref).report_name, res_ids))
            return render(report, report_ref, res_ids=res_ids, data=data)

        with patch.object(Report, "_render_qweb_pdf", note):
            yield prints

    def _walk(self, tour, user):
        self.start_tour("/odoo", tour, login=user.login, timeout=180)
        self.env.invalidate_all()


class TourStories:
    """What each size of screen runs."""

    def test_from_scheme_to_key_account(self):
        """A manager makes a scheme, tries it, publishes, simulates and explains it
        (R001, R002, R009), the committee votes and approves (R015), the manager applies
        and prints (R011), and every screen of the customer shows the tier."""
        self._walk("key_account_grade", self.manager)
        evaluation = self.env["key.account.evaluation"].search(
            [("company_id", "=", self.company.id)]
        )
        scheme = evaluation.scheme_id
        self.assertRecordValues(
            scheme,
            [{"name": "Tiers of the Tour", "state": "live", "weight_total": 100}],
        )
        self.assertRecordValues(
            scheme.criterion_ids,
            [{"measure": "invoiced_net", "floor": 0, "target": 100_000}],
        )
        self.assertRecordValues(
            scheme.tier_ids,
            [
                {"name": "Gold", "code": "A", "enter_score": 60, "is_key": True},
                {"name": "Silver", "code": "B", "enter_score": 0, "is_key": False},
            ],
        )
        self.assertRecordValues(
            evaluation,
            [{"state": "review", "requester_id": self.manager.id, "line_count": 3}],
        )
        self.assertFalse(self.aurora.tier_id, "a simulation gives no tier")

        self._walk("key_account_decide", self.chair)
        self.assertRecordValues(
            evaluation, [{"state": "approved", "approver_id": self.chair.id}]
        )
        self.assertRecordValues(
            evaluation.vote_ids, [{"user_id": self.chair.id, "choice": "yes"}]
        )

        with self._record_prints() as prints:
            self._walk("key_account_apply", self.manager)
        self.assertEqual(prints, [("key_account.report_key_accounts", evaluation.ids)])
        self.assertEqual(evaluation.state, "applied")
        gold, silver = scheme.tier_ids
        self.assertRecordValues(
            self.aurora + self.boreal + self.cirrus,
            [
                {"tier_id": gold.id, "is_key": True, "score": 80},
                {"tier_id": silver.id, "is_key": False, "score": 59},
                {"tier_id": silver.id, "is_key": False, "score": 20},
            ],
        )

    def test_contacts_show_the_tier(self):
        """Contacts are filtered by key account and grouped by tier."""
        self._make_key_account()
        self._walk("key_account_contacts", self.manager)

    def test_reader_sees_why(self):
        """A reader sees the tier, the reasons and the criteria (R010), and finds
        nothing that he may not press."""
        self._make_key_account()
        self._walk("key_account_read", self.reader)


@tagged("post_install", "-at_install")
class TestToursDesktop(TourStories, TourCase):
    browser_size = "1366x768"


@tagged("post_install", "-at_install")
class TestToursPhone(TourStories, TourCase):
    browser_size = "390x844"
    touch_enabled = True

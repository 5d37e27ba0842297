import csv
import io
import json
from datetime import datetime, timedelta
from xmlrpc.client import Fault

from freezegun import freeze_time

from odoo import http
from odoo.fields import Command
from odoo.tests import HttpCase, get_db_name, tagged
from odoo.tools import mute_logger

from .request_case import DataRequestCase


@tagged("post_install", "-at_install")
class TestGateApi(DataRequestCase, HttpCase):
    """The gate as programs and the pages meet it, over HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller.group_ids = [
            Command.link(cls.env.ref("sales_team.group_sale_salesman").id)
        ]
        keys = cls.env(user=cls.seller)["res.users.apikeys"]
        cls.key = keys._generate(
            scope="rpc",
            name="test",
            expiration_date=datetime.now() + timedelta(hours=12),
        )

    def call(self, model, method, **params):
        """Status and answer of a JSON-2 call of the seller."""
        with mute_logger("odoo.http", "odoo.addons.rpc.controllers.json2"):
            response = self.url_open(
                f"/json/2/{model}/{method}",
                data=json.dumps(params),
                headers={
                    "Content-Type": "application/json",
                    "Authorization": f"Bearer {self.key}",
                },
            )
        return response.status_code, response.json()

    def download(self, kind, model, ids, names, **params):
        """Status and body of an export from the pages."""
        self.authenticate("ka_seller", "ka_seller")
        data = {
            "model": model,
            "fields": [{"name": name, "label": name, "type": "char"} for name in names],
            "ids": ids,
            "domain": [],
            "import_compat": False,
            "context": {},
            **params,
        }
        with mute_logger("odoo.http", "odoo.addons.web.controllers.export"):
            response = self.url_open(
                f"/web/export/{kind}",
                data={
                    "data": json.dumps(data),
                    "csrf_token": http.Request.csrf_token(self),
                },
            )
        return response.status_code, response.content

    # every way to read customers: model, method, parameters
    def readings(self):
        ids, partners = self.accounts.ids, self.partners.ids
        among = [("id", "in", ids)]
        whom = [("id", "in", partners)]
        spec = {"name": {}, "phone": {}}
        return [
            ("key.account", "read", {"ids": ids, "fields": ["name"]}),
            ("key.account", "search_read", {"domain": among, "fields": ["name"]}),
            ("key.account", "web_read", {"ids": ids, "specification": spec}),
            (
                "key.account",
                "web_search_read",
                {"domain": among, "specification": spec},
            ),
            ("key.account", "name_search", {"domain": among}),
            (
                "key.account",
                "formatted_read_group",
                {"domain": among, "groupby": ["name"], "aggregates": ["__count"]},
            ),
            (
                "key.account",
                "formatted_read_grouping_sets",
                {"domain": among, "grouping_sets": [["name"]]},
            ),
            ("key.account", "web_read_group", {"domain": among, "groupby": ["name"]}),
            (
                "key.account",
                "read_group",
                {"domain": among, "fields": ["name"], "groupby": ["name"]},
            ),
            ("res.partner", "read", {"ids": partners, "fields": ["email"]}),
            ("res.partner", "search_read", {"domain": whom, "fields": ["email"]}),
            ("res.partner", "copy_data", {"ids": partners}),
            (
                "res.partner",
                "export_data",
                {"ids": partners, "fields_to_export": ["email"]},
            ),
            (
                "res.partner",
                "formatted_read_group",
                {"domain": whom, "groupby": ["email"], "aggregates": ["__count"]},
            ),
        ]

    def test_programs_read_nothing_without_a_request(self):
        """Each reading method of the API refuses customers, and says how many are
        not covered (R038)."""
        self._approved()  # for exports, not for programs
        for model, method, params in self.readings():
            with self.subTest(model=model, method=method):
                status, answer = self.call(model, method, **params)
                self.assertEqual(status, 403, answer)
                self.assertIn("3 of 3 customers", answer["message"])
        self.assertFalse(self._uses())

    def test_programs_read_under_a_request(self):
        """With an approved request for programs each of them works, and leaves one
        row (R038)."""
        request = self._approved(channel="api")
        for model, method, params in self.readings():
            with self.subTest(model=model, method=method):
                before = self._uses()
                status, answer = self.call(model, method, **params)
                self.assertEqual(status, 200, answer)
                self.assertTrue(answer)
                self.env.invalidate_all()
                use = self._uses() - before
                self.assertEqual(use.request_id, request)
                self.assertEqual((use.channel, use.res_model), ("api", model))
                self.assertEqual((use.row_count, use.account_count), (3, 3))
                self.assertEqual(use.user_id, self.seller)

    def test_programs_and_ended_or_foreign_requests(self):
        """An ended request and one of somebody else open nothing."""
        with freeze_time("2026-03-10 04:00:00"):
            self._approved(channel="api", expires_on="2026-03-12")
        self._hire(self.second)
        self._approved(channel="api", user=self.second)
        params = {"ids": self.accounts.ids, "fields": ["name"]}
        self.assertEqual(self.call("key.account", "read", **params)[0], 403)

    def test_what_stays_free_for_programs(self):
        """Partners without an account, ids, counts of ids, and writing."""
        self.accounts._change_holder(self.seller)
        free = {"ids": self.stranger.ids, "fields": ["name", "email"]}
        self.assertEqual(self.call("res.partner", "read", **free)[0], 200)
        among = [("id", "in", self.accounts.ids)]
        status, found = self.call("key.account", "search", domain=among)
        self.assertEqual((status, sorted(found)), (200, sorted(self.accounts.ids)))
        status, _answer = self.call(
            "key.account",
            "write",
            ids=self.accounts[0].ids,
            vals={"business_focus": "Robots"},
        )
        self.assertEqual(status, 200)
        self.env.invalidate_all()
        self.assertEqual(self.accounts[0].business_focus, "Robots")
        status, new = self.call("res.partner", "create", vals_list=[{"name": "New"}])
        self.assertEqual(status, 200, new)
        self.assertFalse(self._uses())

    def test_programs_reading_through_other_models(self):
        """A lead shows the name of its customer, not what stands in his contact."""
        lead = self.env["crm.lead"].create(
            {
                "name": "Stand",
                "partner_id": self.partners[0].id,
                "company_id": self.company.id,
                "user_id": self.seller.id,
            }
        )
        shallow = {"ids": lead.ids, "fields": ["partner_id"]}
        status, answer = self.call("crm.lead", "read", **shallow)
        self.assertEqual((status, answer[0]["partner_id"][1]), (200, "Orient"))
        deep = {"partner_id": {"fields": {"phone": {}}}}
        status, answer = self.call(
            "crm.lead", "web_read", ids=lead.ids, specification=deep
        )
        self.assertEqual(status, 403, answer)
        status, answer = self.call(
            "crm.lead",
            "formatted_read_group",
            domain=[("id", "=", lead.id)],
            groupby=["partner_id.email"],
            aggregates=["__count"],
        )
        self.assertEqual(status, 403, answer)

    def test_xmlrpc(self):
        """The older way is gated as well."""
        login = (get_db_name(), self.seller.id, self.key)
        read = (*login, "res.partner", "read", self.partners.ids, ["email"])
        with mute_logger("odoo.http"), self.assertRaisesRegex(Fault, "3 of 3"):
            self.xmlrpc_object.execute(*read)
        self._approved(channel="api")
        with mute_logger("odoo.http"):
            rows = self.xmlrpc_object.execute(*read)
        self.assertEqual(len(rows), 3)
        self.env.invalidate_all()
        self.assertEqual(self._uses().row_count, 3)

    def test_export_from_the_list(self):
        """CSV, spreadsheet and grouped spreadsheet: refused, then allowed and noted
        (R038)."""
        ids, names = self.accounts.ids, ["name", "phone"]
        ways = [("csv", {}), ("xlsx", {}), ("xlsx", {"groupby": ["state"]})]
        for kind, params in ways:
            with self.subTest(kind, **params):
                status, body = self.download(kind, "key.account", ids, names, **params)
                self.assertEqual(status, 500)
                self.assertIn(b"3 of 3 customers", body)
        self._approved()
        for kind, params in ways:
            with self.subTest(kind, **params):
                before = self._uses()
                status, body = self.download(kind, "key.account", ids, names, **params)
                self.assertEqual(status, 200)
                if kind == "csv":
                    rows = list(csv.reader(io.StringIO(body.decode())))
                    self.assertEqual(len(rows), 4)
                self.env.invalidate_all()
                self.assertEqual((self._uses() - before).row_count, 3)

    def test_pages_read_as_ever(self):
        """People look at accounts on the pages of Odoo without a request."""
        self.authenticate("ka_seller", "ka_seller")
        rows = self.make_jsonrpc_request(
            "/web/dataset/call_kw",
            {
                "model": "key.account",
                "method": "web_search_read",
                "args": [],
                "kwargs": {
                    "domain": [("id", "in", self.accounts.ids)],
                    "specification": {"name": {}, "phone": {}},
                },
            },
        )
        self.assertEqual(len(rows["records"]), 3)
        self.assertFalse(self._uses())

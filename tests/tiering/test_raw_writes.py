"""Principle 5: tiers, scores, states and owners change by the buttons only, whoever
asks, on whatever way."""

from datetime import timedelta

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from ...tools.authority import AUTHORITY, CONTEXT_KEY
from .evaluation_case import EvaluationCase

REFUSED = "cannot be written directly"


class RawWriteCase(EvaluationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.forged = {
            "tier_id": cls.tiers["A"].id,
            "earned_tier_id": cls.tiers["A"].id,
            "is_key": True,
            "score": 99.0,
            "coverage": 1.0,
            "below_count": 0,
            "tier_since": "2026-01-01",
            "evaluated_on": "2026-01-01",
            "state": "active",
            "holder_id": cls.manager.id,
        }
        cls.forged["below_count"] = 7

    def untouched(self):
        self.env.invalidate_all()
        self.assertRecordValues(
            self.small,
            [{"tier_id": False, "score": 0, "is_key": False, "below_count": 0}],
        )
        self.assertEqual(
            (self.small.state, self.small.holder_id.id), ("prospect", False)
        )
        self.assertFalse(self.small.tier_change_ids)


@tagged("post_install", "-at_install")
class TestRawWrites(RawWriteCase):
    def as_everybody(self):
        for user in (self.seller, self.steward, self.manager):
            yield self.env(user=user)
        yield self.env(user=SUPERUSER_ID)
        yield self.env(user=self.manager)["base"].sudo().env

    def test_write(self):
        """Not by ``write``, in no name, the superuser's included."""
        for env in self.as_everybody():
            for name, value in self.forged.items():
                with (
                    self.subTest(user=env.user.login, su=env.su, field=name),
                    self.assertRaises(UserError),
                    self.cr.savepoint(),
                ):
                    self.small.with_env(env).write({name: value})
        self.untouched()

    def test_create(self):
        """Not by ``create``, neither as a value nor as a default of the context."""
        partner = self._create_customer("Wuxi Fair")
        for env in self.as_everybody():
            accounts = env["key.account"].with_company(self.company)
            for name, value in self.forged.items():
                for label, context, vals in (
                    ("value", {}, {name: value}),
                    ("default", {f"default_{name}": value}, {}),
                ):
                    with (
                        self.subTest(user=env.user.login, field=name, by=label),
                        self.assertRaisesRegex(UserError, REFUSED),
                        self.cr.savepoint(),
                    ):
                        accounts.with_context(**context).create(
                            {"partner_id": partner.id, **vals}
                        )

    def test_forged_token(self):
        """Not with anything in the context that looks like the token."""
        for token in (
            True,
            "AUTHORITY",
            repr(AUTHORITY),
            {"authority": True},
            object(),
        ):
            forged = self.small.with_context(**{CONTEXT_KEY: token})
            with self.subTest(token=token), self.assertRaisesRegex(UserError, REFUSED):
                forged.write({"tier_id": self.tiers["A"].id})
        self.untouched()

    def test_import(self):
        """Not by an import of a file, of new rows or existing ones."""
        accounts = self.env["key.account"].with_user(self.manager)
        xmlid = self.small._export_rows([["id"]])[0][0]
        for names, row in (
            (["id", "tier_id/.id"], [xmlid, str(self.tiers["A"].id)]),
            (["id", "score"], [xmlid, "99"]),
            (["id", "state"], [xmlid, "active"]),
            (["id", "holder_id/.id"], [xmlid, str(self.manager.id)]),
            (["partner_id", "tier_id"], ["Wuxi Fair", "A"]),
        ):
            self._create_customer("Wuxi Fair")
            with self.subTest(fields=names), self.cr.savepoint():
                result = accounts.load(names, [row])
                self.assertFalse(result["ids"])
                self.assertIn(REFUSED, str(result["messages"]))
        self.untouched()

    def test_through_other_records(self):
        """Not through the lines of another record: customer, tier, evaluation."""
        evaluation = self._evaluate(fields.Date.today(), apply=False)
        line = self._line_of(evaluation, self.small)
        change = [Command.update(self.small.id, {"tier_id": self.tiers["A"].id})]
        new = {
            "account_id": self.small.id,
            "company_id": self.company.id,
            "date": "2026-01-01",
            "kind": "override",
            "user_id": self.manager.id,
        }
        partner = self.small.partner_id
        for label, write in {
            "customer": lambda: partner.write({"key_account_ids": change}),
            "line": lambda: evaluation.write(
                {"line_ids": [Command.update(line.id, {"score": 99})]}
            ),
            "new line": lambda: evaluation.write(
                {"line_ids": [Command.create({"account_id": self.small.id})]}
            ),
            "log": lambda: self.small.write({"tier_change_ids": [Command.create(new)]}),
            "vote": lambda: evaluation.write(
                {
                    "vote_ids": [
                        Command.create({"user_id": self.second.id, "choice": "yes"})
                    ]
                }
            ),
        }.items():
            with (
                self.subTest(way=label),
                self.assertRaises(UserError),
                self.cr.savepoint(),
            ):
                write()
        self.untouched()

    def test_states_of_an_evaluation(self):
        """Nor the state of an evaluation, its job, its proof or its requester."""
        evaluation = self.new_evaluation()
        for name, value in {
            "state": "approved",
            "job_state": "done",
            "progress": 100,
            "input_digest": "x",
            "previous_id": evaluation.id,
            "applied_on": "2026-01-01",
            "requester_id": self.chair.id,
            "approver_id": self.chair.id,
        }.items():
            for user in (self.manager, self.env.ref("base.user_root")):
                with (
                    self.subTest(field=name, user=user.login),
                    self.assertRaisesRegex(UserError, REFUSED),
                ):
                    evaluation.with_user(user).write({name: value})
            with (
                self.subTest(field=name, by="create"),
                self.assertRaisesRegex(UserError, REFUSED),
                self.cr.savepoint(),
            ):
                self.new_evaluation(**{name: value})


@tagged("post_install", "-at_install")
class TestRawWritesOverRpc(RawWriteCase, HttpCase):
    def setUp(self):
        super().setUp()
        key = (
            self.env["res.users.apikeys"]
            .with_user(self.manager)
            ._generate("rpc", "test", fields.Datetime.now() + timedelta(days=0.5))
        )
        self.bearer = {"Authorization": f"Bearer {key}"}

    def json2(self, model, method, **arguments):
        """The answer of the JSON-2 interface to the manager."""
        return self.url_open(
            f"/json/2/{model}/{method}", json=arguments, headers=self.bearer
        )

    @mute_logger("odoo.http", "odoo.addons.rpc.controllers.json2")
    def test_json2(self):
        """Not over JSON-2, with or without a forged token in the context."""
        for name, value in self.forged.items():
            for context in ({}, {CONTEXT_KEY: True}, {CONTEXT_KEY: repr(AUTHORITY)}):
                answer = self.json2(
                    "key.account",
                    "write",
                    ids=self.small.ids,
                    vals={name: value},
                    context={"lang": "en_US", **context},
                )
                with self.subTest(field=name, context=context):
                    self.assertEqual(answer.status_code, 422)
                    self.assertIn(REFUSED, answer.json()["message"])
        self.untouched()

    @mute_logger("odoo.http", "odoo.addons.rpc.controllers.json2")
    def test_private_methods(self):
        """Nor by calling the methods that hold the token."""
        for method, arguments in (
            ("_set_tier", {"tier": self.tiers["A"].id, "kind": "override"}),
            ("_authorized", {}),
            ("_change_holder", {"user": self.manager.id}),
            ("_move", {"new_state": "active"}),
        ):
            answer = self.json2("key.account", method, ids=self.small.ids, **arguments)
            with self.subTest(method=method):
                self.assertIn(answer.status_code, (403, 404))
        self.untouched()

    @mute_logger("odoo.http")
    def test_jsonrpc(self):
        """Not over the calls of the web client either."""
        self.authenticate("ka_manager", "ka_manager")
        for method, args in (
            ("write", [self.small.ids, {"tier_id": self.tiers["A"].id}]),
            ("web_save", [self.small.ids, {"tier_id": self.tiers["A"].id}]),
            ("web_save", [self.small.ids, {"score": 99}]),
        ):
            kwargs = {"context": {"lang": "en_US", CONTEXT_KEY: True}}
            if method == "web_save":
                kwargs["specification"] = {}
            with (
                self.subTest(method=method),
                self.assertRaisesRegex(JsonRpcException, "UserError"),
            ):
                self.make_jsonrpc_request(
                    f"/web/dataset/call_kw/key.account/{method}",
                    {
                        "model": "key.account",
                        "method": method,
                        "args": args,
                        "kwargs": kwargs,
                    },
                )
        self.untouched()

    @mute_logger("odoo.http", "odoo.sql_db", "odoo.addons.rpc.controllers.json2")
    def test_second_submission_is_told_why(self):
        """Submitting while another evaluation is with the committee is refused with a
        sentence that says what to do."""
        first, second = self.new_evaluation(), self.new_evaluation()
        (first | second).action_simulate()
        first.action_submit()
        self.env.flush_all()
        answer = self.json2(
            "key.account.evaluation",
            "action_submit",
            ids=second.ids,
            context={"lang": "en_US"},
        )
        self.assertIn("with the committee already", answer.json()["message"])
        self.assertEqual(second.state, "simulated")

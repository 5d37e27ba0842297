import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from ...tools.authority import AUTHORITY, CONTEXT_KEY, holds_authority
from ..common import KeyAccountCase

REFUSED = "cannot be written directly"


@tagged("post_install", "-at_install")
class TestGuarded(KeyAccountCase):
    """What only the actions of a model change, nobody writes: by no way there is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scheme = cls._create_scheme()
        cls.tier = cls.scheme.tier_ids[0]
        cls.customer = cls._create_customer("Orient Motors")
        cls.account = cls._create_account(cls.customer)
        cls.account._change_holder(cls.seller)
        cls.forged = {
            "state": "active",
            "holder_id": cls.chair.id,
            "tier_id": cls.tier.id,
            "earned_tier_id": cls.tier.id,
            "tier_since": "2026-01-01",
            "is_key": True,
            "score": 99,
            "coverage": 1,
            "below_count": 5,
            "evaluated_on": "2026-01-01",
            "revenue": 1_000_000,
        }

    def values(self):
        return self.account.read(list(self.forged))

    def test_the_list_is_whole(self):
        """State, owner, tier, every figure of a verdict and what the program finds of
        a file are guarded."""
        found = {"completeness", "file_due_on", "held_items", "reminded_on"}
        kept = found | {"pool_id"}
        self.assertEqual(
            self.account._get_guarded_fields(), set(self.forged) | {"line_id"} | kept
        )

    def test_write(self):
        """A raw write is refused for the owner, the manager and the superuser."""
        before = self.values()
        for user in (self.seller, self.steward, self.manager, self.env.user):
            for name, value in self.forged.items():
                with (
                    self.subTest(user=user.login, field=name),
                    self.assertRaisesRegex(UserError, REFUSED),
                ):
                    self.account.with_user(user).write({name: value})
        with self.assertRaisesRegex(UserError, REFUSED):
            self.account.sudo().tier_id = self.tier
        self.assertEqual(self.values(), before)

    def test_message_names_the_field_and_the_way(self):
        """The refusal names the field as the form does and says what to do."""
        with self.assertRaises(UserError) as caught:
            self.account.write({"holder_id": self.chair.id})
        self.assertIn("Owner of Key Account", str(caught.exception))
        self.assertIn("Use the buttons", str(caught.exception))

    def test_create(self):
        """Nobody creates an account with a tier, an owner or a state of his choice."""
        partner = self._create_customer("Delta Robotics")
        for name, value in self.forged.items():
            with self.subTest(name), self.assertRaisesRegex(UserError, REFUSED):
                self.env["key.account"].create({"partner_id": partner.id, name: value})

    def test_create_from_a_form(self):
        """A form that sends the defaults back is welcome."""
        partner = self._create_customer("Delta Robotics")
        account = (
            self.env["key.account"]
            .with_user(self.seller)
            .create(
                {
                    "partner_id": partner.id,
                    "state": "prospect",
                    "tier_id": False,
                    "score": 0,
                }
            )
        )
        self.assertEqual(account.state, "prospect")

    def test_create_by_default_context(self):
        """Neither does a default_ key of the context get through."""
        partner = self._create_customer("Delta Robotics")
        for name, value in self.forged.items():
            Account = self.env["key.account"].with_context(**{f"default_{name}": value})
            with self.subTest(name), self.assertRaisesRegex(UserError, REFUSED):
                Account.create({"partner_id": partner.id})

    def test_user_defaults(self):
        """A default value somebody stored for himself makes no key account."""
        self.env["ir.default"].with_user(self.seller).set(
            "key.account", "is_key", True, user_id=True
        )
        partner = self._create_customer("Delta Robotics")
        Account = self.env["key.account"].with_user(self.seller)
        opened = Account._open_for(partner, self.company)
        self.assertFalse(opened.is_key)
        other = self._create_customer("Nova Optics")
        created = Account.create({"partner_id": other.id})
        self.assertFalse(created.is_key)

    def test_import(self):
        """An import of a column that is guarded says so and changes nothing."""
        before = self.values()
        for name, value in (
            ("state", "active"),
            ("holder_id/.id", str(self.chair.id)),
            ("tier_id/.id", str(self.tier.id)),
            ("is_key", "1"),
        ):
            with self.subTest(name):
                result = (
                    self.env["key.account"]
                    .with_user(self.manager)
                    .load([".id", name], [[str(self.account.id), value]])
                )
                self.assertFalse(result["ids"])
                self.assertIn(REFUSED, result["messages"][0]["message"])
        self.env.invalidate_all()
        self.assertEqual(self.values(), before)

    def test_commands_from_the_partner(self):
        """Nor by way of the partner's list of accounts."""
        other = self._create_customer("Delta Robotics")
        with self.assertRaisesRegex(UserError, REFUSED):
            self.customer.key_account_ids = [
                Command.update(self.account.id, {"tier_id": self.tier.id})
            ]
        with self.assertRaisesRegex(UserError, REFUSED):
            other.key_account_ids = [Command.create({"is_key": True})]
        with self.assertRaisesRegex(UserError, "never deleted"):
            self.customer.key_account_ids = [Command.delete(self.account.id)]
        with self.assertRaisesRegex(UserError, "stays with its customer"):
            other.key_account_ids = [Command.link(self.account.id)]

    def test_context_of_a_client_is_no_authority(self):
        """The token is an object: what looks like it opens nothing."""
        forgeries = (True, 1, repr(AUTHORITY), "AUTHORITY", {}, type(AUTHORITY)())
        for forgery in forgeries:
            with self.subTest(forgery=forgery):
                context = {CONTEXT_KEY: forgery}
                self.assertFalse(holds_authority(context))
                with self.assertRaisesRegex(UserError, REFUSED):
                    self.account.with_context(**context).write({"is_key": True})
        self.assertTrue(holds_authority({CONTEXT_KEY: AUTHORITY}))

    def test_authority_does_not_stay(self):
        """Records that an action returns carry no authority on."""
        partner = self._create_customer("Delta Robotics")
        opened = self.env["key.account"]._open_for(partner, self.company)
        for record in (self.account, opened, partner.key_account_id):
            self.assertFalse(holds_authority(record.env.context))

    def test_copy(self):
        """A copied override starts as a draft of whoever copied it."""
        override = self.env["key.account.override"].create(
            {
                "account_id": self.account.id,
                "tier_id": self.tier.id,
                "reason": "Flagship of the show",
                "date_to": "2099-12-31",
            }
        )
        override.action_submit()
        copy = override.with_user(self.manager).copy()
        self.assertRecordValues(
            copy,
            [{"state": "draft", "requester_id": self.manager.id, "approver_id": False}],
        )

    def test_someone_else_is_at_it(self):
        """A record that another transaction holds is refused at once, in words."""
        # a row that lies in the database already, for another transaction to see
        country = self.env.ref("base.aq")
        lock = type(self.env["key.account"])._lock
        with self.registry.cursor() as other:
            other.execute(
                "SELECT id FROM res_country WHERE id = %s FOR UPDATE NOWAIT",
                [country.id],
            )
            with self.assertRaisesRegex(UserError, "Somebody else is changing"):
                lock(country)


@tagged("post_install", "-at_install")
class TestGuardedByJson(HttpCase, KeyAccountCase):
    """The same over the network: JSON-2 with an API key, and a session."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tier = cls._create_scheme().tier_ids[0]
        cls.customer = cls._create_customer("Orient Motors")
        cls.account = cls._create_account(cls.customer)
        keys = cls.env["res.users.apikeys"].with_user(cls.manager)
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        cls.key = keys._generate("rpc", "test", tomorrow)

    def call(self, method, **arguments):
        return self.url_open(
            f"/json/2/key.account/{method}",
            data=json.dumps(arguments),
            headers={
                "Authorization": f"Bearer {self.key}",
                "Content-Type": "application/json",
                "X-Odoo-Database": self.env.cr.dbname,
            },
        )

    def assert_refused(self, answer, message):
        self.assertGreaterEqual(answer.status_code, 400)
        self.assertIn(message, answer.json()["message"])

    def test_key_works(self):
        """The manager's key finds, so that a refusal below means what it says."""
        answer = self.call("search", domain=[("id", "in", self.account.ids)])
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.json(), self.account.ids)

    def test_write(self):
        """Raw writes of tier, owner and state are refused, with forged context too."""
        for values in (
            {"tier_id": self.tier.id},
            {"holder_id": self.seller.id},
            {"state": "active"},
        ):
            for context in ({}, {CONTEXT_KEY: True}, {CONTEXT_KEY: repr(AUTHORITY)}):
                with self.subTest(values=values, context=context):
                    answer = self.call(
                        "write", ids=self.account.ids, vals=values, context=context
                    )
                    self.assert_refused(answer, REFUSED)

    def test_create(self):
        """Neither does a create bring a tier along."""
        partner = self._create_customer("Delta Robotics")
        values = {"partner_id": partner.id, "tier_id": self.tier.id}
        self.assert_refused(self.call("create", vals_list=[values]), REFUSED)

    def test_private_methods(self):
        """The methods that hold authority are private."""
        for method, arguments in (
            ("_change_holder", {"user": self.seller.id}),
            ("_move", {"new_state": "active"}),
            ("_authorized", {}),
            ("_set_tier", {"tier": self.tier.id, "kind": "override"}),
        ):
            with self.subTest(method):
                answer = self.call(method, ids=self.account.ids, **arguments)
                self.assertGreaterEqual(answer.status_code, 400)
        self.assertRecordValues(
            self.account,
            [{"holder_id": False, "state": "prospect", "tier_id": False}],
        )

    def test_delete(self):
        """Deleting is refused over the network as well."""
        answer = self.call("unlink", ids=self.account.ids)
        self.assertGreaterEqual(answer.status_code, 400)
        self.assertTrue(self.account.exists())

    def test_without_a_key(self):
        """Nobody in particular gets nothing."""
        self.key = "wrong"
        answer = self.call("read", ids=self.account.ids, fields=["name"])
        self.assertEqual(answer.status_code, 401)

    def test_session(self):
        """A web client in a session is refused alike."""
        self.manager.password = "ka_manager_password"
        self.authenticate("ka_manager", "ka_manager_password")
        answer = self.url_open(
            "/web/dataset/call_kw/key.account/write",
            data=json.dumps(
                {
                    "params": {
                        "model": "key.account",
                        "method": "write",
                        "args": [self.account.ids, {"tier_id": self.tier.id}],
                        "kwargs": {"context": {CONTEXT_KEY: True}},
                    }
                }
            ),
            headers={"Content-Type": "application/json"},
        )
        self.assertIn(REFUSED, answer.json()["error"]["data"]["message"])


@tagged("post_install", "-at_install")
class TestAppendOnly(KeyAccountCase):
    def test_ledgers_refuse_everybody(self):
        """Nobody adds to, edits or deletes from a ledger by hand."""
        account = self._create_account("Orient Motors")
        tier = self._create_scheme().tier_ids[0]
        account._set_tier(tier, "override", reason="Shown")
        change = account.tier_change_ids
        self.assertEqual(len(change), 1)
        users = (self.reader, self.seller, self.steward, self.manager, self.chair)
        for user in users:
            with self.subTest(user.login):
                mine = change.with_user(user)
                with self.assertRaises(UserError):
                    mine.write({"reason": "Better"})
                with self.assertRaises(UserError):
                    mine.create(change.copy_data()[0])
                with self.assertRaises(UserError):
                    mine.unlink()
        for attempt in (
            lambda: change.sudo().write({"reason": "Better"}),
            lambda: change.sudo().create(change.copy_data()[0]),
            lambda: change.sudo().unlink(),
        ):
            with self.assertRaisesRegex(UserError, "is a ledger"):
                attempt()
        self.assertRecordValues(change, [{"reason": "Shown", "kind": "override"}])

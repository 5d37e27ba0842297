from datetime import date
from math import inf
from unittest.mock import patch

from odoo import SUPERUSER_ID
from odoo.fields import Command
from odoo.tests.common import TransactionCase


class KeyAccountCase(TransactionCase):
    """One company in Shanghai that keeps its books in CNY, and a user of each role.

    ``manager`` runs evaluations, ``chair`` and ``second`` are the tier committee,
    ``seller`` owns customers, ``steward`` keeps the library, ``reader`` looks,
    ``employee`` has no role at all.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # messages are compared in English, whatever the language of the database
        context = {**cls.env.context, "tracking_disable": True, "lang": "en_US"}
        cls.env = cls.env(context=context)
        cls.company = cls._create_company("Huazhan Exhibition Services")
        cls.env.user.write(
            {
                "company_ids": [Command.link(cls.company.id)],
                "company_id": cls.company.id,
            }
        )
        cls.env = cls.env(
            context={**cls.env.context, "allowed_company_ids": cls.company.ids}
        )
        (
            cls.manager,
            cls.chair,
            cls.second,
            cls.seller,
            cls.steward,
            cls.reader,
            cls.employee,
        ) = cls._create_users(
            {
                "ka_manager": "key_account.group_manager",
                "ka_chair": "key_account.group_member,key_account.group_committee",
                "ka_second": "key_account.group_committee",
                "ka_seller": "key_account.group_member",
                "ka_steward": "key_account.group_steward",
                "ka_reader": "key_account.group_reader",
                "ka_employee": "base.group_user",
            }
        )

    @classmethod
    def _create_company(cls, name):
        company = cls.env["res.company"].create(
            {
                "name": name,
                "currency_id": cls.env.ref("base.CNY").id,
                "country_id": cls.env.ref("base.cn").id,
            }
        )
        company.resource_calendar_id.tz = "Asia/Shanghai"
        return company

    @classmethod
    def _create_user(cls, login, groups, company=None):
        return cls._create_users({login: groups}, company)

    @classmethod
    def _create_users(cls, groups_of, company=None):
        """Users by login, the password the same. Every class makes some, so all are
        made at once and none is sent an invitation, which takes a third of the time."""
        company = company or cls.company
        Users = cls.env["res.users"].with_context(no_reset_password=True)
        users = Users.create(
            [
                {
                    "name": f"{login} ({groups})",
                    "login": login,
                    "password": login.ljust(8, "x"),
                    "email": "k.k@example.com",
                    "group_ids": [
                        Command.set(
                            [cls.env.ref(group).id for group in groups.split(",")]
                        )
                    ],
                    "company_id": company.id,
                    "company_ids": [Command.set(company.ids)],
                    "tz": "Asia/Shanghai",
                }
                for login, groups in groups_of.items()
            ]
        )
        return users.with_env(cls.env)

    @classmethod
    def _let_out(cls, accounts, user, channel):
        """An approved request under which ``user`` takes out data of ``accounts``."""
        request = (
            cls.env["key.account.data.request"]
            .with_user(user)
            .sudo()
            ._authorized()
            .create(
                {
                    "purpose": "Labels",
                    "content": "Names",
                    "channel": channel,
                    "state": "approved",
                    "account_ids": [Command.set(accounts.ids)],
                }
            )
        )
        return request.with_env(cls.env)

    @classmethod
    def _create_customer(cls, name, **vals):
        return cls.env["res.partner"].create({"name": name, "is_company": True, **vals})

    @classmethod
    def _create_account(cls, customer, **vals):
        """An account of ``customer``, a name or a partner."""
        if isinstance(customer, str):
            customer = cls._create_customer(customer)
        account = cls.env["key.account"]._open_for(customer, cls.company)
        if vals:
            account.write(vals)
        return account

    @classmethod
    def _set_books_up(cls, company=None):
        """A journal and accounts to post customer invoices with, without a chart."""
        company = company or cls.company
        Account = cls.env["account.account"].with_company(company)
        cls.income = Account.create(
            {
                "name": "Sales",
                "code": "600100",
                "account_type": "income",
                "company_ids": [Command.set(company.ids)],
            }
        )
        receivable = Account.create(
            {
                "name": "Receivables",
                "code": "112200",
                "account_type": "asset_receivable",
                "reconcile": True,
                "company_ids": [Command.set(company.ids)],
            }
        )
        cls.env["ir.default"].set(
            "res.partner",
            "property_account_receivable_id",
            receivable.id,
            company_id=company.id,
        )
        cls.env["account.journal"].with_company(company).create(
            {
                "name": "Customer Invoices",
                "code": "INV",
                "type": "sale",
                "company_id": company.id,
                "default_account_id": cls.income.id,
            }
        )

    @classmethod
    def _invoice(cls, customer, amount, day, company=None, **vals):
        """A posted customer invoice, or credit note for a negative ``amount``."""
        company = company or cls.company
        move = (
            cls.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "out_invoice" if amount >= 0 else "out_refund",
                    "partner_id": customer.id,
                    "company_id": company.id,
                    "invoice_date": day,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "Stand building",
                                "quantity": 1,
                                "price_unit": abs(amount),
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                    **vals,
                }
            )
        )
        move.action_post()
        return move

    @classmethod
    def _create_scheme(cls, criteria=(), tiers=(), publish=True, **vals):
        """A scheme of ``(measure, weight, floor, target)`` (or dicts) and
        ``(code, enter, keep, is_key)``; A/B/C/D by default."""
        criteria = criteria or [("invoiced_net", 100, 0, 100_000)]
        tiers = tiers or [
            ("A", 80, 70, True),
            ("B", 60, 50, True),
            ("C", 30, 20, False),
            ("D", 0, 0, False),
        ]
        keys = ("measure", "weight", "floor", "target")
        scheme = cls.env["key.account.scheme"].create(
            {
                "name": "Tiers",
                "company_id": cls.company.id,
                "criterion_ids": [
                    Command.create(
                        row
                        if isinstance(row, dict)
                        else dict(zip(keys, row, strict=True))
                    )
                    for row in criteria
                ],
                "tier_ids": [
                    Command.create(
                        {
                            "sequence": place,
                            "code": code,
                            "name": code,
                            "enter_score": enter,
                            "keep_score": keep,
                            "is_key": key,
                        }
                    )
                    for place, (code, enter, keep, key) in enumerate(tiers)
                ],
                **vals,
            }
        )
        if publish:
            scheme.action_publish()
        return scheme

    @classmethod
    def _evaluate(cls, day, scheme=None, apply=True):
        """Simulates, submits, approves and applies an evaluation of ``day``."""
        scheme = scheme or cls.env["key.account.scheme"]._live(cls.company)
        evaluation = (
            cls.env["key.account.evaluation"]
            .with_user(cls.manager)
            .create({"scheme_id": scheme.id, "date": day})
        )
        evaluation.action_simulate()
        if apply:
            evaluation.action_submit()
            evaluation.with_user(cls.chair).action_approve()
            evaluation.action_apply()
        return evaluation

    def _run_cron(self, model, method):
        """Runs a scheduled method as the scheduler does: as root, in no zone and no
        company; without the commits, which a test must not make."""
        root = self.env(user=SUPERUSER_ID, context={})
        endless = patch.object(
            self.registry["ir.cron"], "_commit_progress", lambda *args, **kw: inf
        )
        with endless:
            getattr(root[model], method)()
        self.env.invalidate_all()

    def _line_of(self, evaluation, account):
        return evaluation.line_ids.filtered(lambda line: line.account_id == account)


DAY = date(2026, 1, 1)

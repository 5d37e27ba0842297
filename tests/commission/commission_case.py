from datetime import date
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo.fields import Command

from ..common import KeyAccountCase

OFFICER = "key_account.group_commission_officer"
SELL = "key_account.group_member,sales_team.group_sale_salesman"
# From 0, from 100,000 and from 300,000: new, existing, kept (design, worked example).
SLABS = ((0, 3, 2, 5), (100_000, 4, 2.5, 10), (300_000, 5, 3, 10))
TODAY = "2026-11-25 02:00:00"


class CommissionCase(KeyAccountCase):
    """Ann and Bo sell, Cho leads them, two officers settle; with books in which orders
    are invoiced and paid. ``today`` is a day long after the months of the examples, so
    that every one of them can be settled."""

    # None for tests with a browser, whose clock cannot be stopped
    now = TODAY

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.now:
            clock = freeze_time(cls.now)
            clock.start()
            cls.addClassCleanup(clock.stop)
        cls._set_books_up()
        cls._set_bank_up()
        cls.ann, cls.bo, cls.cho, cls.officer, cls.second_officer = cls._create_users(
            {
                "ka_ann": SELL,
                "ka_bo": SELL,
                "ka_cho": SELL,
                "ka_officer": OFFICER,
                "ka_second_officer": OFFICER,
            }
        )
        cls.team = cls.env["crm.team"].create(
            {"name": "Halls", "company_id": cls.company.id}
        )
        Product = cls.env["product.product"].with_company(cls.company)
        kinds = ("none", "pass_through", "transport")
        cls.stand, cls.fees, cls.freight = Product.create(
            [
                {
                    "name": kind,
                    "type": "service",
                    "invoice_policy": "order",
                    "service_tracking": "no",
                    "key_account_cost_kind": kind,
                    "taxes_id": [Command.clear()],
                    "property_account_income_id": cls.income.id,
                }
                for kind in kinds
            ]
        )
        # a plan of its own would leave its field in the registry behind
        cls.analytic_plan, _others = cls.env["account.analytic.plan"]._get_all_plans()
        cls.plan = cls._create_plan()
        cls._assign(cls.ann, cls.bo)

    # --- People and plans ---

    @classmethod
    def _create_plan(cls, slabs=SLABS, approve=True, **options):
        plan = cls.env["key.account.commission.plan"].create(
            {"name": "Halls", "company_id": cls.company.id}
        )
        cls._create_version(plan, slabs, approve, **options)
        return plan

    @classmethod
    def _create_version(cls, plan, slabs=SLABS, approve=True, **options):
        names = ("lower", "rate_new", "rate_existing", "retention_pct")
        version = cls.env["key.account.commission.plan.version"].create(
            {
                "plan_id": plan.id,
                "date_from": date(2026, 1, 1),
                "slab_ids": [
                    Command.create(dict(zip(names, slab, strict=True)))
                    for slab in slabs
                ],
                **options,
            }
        )
        if approve:
            version.with_user(cls.officer).action_approve()
        return version

    @classmethod
    def _assign(cls, *users, plan=None, since=date(2026, 1, 1), **vals):
        return cls.env["key.account.commission.assignment"].create(
            [
                {
                    "user_id": user.id,
                    "plan_id": (plan or cls.plan).id,
                    "date_from": since,
                    "service_start": since,
                    "team_id": cls.team.id,
                    **vals,
                }
                for user in users
            ]
        )

    @classmethod
    def _hire(cls, login, **vals):
        """A salesperson more, with a plan."""
        user = cls._create_user(f"ka_{login}", SELL)
        cls._assign(user, **vals)
        return user

    @classmethod
    def _lead(cls, user, percent=2, since=date(2026, 1, 1), **vals):
        """``user`` leads the team, for a percentage of its profit."""
        plan = cls._create_plan(team_bonus_pct=percent)
        return cls._assign(user, plan=plan, since=since, role="leader", **vals)

    # --- Books ---

    @classmethod
    def _set_bank_up(cls):
        Account = cls.env["account.account"].with_company(cls.company)
        bank, cls.expense = Account.create(
            [
                {
                    "name": "Bank",
                    "code": "100200",
                    "account_type": "asset_cash",
                    "company_ids": [Command.set(cls.company.ids)],
                },
                {
                    "name": "Costs",
                    "code": "640100",
                    "account_type": "expense",
                    "company_ids": [Command.set(cls.company.ids)],
                },
            ]
        )
        cls.bank = cls.env["account.journal"].create(
            {
                "name": "Bank",
                "code": "BNK",
                "type": "bank",
                "company_id": cls.company.id,
                "default_account_id": bank.id,
            }
        )
        # with an account of its own a payment has a journal entry
        lines = cls.bank.inbound_payment_method_line_ids
        lines.payment_account_id = bank

    @classmethod
    def _sign(
        cls, user, customer, amount, pass_through=0, transport=0, day=None, **vals
    ):
        """A confirmed order, signed on ``day``; with an analytic account of its own."""
        order = cls._quote(user, customer, amount, pass_through, transport, **vals)
        if day:
            order.key_account_signed_on = day
        order.action_confirm()
        return order

    @classmethod
    def _quote(cls, user, customer, amount, pass_through=0, transport=0, **vals):
        """A quotation, with an analytic account of its own."""
        lines = [
            (cls.stand, amount - pass_through - transport),
            (cls.fees, pass_through),
            (cls.freight, transport),
        ]
        account = cls.env["account.analytic.account"].create(
            {
                "name": customer.name,
                "plan_id": cls.analytic_plan.id,
                "company_id": cls.company.id,
            }
        )
        return cls.env["sale.order"].create(
            {
                "partner_id": customer.id,
                "user_id": user.id,
                "company_id": cls.company.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": 1,
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                            "analytic_distribution": {str(account.id): 100},
                        }
                    )
                    for product, price in lines
                    if price
                ],
                **vals,
            }
        )

    @classmethod
    def _deal(cls, order):
        return order.key_account_deal_ids.filtered(lambda deal: deal.kind == "order")

    @classmethod
    def _split(cls, order, shares, agree=True):
        """Shares of an order: ``{user: percent}``, agreed by everybody."""
        deal = cls._deal(order)
        deal.with_user(deal.user_id).write(
            {
                "split_ids": [
                    Command.clear(),
                    *(
                        Command.create({"user_id": user.id, "share": share})
                        for user, share in shares.items()
                    ),
                ]
            }
        )
        if agree:
            for split in deal.split_ids:
                split.with_user(split.user_id).action_accept()
        return deal

    @classmethod
    def _bill(cls, order, day):
        """The posted invoice of all that is to be invoiced of an order."""
        moves = order._create_invoices()
        moves.invoice_date = day
        moves.action_post()
        return moves

    @classmethod
    def _pay(cls, moves, day, amount=None):
        register = (
            cls.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create(
                {
                    "payment_date": day,
                    "journal_id": cls.bank.id,
                    **({"amount": amount} if amount else {}),
                }
            )
        )
        return register._create_payments()

    @classmethod
    def _spend(cls, order, amount, day, **vals):
        """Costs on the analytic account of an order."""
        deal = cls._deal(order)
        column = cls.analytic_plan._column_name()
        return cls.env["account.analytic.line"].create(
            {
                "name": "Costs",
                column: deal.analytic_account_id.id,
                "amount": -amount,
                "date": day,
                "company_id": cls.company.id,
                **vals,
            }
        )

    @classmethod
    def _credit(cls, move, amount, day):
        """A posted credit note of a part of an invoice, reconciled with nothing."""
        wizard = (
            cls.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"journal_id": move.journal_id.id, "date": day})
        )
        note = cls.env["account.move"].browse(wizard.refund_moves()["res_id"])
        note.invoice_date = day
        line = note.invoice_line_ids[0]
        (note.invoice_line_ids - line).unlink()
        line.price_unit = amount
        note.action_post()
        return note

    @classmethod
    def _earn(
        cls, user, customer, profit, amount=None, day=date(2026, 3, 10), paid=None
    ):
        """An order that is signed, invoiced and paid in full; ``profit`` is left."""
        amount = amount or profit
        order = cls._sign(user, customer, amount, day=day)
        cls._pay(cls._bill(order, paid or day), paid or day)
        if amount != profit:
            cls._spend(order, amount - profit, paid or day)
        return order

    @classmethod
    def _set_purchases_up(cls, vendor):
        """A journal for vendor bills, and the payable account of a vendor."""
        payable = (
            cls.env["account.account"]
            .with_company(cls.company)
            .create(
                {
                    "name": "Payables",
                    "code": "220200",
                    "account_type": "liability_payable",
                    "reconcile": True,
                    "company_ids": [Command.set(cls.company.ids)],
                }
            )
        )
        vendor.with_company(cls.company).property_account_payable_id = payable
        cls.env["account.journal"].create(
            {
                "name": "Bills",
                "code": "BILL",
                "type": "purchase",
                "company_id": cls.company.id,
                "default_account_id": cls.expense.id,
            }
        )

    # --- Runs ---

    @classmethod
    def _close(cls, day):
        """The month of a day and those before it, as the wizard closes them."""
        deals = cls.env["key.account.commission.deal"].search(
            [("company_id", "=", cls.company.id), ("state", "=", "draft")]
        )
        deals._follow_amendments()
        deals._refresh_figures()
        last = day.replace(day=1) + relativedelta(months=1, days=-1)
        cls.env["key.account.commission.turnover"]._close_until(cls.company, last)

    @classmethod
    def _create_run(cls, first=date(2026, 4, 1), **vals):
        return cls.env["key.account.commission.run"].create(
            {"company_id": cls.company.id, "date_from": first, **vals}
        )

    @classmethod
    def _compute(cls, first=date(2026, 4, 1), **vals):
        run = cls._create_run(first, **vals)
        run.with_user(cls.officer).action_compute()
        return run

    @classmethod
    def _approve(cls, run):
        run.with_user(cls.officer).action_submit()
        run.with_user(cls.second_officer).action_approve()
        return run

    @classmethod
    def _settle(cls, first=date(2026, 4, 1), **vals):
        """An approved run."""
        return cls._approve(cls._compute(first, **vals))

    @classmethod
    def _statement(cls, run, user):
        return run.statement_ids.filtered(lambda row: row.user_id == user)

    def ledger(self, records):
        """``{kind: sum}`` of the rows of a contract, run or statement."""
        self.env.flush_all()
        sums = {}
        for entry in records.entry_ids:
            sums[entry.kind] = sums.get(entry.kind, 0) + Decimal(f"{entry.amount:.2f}")
        return {kind: float(total) for kind, total in sums.items()}

    def reasons(self, run):
        """Why nothing came of contracts: ``{contract: reason}``."""
        return {row.deal_id: row.reason for row in run.left_out_ids}

    def assert_statement(self, run, user, **amounts):
        statement = self._statement(run, user)
        self.assertTrue(statement, f"{user.name} has no statement")
        found = {name: Decimal(f"{statement[name]:.2f}") for name in amounts}
        expected = {name: Decimal(str(value)) for name, value in amounts.items()}
        self.assertEqual(
            found, {k: v.quantize(Decimal("0.01")) for k, v in expected.items()}
        )

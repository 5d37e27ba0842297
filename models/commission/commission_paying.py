from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL

SETTLE = """
    UPDATE key_account_commission_deal deal
       SET state = 'settled',
           profit_confirmed_by_id = COALESCE(profit_confirmed_by_id, %(user)s),
           profit_confirmed_on = COALESCE(profit_confirmed_on, %(today)s),
           write_uid = %(user)s, write_date = now() AT TIME ZONE 'UTC'
     WHERE deal.state IN ('credited', 'collected')
       AND (deal.id IN (SELECT deal_id FROM key_account_commission_entry
                         WHERE run_id = %(run)s
                           AND (split_id IS NOT NULL OR kind = 'team_bonus'))
            OR deal.id IN (SELECT deal_id FROM key_account_commission_left_out
                            WHERE run_id = %(run)s
                              AND reason IN ('loss', 'no_rate')))
"""
FREEZE_SHARES = """
    UPDATE key_account_commission_split split
       SET is_settled = TRUE
      FROM key_account_commission_deal deal
     WHERE deal.id = split.deal_id AND deal.company_id = %s
       AND deal.state = 'settled' AND split.is_settled IS NOT TRUE
"""


class KeyAccountCommissionPaying(models.AbstractModel):
    """What follows from an approved run: contracts are settled, the accrual is booked
    where the company asks for it, and everybody is paid, by a vendor bill or with his
    wages."""

    _name = "key.account.commission.paying"
    _description = "Payment of Commissions"

    # --- Approval ---

    def _settle_contracts(self, user):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                SETTLE,
                user=user.id,
                today=self.company_id._key_account_today(),
                run=self.id,
            )
        )
        self.env.cr.execute(SQL(FREEZE_SHARES, self.company_id.id))
        self.env.invalidate_all()
        self._accepted_disputes()._authorized().write({"is_booked": True})

    def _accepted_disputes(self):
        """Adjustments that were decided upon and that no approved run has booked."""
        return self.env["key.account.commission.dispute"].search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("state", "=", "accepted")
            & Domain("is_booked", "=", False)
            & Domain("amount", "!=", 0)
        )

    def _book_disputes(self, disputes, statements):
        self.env["key.account.commission.entry"]._authorized().create(
            [
                {
                    "kind": "adjust",
                    "amount": dispute.amount,
                    "company_id": self.company_id.id,
                    "user_id": dispute.user_id.id,
                    "deal_id": dispute.deal_id.id,
                    "run_id": self.id,
                    "statement_id": statements[dispute.user_id.id],
                    "dispute_id": dispute.id,
                    "reverses_id": dispute.entry_id.id,
                    "date": self.date_to,
                    "source_key": f"dispute|{dispute.id}",
                    "explain": {"how": "dispute", "words": dispute.resolution},
                }
                for dispute in disputes
            ]
        )

    def _book_accrual(self):
        """The entry in the books: expense against what is payable now and what is kept
        as a liability. Nothing without a journal."""
        company = self.company_id
        journal = company.key_account_commission_journal_id
        if not journal:
            return
        expense = company.key_account_commission_expense_id
        payable = company.key_account_commission_liability_id
        retention = company.key_account_retention_liability_id
        if not (expense and payable and retention):
            raise UserError(
                self.env._(
                    "Name the accounts of commission expense, commission payable and"
                    " retention payable in the settings, or no journal."
                )
            )
        cost = self.gross + self.clawed
        kept = self.retained - self.released
        lines = [(expense, cost), (retention, -kept), (payable, kept - cost)]
        move = self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "company_id": company.id,
                "date": self.date_to,
                "ref": self.display_name,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "name": self.display_name,
                            "balance": amount,
                        }
                    )
                    for account, amount in lines
                    if not self.currency_id.is_zero(amount)
                ],
            }
        )
        if move.line_ids:
            move.action_post()
            self._authorized().write({"move_id": move.id})
        else:
            move.unlink()

    # --- Payment ---

    def action_open_payroll(self):
        """Opens what is to be paid to whom, for the payroll."""
        self.ensure_one()
        return self._open_own("key_account.commission_statement_payroll_action")

    def _pay_statements(self):
        self._write_bills()
        statements = self.statement_ids
        self.env["key.account.commission.entry"]._authorized().create(
            [
                {
                    "kind": "payout",
                    "amount": -statement.payable,
                    "company_id": self.company_id.id,
                    "user_id": statement.user_id.id,
                    "run_id": self.id,
                    "statement_id": statement.id,
                    "date": self.paid_on,
                    "source_key": f"payout|{statement.id}",
                    "explain": {
                        "how": "payout",
                        "forward": str(statement.brought_forward),
                        "net": str(statement.net),
                        "paid": str(statement.payable),
                    },
                }
                for statement in statements
                if statement.payable
            ]
        )
        for statement in statements:
            statement._move("paid")

    def _write_bills(self):
        """A vendor bill for each agent who is paid by one."""
        paid_by_bill = self._vendors()
        product = self.company_id.key_account_commission_product_id
        taxes = product.supplier_taxes_id._filter_taxes_by_company(self.company_id)
        # what was accrued is an expense already
        accrued = self.company_id.key_account_commission_liability_id
        account = {"account_id": accrued.id} if self.move_id else {}
        owed = self.statement_ids.filtered(
            lambda row: row.payable and row.user_id in paid_by_bill
        )
        bills = self.env["account.move"].create(
            [
                {
                    "move_type": "in_invoice",
                    "company_id": self.company_id.id,
                    "partner_id": paid_by_bill[statement.user_id].id,
                    "invoice_date": self.paid_on,
                    "ref": statement.display_name,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "name": statement.display_name,
                                "quantity": 1,
                                "price_unit": statement.payable,
                                **account,
                                "tax_ids": [Command.set(taxes.ids)],
                            }
                        )
                    ],
                }
                for statement in owed
            ]
        )
        for statement, bill in zip(owed, bills, strict=True):
            statement._authorized().write({"bill_id": bill.id})

    def _vendors(self):
        """``{person: vendor}`` of who is paid by bill at the end of the period."""
        rows = self.env["key.account.commission.assignment"].search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("partner_id", "!=", False)
            & Domain("date_from", "<=", self.date_to),
            order="date_from",
        )
        return {row.user_id: row.partner_id for row in rows}

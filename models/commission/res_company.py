from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    key_account_confirm_profit = fields.Boolean(
        "Confirm Each Net Profit",
        help="A contract is settled only after finance has confirmed its net profit."
        " Otherwise the approval of the run confirms them all.",
    )
    key_account_commission_since = fields.Date(
        "Contracts of Orders since",
        help="Orders confirmed before the addon was there become contracts, too, if"
        " they were confirmed on this day or later. Empty: only new ones do.",
    )
    key_account_commission_product_id = fields.Many2one(
        "product.product",
        "Commission Product",
        help="On the vendor bills that pay agents who are not employees.",
    )
    key_account_commission_journal_id = fields.Many2one(
        "account.journal",
        "Accrual Journal",
        check_company=True,
        domain="[('type', '=', 'general')]",
        help="Empty: runs make no journal entry.",
    )
    key_account_commission_expense_id = fields.Many2one(
        "account.account", "Commission Expense", check_company=True
    )
    key_account_commission_liability_id = fields.Many2one(
        "account.account", "Commission Payable", check_company=True
    )
    key_account_retention_liability_id = fields.Many2one(
        "account.account", "Retention Payable", check_company=True
    )

    key_account_closed_until = fields.Date(
        "Last Closed Month",
        readonly=True,
        help="The last day up to which the turnover of salespeople is fixed.",
    )

    def _key_account_first_open_month(self):
        """The first day of the month after the last closed one, or nothing."""
        self.ensure_one()
        closed = self.sudo().key_account_closed_until
        return closed and fields.Date.add(closed, days=1)

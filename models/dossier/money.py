from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# By the contact of the invoice, as measures count it: Odoo has no index by customer.
# A payment without a journal entry leaves a residual on a paid invoice.
MONEY = """
    SELECT person.commercial_partner_id,
           COALESCE(SUM(move.amount_untaxed_signed) FILTER (
               WHERE move.invoice_date >= %(year_ago)s
                 AND move.invoice_date < %(today)s), 0),
           COALESCE(SUM(move.amount_residual_signed) FILTER (
               WHERE move.payment_state IN ('not_paid', 'partial')), 0),
           COALESCE(SUM(move.amount_residual_signed) FILTER (
               WHERE move.payment_state IN ('not_paid', 'partial')
                 AND move.invoice_date_due < %(today)s), 0)
      FROM res_partner person JOIN account_move move ON move.partner_id = person.id
     WHERE person.commercial_partner_id = ANY(%(customers)s)
       AND move.company_id = %(company)s AND move.state = 'posted'
       AND move.move_type IN ('out_invoice', 'out_refund')
     GROUP BY person.commercial_partner_id
"""


class KeyAccountMoney(models.AbstractModel):
    """What a customer has bought, owes and may owe, for the people who serve him.

    They need not be accountants to see it, and nobody else sees it: the figures are
    summed up as the superuser for the files the asker may open, and empty elsewhere.
    """

    _name = "key.account.money"
    _description = "Money of an Account"

    currency_id = fields.Many2one("res.currency")
    invoiced_amount = fields.Monetary(
        "Invoiced (12 Months)",
        compute="_compute_money",
        help="Posted invoices less credit notes, untaxed, of the last twelve months.",
    )
    receivable_amount = fields.Monetary(
        "Owes", compute="_compute_money", help="What is invoiced and not yet paid."
    )
    overdue_amount = fields.Monetary(
        "Overdue", compute="_compute_money", help="What he should have paid by now."
    )
    credit_limit = fields.Monetary(
        compute="_compute_money", help="What he may owe; empty: no limit of his own."
    )
    is_over_limit = fields.Boolean(compute="_compute_money")

    @api.depends("partner_id")
    @api.depends_context("uid")
    def _compute_money(self):
        open_files = self.filtered("may_open")
        for account in self - open_files:
            account._set_money(False, False, False)
        for company, accounts in open_files.grouped("company_id").items():
            sums = accounts._sum_money(company)
            for account in accounts:
                account._set_money(*sums.get(account.partner_id.id, (0.0, 0.0, 0.0)))

    # --- Actions ---

    def action_open_opportunities(self):
        """Opens the opportunities of this customer."""
        return self._open_trade(
            "crm.crm_lead_opportunities",
            self.env._("Opportunities"),
            Domain("type", "=", "opportunity"),
        )

    def action_open_orders(self):
        """Opens the quotations and orders of this customer."""
        return self._open_trade("sale.action_orders", self.env._("Orders"))

    def action_open_invoices(self):
        """Opens the invoices of this customer."""
        return self._open_trade(
            "account.action_move_out_invoice_type",
            self.env._("Invoices"),
            Domain("move_type", "in", ["out_invoice", "out_refund", "out_receipt"]),
        )

    def action_open_purchases(self):
        """Shows what this customer buys, product by product (R027)."""
        return self._open_trade(
            "sale.action_order_report_all",
            self.env._("Purchases"),
            search_default_Sales=1,
            group_by=["product_id"],
        )

    # --- Tools ---

    def _set_money(self, invoiced, owed, overdue):
        # the limit is a field of the customer for accountants only
        partner = self.sudo().with_company(self.company_id).partner_id
        limited = owed is not False and self.company_id.sudo().account_use_credit_limit
        self.invoiced_amount = invoiced
        self.receivable_amount = owed
        self.overdue_amount = overdue
        self.credit_limit = limited and partner.credit_limit
        self.is_over_limit = bool(self.credit_limit) and owed > self.credit_limit

    def _sum_money(self, company):
        """``{customer id: (invoiced, owed, overdue)}``: untaxed of the last twelve
        months, what is unpaid, and what is late of it."""
        self.env["account.move"].flush_model()
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        today = company._key_account_today()
        rows = self.env.execute_query(
            SQL(
                MONEY,
                customers=self.partner_id.ids,
                company=company.id,
                today=today,
                year_ago=fields.Date.subtract(today, years=1),
            )
        )
        return {row[0]: tuple(map(float, row[1:])) for row in rows}

    def _open_trade(self, action, title, domain=Domain.TRUE, **context):
        self.ensure_one()
        family = Domain("partner_id", "child_of", self.partner_id.id)
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(action),
            "display_name": title,
            "domain": list(family & domain),
            "context": {"default_partner_id": self.partner_id.id, **context},
        }

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

DEAL = "key.account.commission.deal"


class SaleOrder(models.Model):
    """Orders make the contracts that commission is paid for, by themselves: when they
    are confirmed or signed, changed and cancelled (R121)."""

    _inherit = "sale.order"

    key_account_signed_on = fields.Date(
        "Signed on",
        copy=False,
        tracking=True,
        help="The day the contract was signed: the day of the customer's signature or"
        " of the confirmation. Empty: not signed; the turnover then counts in the month"
        " of the final payment.",
    )
    key_account_deal_ids = fields.One2many(
        DEAL, "order_id", "Commission", groups="key_account.group_reader"
    )
    key_account_deal_count = fields.Integer(
        "Contracts for Commission",
        compute="_compute_key_account_deal_count",
        groups="key_account.group_reader",
    )

    @api.depends("key_account_deal_ids")
    def _compute_key_account_deal_count(self):
        for order in self:
            order.key_account_deal_count = len(order.key_account_deal_ids)

    # --- CRUD ---

    def write(self, vals):
        signing = "key_account_signed_on" in vals
        if signing:
            self._check_may_sign_anew(
                fields.Date.to_date(vals["key_account_signed_on"])
            )
        result = super().write(vals)
        if signing or "user_id" in vals:
            self.env[DEAL].sudo()._follow_orders(self)
        return result

    # --- Actions ---

    def action_open_key_account_deals(self):
        """Opens the contracts of this order that commission is paid for."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account.commission_deal_action"
        )
        return {
            **action,
            "domain": [("order_id", "=", self.id)],
            "context": {"default_order_id": self.id},
        }

    def _action_confirm(self):
        result = super()._action_confirm()
        for order in self.filtered(lambda order: not order.key_account_signed_on):
            day = order.company_id._key_account_day(
                order.signed_on or fields.Datetime.now()
            )
            order.key_account_signed_on = day
        self.env[DEAL].sudo()._open_for(self)
        return result

    def action_draft(self):
        """A quotation again: it is signed anew, on another day."""
        result = super().action_draft()
        unpaid = self.sudo().filtered(
            lambda order: "settled" not in order.key_account_deal_ids.mapped("state")
        )
        unpaid.key_account_signed_on = False
        return result

    def _action_cancel(self):
        result = super()._action_cancel()
        self.env[DEAL].sudo()._cancel_orders(self)
        return result

    # --- Tools ---

    def _check_may_sign_anew(self, day):
        deals = self.sudo().key_account_deal_ids.filtered(
            lambda deal: deal.kind == "order" and deal.state not in ("draft", "void")
        )
        for deal in deals:
            if deal.signed_on != day:
                raise UserError(
                    self.env._(
                        "The month of %(deal)s is closed: its day of signing stays."
                        " What changed since then is signed as an amendment.",
                        deal=deal.display_name,
                    )
                )

    def _key_account_terms(self):
        """What the contracts of these confirmed orders come to: ``{order id: (untaxed,
        passed through, transport)}`` in the currency of each company, converted at the
        day of signing."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.order_id,
                       COALESCE(SUM(line.price_subtotal), 0),
                       COALESCE(SUM(line.price_subtotal) FILTER (
                           WHERE line.key_account_cost_kind = 'pass_through'), 0),
                       COALESCE(SUM(line.price_subtotal) FILTER (
                           WHERE line.key_account_cost_kind = 'transport'), 0)
                  FROM sale_order_line line
                 WHERE line.order_id = ANY(%s) AND line.display_type IS NULL
                   AND line.is_downpayment IS NOT TRUE
                 GROUP BY line.order_id
                """,
                self.ids,
            )
        )
        found = {row[0]: tuple(map(float, row[1:])) for row in rows}
        return {
            order.id: order._in_company_currency(found.get(order.id, (0.0, 0.0, 0.0)))
            for order in self
        }

    def _key_account_analytic_account(self):
        """The analytic account whose costs are those of this order: of its project,
        else the only one that its lines are distributed to."""
        self.ensure_one()
        order = self.sudo()
        account = order.project_id.account_id
        if not account:
            keys = {
                int(number)
                for line in order.order_line
                for key in line.analytic_distribution or {}
                for number in key.split(",")
            }
            found = self.env["account.analytic.account"].sudo().browse(keys)
            account = found if len(found) == 1 else account
        return account

    def _in_company_currency(self, amounts):
        company = self.company_id
        if self.currency_id == company.currency_id:
            return amounts
        day = self.key_account_signed_on or company._key_account_day(self.date_order)
        return tuple(
            self.currency_id._convert(amount, company.currency_id, company, day)
            for amount in amounts
        )

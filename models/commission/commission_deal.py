from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

OFFICER = "key_account.group_commission_officer"


class KeyAccountCommissionDeal(models.Model):
    """A signed contract, an amendment of it or its cancellation, as far as somebody
    earns commission by it (R118, R121). The order makes it, and what happens to the
    order and its invoices moves it on::

        draft -> credited -> collected -> settled
          any but settled -> void (the order was cancelled)

    *Credited*: its month is closed, so that slab, rate and retention are fixed.
    *Collected*: the final payment is in. *Settled*: an approved run has paid it. What
    changes later is the business of the runs to come, at the rate that was fixed.
    """

    _name = "key.account.commission.deal"
    _description = "Contract for Commission"
    _inherit = [
        "key.account.guarded",
        "mail.thread",
        "mail.activity.mixin",
        "key.account.commission.contract",
        "key.account.commission.figures",
        "key.account.commission.agreement",
        "key.account.commission.next",
    ]
    _mail_post_access = "read"
    _order = "signed_on desc, id desc"
    _rec_names_search = ["name", "partner_id"]
    _check_company_auto = True
    _transitions = {
        "draft": ("credited", "collected", "void"),
        "credited": ("collected", "settled", "void"),
        "collected": ("credited", "settled", "void"),
        "settled": (),
        "void": (),
    }

    name = fields.Char("Number", required=True, copy=False)
    order_id = fields.Many2one(
        "sale.order", required=True, index=True, ondelete="restrict", check_company=True
    )
    kind = fields.Selection(
        [
            ("order", "Contract"),
            ("amendment", "Amendment"),
            ("cancellation", "Cancellation"),
        ],
        default="order",
        required=True,
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="restrict"
    )
    account_id = fields.Many2one(
        "key.account", index="btree_not_null", ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users", "Led by", index=True, ondelete="restrict", tracking=True
    )
    leader_ids = fields.Many2many(
        "res.users",
        "key_account_commission_deal_leader_rel",
        "deal_id",
        "user_id",
        "Leaders",
        help="Who led the team of its lead on the day of signing, and may read this.",
    )
    state = fields.Selection(
        [
            ("draft", "Signed"),
            ("credited", "Credited"),
            ("collected", "Collected"),
            ("settled", "Settled"),
            ("void", "Void"),
        ],
        "Status",
        default="draft",
        required=True,
        index=True,
        tracking=True,
    )

    # the contract
    signed_on = fields.Date(tracking=True)
    contract_amount = fields.Monetary("Contract", help="Without taxes.")
    pass_through = fields.Monetary("Passed through")
    transport = fields.Monetary()
    measure_amount = fields.Monetary(
        "Turnover",
        compute="_compute_measure_amount",
        store=True,
        help="Contract less what is passed through and transport.",
    )
    turnover_month = fields.Date(
        "Counts in",
        index=True,
        help="The month of signing; of the final payment if it was never signed. A"
        " contract that comes to light after its month was closed counts in the first"
        " open one.",
    )

    # what it is paid by, frozen with the month
    origin_class = fields.Selection(
        [("new", "New customer"), ("existing", "Existing customer")], "Customer Is"
    )
    version_id = fields.Many2one(
        "key.account.commission.plan.version", index=True, ondelete="restrict"
    )
    slab_id = fields.Many2one("key.account.commission.slab", ondelete="restrict")
    rate = fields.Float("Rate (%)", digits=(12, 8))
    retention_pct = fields.Float("Kept (%)", digits=(12, 8))

    # what came of it
    invoiced_amount = fields.Monetary("Invoiced", help="Less credit notes, untaxed.")
    cost_amount = fields.Monetary(
        "Costs", help="On the analytic account of the order, pass-through left out."
    )
    net_profit = fields.Monetary(
        help="Invoiced less pass-through, transport and costs."
    )
    final_paid_on = fields.Date(
        "Final Payment", help="The day the last open amount of its invoices was paid."
    )
    analytic_account_id = fields.Many2one(
        "account.analytic.account", "Costs on", ondelete="restrict"
    )
    profit_confirmed_by_id = fields.Many2one(
        "res.users", "Profit Confirmed by", copy=False, ondelete="restrict"
    )
    profit_confirmed_on = fields.Date(copy=False)
    pool_amount = fields.Monetary(
        "Commission Pool", help="What all who share it earn by it."
    )
    paid_amount = fields.Monetary(
        "Booked",
        compute="_compute_paid_amount",
        help="Of all for an officer, of himself for who has a share.",
    )
    entry_ids = fields.One2many("key.account.commission.entry", "deal_id", "Entries")
    split_ids = fields.One2many(
        "key.account.commission.split", "deal_id", "Shares", copy=False
    )

    _order_once = models.UniqueIndex(
        "(order_id) WHERE kind = 'order' AND state != 'void'",
        "An order is one contract; what changed later is an amendment.",
    )
    _open_idx = models.Index("(company_id, state, turnover_month)")

    # --- Compute ---

    @api.depends("contract_amount", "pass_through", "transport")
    def _compute_measure_amount(self):
        for deal in self:
            beside = deal.pass_through + deal.transport
            deal.measure_amount = deal.contract_amount - beside

    @api.depends("entry_ids.amount")
    @api.depends_context("uid")
    def _compute_paid_amount(self):
        sums = self.env["key.account.commission.entry"]._read_group(
            [
                ("deal_id", "in", self.ids),
                ("kind", "in", ("earn", "clawback", "adjust")),
            ],
            ["deal_id"],
            ["amount:sum"],
        )
        booked = {deal.id: amount for deal, amount in sums}
        for deal in self:
            deal.paid_amount = booked.get(deal._origin.id, 0.0)

    @api.depends("name", "partner_id.name")
    def _compute_display_name(self):
        for deal in self:
            names = (deal.name, deal.partner_id.name)
            deal.display_name = " · ".join(filter(None, names))

    # --- CRUD ---

    def write(self, vals):
        # the shares are all that people change of a contract; its officer also says
        # where its costs are booked
        if not self.env.su and vals.keys() - {"split_ids"}:
            self._check_group(
                OFFICER,
                self.env._(
                    "Of a contract you set the shares; the rest is its order's."
                ),
            )
        return super().write(vals)

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "order_id",
            "company_id",
            "leader_ids",
            "measure_amount",
            "split_state",
            "kind",
            "partner_id",
            "user_id",
            "signed_on",
            "contract_amount",
            "pass_through",
            "transport",
            "turnover_month",
            "origin_class",
            "version_id",
            "slab_id",
            "rate",
            "retention_pct",
            "invoiced_amount",
            "cost_amount",
            "net_profit",
            "final_paid_on",
            "profit_confirmed_by_id",
            "profit_confirmed_on",
            "pool_amount",
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(
            self.env._(
                "Contracts are not deleted: cancel the order, and its contract is void."
            )
        )

    # --- Actions ---

    def action_confirm_profit(self):
        """Finance says that the net profit is final as far as one knows. What is known
        later is booked as a difference, in the period that is open then.

        :raises UserError: by who is no commission officer, or has a share.
        """
        self._check_group(
            OFFICER, self.env._("Commission officers confirm the net profit.")
        )
        self._lock()
        for deal in self:
            if not self.env.su and self.env.user in deal.split_ids.user_id:
                raise UserError(
                    self.env._(
                        "You have a share in %(deal)s: somebody else confirms its"
                        " profit.",
                        deal=deal.display_name,
                    )
                )
        self._refresh_figures()
        self._authorized().write(
            {
                "profit_confirmed_by_id": self.env.uid,
                "profit_confirmed_on": self.env.company._key_account_today(),
            }
        )
        return True

    def action_refresh(self):
        """Reads the order, its invoices, payments and costs anew."""
        self.check_access("read")
        deals = self.sudo()
        deals._follow_amendments()
        deals._refresh_figures()
        return True

    @api.model
    def _cron_refresh(self):
        """Brings what is not settled yet in step with the books, company by company."""
        for company in self.env["res.company"].search(Domain.TRUE):
            self.with_company(company)._open_earlier(company)
            deals = self.with_company(company).search(
                [
                    ("company_id", "=", company.id),
                    ("state", "in", ("draft", "credited", "collected")),
                ]
            )
            deals._follow_amendments()
            deals._refresh_figures()

    def action_open_order(self):
        """Opens the order."""
        self.ensure_one()
        return self.order_id._get_records_action()

    def action_open_invoices(self):
        """Opens the invoices of the order."""
        self.ensure_one()
        return self.order_id.action_view_invoice()

    def action_open_entries(self):
        """Opens what was booked of this contract."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account.commission_entry_action"
        )
        return {**action, "domain": [("deal_id", "=", self.id)], "context": {}}

    def action_open_costs(self):
        """Opens the lines of the analytic account that were counted as costs."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "analytic.account_analytic_line_action_entries"
        )
        column = self.analytic_account_id.plan_id._column_name() or "account_id"
        domain = [(column, "=", self.analytic_account_id.id)]
        return {**action, "domain": domain, "context": {}}

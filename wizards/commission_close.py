from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

OFFICER = "key_account.group_commission_officer"


class KeyAccountCommissionClose(models.TransientModel):
    """Closes a month: fixes what everybody has signed, and the rates of his contracts.
    Shows before what the month is made of, and what cannot be credited."""

    _name = "key.account.commission.close"
    _description = "Close a Month"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    month = fields.Date(
        required=True,
        compute="_compute_month",
        store=True,
        precompute=True,
        readonly=False,
        help="Any day of the last month that is to be closed.",
    )
    deal_ids = fields.Many2many(
        "key.account.commission.deal",
        compute="_compute_deal_ids",
        string="Contracts",
        compute_sudo=True,
    )
    deal_count = fields.Integer(
        "Contracts That Count", compute="_compute_deal_ids", compute_sudo=True
    )
    problem_ids = fields.Many2many(
        "key.account.commission.deal",
        "key_account_commission_close_problem_rel",
        compute="_compute_deal_ids",
        string="Cannot Be Credited",
        compute_sudo=True,
        help="Without a salesperson, or without a plan in that month: they count in the"
        " first open month after that is mended.",
    )

    @api.depends("company_id")
    def _compute_month(self):
        for wizard in self:
            today = wizard.company_id._key_account_today()
            wizard.month = today.replace(day=1) - relativedelta(days=1)

    @api.depends("month", "company_id")
    def _compute_deal_ids(self):
        Turnover = self.env["key.account.commission.turnover"]
        for wizard in self:
            deals = self.env["key.account.commission.deal"].search(
                Domain("company_id", "=", wizard.company_id.id)
                & Domain("state", "=", "draft")
                & Domain("turnover_month", "<=", wizard.month or fields.Date.today())
            )
            people = Turnover._people_of(wizard.company_id)
            wizard.deal_ids = deals
            wizard.deal_count = len(deals)
            wizard.problem_ids = deals.filtered(
                lambda deal, people=people: (
                    not Turnover._version_of(
                        people.get(deal.user_id.id), deal.turnover_month
                    )
                )
            )

    def action_close(self):
        """Closes the month, and those before it that are still open.

        :raises UserError: by who is no officer, or for a month that is not over.
        """
        self.ensure_one()
        if not self.env.su and not self.env.user.has_group(OFFICER):
            raise UserError(self.env._("Only commission officers close months."))
        last = self.month.replace(day=1) + relativedelta(months=1, days=-1)
        if last >= self.company_id._key_account_today():
            raise UserError(self.env._("This month is not over yet."))
        deals = self.deal_ids.sudo()
        deals._follow_amendments()
        deals._refresh_figures()
        Turnover = self.env["key.account.commission.turnover"].sudo()
        Turnover._close_until(self.company_id, last)
        return self.env["ir.actions.act_window"]._for_xml_id(
            "key_account.commission_turnover_action"
        )

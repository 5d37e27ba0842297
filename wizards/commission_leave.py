from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

OFFICER = "key_account.group_commission_officer"


class KeyAccountCommissionLeave(models.TransientModel):
    """Somebody leaves the company: his assignments end, and all that was kept of his
    commissions comes back with the next run (R120). Nothing is forfeited; what is still
    to come of his contracts is paid as for everybody."""

    _name = "key.account.commission.leave"
    _description = "Somebody Leaves"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users", "Leaving Person", required=True, context={"active_test": False}
    )
    left_on = fields.Date(
        "Last Working Day",
        required=True,
        default=lambda self: self.env.company._key_account_today(),
    )
    held_amount = fields.Monetary(
        "Is Kept of Him", compute="_compute_held_amount", compute_sudo=True
    )
    open_deal_count = fields.Integer(
        "Contracts not Settled", compute="_compute_held_amount", compute_sudo=True
    )
    note = fields.Char("Why", help="Resignation, end of the contract ...")

    @api.depends("user_id", "company_id")
    def _compute_held_amount(self):
        for wizard in self:
            ((amount,),) = self.env["key.account.commission.entry"]._read_group(
                Domain("user_id", "=", wizard.user_id.id)
                & Domain("company_id", "=", wizard.company_id.id)
                & Domain("kind", "in", ("retain", "release")),
                [],
                ["amount:sum"],
            )
            wizard.held_amount = -(amount or 0.0)
            wizard.open_deal_count = self.env[
                "key.account.commission.split"
            ].search_count(
                Domain("user_id", "=", wizard.user_id.id)
                & Domain("company_id", "=", wizard.company_id.id)
                & Domain("deal_id.state", "in", ("draft", "credited", "collected"))
            )

    def action_leave(self):
        """Ends the assignments and puts the release on the officers' desk.

        :raises UserError: by who is no officer, or is the one who leaves.
        """
        self.ensure_one()
        user = self.env.user
        if not self.env.su and (not user.has_group(OFFICER) or user == self.user_id):
            raise UserError(
                self.env._("A commission officer does this, for somebody else.")
            )
        assignments = self.env["key.account.commission.assignment"].search(
            Domain("user_id", "=", self.user_id.id)
            & Domain("company_id", "=", self.company_id.id)
        )
        if not assignments:
            raise UserError(
                self.env._(
                    "%(name)s has no commission plan in this company.",
                    name=self.user_id.name,
                )
            )
        for assignment in assignments:
            last = max(self.left_on, assignment.date_from)
            if not assignment.date_to or assignment.date_to > last:
                assignment.date_to = last
        assignments.write({"left_on": self.left_on})
        assignments[0].activity_schedule(
            "key_account.activity_commission_release",
            user_id=user.id,
            summary=self.env._(
                "Release %(amount)s to %(name)s",
                amount=self.currency_id.format(self.held_amount),
                name=self.user_id.name,
            ),
            note=self.note,
        )
        return {"type": "ir.actions.act_window_close"}

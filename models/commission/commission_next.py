from odoo import api, fields, models

OFFICER = "key_account.group_commission_officer"


class KeyAccountCommissionNext(models.AbstractModel):
    """Says of a contract what keeps it from being paid, and whose turn it is."""

    _name = "key.account.commission.next"
    _description = "Next Step of a Contract"

    next_step = fields.Char(compute="_compute_next_step")
    is_my_turn = fields.Boolean(compute="_compute_is_my_turn")

    # --- Compute ---

    @api.depends(
        "state",
        "kind",
        "user_id",
        "split_ids.accepted_on",
        "split_state",
        "signed_on",
        "invoiced_amount",
        "final_paid_on",
        "profit_confirmed_on",
    )
    def _compute_next_step(self):
        for deal in self:
            closed = deal.state in ("settled", "void") or deal.kind == "cancellation"
            step = None if closed else deal._say_split() or deal._say_payment()
            deal.next_step = step or False

    @api.depends("split_state", "state", "user_id", "profit_confirmed_on")
    @api.depends_context("uid")
    def _compute_is_my_turn(self):
        officer = self.env.user.has_group(OFFICER)
        for deal in self:
            completes = deal.split_state == "incomplete" and deal.may_split
            confirms = officer and deal._waits_for_confirmation()
            deal.is_my_turn = deal.may_agree or completes or confirms

    # --- Tools ---

    def _say_split(self):
        """What is to be done about its lead and shares."""
        if not self.user_id:
            return self.env._(
                "Nobody leads it: name the salesperson on the order. Nothing can be"
                " credited until then."
            )
        if self.split_state == "incomplete":
            return self.env._(
                "The shares are not 100 percent in all: %(lead)s completes them.",
                lead=self.user_id.name,
            )
        if self.split_state == "waiting":
            asked = self.split_ids.filtered(
                lambda split: not split.accepted_on and split.basis == "agreement"
            )
            return self.env._(
                "%(people)s must agree to the shares. Nothing of it is paid until"
                " then.",
                people=", ".join(asked.user_id.mapped("name")),
            )
        return None

    def _say_payment(self):
        """What is still to come of the money."""
        if not self.invoiced_amount:
            return self.env._("It is not invoiced yet.")
        if not self.final_paid_on:
            return self.env._("It waits for the final payment of the customer.")
        if self._waits_for_confirmation():
            return self.env._(
                "It is paid in full. A commission officer confirms the net profit."
            )
        return self.env._(
            "It is paid in full since %(day)s: the run of that period settles it.",
            day=fields.Date.to_string(self.final_paid_on),
        )

    def _waits_for_confirmation(self):
        confirm = self.company_id.key_account_confirm_profit
        paid = self.final_paid_on and self.state not in ("settled", "void")
        return bool(confirm and paid and not self.profit_confirmed_on)

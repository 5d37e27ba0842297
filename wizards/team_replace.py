from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..models.team.staffing import Plan, Refusal


class KeyAccountReplace(models.TransientModel):
    """Hands the customers of one person to another one from a day on: as members of
    their teams and, at once, as owner. What cannot be is shown before."""

    _name = "key.account.replace"
    _description = "Replace a Person"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    from_user_id = fields.Many2one(
        "res.users", "Who Leaves", required=True, context={"active_test": False}
    )
    to_user_id = fields.Many2one(
        "res.users",
        "Is Replaced by",
        required=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    date_from = fields.Date(
        "From",
        required=True,
        default=lambda self: self.env.company._key_account_today(),
    )
    account_ids = fields.Many2many(
        "key.account", string="Only These Customers", help="Empty: all of them."
    )
    as_member = fields.Boolean("In the Teams", default=True)
    as_owner = fields.Boolean(default=True)
    only_possible = fields.Boolean(
        "Leave out What Is Refused",
        help="Otherwise nothing happens as long as anything is refused.",
    )
    overload_reason = fields.Char("Reason for the Overload")
    line_ids = fields.One2many(
        "key.account.staff.line", "replace_id", compute="_compute_line_ids", store=True
    )
    refused_count = fields.Integer(compute="_compute_line_ids", store=True)

    @api.depends(
        "company_id",
        "from_user_id",
        "to_user_id",
        "date_from",
        "account_ids",
        "as_member",
        "as_owner",
        "overload_reason",
    )
    def _compute_line_ids(self):
        for wizard in self:
            plans, refusals, _rows = wizard._preview()
            vals = [
                wizard.line_ids._prepare_vals(plan, refusal)
                for plan, refusal in zip(plans, refusals, strict=True)
            ]
            wizard.line_ids = [Command.clear(), *map(Command.create, vals)]
            wizard.refused_count = sum(map(bool, refusals))

    # --- Actions ---

    def action_replace(self):
        """Replaces the person wherever that can be."""
        self.ensure_one()
        plans, refusals, rows = self._preview()
        left_out = [
            f"{plan.account.name}: {refusal.text}"
            for plan, refusal in zip(plans, refusals, strict=True)
            if refusal
        ]
        if left_out and not self.only_possible:
            raise UserError(
                self.env._(
                    "Nothing was changed, because this is refused:\n%(problems)s\n"
                    "Choose somebody else, or leave out what is refused.",
                    problems="\n".join(left_out),
                )
            )
        done = [
            (plan, row)
            for plan, refusal, row in zip(plans, refusals, rows, strict=True)
            if not refusal
        ]
        # the owner first: one customer counts once, whatever the same person does there
        owned = self.env["key.account"].union(
            *(plan.account for plan, row in done if not row)
        )
        self._hand_over(owned)
        self._hand_on([(plan, row) for plan, row in done if row])
        return self.env["key.account"]._staffing_result(len(done), left_out)

    # --- Business ---

    def _hand_over(self, accounts):
        if accounts:
            accounts.check_access("write")
            if self.overload_reason:
                accounts = accounts._despite_overload(self.overload_reason)
            accounts._change_holder(
                self.to_user_id,
                reason=self.env._(
                    "Takes over from %(person)s.", person=self.from_user_id.name
                ),
            )

    def _hand_on(self, moves):
        """Ends the rows of the one the day before, and begins those of the other."""
        eve = self.date_from - timedelta(days=1)
        rows = self.env["key.account.member"].union(*(row for _plan, row in moves))
        rows.check_access("write")
        unborn = rows.filtered(
            lambda row: not row.has_begun and row.date_from >= self.date_from
        )
        unborn.unlink()
        (rows - unborn)._authorized().write({"date_to": eve})
        (rows - unborn).flush_recordset()
        self.env["key.account.member"].create(
            [
                {
                    **plan.account._prepare_member_vals(plan),
                    "overload_reason": self.overload_reason,
                }
                for plan, _row in moves
            ]
        )

    def _preview(self):
        """``(plans, refusals, rows)``: a row of the person for each membership, none
        for an ownership."""
        if not (self.from_user_id and self.to_user_id and self.date_from):
            return [], [], []
        owned, members = self._what_he_has()
        pairs = [
            (Plan(account, self.to_user_id, None, self._today()), members.browse())
            for account in owned
        ]
        pairs += [
            (
                Plan(
                    member.account_id,
                    self.to_user_id,
                    member.role_id,
                    max(self.date_from, member.date_from),
                    member.date_to or None,
                    member.is_lead,
                ),
                member,
            )
            for member in members
        ]
        plans = [plan for plan, _row in pairs]
        refusals = self.env["key.account"]._previewed(
            plans, self.overload_reason, ignore=members
        )
        refusals = [
            self._refuse_dates(plan) or refusal
            for plan, refusal in zip(plans, refusals, strict=True)
        ]
        return plans, refusals, [row for _plan, row in pairs]

    def _what_he_has(self):
        """The accounts he owns and the memberships that reach beyond the day."""
        company = Domain("company_id", "=", self.company_id.id)
        accounts = self.env["key.account"]
        members = self.env["key.account.member"]
        chosen = self.account_ids._origin.ids
        if self.as_owner:
            owns = company & Domain("holder_id", "=", self.from_user_id.id)
            if chosen:
                owns &= Domain("id", "in", chosen)
            accounts = accounts.search(owns & Domain("state", "!=", "closed"))
        if self.as_member:
            serves = company & Domain("user_id", "=", self.from_user_id.id)
            serves &= Domain("date_to", "=", False) | Domain(
                "date_to", ">=", self.date_from
            )
            if chosen:
                serves &= Domain("account_id", "in", chosen)
            members = members.search(serves, order="account_id, id")
        return accounts, members

    def _refuse_dates(self, plan):
        """Yesterday cannot be staffed anew, and an owner changes today."""
        today = self._today()
        if self.from_user_id == self.to_user_id:
            return Refusal("person", self.env._("It is the same person."))
        if self.date_from < today:
            return Refusal(
                "date", self.env._("The past stays as it was: begin today or later.")
            )
        if not plan.role and self.date_from > today:
            return Refusal(
                "date",
                self.env._("An owner changes today: replace him again on that day."),
            )
        return None

    def _today(self):
        return self.company_id._key_account_today()

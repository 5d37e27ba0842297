from odoo import api, fields, models
from odoo.exceptions import UserError

OFFICER = "key_account.group_commission_officer"


class KeyAccountCommissionDispute(models.Model):
    """An objection to a row of a statement. It keeps its own contract from being paid,
    and nothing else::

        open -> accepted | rejected | withdrawn

    What is accepted is mended where it is wrong (order, shares, costs) and computed
    anew, or is an adjustment in the period that is open.
    """

    _name = "key.account.commission.dispute"
    _description = "Objection"
    _inherit = ["key.account.guarded", "mail.thread", "mail.activity.mixin"]
    _mail_post_access = "read"
    _order = "state desc, id desc"
    _transitions = {"open": ("accepted", "rejected", "withdrawn")}

    statement_id = fields.Many2one(
        "key.account.commission.statement",
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="statement_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    entry_id = fields.Many2one(
        "key.account.commission.entry",
        "Row",
        index="btree_not_null",
        ondelete="set null",
    )
    deal_id = fields.Many2one(
        "key.account.commission.deal",
        "Contract",
        index="btree_not_null",
        ondelete="restrict",
    )
    user_id = fields.Many2one(
        "res.users", "Raised by", required=True, index=True, ondelete="restrict"
    )
    owner_id = fields.Many2one("res.users", "Answers", ondelete="restrict")
    reason = fields.Text("What Is Wrong", required=True)
    state = fields.Selection(
        [
            ("open", "Open"),
            ("accepted", "Upheld"),
            ("rejected", "Rejected"),
            ("withdrawn", "Withdrawn"),
        ],
        "Status",
        default="open",
        required=True,
        tracking=True,
    )
    resolution = fields.Text("Answer")
    amount = fields.Monetary("Adjustment")
    decided_by_id = fields.Many2one("res.users", ondelete="restrict")
    is_booked = fields.Boolean(export_string_translation=False)

    # --- Compute ---

    @api.depends("deal_id.name", "user_id.name")
    def _compute_display_name(self):
        for dispute in self:
            names = (dispute.user_id.name, dispute.deal_id.name)
            dispute.display_name = " · ".join(filter(None, names))

    # --- CRUD ---

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(
                self.env._("Object to a row by its button on your statement.")
            )
        return super().create(vals_list)

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "statement_id",
            "company_id",
            "entry_id",
            "deal_id",
            "user_id",
            "reason",
            "resolution",
            "amount",
            "decided_by_id",
            "is_booked",
        }

    # --- Actions ---

    def action_ask_decision(self):
        """Asks for the answer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer the Objection"),
            "res_model": "key.account.commission.answer",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_dispute_id": self.id},
        }

    def action_decide(self, accepted, answer, amount=0.0):
        """Answers the objection. An amount is booked as an adjustment in the run that
        is computed next.

        :raises UserError: by who is no officer or objects himself, or without words.
        """
        self.ensure_one()
        self._check_group(OFFICER, self.env._("Commission officers answer objections."))
        if not self.env.su and self.env.user == self.user_id:
            raise UserError(self.env._("You object yourself: somebody else answers."))
        if not (answer or "").strip():
            raise UserError(self.env._("Say why, so that he can read it."))
        if amount and not accepted:
            raise UserError(self.env._("What is rejected is not adjusted."))
        self._lock()
        self.sudo()._move(
            "accepted" if accepted else "rejected",
            resolution=answer.strip(),
            amount=amount,
            decided_by_id=self.env.uid,
        )
        self.sudo()._tell_outcome()
        return True

    def action_withdraw(self):
        """Whoever objected takes it back."""
        for dispute in self:
            if not self.env.su and dispute.user_id != self.env.user:
                raise UserError(
                    self.env._(
                        "%(name)s objected, and takes it back himself.",
                        name=dispute.user_id.name,
                    )
                )
        self._lock()
        self.sudo()._move("withdrawn")
        self.sudo()._tell_outcome()
        return True

    # --- Business ---

    def _ask_owner(self):
        for dispute in self:
            dispute.message_subscribe(dispute.user_id.partner_id.ids)
            if dispute.owner_id:
                dispute.activity_schedule(
                    "key_account.activity_commission_dispute",
                    user_id=dispute.owner_id.id,
                    summary=self.env._("Answer the objection"),
                )

    def _tell_outcome(self):
        self.activity_unlink(["key_account.activity_commission_dispute"])
        for statement in self.statement_id:
            still_open = statement.dispute_ids.filtered(lambda d: d.state == "open")
            if statement.state == "disputed" and not still_open:
                statement._move("sent")
        for dispute in self.filtered("resolution"):
            dispute.message_notify(
                partner_ids=dispute.user_id.partner_id.ids,
                subject=dispute.display_name,
                body=dispute.resolution,
            )

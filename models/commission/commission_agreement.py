from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare

OFFICER = "key_account.group_commission_officer"
SETTLED = ("settled", "void")


class KeyAccountCommissionAgreement(models.AbstractModel):
    """How the people of a contract agree on their shares (R122).

    Whoever leads it, or a commission officer, names people and shares; each of them
    agrees for himself. A change asks everybody again. Where they cannot agree, an
    officer without a share decides and says why. Until then nothing of the contract is
    paid, and its lead has a task.
    """

    _name = "key.account.commission.agreement"
    _description = "Agreement on Shares"

    split_ids = fields.One2many("key.account.commission.split", "deal_id", "Shares")
    split_state = fields.Selection(
        [
            ("agreed", "All agreed"),
            ("decided", "Decided on"),
            ("waiting", "Not everybody has agreed"),
            ("incomplete", "Shares are not 100 %"),
        ],
        "Shares Are",
        compute="_compute_split_state",
        store=True,
    )
    may_agree = fields.Boolean(compute="_compute_may_agree")
    may_split = fields.Boolean(compute="_compute_may_split")

    # --- Compute ---

    @api.depends("split_ids.share", "split_ids.accepted_on", "split_ids.basis")
    def _compute_split_state(self):
        for deal in self:
            splits = deal.split_ids
            if float_compare(sum(splits.mapped("share")), 100, precision_digits=6):
                deal.split_state = "incomplete"
            elif all(split.basis == "decision" for split in splits):
                deal.split_state = "decided"
            elif all(splits.mapped("accepted_on")):
                deal.split_state = "agreed"
            else:
                deal.split_state = "waiting"

    @api.depends("split_ids.accepted_on", "split_ids.basis", "split_ids.user_id")
    @api.depends_context("uid")
    def _compute_may_agree(self):
        for deal in self:
            open_deal = deal.state not in SETTLED
            deal.may_agree = open_deal and any(deal.split_ids.mapped("may_accept"))

    @api.depends("state", "user_id")
    @api.depends_context("uid")
    def _compute_may_split(self):
        officer = self.env.user.has_group(OFFICER)
        for deal in self:
            mine = officer or deal.user_id == self.env.user or self.env.su
            deal.may_split = mine and deal.state not in SETTLED

    # --- Actions ---

    def action_agree(self):
        """I agree to my share of this contract."""
        mine = self.split_ids.filtered(lambda split: split.user_id == self.env.user)
        if not mine:
            raise UserError(self.env._("You have no share in this contract."))
        return mine.action_accept()

    def action_ask_decision(self):
        """Asks for the reason of a decision on the shares."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decide on the Shares"),
            "res_model": "key.account.commission.decide",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_deal_id": self.id},
        }

    def action_decide(self, reason, shares=None):
        """The company decides on the shares, because the people do not agree.

        :param reason: what everybody reads.
        :param shares: ``{user id: percent}`` instead of the shares that stand there.
        :raises UserError: by who is no officer or has a share himself, without a
            reason, or when the shares are not 100 percent in all.
        """
        self.ensure_one()
        self._check_group(OFFICER, self.env._("Commission officers decide on shares."))
        people = {int(user): share for user, share in (shares or {}).items()}
        named = {*people, *self.split_ids.user_id.ids}
        if not self.env.su and self.env.uid in named:
            raise UserError(
                self.env._("You have a share yourself: somebody else decides.")
            )
        if not (reason or "").strip():
            raise UserError(self.env._("Say why, so that everybody can read it."))
        self._lock()
        self._check_splits_open()
        if people:
            self._set_shares(people)
        if self.split_state == "incomplete":
            raise UserError(
                self.env._(
                    "The shares are not 100 percent in all: complete them first."
                )
            )
        self.split_ids._authorized().write(
            {
                "basis": "decision",
                "decided_by_id": self.env.uid,
                "note": reason.strip(),
                "accepted_on": False,
            }
        )
        self._note_agreement()
        return True

    # --- Business ---

    def _set_shares(self, people):
        there = {split.user_id.id: split for split in self.split_ids}
        gone = self.split_ids.filtered(lambda split: split.user_id.id not in people)
        gone._authorized().unlink()
        for user, share in people.items():
            if user in there:
                there[user]._authorized().write({"share": share})
        self.env["key.account.commission.split"]._authorized().create(
            [
                {"deal_id": self.id, "user_id": user, "share": share}
                for user, share in people.items()
                if user not in there
            ]
        )

    def _ask_for_agreement(self):
        """Called before and after somebody changes shares: he may, and agrees himself;
        all others are asked again."""
        for deal in self:
            if not deal.may_split:
                deal._refuse_splitting()
        self._check_splits_open()
        deals = self.sudo()
        today = self.env.company._key_account_today()
        me = self.env.user
        mine = deals.split_ids.filtered(lambda split: split.user_id == me)
        fresh = {"basis": "agreement", "decided_by_id": False, "note": False}
        (deals.split_ids - mine)._authorized().write({**fresh, "accepted_on": False})
        mine._authorized().write({**fresh, "accepted_on": today})
        deals._set_leaders()
        for deal in deals:
            asked = deal.split_ids.filtered(lambda split: not split.accepted_on)
            deal.message_subscribe(asked.user_id.partner_id.ids)

    def _refuse_splitting(self):
        self._check_splits_open()
        raise UserError(
            self.env._(
                "%(lead)s, who leads this contract, or a commission officer sets the"
                " shares.",
                lead=self.user_id.name or self.env._("Somebody"),
            )
        )

    def _check_splits_open(self):
        """:raises UserError: when what people earned by it is settled already."""
        fixed = self.filtered(lambda deal: deal.state in SETTLED)
        if fixed:
            raise UserError(
                self.env._(
                    "%(deal)s is settled: its shares stay as they were paid.",
                    deal=fixed[0].display_name,
                )
            )
        runs = self.sudo().entry_ids.run_id.filtered(lambda run: run.state == "review")
        if runs:
            raise UserError(
                self.env._(
                    "%(run)s is under review and pays this contract. Send it back"
                    " first.",
                    run=runs[0].display_name,
                )
            )

    def _note_agreement(self):
        """The task of the lead is done once all agreed."""
        for deal in self.filtered(lambda d: d.split_state in ("agreed", "decided")):
            deal.activity_unlink(["key_account.activity_commission_split"])

    def _remind_of_splits(self):
        """A task for the lead of each contract whose shares keep it from being paid."""
        kind = self.env.ref("key_account.activity_commission_split")
        asked = self.activity_ids.filtered(lambda a: a.activity_type_id == kind)
        told = self.browse(asked.mapped("res_id"))
        for deal in (self - told).filtered("user_id"):
            deal.activity_schedule(
                activity_type_id=kind.id,
                user_id=deal.user_id.id,
                summary=self.env._("Agree on the shares"),
            )

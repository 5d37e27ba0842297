from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.authority import holds_authority


class KeyAccountAppeal(models.Model):
    """Somebody holds that a customer's tier is wrong and says why; somebody else of
    the committee answers. An accepted appeal opens an override for the committee.

    ``open -> accepted | rejected``, or withdrawn by whoever made it.
    """

    _name = "key.account.appeal"
    _description = "Appeal against a Tier"
    _inherit = ["mail.thread", "mail.activity.mixin", "key.account.committee"]
    _order = "create_date desc, id desc"
    _check_company_auto = True
    _transitions = {"open": ("accepted", "rejected", "withdrawn")}

    account_id = fields.Many2one(
        "key.account", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    line_id = fields.Many2one(
        "key.account.evaluation.line",
        "Contested Verdict",
        index="btree_not_null",
        ondelete="set null",
        domain="[('account_id', '=', account_id)]",
    )
    tier_id = fields.Many2one(related="account_id.tier_id", string="Tier now")
    wanted_tier_id = fields.Many2one(
        "key.account.tier",
        required=True,
        domain="[('company_id', '=', company_id), ('scheme_state', '=', 'live')]",
    )
    reason = fields.Text(required=True)
    answer = fields.Text(help="What the committee says to it.")
    override_id = fields.Many2one("key.account.override", readonly=True, copy=False)
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

    _one_open = models.UniqueIndex(
        "(account_id) WHERE state = 'open'",
        "There is an open appeal about this customer already.",
    )

    @api.depends("account_id", "wanted_tier_id")
    def _compute_display_name(self):
        for appeal in self:
            names = (appeal.account_id.name, appeal.wanted_tier_id.display_name)
            appeal.display_name = " → ".join(filter(None, names))

    # --- CRUD ---

    @api.model_create_multi
    def create(self, vals_list):
        appeals = super().create(vals_list)
        appeals._tell_committee()
        return appeals

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"override_id"}

    def write(self, vals):
        terms = {"account_id", "line_id", "wanted_tier_id", "reason", "answer"}
        if terms.intersection(vals) and not holds_authority(self.env.context):
            self._check_open()
        if "answer" in vals:
            self._check_can_decide()
        return super().write(vals)

    # --- Actions ---

    def action_accept(self):
        """Agrees, and requests the override that the appeal wants for half a year; a
        second member of the committee approves it."""
        self._check_answered()
        self._decide("accepted")
        for appeal in self:
            # in the name of who accepts, so that a second member approves it
            override = (
                self.env["key.account.override"]
                .sudo()
                .create(appeal._prepare_override_vals())
            )
            override.action_submit()
            appeal._authorized().override_id = override
        self.activity_unlink(["mail.mail_activity_data_todo"])
        return True

    def action_reject(self):
        """Disagrees, in words."""
        self._check_answered()
        self._decide("rejected")
        self.activity_unlink(["mail.mail_activity_data_todo"])
        return True

    def action_withdraw(self):
        """Takes the appeal back."""
        for appeal in self:
            if appeal.requester_id != self.env.user:
                raise UserError(
                    self.env._("Only the person who made an appeal withdraws it.")
                )
        self._lock()
        self._withdraw()
        return True

    # --- Business ---

    def _committee_task(self):
        return self.env._("Answer an appeal")

    def _withdraw(self):
        self._move("withdrawn")
        self.activity_unlink(["mail.mail_activity_data_todo"])

    def _check_open(self):
        if any(appeal.state != "open" for appeal in self):
            raise UserError(
                self.env._("An appeal that is decided stays as it is. Make a new one.")
            )

    def _check_answered(self):
        for appeal in self:
            if not appeal.answer:
                raise UserError(
                    self.env._("Write the answer of the committee before you decide.")
                )

    def _prepare_override_vals(self):
        today = self.company_id._key_account_today()
        return {
            "account_id": self.account_id.id,
            "tier_id": self.wanted_tier_id.id,
            "reason": self.answer,
            "date_from": today,
            "date_to": fields.Date.add(today, months=6),
        }

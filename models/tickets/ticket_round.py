from odoo import api, fields, models
from odoo.exceptions import UserError


class KeyAccountTicketRound(models.Model):
    """One talk with the customer about the plan, or about whether he is satisfied, and
    what he said (R092)."""

    _name = "key.account.ticket.round"
    _description = "Talk with the Customer"
    _inherit = ["key.account.guarded"]
    _order = "date desc, id desc"
    _rec_name = "words"

    ticket_id = fields.Many2one(
        "key.account.ticket", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="ticket_id.company_id", store=True, precompute=True
    )
    kind = fields.Selection(
        [("plan", "About the Plan"), ("satisfaction", "Whether He Is Satisfied")],
        required=True,
        default="plan",
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    channel = fields.Selection(
        [
            ("phone", "By Phone"),
            ("email", "By Mail"),
            ("portal", "On the Portal"),
            ("visit", "In Person"),
            ("chat", "By Chat"),
        ],
        default="phone",
        required=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Who of Us",
        default=lambda self: self._default_user_id(),
        readonly=True,
        help="Empty where the customer answered by himself, on the portal.",
    )
    proposal = fields.Text("What We Offered")
    answer = fields.Selection(
        [
            ("accept", "Accepts"),
            ("refuse", "Refuses"),
            ("counter", "Wants Something Else"),
            ("later", "Will Answer Later"),
            ("unreachable", "Could Not Be Reached"),
        ],
        required=True,
    )
    words = fields.Text("In His Words", required=True)

    # --- Defaults ---

    @api.model
    def _default_user_id(self):
        user = self.env.user
        return user if user._is_internal() else user.browse()

    # --- CRUD ---

    @api.model_create_multi
    def create(self, vals_list):
        rounds = super().create(vals_list)
        rounds.ticket_id._begin_step()
        return rounds

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(
            self.env._("What the customer said stays as it was written down.")
        )

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"date", "user_id"}

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What the customer said stays on record."))

from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .data_stage import STAGES

CHANNELS = [
    ("export", "Export"),
    ("api", "Programs (API)"),
    ("email", "Email"),
    ("sms", "Text Message (SMS)"),
]


class KeyAccountDataRequest(models.Model):
    """Somebody wants the data of customers, or to write to many of them: why, whose,
    what, by what way and until when (R038).

    ``draft -> department -> steward -> manager -> general manager -> approved``, or
    refused. While it is approved and its dates hold, it opens the gate
    (``key.account.gated``) for the requester and the users he named, for the
    customers that its audience named on the day it was submitted.
    """

    _name = "key.account.data.request"
    _description = "Data Request"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "key.account.period",
        "key.account.data.stage",
    ]
    _order = "id desc"
    _check_company_auto = True
    _mail_post_access = "read"
    _period_fields = ("date_from", "expires_on")
    _transitions = {
        "draft": ("department", "withdrawn"),
        "department": ("steward", "refused", "withdrawn", "ended"),
        "steward": ("manager", "refused", "withdrawn", "ended"),
        "manager": ("general_manager", "refused", "withdrawn", "ended"),
        "general_manager": ("approved", "refused", "withdrawn", "ended"),
        "approved": ("ended",),
    }

    # who asks for what
    name = fields.Char("Number", readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    purpose = fields.Char(required=True, help="What it is needed for.")
    audience = fields.Char(
        "Customers",
        required=True,
        default="[]",
        help="Which accounts it is about. They are listed when it is submitted; who"
        " joins later is not covered.",
    )
    account_ids = fields.Many2many(
        "key.account",
        "key_account_data_request_account_rel",
        "request_id",
        "account_id",
        "Accounts Covered",
        readonly=True,
        copy=False,
        groups="key_account.group_reader",
    )
    account_count = fields.Integer("Customers Covered", readonly=True, copy=False)
    content = fields.Text(
        required=True, help="Which data leave the company, or what the message says."
    )
    channel = fields.Selection(CHANNELS, required=True, default="export")
    user_ids = fields.Many2many(
        "res.users",
        "key_account_data_request_user_rel",
        string="Also Used by",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Colleagues who may use it besides the requester.",
    )

    # when
    date_from = fields.Date(
        "From",
        required=True,
        default=lambda self: self.env.company._key_account_today(),
    )
    expires_on = fields.Date(
        "Until",
        required=True,
        default=lambda self: self._default_expires_on(),
        help="The last day it may be used.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("department", "Department"),
            ("steward", "Library Steward"),
            ("manager", "Manager"),
            ("general_manager", "General Manager"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("withdrawn", "Withdrawn"),
            ("ended", "Ended"),
        ],
        "Status",
        default="draft",
        required=True,
        index=True,
        tracking=True,
    )
    is_open = fields.Boolean(
        "May Be Used Now", compute="_compute_is_open", search="_search_is_open"
    )

    # what came of it
    use_ids = fields.One2many("key.account.data.use", "request_id", "Uses")

    _dates_in_order = models.Constraint(
        "CHECK(expires_on >= date_from)", "A data request ends after it begins."
    )

    # --- Defaults ---

    @api.model
    def _default_expires_on(self):
        company = self.env.company
        days = min(30, company.key_account_request_days)
        return fields.Date.add(company._key_account_today(), days=days)

    # --- Compute ---

    @api.depends("state", "starts_at", "ends_at")
    def _compute_is_open(self):
        holding = self._holds_now()
        for request in self:
            request.is_open = request.state == "approved" and request in holding

    def _search_is_open(self, operator, value):
        if operator != "in":
            return NotImplemented
        if False in value:
            return Domain.TRUE if True in value else ~self._open_domain()
        return self._open_domain()

    @api.depends("name", "purpose")
    def _compute_display_name(self):
        for request in self:
            request.display_name = " · ".join(
                filter(None, [request.name, request.purpose])
            )

    # --- Constraints ---

    @api.constrains("date_from", "expires_on", "company_id")
    def _check_length(self):
        for request in self:
            days = request.company_id.key_account_request_days
            if (request.expires_on - request.date_from).days > days:
                raise ValidationError(
                    self.env._(
                        "A data request holds for at most %(days)s days. Choose an"
                        " earlier end, and ask again when it is over.",
                        days=days,
                    )
                )

    # --- CRUD ---

    @api.model_create_multi
    def create(self, vals_list):
        numbers = self.env["ir.sequence"].sudo()
        for vals in vals_list:
            vals["name"] = numbers.next_by_code("key.account.data.request")
        return super().create(vals_list)

    def write(self, vals):
        if self._terms().intersection(vals):
            if any(request.state != "draft" for request in self):
                raise UserError(
                    self.env._(
                        "What was submitted stays as it was submitted. Withdraw the"
                        " request, copy it and submit the copy."
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(request.state != "draft" for request in self):
            raise UserError(self.env._("A submitted data request stays on record."))

    # --- Actions ---

    def action_submit(self):
        """Lists the customers it is about, and asks the first of the four."""
        for request in self:
            request._check_mine()
            if request.expires_on < request.company_id._key_account_today():
                raise UserError(
                    self.env._(
                        "%(name)s would have ended already. Choose a later end.",
                        name=request.display_name,
                    )
                )
        self._lock()
        for request in self:
            accounts = request._audience()
            request = request.sudo()
            request._authorized().write(
                {
                    "account_ids": [fields.Command.set(accounts.ids)],
                    "account_count": len(accounts),
                }
            )
            request._enter("department")
        return True

    def action_withdraw(self):
        """Takes the request back before it is decided."""
        for request in self:
            request._check_mine()
        self._lock()
        self.sudo()._finish("withdrawn", self.env._("withdrawn"))
        return True

    def action_close(self):
        """Ends an approved request before its time: nothing leaves by it any more."""
        for request in self:
            if not self.env.user.has_group("key_account.group_manager"):
                request._check_mine()
        self.check_access("read")
        self._lock()
        self.sudo()._finish("ended", self.env._("ended"))
        return True

    def action_open_accounts(self):
        """Lists the customers it covers."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "key.account",
            "view_mode": "list,kanban,form",
            "domain": [("id", "in", self.account_ids.ids)],
        }

    # --- Business ---

    @api.model
    def _terms(self):
        return {
            "name",
            "company_id",
            "purpose",
            "audience",
            "content",
            "channel",
            "user_ids",
            "date_from",
            "expires_on",
        }

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"account_ids", "account_count"}

    def _check_mine(self):
        if self.requester_id != self.env.user:
            raise UserError(
                self.env._(
                    "%(name)s is a request of %(requester)s, who alone submits,"
                    " withdraws or closes it.",
                    name=self.display_name,
                    requester=self.requester_id.name,
                )
            )

    def _audience(self):
        """The accounts that the audience names today, as the requester sees them."""
        accounts = self.env["key.account"].with_user(self.requester_id)
        accounts = accounts.with_context(allowed_company_ids=self.company_id.ids)
        try:
            domain = Domain(literal_eval(self.audience or "[]"))
            domain &= Domain("company_id", "=", self.company_id.id)
            found = accounts.search(domain)
        except (SyntaxError, TypeError, ValueError) as error:
            raise UserError(
                self.env._(
                    "The customers of %(name)s cannot be found: %(audience)s is no"
                    " condition on accounts. Choose them anew.",
                    name=self.display_name,
                    audience=self.audience,
                )
            ) from error
        if not found:
            raise UserError(
                self.env._(
                    "%(name)s is about no customer that you can see. Choose others.",
                    name=self.display_name,
                )
            )
        return found

    @api.model
    def _open_domain(self):
        return Domain("state", "=", "approved") & self._now_domain()

    # --- Crons ---

    @api.model
    def _cron_expire(self):
        """Daily: ends what is over, and looks anew who is to decide the rest. The
        gate asks for the dates itself and never waits for this."""
        waiting = Domain("state", "in", STAGES)
        over = waiting | Domain("state", "=", "approved")
        over = self.search(over & Domain("ends_at", "<=", "now")).try_lock_for_update()
        if over:
            over._finish("ended", self.env._("ended"))
        for request in self.search(waiting).try_lock_for_update():
            turn = request._deciders(request.state)
            if turn != request.turn_user_ids.sorted("id"):
                request._hand_over(turn)
        self.env["ir.cron"]._commit_progress(len(over))

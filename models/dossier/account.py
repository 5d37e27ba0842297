from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...tools.authority import holds_authority


class KeyAccount(models.Model):
    """The file of a customer or prospect in one company: what the company knows of
    him, who owns him, and (by the areas above) his tier, team and history.

    There is one account per commercial partner and company, for everybody, key or
    not. It opens by itself with the first business and is never deleted::

        prospect -> candidate -> active -> exiting -> closed
           ^------------'  (prospect -> active by the first business)

    The committee confirms candidates and exits (area tiering).
    """

    _name = "key.account"
    _description = "Key Account"
    _inherit = [
        "key.account.confidential",  # before the thread whose ways they narrow
        "key.account.discreet",
        "mail.thread",
        "mail.activity.mixin",
        "key.account.profiled",
        "key.account.money",
        "key.account.mending",
        "key.account.upkeep",
        "key.account.logged",
        "key.account.peopled",
        "key.account.guarded",
        "key.account.opening",
        "key.account.duplicates",
        "key.account.merge",
        "key.account.gated",
    ]
    _order = "name, id"
    _rec_names_search = ["name", "partner_id.ref", "partner_id.vat"]
    _check_company_auto = True
    _transitions = {
        "prospect": ("candidate", "active", "closed"),
        "candidate": ("prospect", "active"),
        "active": ("exiting",),
        "exiting": ("active", "closed"),
        "closed": ("prospect", "active"),
    }

    # whose file
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('parent_id', '=', False)]",
        help="The commercial entity; its contacts and branches share this file.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    name = fields.Char(
        related="partner_id.name", store=True, precompute=True, index="trigram"
    )
    partner_active = fields.Boolean(related="partner_id.active")
    avatar_128 = fields.Image(related="partner_id.avatar_128")
    phone = fields.Char(related="partner_id.phone")
    email = fields.Char(related="partner_id.email")
    state = fields.Selection(
        [
            ("prospect", "Prospect"),
            ("candidate", "Candidate"),
            ("active", "Active"),
            ("exiting", "Exiting"),
            ("closed", "Closed"),
        ],
        "Status",
        default="prospect",
        required=True,
        index=True,
        tracking=True,
    )
    holder_id = fields.Many2one(
        "res.users",
        "Owner",
        index=True,
        copy=False,
        tracking=True,
        help="The person who is responsible for this customer.",
    )

    # what we know of him (R003, R007, R013, R016, R021)
    industry_id = fields.Many2one(
        related="partner_id.industry_id", store=True, precompute=True, readonly=False
    )
    country_id = fields.Many2one(
        related="partner_id.country_id", store=True, precompute=True
    )
    strategic_type_ids = fields.Many2many("key.account.strategic.type")
    business_focus = fields.Text(help="What this customer does and wants from us.")
    potential = fields.Monetary(
        "Yearly Potential", help="The business he could give us in a year."
    )
    employees = fields.Integer("Number of Employees")
    referrer_id = fields.Many2one(
        "res.partner",
        "Referred by",
        index="btree_not_null",
        help="The customer or partner who brought him to us.",
    )
    source_id = fields.Many2one("utm.source", help="Where we found him.")
    opened_on = fields.Date(
        default=lambda self: self.env.company._key_account_today(),
        readonly=True,
        required=True,
    )

    # how well the file is kept (R031, R032)
    last_contact_at = fields.Datetime("Last Contact", copy=False)
    verified_on = fields.Date("File Verified on", copy=False, tracking=True)

    _partner_company_uniq = models.Constraint(
        "UNIQUE(partner_id, company_id)",
        "This customer already has an account in this company."
        " Open it from the customer's page.",
    )

    # the queue of the steward
    _file_due_idx = models.Index("(company_id, file_due_on) WHERE state != 'closed'")

    # --- Constraints ---

    @api.constrains("partner_id")
    def _check_commercial_entity(self):
        for account in self:
            entity = account.partner_id.commercial_partner_id
            if entity != account.partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(entity)s. The account belongs"
                        " to %(entity)s: open it there.",
                        contact=account.partner_id.name,
                        entity=entity.name,
                    )
                )

    @api.constrains("referrer_id")
    def _check_referrer(self):
        for account in self:
            if account.referrer_id.commercial_partner_id == account.partner_id:
                raise ValidationError(
                    self.env._(
                        "%(name)s cannot be referred by itself.", name=account.name
                    )
                )

    # --- CRUD ---

    def write(self, vals):
        moved = {"partner_id", "company_id"}.intersection(vals)
        if moved and not holds_authority(self.env.context):
            for account in self:
                if any(account[name].id != vals[name] for name in moved):
                    raise UserError(
                        self.env._(
                            "The account of %(name)s stays with its customer and"
                            " company. Open another account for another customer, or"
                            " merge the contacts.",
                            name=account.name,
                        )
                    )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "An account is never deleted: it is the memory of a customer."
                " Close it instead."
            )
        )

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"holder_id"}

    # --- Actions ---

    def action_register_contact(self):
        """Records a contact with the customer that has just taken place."""
        self.write({"last_contact_at": fields.Datetime.now()})
        for account in self:
            account.message_post(body=self.env._("Spoke with the customer."))
        return True

    def action_close(self):
        """Closes a prospect nobody pursues, or a customer whose exit is approved."""
        self._check_group(
            "key_account.group_manager",
            self.env._("Only a manager closes an account. Ask him to do so."),
        )
        self._lock()
        self._move("closed")
        return True

    def action_reopen(self):
        """Takes up a closed account again, or keeps a customer who was to exit."""
        self._check_group(
            "key_account.group_manager",
            self.env._("Only a manager reopens an account. Ask him to do so."),
        )
        self._lock()
        for account in self:
            # a prospect or candidate is the committee's to decide on
            if account.state not in ("exiting", "closed"):
                raise UserError(
                    self.env._(
                        "%(name)s is neither closed nor exiting: there is nothing to"
                        " reopen.",
                        name=account.name,
                    )
                )
            buyers = self._with_business(account.company_id, account.partner_id)
            active = account.state == "exiting" or account.partner_id in buyers
            account._move("active" if active else "prospect")
        return True

    def action_request_data(self):
        """Asks for the data of these customers, or for leave to write to them."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Data Request"),
            "res_model": "key.account.data.request",
            "view_mode": "form",
            # by the customers, whose names the screen shows, not by our numbers
            "context": {
                "default_audience": repr([("partner_id", "in", self.partner_id.ids)])
            },
        }

    def action_open_partner(self):
        """Opens the customer's own page."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "view_mode": "form",
        }

    def action_open_documents(self):
        """Shows the papers of the file."""
        self.ensure_one()
        self._check_may_open()
        title = self.env._("Documents of %(name)s", name=self.name)
        mine = {"default_res_model": self._name, "default_res_id": self.id}
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "ir.attachment",
            "view_mode": "kanban,list,form",
            "domain": [("res_model", "=", self._name), ("res_id", "=", self.id)],
            "context": mine,
        }

    # --- Business ---

    def _change_holder(self, user, pool=None, kind="assign", reason=""):
        """The only way an account changes its owner.

        :param user: the new owner; an empty recordset leaves the account ownerless.
        :param pool: where it goes without an owner (area pool).
        :param kind: what happened, in the words of the ownership log (area pool).
        :param reason: for the people who read the history.
        """
        for account in self if user else ():
            account._check_may_hold(user)
        self._lock()
        self._authorized().write(self._prepare_holder_vals(user, pool))
        for account in self if reason else ():
            account.message_post(body=reason)

    def _prepare_holder_vals(self, user, pool):
        """What a change of owner writes."""
        return {"holder_id": user.id}

    def _check_may_hold(self, user):
        """:raises UserError: for who could not even open the account."""
        if user.share or not user.active or self.company_id not in user.company_ids:
            raise UserError(
                self.env._(
                    "%(user)s does not work in %(company)s and cannot own"
                    " %(account)s. Choose one of its employees.",
                    user=user.name,
                    company=self.company_id.name,
                    account=self.name,
                )
            )

    def _gated_accounts(self):
        return self.sudo()

    # --- Mail ---

    def _message_post_after_hook(self, message, msg_vals):
        """A mail of the customer, and a done call or meeting, is a contact."""
        spoke = message.mail_activity_type_id.category in ("phonecall", "meeting")
        # a colleague who answers a notification by mail is no customer
        colleague = message.author_id and not message.author_id.partner_share
        wrote = message.message_type == "email" and not colleague
        latest = self.last_contact_at
        if (spoke or wrote) and (not latest or latest < message.date):
            self.sudo().write({"last_contact_at": message.date})
        return super()._message_post_after_hook(message, msg_vals)

    @api.model
    def _of(self, partners, company=None):
        """The accounts of ``partners`` (any contact of theirs) in a company."""
        return self.search(
            Domain("partner_id", "in", partners.commercial_partner_id.ids)
            & Domain("company_id", "=", (company or self.env.company).id)
        )

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import ticket_rules
from .sla_policy import PHASES


class KeyAccountTicket(models.Model):
    """Somebody asks, or complains, and it is solved on time, and can be proved.

    An enquiry (R095) is answered, and closed when the customer has nothing else::

        new -> assigned <-> consulting -> answered -> closed
         '------------------ on the spot ---------------^

    A complaint (R086 to R093) is not closed by wishing::

        new -> accepted -> investigating -> planning -> review -> negotiating
                                               ^---------'-----------'  |
                                               '---- follow_up <- executing
                                                         '-> closed

    Side exits: unjustified, withdrawn, merged. States change through the ``action_*``
    methods only (``ticket_flow.py`` and its neighbours), and each of them says to the
    promises what happened (``ticket_promises.py``).
    """

    _name = "key.account.ticket"
    _description = "Ticket"
    _inherit = [
        "key.account.ticket.portal",  # before the parts of Odoo whose ways they change
        "key.account.ticket.mail",
        "key.account.ticket.promises",
        "key.account.ticket.enquiry",
        "key.account.ticket.complaint",
        "key.account.ticket.recurrence",
        "key.account.ticket.mine",
        "key.account.ticket.screen",
        "key.account.ticket.columns",
        "key.account.ticket.desk",
        "key.account.ticket.board",
        "portal.mixin",
        "rating.mixin",
        "mail.thread.cc",
        "mail.activity.mixin",
        "key.account.gated",
    ]
    _order = "is_open desc, next_due_at, id desc"
    _rec_names_search = ["number", "name", "partner_id", "contact_name"]
    _check_company_auto = True
    _mail_post_access = "read"
    _primary_email = "email_from"

    # what
    number = fields.Char(readonly=True, copy=False, index=True)
    name = fields.Char("Subject", required=True, tracking=True)
    kind = fields.Selection(
        ticket_rules.KINDS, required=True, default="enquiry", index=True, tracking=True
    )
    description = fields.Html(help="What the customer said, in his words.")
    remedy_sought = fields.Text(
        "What the Customer Wants", help="What would put it right for him."
    )
    state = fields.Selection(
        ticket_rules.STATES,
        "Status",
        required=True,
        default="new",
        tracking=True,
        group_expand="_group_expand_state",
    )
    is_open = fields.Boolean(
        "Open", compute="_compute_is_open", store=True, precompute=True, index=True
    )

    # who
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        "Contact",
        index=True,
        check_company=True,
        tracking=True,
        help="Who asks. Empty as long as nobody has said who an unknown sender is.",
    )
    commercial_partner_id = fields.Many2one(
        "res.partner",
        "Company of the Customer",
        compute="_compute_commercial_partner_id",
        compute_sudo=True,
        store=True,
        precompute=True,
        index=True,
        help="Whose people see it on the portal.",
    )
    account_id = fields.Many2one(
        "key.account",
        "Customer",
        compute="_compute_account_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    tier_id = fields.Many2one(
        "key.account.tier",
        compute="_compute_tier_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        help="The tier of the customer when the ticket arrived.",
    )
    contact_name = fields.Char(help="As he said it, where he is not a contact yet.")
    email_from = fields.Char("Email")
    phone = fields.Char()
    team_id = fields.Many2one(
        "key.account.ticket.team",
        index=True,
        check_company=True,
        tracking=True,
        default=lambda self: self._default_team_id(),
    )
    user_id = fields.Many2one(
        "res.users",
        "Handled by",
        index=True,
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )

    # how it came (R086)
    channel = fields.Selection(
        [
            ("phone", "Hotline"),
            ("email", "Email"),
            ("portal", "Portal"),
            ("visit", "In Person"),
            ("chat", "Chat"),
            ("other", "Other"),
        ],
        required=True,
        default="phone",
        index=True,
    )
    mailbox_id = fields.Many2one(
        "key.account.ticket.mailbox",
        index="btree_not_null",
        ondelete="set null",
        help="Answers go out from the address that the customer wrote to.",
    )
    received_at = fields.Datetime(
        "Received on", required=True, default=fields.Datetime.now, index=True
    )
    origin_id = fields.Many2one(
        "key.account.ticket", "Came out of", index="btree_not_null", copy=False
    )
    merged_into_id = fields.Many2one(
        "key.account.ticket", "Merged into", index="btree_not_null", copy=False
    )
    merged_ids = fields.One2many(
        "key.account.ticket", "merged_into_id", "Merged Tickets"
    )

    # what it is about
    order_id = fields.Many2one(
        "sale.order", "Contract", index="btree_not_null", check_company=True
    )
    project_id = fields.Many2one(
        "project.project", index="btree_not_null", check_company=True
    )
    show_name = fields.Char("Exhibition", index="btree_not_null")
    stand_no = fields.Char("Stand")
    event_phase = fields.Selection(PHASES, "Phase of the Event")
    supplier_id = fields.Many2one(
        "res.partner", index="btree_not_null", help="Whose goods or work it is about."
    )

    # how soon (R088)
    urgency = fields.Selection(
        ticket_rules.LEVELS, required=True, default="medium", tracking=True
    )
    importance = fields.Selection(
        ticket_rules.LEVELS, required=True, default="medium", tracking=True
    )
    priority = fields.Selection(
        ticket_rules.PRIORITIES,
        compute="_compute_priority",
        store=True,
        precompute=True,
        index=True,
        help="By urgency and importance; the tier of the customer may raise it.",
    )

    # what came of it
    outcome = fields.Selection(
        [
            ("solved", "Solved"),
            ("partly", "Partly Solved"),
            ("explained", "Explained"),
            ("refused", "Not Solved"),
        ],
        copy=False,
        tracking=True,
    )
    closed_at = fields.Datetime("Closed on", readonly=True, copy=False)
    reopen_count = fields.Integer("Reopened", readonly=True, copy=False)

    _number_uniq = models.Constraint(
        "UNIQUE(number)", "This number is given away already."
    )
    _open_due_idx = models.Index("(next_due_at) WHERE is_open")
    # the first tickets of the list, and of each column of the board
    _order_idx = models.Index("((COALESCE(is_open, FALSE)) DESC, next_due_at, id DESC)")
    _column_idx = models.Index(
        "(state, (COALESCE(is_open, FALSE)) DESC, next_due_at, id DESC)"
    )
    _sender_idx = models.Index("(email_normalized, create_date)")
    # who calls again, before anybody knows who he is
    _phone_idx = models.Index(
        "(right(regexp_replace(phone, '[^0-9]', '', 'g'), 7)) WHERE phone IS NOT NULL"
    )

    # --- Defaults ---

    @api.model
    def _default_team_id(self):
        return self.env["key.account.ticket.team"]._default_of(self.env.company)

    # --- Compute ---

    @api.depends("state")
    def _compute_is_open(self):
        for ticket in self:
            ticket.is_open = ticket.state not in ticket_rules.RESTING

    @api.depends("partner_id", "company_id")
    def _compute_account_id(self):
        Account = self.env["key.account"].sudo()
        for company, tickets in self.grouped("company_id").items():
            partners = tickets.partner_id
            known = Account._of(partners, company).grouped("partner_id")
            for ticket in tickets:
                entity = ticket.partner_id.commercial_partner_id
                if entity:
                    ticket.account_id = known.get(entity, Account.browse())
                elif not ticket.account_id:
                    ticket.account_id = False

    @api.depends(
        "account_id.partner_id.commercial_partner_id",
        "partner_id.commercial_partner_id",
    )
    def _compute_commercial_partner_id(self):
        """A contact who changes to another company does not take along what he wrote
        for the old one: it stays with the customer."""
        for ticket in self:
            customer = ticket.account_id.partner_id or ticket.partner_id
            ticket.commercial_partner_id = customer.commercial_partner_id

    @api.depends("account_id")
    def _compute_tier_id(self):
        for ticket in self:
            ticket.tier_id = ticket.sudo().account_id.tier_id

    @api.depends("urgency", "importance", "tier_id")
    def _compute_priority(self):
        for ticket in self:
            ticket.priority = ticket_rules.priority(
                ticket.urgency, ticket.importance, ticket.sudo().tier_id.ticket_priority
            )

    @api.depends("number", "name")
    def _compute_display_name(self):
        for ticket in self:
            ticket.display_name = " ".join(filter(None, [ticket.number, ticket.name]))

    @api.model
    def _group_expand_state(self, states, domain):
        """The columns of the board in the order of the way: those of the kind that is
        shown, or those in which there is something."""
        kind = self.env.context.get("default_kind")
        if not kind:
            return [state for state, _label in ticket_rules.STATES if state in states]
        hidden = {"withdrawn", "merged", "unjustified"}
        return [
            s for s in ticket_rules.states_of(kind) if s not in hidden or s in states
        ]

    # --- Constraints ---

    @api.constrains("merged_into_id", "origin_id")
    def _check_links(self):
        for ticket in self:
            if ticket in (ticket.merged_into_id, ticket.origin_id):
                raise ValidationError(
                    self.env._("A ticket does not come out of itself.")
                )

    @api.constrains("account_id", "partner_id")
    def _check_customer(self):
        for ticket in self:
            entity = ticket.partner_id.commercial_partner_id
            if entity and ticket.account_id.partner_id not in (
                entity,
                self.env["res.partner"],
            ):
                raise ValidationError(
                    self.env._(
                        "%(contact)s is no contact of %(customer)s. Choose a contact of"
                        " this customer, or another customer.",
                        contact=ticket.partner_id.name,
                        customer=ticket.account_id.name,
                    )
                )

    # --- CRUD ---

    @api.model_create_multi
    def create(self, vals_list):
        numbers = iter(self._next_numbers(len(vals_list)))
        rated = {"rating_last_value": 0}
        vals_list = [{**rated, **vals, "number": next(numbers)} for vals in vals_list]
        tickets = super().create(vals_list)
        # nobody can have rated what is new, which saves asking
        self.env.remove_to_compute(self._fields["rating_last_value"], tickets)
        tickets.with_context(key_account_new_ticket=True)._make_promises()
        return tickets

    def write(self, vals):
        if "number" in vals:
            raise UserError(self.env._("A ticket keeps its number."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "A ticket stays on record. Withdraw it, or merge it into another."
            )
        )

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "closed_at",
            "reopen_count",
            "merged_into_id",
        }

    @api.model
    def _next_numbers(self, count):
        """So many numbers, in one query."""
        data = self.env["ir.model.data"]
        sequence_id = data._xmlid_to_res_id("key_account.sequence_ticket")
        sequence = self.env["ir.sequence"].sudo().browse(sequence_id)
        self.env.cr.execute(
            "SELECT nextval(%s) FROM generate_series(1, %s)",
            [f"ir_sequence_{sequence.id:03d}", count],
        )
        return [sequence.get_next_char(number) for (number,) in self.env.cr.fetchall()]

    # --- Business ---

    def _gated_accounts(self):
        return self.sudo().account_id

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.authority import holds_authority

# Where a customer came from, for the salesperson who first dealt with him, and what
# that makes him (R119).
CLASSES = {
    "self_found": "new",
    "telesales": "new",
    "inbound": "new",
    "transferred": "existing",
}
FIXED = frozenset(
    (
        "partner_id",
        "user_id",
        "company_id",
        "kind",
        "first_contact_on",
        "from_user_id",
        "reason",
    )
)


class KeyAccountOrigin(models.Model):
    """How a customer came to a salesperson: found by himself, handed on by telesales,
    by the customer's own call, or taken over from a colleague (R119).

    It is fixed at their first contact and decides for ever whether he is a new or an
    existing customer for that salesperson. Only a manager or a commission officer
    changes it, with a reason; contracts that were signed before keep what they have.
    """

    _name = "key.account.origin"
    _description = "Origin of a Customer"
    _inherit = ["key.account.guarded", "mail.thread"]
    _order = "first_contact_on desc, id desc"
    _rec_names_search = ["partner_id", "user_id"]
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('parent_id', '=', False)]",
    )
    user_id = fields.Many2one(
        "res.users", "Salesperson", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(
        [
            ("self_found", "Found by himself"),
            ("telesales", "From telesales"),
            ("inbound", "The customer came"),
            ("transferred", "Taken over from a colleague"),
        ],
        "Origin",
        required=True,
        tracking=True,
    )
    origin_class = fields.Selection(
        [("new", "New customer"), ("existing", "Existing customer")],
        "Counts as",
        compute="_compute_origin_class",
        store=True,
    )
    first_contact_on = fields.Date("First Contact", required=True)
    from_user_id = fields.Many2one(
        "res.users", "Taken over from", ondelete="restrict", tracking=True
    )
    lead_id = fields.Many2one("crm.lead", "First Lead", ondelete="set null")
    reason = fields.Char("Reason of the Change", readonly=True, tracking=True)

    _pair_uniq = models.Constraint(
        "UNIQUE(partner_id, user_id, company_id)",
        "The origin of this customer for this salesperson is fixed already.",
    )

    # --- Compute ---

    @api.depends("kind")
    def _compute_origin_class(self):
        for origin in self:
            origin.origin_class = CLASSES.get(origin.kind)

    @api.depends("partner_id", "user_id")
    def _compute_display_name(self):
        for origin in self:
            names = (origin.partner_id.name, origin.user_id.name)
            origin.display_name = " · ".join(filter(None, names))

    # --- CRUD ---

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            partner = self.env["res.partner"].browse(vals.get("partner_id"))
            vals["partner_id"] = partner.commercial_partner_id.id
        return super().create(vals_list)

    def write(self, vals):
        if FIXED & vals.keys() and not holds_authority(self.env.context):
            raise UserError(
                self.env._(
                    "How a customer came to a salesperson is fixed at first contact. A"
                    " manager changes it by the button, with a reason."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(
            self.env._(
                "The origin of a customer is fixed at first contact and stays. A"
                " manager may change it, with a reason."
            )
        )

    # --- Actions ---

    def action_change(self, kind, reason, from_user_id=None):
        """Says anew how the customer came to the salesperson. Contracts that were
        signed before keep what they have.

        :raises UserError: without a reason, or for who is no manager or officer, or
            is the salesperson himself.
        """
        self.ensure_one()
        self._check_may_change()
        if kind not in CLASSES or not (reason or "").strip():
            raise UserError(
                self.env._("Say how the customer came and why that is known now.")
            )
        self._lock()
        self._authorized().write(
            {"kind": kind, "reason": reason.strip(), "from_user_id": from_user_id}
        )
        return True

    def action_ask_change(self):
        """Asks how the customer came, and why that is known now."""
        self.ensure_one()
        self._check_may_change()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("How the Customer Came"),
            "res_model": "key.account.commission.origin",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_origin_id": self.id, "default_kind": self.kind},
        }

    def _check_may_change(self):
        user = self.env.user
        may = user.has_groups(
            "key_account.group_manager,key_account.group_commission_officer"
        )
        if not self.env.su and (not may or user == self.user_id):
            raise UserError(
                self.env._(
                    "A manager or a commission officer changes the origin of a customer"
                    " of somebody else, with a reason."
                )
            )

    # --- Business ---

    @api.model
    def _fix(self, contacts):
        """Fixes what is not fixed yet. The earlier word counts, of contacts that come
        to light at once that of the earlier day.

        :param contacts: ``(customer, user, company, day, kind or None, lead or None)``
            of each contact; the kind is worked out where nobody says it: a customer
            whom another salesperson dealt with is taken over, another one was found.
        :returns: ``{(customer id, user id, company id): origin}`` of all of them.
        """
        keys, met = {}, {}
        for contact in sorted(contacts, key=lambda contact: contact[3]):
            partner, user, company = contact[:3]
            key = (partner.commercial_partner_id.id, user.id, company.id)
            keys.setdefault(key, contact)
        there = self._find(keys)
        missing = [key for key in keys if key not in there]
        others = self._others_of(missing)
        vals = []
        for key in missing:
            _partner, _user, _company, day, kind, lead = keys[key]
            former = met.get((key[0], key[2])) or others.get(key)
            met[key[0], key[2]] = key[1]
            vals.append(
                {
                    "partner_id": key[0],
                    "user_id": key[1],
                    "company_id": key[2],
                    "kind": "transferred" if former else kind or "self_found",
                    "from_user_id": former,
                    "first_contact_on": day,
                    "lead_id": lead and lead.id,
                }
            )
        made = self.sudo().create(vals)
        return there | {row._key(): row for row in made}

    def _key(self):
        return self.partner_id.id, self.user_id.id, self.company_id.id

    @api.model
    def _find(self, keys):
        if not keys:
            return {}
        partners, users, companies = map(set, zip(*keys, strict=True))
        rows = self.sudo().search(
            Domain("partner_id", "in", partners)
            & Domain("user_id", "in", users)
            & Domain("company_id", "in", companies)
        )
        return {row._key(): row for row in rows}

    @api.model
    def _others_of(self, keys):
        """Who dealt with each customer last before somebody else takes him over:
        ``{key: user id}``."""
        former = {}
        if not keys:
            return former
        rows = self.sudo().search(
            Domain("partner_id", "in", {key[0] for key in keys})
            & Domain("company_id", "in", {key[2] for key in keys}),
            order="first_contact_on, id",
        )
        by_customer = rows.grouped(lambda row: (row.partner_id.id, row.company_id.id))
        for partner, user, company in keys:
            others = by_customer.get((partner, company), rows.browse())
            others = others.filtered(lambda row, user=user: row.user_id.id != user)
            former[partner, user, company] = others[-1:].user_id.id
        return former

from odoo import api, fields, models
from odoo.fields import Domain


class KeyAccountNda(models.Model):
    """A confidentiality agreement: with an employee who is to see files (R036), or
    with the customer whose file it is (R037).

    Where the company asks for it, an employee's agreement is the gate to every
    confidential file, and closes it on the midnight after its last day.
    """

    _name = "key.account.nda"
    _description = "Confidentiality Agreement"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "key.account.period",
        "key.account.gated",
    ]
    _order = "valid_to desc, id desc"
    _check_company_auto = True
    _period_fields = ("valid_from", "valid_to")

    name = fields.Char("Reference", help="The number of the signed paper.")
    party = fields.Selection(
        [("employee", "Employee"), ("customer", "Customer")],
        required=True,
        default="customer",
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Employee",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    account_id = fields.Many2one(
        "key.account",
        "Customer",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    valid_from = fields.Date(
        required=True,
        tracking=True,
        default=lambda self: self.env.company._key_account_today(),
    )
    valid_to = fields.Date(tracking=True, help="The last day. Empty: without an end.")
    note = fields.Text("What it covers")
    state = fields.Selection(
        [("future", "Not yet"), ("valid", "Valid"), ("expired", "Expired")],
        "Status",
        compute="_compute_state",
        search="_search_state",
    )

    _party_named = models.Constraint(
        "CHECK((party = 'employee' AND user_id IS NOT NULL AND account_id IS NULL)"
        " OR (party = 'customer' AND account_id IS NOT NULL AND user_id IS NULL))",
        "An agreement is with an employee or with a customer: name the one it is with.",
    )
    _dates_in_order = models.Constraint(
        "CHECK(valid_to >= valid_from)", "An agreement ends after it begins."
    )

    # --- Compute ---

    @api.depends("starts_at", "ends_at")
    def _compute_state(self):
        now = fields.Datetime.now()
        valid = self._holds_now()
        valid.state = "valid"
        for nda in self - valid:
            begins = not nda.starts_at or nda.starts_at > now
            nda.state = "future" if begins else "expired"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        domains = {
            "future": Domain("starts_at", ">", "now"),
            "valid": self._now_domain(),
            "expired": Domain("ends_at", "<=", "now"),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.depends("party", "user_id", "account_id", "name")
    def _compute_display_name(self):
        for nda in self:
            whose = nda.user_id.name or nda.account_id.name
            nda.display_name = " · ".join(filter(None, [whose, nda.name]))

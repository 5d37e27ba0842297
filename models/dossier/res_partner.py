from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "key.account.gated"]

    key_account_ids = fields.One2many(
        "key.account", "partner_id", "Accounts", groups="key_account.group_reader"
    )
    key_account_id = fields.Many2one(
        "key.account",
        "Account",
        compute="_compute_key_account_id",
        search="_search_key_account_id",
        compute_sudo=True,
        groups="base.group_user",
        help="The account of this customer in the current company.",
    )

    # what duplicates are looked up by (key.account.duplicates)
    _key_account_tax_idx = models.Index(
        "(upper(regexp_replace(vat, '[^0-9A-Za-z]', '', 'g'))) WHERE vat IS NOT NULL"
    )
    _key_account_phone_idx = models.Index(
        "(right(regexp_replace(phone, '[^0-9]', '', 'g'), 7)) WHERE phone IS NOT NULL"
    )
    _key_account_mail_idx = models.Index(
        "(split_part(email_normalized, '@', 2)) WHERE email_normalized IS NOT NULL"
    )

    # --- Compute ---

    @api.depends("commercial_partner_id.key_account_ids")
    @api.depends_context("company")
    def _compute_key_account_id(self):
        accounts = self.env["key.account"]._of(self, self.env.company)
        by_entity = {account.partner_id.id: account.id for account in accounts}
        for partner in self:
            partner.key_account_id = by_entity.get(partner.commercial_partner_id.id)

    def _search_key_account_id(self, operator, value):
        return self._search_through_account("id", operator, value)

    # --- CRUD ---

    def write(self, vals):
        """A customer who becomes a contact of another one brings his file along."""
        result = super().write(vals)
        if "parent_id" in vals or "is_company" in vals:
            for partner in self.sudo().filtered(
                lambda partner: (
                    partner != partner.commercial_partner_id and partner.key_account_ids
                )
            ):
                self.env["key.account"]._follow_partners(
                    partner, partner.commercial_partner_id
                )
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_key_account(self):
        known = self.sudo().key_account_ids
        if known:
            raise UserError(
                self.env._(
                    "%(names)s cannot be deleted: there is an account of it."
                    " Archive the contact instead; the account keeps its history.",
                    names=", ".join(known.mapped("name")[:3]),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_stakeholder(self):
        people = self.env["key.account.stakeholder"].sudo()
        people = people.with_context(active_test=False).search(
            [("partner_id", "in", self.ids)]
        )
        if people:
            raise UserError(
                self.env._(
                    "%(names)s cannot be deleted: a customer's file knows this person."
                    " Archive the contact, or erase the person by Privacy Lookup.",
                    names=", ".join(people.partner_id.mapped("display_name")[:3]),
                )
            )

    # --- Actions ---

    def action_open_account(self):
        """Shows the account of this customer, opening it first where there is none."""
        self.ensure_one()
        if not self.env.user.has_group("key_account.group_member"):
            account = self.key_account_id
        else:
            account = self.env["key.account"]._open_for(self)
        if not account:
            raise UserError(
                self.env._(
                    "%(name)s has no account yet. Ask a member of the key account"
                    " team to open it.",
                    name=self.display_name,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "key.account",
            "res_id": account.id,
            "view_mode": "form",
        }

    def action_open_accounts(self):
        """Opens the accounts of many customers at once and lists them."""
        accounts = self.env["key.account"]._open_for(self)
        title = self.env._("Accounts")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "key.account",
            "domain": [("id", "in", accounts.ids)],
            "view_mode": "list,kanban,form",
        }

    # --- Business ---

    def _gated_accounts(self):
        """Of the customers among them, in the companies of the user; his own company
        is no customer to him."""
        entities = self.sudo().commercial_partner_id
        entities -= self.env.user.sudo().commercial_partner_id
        return (
            self.env["key.account"]
            .sudo()
            .search(
                Domain("partner_id", "in", entities.ids)
                & Domain("company_id", "in", self.env.user.company_ids.ids),
                order="id",
            )
        )

    def _build_vcard(self):
        """A business card to download is an export."""
        self._pass_gate("export", ["vcard"])
        return super()._build_vcard()

    # --- Tools ---

    def _search_through_account(self, name, operator, value):
        """Domain of the partners whose account in this company has ``name`` so; a
        negative operator is left to the ORM, which inverts the positive one."""
        if operator not in ("in", "any", "any!", "like", "ilike", "=like", "=ilike"):
            return NotImplemented
        # the ORM asks for the right to read a column, not to search by a method
        self._check_field_access(self._fields["key_account_id"], "read")
        if operator == "any":
            # what a user may not read, he does not learn by searching for it
            Account = self.env["key.account"]
            found = self.env[Account._fields[name].comodel_name or Account._name]
            operator, value = "in", found.search(value).ids
        mine = Domain("company_id", "=", self.env.company.id)

        def whose_account(condition):
            accounts = Domain("key_account_ids", "any", mine & condition)
            return Domain("commercial_partner_id", "any", accounts)

        if operator == "in" and False in value:
            wanted = [item for item in value if item is not False]
            domain = whose_account(Domain(name, "in", wanted))
            domain |= ~whose_account(Domain(name, "!=", False))
        else:
            domain = whose_account(Domain(name, operator, value))
        # every employee may know whose tier is what, not only who reads accounts
        partners = self.sudo().with_context(active_test=False)._search(domain)
        return Domain("id", "in", partners)

    def _field_to_sql(self, alias, field_expr, query=None):
        """Lets people group partners by what their account in this company says."""
        column = self._account_columns().get(field_expr)
        if column is None or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        joined = query.make_alias(alias, "key_account")
        condition = SQL(
            "%s = %s AND %s = %s",
            SQL.identifier(joined, "partner_id"),
            SQL.identifier(alias, "commercial_partner_id"),
            SQL.identifier(joined, "company_id"),
            self.env.company.id,
        )
        query.add_join("LEFT JOIN", joined, "key_account", condition)
        return SQL.identifier(joined, column)

    @api.model
    def _account_columns(self):
        """Fields of the partner that are columns of his account."""
        return {"key_account_id": "id"}

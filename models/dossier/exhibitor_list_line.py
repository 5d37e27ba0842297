from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from ...tools.company_names import name_core, name_key, name_latin, tax_key

# What a line hands over to the search of duplicates.
RECOGNISED_BY = ("name", "name_en", "vat", "phone", "email")


class KeyAccountExhibitorListLine(models.Model):
    """An exhibitor as he stands in a list, what was found about him, and what somebody
    decided: to make an account of him or to skip him."""

    _name = "key.account.exhibitor.list.line"
    _description = "Exhibitor"
    _inherit = ["key.account.guarded"]
    _order = "list_id, id"

    list_id = fields.Many2one(
        "key.account.exhibitor.list",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="list_id.company_id", store=True, index=True)

    # who exhibits
    name = fields.Char("Exhibitor", required=True)
    name_en = fields.Char("English Name")
    vat = fields.Char("Tax Number")
    phone = fields.Char()
    email = fields.Char("E-mail")
    website = fields.Char()
    city = fields.Char()
    country_id = fields.Many2one("res.country")
    industry = fields.Char(help="In the words of the list.")
    # where he stands
    hall = fields.Char()
    stand_no = fields.Char("Stand Number")
    # whom to talk to
    contact_name = fields.Char()
    contact_function = fields.Char("Contact Position")
    contact_phone = fields.Char()
    contact_email = fields.Char("Contact E-mail")

    # what was found about him
    verdict = fields.Selection(
        [
            ("new", "New"),
            ("similar", "Similar"),
            ("existing", "Existing"),
            ("double", "Double"),
            ("invalid", "Invalid"),
        ],
        "Check Result",
        index=True,
        copy=False,
        group_expand=True,
    )
    answer = fields.Char(copy=False, help="Where he is, and by what he was recognised.")
    decision = fields.Selection(
        [("make", "Make an Account"), ("skip", "Skip")], copy=False
    )
    # what became of it
    target_id = fields.Many2one(
        "key.account",
        "Account Made or Found",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_system",
        export_string_translation=False,
    )
    account_id = fields.Many2one(
        "key.account",
        compute="_compute_account_id",
        help="Shown to those who may open the file.",
    )
    is_made = fields.Boolean("Made", copy=False, index=True)
    left_out = fields.Char("Left out because", copy=False)

    # --- Compute ---

    @api.depends("target_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_account_id(self):
        targets = {line.id: line.sudo().target_id.id for line in self}
        accounts = self.env["key.account"].browse(filter(None, targets.values()))
        # an account of another company, or merged since, is not even named
        mine = set(accounts._filtered_access("write").ids)
        for line in self:
            target = targets[line.id]
            line.account_id = target if target in mine else False

    # --- CRUD ---

    @api.ondelete(at_uninstall=False)
    def _unlink_except_made(self):
        for line in self:
            if line.is_made:
                raise UserError(
                    self.env._(
                        "An account was made of %(name)s: the line stays, to tell where"
                        " it comes from.",
                        name=line.name,
                    )
                )

    def _get_guarded_fields(self):
        found = {"verdict", "answer", "target_id", "is_made", "left_out"}
        return super()._get_guarded_fields() | found

    def _guarded_defaults(self):
        """Without what only administrators may name at all."""
        values = super()._guarded_defaults()
        if not self._has_field_access(self._fields["target_id"], "write"):
            del values["target_id"]
        return values

    @api.model
    def get_import_templates(self):
        """A file with the columns that are understood without further ado."""
        return [
            {
                "label": self.env._("Import Template for Exhibitors"),
                "template": "/key_account/static/xls/exhibitor_list.xlsx",
            }
        ]

    # --- Actions ---

    def action_make_account(self):
        """Decides that these exhibitors become accounts."""
        self.write({"decision": "make"})
        return True

    def action_skip(self):
        """Decides that nothing is made of these exhibitors."""
        self.write({"decision": "skip"})
        return True

    # --- Business ---

    def _check(self):
        """Writes the verdict on each line of one list that is not made yet; a decision
        stays as long as the verdict does."""
        pending = self.filtered(lambda line: not line.is_made)
        vals_list = [{name: line[name] for name in RECOGNISED_BY} for line in pending]
        hits_list = self.env["key.account"]._find_duplicates(vals_list)
        firsts = self._first_of_each()
        changes = {}
        for line, hits in zip(pending, hits_list, strict=True):
            verdict, answer, target = line._judge(hits, firsts)
            vals = {"verdict": verdict, "answer": answer, "target_id": target.id}
            if line.verdict != verdict:
                vals["decision"] = "make" if verdict == "new" else "skip"
            changes.setdefault(tuple(vals.items()), []).append(line.id)
        for vals, ids in changes.items():
            self.browse(ids)._authorized().sudo().write(dict(vals))

    def _judge(self, hits, firsts):
        """``(verdict, answer, account)`` of one line."""
        Account = self.env["key.account"]
        if problem := self._problem():
            return "invalid", problem, Account
        sure = {
            account: hows for account, hows in hits.items() if Account._are_sure(hows)
        }
        if sure:
            ours = [known for known in sure if known.company_id == self.company_id]
            return "existing", self._answer(sure), ours[0] if ours else Account
        if first := self._earlier(firsts, self._own_keys()):
            twin = self.env._(
                "Also in this list: %(name)s (%(stand)s)",
                name=first.name,
                stand=first.stand_no or self.env._("no stand"),
            )
            return "double", twin, Account
        if hits:
            return "similar", self._answer(hits), Account
        if first := self._earlier(firsts, self._like_keys()):
            like = self.env._(
                "Like one of this list: %(name)s (%(stand)s)",
                name=first.name,
                stand=first.stand_no or self.env._("no stand"),
            )
            return "similar", like, Account
        return "new", self.env._("Free"), Account

    def _problem(self):
        """What is wrong with the line itself, in words; an empty text if nothing."""
        if len(name_key(self.name)) < 2:
            return self.env._("%(name)s is no name of a company.", name=self.name)
        for email in (self.email, self.contact_email):
            if email and not email_normalize(email):
                return self.env._("%(email)s is no e-mail address.", email=email)
        return ""

    def _first_of_each(self):
        """The first line of each name, tax number and core of a name; a made line is
        the first."""
        firsts = {}
        for line in self.sorted(lambda line: (not line.is_made, line.id)):
            for key in line._own_keys() | line._like_keys():
                firsts.setdefault(key, line)
        return firsts

    def _own_keys(self):
        keys = {("name", name_key(self.name)), ("tax", tax_key(self.vat))}
        return {key for key in keys if key[1]}

    def _like_keys(self):
        keys = {("like", core(self.name)) for core in (name_core, name_latin)}
        return {key for key in keys if key[1]}

    def _earlier(self, firsts, keys):
        others = (firsts[key] for key in sorted(keys))
        return next((line for line in others if line != self), None)

    def _answer(self, hits):
        """Where the customers recognised are, in the words of the duplicate check."""
        answers = {
            self.env._(
                "%(place)s, by %(how)s",
                place=account.with_env(self.env)._holding_answer(),
                how=account._duplicate_how(hows),
            )
            for account, hows in hits.items()
        }
        return "; ".join(sorted(answers)[:3])

    def _leave_out(self, reason):
        self._authorized().sudo().write({"left_out": reason})

    # --- Making ---

    def _make_accounts(self):
        """Partner, contact and account of each of these lines, of one list."""
        company = self.list_id.company_id
        self = self.with_company(company)
        known = self._known_partners(company)
        missing = self.filtered(lambda line: line.id not in known)
        industries = self._industries()
        partners = self.env["res.partner"].create(
            [line._prepare_partner_vals(industries) for line in missing]
        )
        known.update(zip(missing.ids, partners, strict=True))
        self.env["res.partner"].create(
            [
                line._prepare_contact_vals(known[line.id])
                for line in missing
                if line.contact_name or line.contact_email or line.contact_phone
            ]
        )
        entities = self.env["res.partner"].union(*known.values())
        accounts = self.env["key.account"]._open_for(entities, company)
        of_partner = {account.partner_id: account for account in accounts}
        for line in self:
            account = of_partner[known[line.id].commercial_partner_id]
            line._authorized().sudo().write(
                {"target_id": account.id, "is_made": True, "left_out": False}
            )

    def _known_partners(self, company):
        """Companies among the contacts that bear exactly the name of a line: they have
        no account yet, but need not be entered a second time."""
        partners = (
            self.env["res.partner"]
            .sudo()
            .search(
                [
                    ("name", "in", self.mapped("name")),
                    ("is_company", "=", True),
                    ("parent_id", "=", False),
                    ("company_id", "in", [company.id, False]),
                ],
                order="id desc",
            )
        )
        by_name = {partner.name: partner.with_env(self.env) for partner in partners}
        return {line.id: by_name[line.name] for line in self if line.name in by_name}

    def _industries(self):
        """Identifiers by name, of those industries that Odoo knows too."""
        wanted = set(filter(None, self.mapped("industry")))
        known = self.env["res.partner.industry"].search(
            [("name", "in", sorted(wanted))], order="id desc"
        )
        return {industry.name: industry.id for industry in known}

    def _prepare_partner_vals(self, industries):
        return {
            "name": self.name.strip(),
            "is_company": True,
            "vat": self.vat,
            "phone": self.phone,
            "email": self.email,
            "website": self.website,
            "city": self.city,
            "country_id": self.country_id.id,
            "industry_id": industries.get(self.industry, False),
            "comment": self.name_en,
        }

    def _prepare_contact_vals(self, company):
        return {
            "name": self.contact_name or self.contact_email or self.contact_phone,
            "parent_id": company.id,
            "type": "contact",
            "function": self.contact_function,
            "phone": self.contact_phone,
            "email": self.contact_email,
        }

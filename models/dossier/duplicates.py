from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.company_names import (
    mail_domain,
    name_core,
    name_key,
    name_latin,
    phone_key,
    tax_key,
)

# So many digits at the end of a number are looked up, the rest is compared here.
LAST_DIGITS = 7

# How a customer can be recognised; the first ones are sure, the others a hint.
SURE = ("name", "tax")


def _key_of_the_name():
    """A column to find names by; nobody but administrators reads it."""
    return fields.Char(
        compute="_compute_name_keys",
        store=True,
        precompute=True,
        index="btree_not_null",
        copy=False,
        groups="base.group_system",
        export_string_translation=False,
    )


class KeyAccountDuplicates(models.AbstractModel):
    """Who is already known, by name, tax number, phone and mail domain: for those who
    are about to win a customer (R134) and for lists of exhibitors.

    The search looks through all files of all companies. What it may say of them is
    ``_holding_answer``: where a customer is, never who he is.
    """

    _name = "key.account.duplicates"
    _description = "Search of Duplicates"

    name_key = _key_of_the_name()
    name_core = _key_of_the_name()
    name_latin = _key_of_the_name()

    # --- Compute ---

    @api.depends(lambda self: self._name_key_fields())
    def _compute_name_keys(self):
        for account in self:
            account.name_key = name_key(account.name) or False
            account.name_core = name_core(account.name) or False
            account.name_latin = name_latin(account.name) or False

    @api.model
    def _name_key_fields(self):
        return [] if self._abstract else ["name"]

    # --- Business ---

    @api.model
    def _find_duplicates(self, vals_list):
        """Which accounts each of ``vals_list`` may be: dicts with any of name, name_en,
        vat, phone and email.

        Returns a list as long, of ``{account: {how, ...}}`` where ``how`` is name,
        similar, tax, phone or mail. The accounts are in sudo, of whatever company:
        show their ``_holding_answer``, not them. The number of queries is constant.
        """
        wanted = [self._duplicate_keys(vals) for vals in vals_list]
        keys = defaultdict(set)
        for pairs in wanted:
            for how, key in pairs:
                keys[how].add(key)
        known = defaultdict(set)
        for how, find in (
            ("name", self._ids_by_name),
            ("similar", self._ids_by_core),
            ("tax", self._ids_by_tax),
            ("phone", self._ids_by_phone),
            ("mail", self._ids_by_mail),
        ):
            for account_id, key in find(sorted(keys[how])) if keys[how] else ():
                known[how, key].add(account_id)
        return [self._hits(pairs, known) for pairs in wanted]

    def _holding_answer(self):
        """Where this customer is, in words that betray nothing else of him. Areas
        above know more places."""
        self.ensure_one()
        account = self.sudo()
        if not account.holder_id:
            return self.env._(
                "Without an owner in %(company)s", company=account.company_id.name
            )
        team = account.holder_id.sale_team_id
        if team:
            return self.env._("Held by team %(team)s", team=team.name)
        return self.env._("Held in %(company)s", company=account.company_id.name)

    @api.model
    def _duplicate_how(self, hows):
        """The ways a customer was recognised, in words."""
        labels = {
            "name": self.env._("name"),
            "tax": self.env._("tax number"),
            "similar": self.env._("similar name"),
            "phone": self.env._("phone"),
            "mail": self.env._("mail domain"),
        }
        if "name" in hows:
            hows = hows - {"similar"}
        return ", ".join(labels[how] for how in labels if how in hows)

    @api.model
    def _are_sure(self, hows):
        """Whether it is the same customer rather than somebody like him."""
        return bool(hows.intersection(SURE))

    # --- Tools ---

    @api.model
    def _duplicate_keys(self, vals):
        """``(how, key)`` pairs by which one customer is looked up."""
        pairs = {
            ("tax", tax_key(vals.get("vat"))),
            ("phone", phone_key(vals.get("phone"))),
        }
        pairs.add(("mail", mail_domain(vals.get("email"))))
        for name in (vals.get("name"), vals.get("name_en")):
            pairs.add(("name", name_key(name)))
            pairs |= {("similar", core(name)) for core in (name_core, name_latin)}
        return {(how, key) for how, key in pairs if key}

    def _hits(self, pairs, known):
        hits = defaultdict(set)
        for how, key in pairs:
            for account_id in known.get((how, key), ()):
                hits[account_id].add(how)
        Account = self.env["key.account"].sudo()
        return {
            Account.browse(account_id): hits[account_id] for account_id in sorted(hits)
        }

    def _ids_by_name(self, keys):
        return self._ids_by_own("name_key", keys=keys)

    def _ids_by_core(self, keys):
        return self._ids_by_own("name_core", "name_latin", keys=keys)

    def _ids_by_own(self, *names, keys):
        self.env["key.account"].flush_model(names)
        found = [
            SQL(
                "SELECT id, %(name)s FROM key_account WHERE %(name)s = ANY(%(keys)s)",
                name=SQL.identifier(name),
                keys=keys,
            )
            for name in names
        ]
        return self.env.execute_query(SQL(" UNION ").join(found))

    def _ids_by_tax(self, keys):
        written = [*keys, *(f"CN{key}" for key in keys)]
        rows = self._ids_by_partner("vat", self._tax_sql(), written)
        return [(account_id, tax_key(vat)) for account_id, vat in rows]

    def _ids_by_phone(self, keys):
        ends = sorted({key[-LAST_DIGITS:] for key in keys})
        rows = self._ids_by_partner("phone", self._phone_sql(), ends)
        return [(account_id, phone_key(phone)) for account_id, phone in rows]

    def _ids_by_mail(self, keys):
        rows = self._ids_by_partner("email_normalized", self._mail_sql(), keys)
        return [(account_id, mail_domain(email)) for account_id, email in rows]

    def _ids_by_partner(self, name, expression, keys):
        """Rows of account and value, where the customer or a contact of his has one
        of ``keys``; the expression has an index on the partners."""
        self.env["res.partner"].flush_model([name, "commercial_partner_id"])
        self.env["key.account"].flush_model(["partner_id"])
        return self.env.execute_query(
            SQL(
                """
                SELECT account.id, res_partner.%s
                  FROM res_partner
                  JOIN key_account account
                    ON account.partner_id = res_partner.commercial_partner_id
                 WHERE %s = ANY(%s)
                """,
                SQL.identifier(name),
                expression,
                keys,
            )
        )

    # What the indexes in res_partner.py are made of, word by word.

    def _tax_sql(self):
        return SQL("upper(regexp_replace(res_partner.vat, '[^0-9A-Za-z]', '', 'g'))")

    def _phone_sql(self):
        return SQL("right(regexp_replace(res_partner.phone, '[^0-9]', '', 'g'), 7)")

    def _mail_sql(self):
        return SQL("split_part(res_partner.email_normalized, '@', 2)")

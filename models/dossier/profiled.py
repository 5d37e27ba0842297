from odoo import api, fields, models
from odoo.fields import Domain


def shown(kind, name):
    """A confidential fact as a field of the account, which reads and writes the
    profile with the rights of whoever asks: empty for whom the file is closed, by
    whatever way he asks.

    :param kind: the class of the field.
    :param name: its name, the same on the profile.
    """

    def inverse(accounts):
        accounts._write_profile(name)

    def search(accounts, operator, value):
        return accounts._search_profile(name, operator, value)

    return kind(
        compute="_compute_profile", inverse=inverse, search=search, compute_sudo=False
    )


class KeyAccountProfiled(models.AbstractModel):
    """Shows the facts of the confidential profile as fields of the account."""

    _name = "key.account.profiled"
    _description = "Account with a Confidential Profile"
    _inherit = "key.account.facts"

    profile_ids = fields.One2many(
        "key.account.profile", "account_id", groups="key_account.group_member"
    )
    needs = shown(fields.Text, "needs")
    purchasing_power = shown(fields.Text, "purchasing_power")
    show_budget = shown(fields.Monetary, "show_budget")
    past_shows = shown(fields.Text, "past_shows")
    former_builders = shown(fields.Char, "former_builders")
    promises = shown(fields.Text, "promises")
    risk = shown(fields.Selection, "risk")
    risk_note = shown(fields.Text, "risk_note")

    # --- Compute ---

    @api.depends(lambda self: [f"profile_ids.{name}" for name in self._fact_names()])
    @api.depends_context("uid")
    def _compute_profile(self):
        open_profiles = self.env["key.account.profile"]
        if open_profiles.has_access("read"):
            open_profiles = open_profiles.search_fetch(
                [("account_id", "in", self.ids)], ["account_id", *self._fact_names()]
            )
        by_account = {profile.account_id: profile for profile in open_profiles}
        for account in self:
            profile = by_account.get(account._origin, open_profiles.browse())
            for name in self._fact_names():
                account[name] = profile[name]

    # --- Business ---

    def _write_profile(self, name):
        """Writes one fact, opening the profiles that are not there yet."""
        for account in self:
            profile = self.env["key.account.profile"].search(
                [("account_id", "=", account.id)]
            )
            if not profile and not account[name]:
                continue
            value = account._fields[name].convert_to_write(account[name], account)
            if profile:
                profile.write({name: value})
            else:
                profile.create({"account_id": account.id, name: value})

    @api.model
    def _search_profile(self, name, operator, value):
        """Searches with the rights of whoever asks: a closed file is never found by
        what stands in it."""
        if operator in ("not in", "not like", "not ilike", "not any"):
            return NotImplemented
        if not self.env["key.account.profile"].has_access("read"):
            return Domain(operator == "in" and False in value)
        found = Domain("profile_ids", "any", Domain(name, operator, value))
        if operator == "in" and False in value:
            found |= ~Domain("profile_ids", "any", Domain(name, "!=", False))
        return found

    def _absorb(self, other):
        """Of two profiles of one customer one is kept: with the facts it lacked, both
        texts where there are two, and a note of what had to give way."""
        mine, theirs = self.sudo().profile_ids, other.sudo().profile_ids
        gone = []
        for name in self._fact_names() if mine and theirs else ():
            kept, given = mine[name], theirs[name]
            if not kept:
                mine[name] = given
            elif given and given != kept:
                if self._fields[name].type in ("text", "char"):
                    mine[name] = f"{kept}\n{given}"
                else:
                    gone.append(name)
        if gone:
            facts = ", ".join(f"{self._label(n)} {other._printed(n)}" for n in gone)
            note = self.env._("Of the merged account: %(facts)s", facts=facts)
            self.message_post(body=note)
        return super()._absorb(other)

    def _label(self, name):
        return self._fields[name]._description_string(self.env)

    def _printed(self, name):
        """A fact in words, for paper."""
        field, value = self._fields[name], self[name]
        if field.type == "monetary":
            return self.currency_id.format(value)
        if field.type == "selection":
            return dict(field._description_selection(self.env))[value]
        return value.display_name if field.relational else value

    @api.model
    def _fact_names(self):
        return [
            name
            for name, field in self.env["key.account.profile"]._fields.items()
            if name in self._fields and self._fields[name].compute == "_compute_profile"
        ]

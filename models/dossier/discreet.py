from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# The lists that Odoo hangs on a record.
THREAD = ("mail.message", "mail.activity", "mail.followers")


class KeyAccountDiscreet(models.AbstractModel):
    """Narrows the fields with which Odoo's threads and activities tell of a record
    whoever may read it: some are computed past the rights, some are searched in SQL.
    Of a closed file they say nothing.
    """

    _name = "key.account.discreet"
    _description = "Discreet Thread"

    # Odoo searches messages and activities past their access rights: not here
    message_ids = fields.One2many("mail.message", bypass_search_access=False)
    activity_ids = fields.One2many("mail.activity", bypass_search_access=False)
    # and these it reads past them
    activity_summary = fields.Char(related_sudo=False)
    activity_type_id = fields.Many2one("mail.activity.type", related_sudo=False)
    activity_type_icon = fields.Char(related_sudo=False)

    # --- Compute ---

    def _compute_has_message(self):
        result = super()._compute_has_message()
        self.filtered(lambda record: not record.may_open).has_message = False
        return result

    def _search_has_message(self, operator, value):
        return self._search_openly(super()._search_has_message, operator, value)

    def _search_message_partner_ids(self, operator, operand):
        return self._search_openly(
            super()._search_message_partner_ids, operator, operand
        )

    def _search_activity_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        search = super()._search_activity_state
        if all(value):
            return self._search_openly(search, operator, value)
        # who has none: whoever is not among the others
        others = {"overdue", "today", "planned"} - set(value)
        if not others:
            return Domain.TRUE
        return ~self._search_openly(search, operator, others)

    def _read_group_groupby(self, alias, groupby_spec, query):
        """Who may not open a file finds it among those without an activity."""
        state = super()._read_group_groupby(alias, groupby_spec, query)
        if groupby_spec != "activity_state" or self.env.su:
            return state
        open_files = self._search(Domain("may_open", "=", True)).subselect()
        identity = SQL.identifier(alias, "id")
        return SQL("CASE WHEN %s IN %s THEN %s END", identity, open_files, state)

    # --- CRUD ---

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """Whether a list is empty, and what is in it, Odoo looks up past the rights on
        the rows of the list."""
        domain = Domain(domain)
        if not (self.env.su or bypass_access):
            domain = domain.optimize_full(self).map_conditions(self._look_openly)
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    # --- Tools ---

    @api.model
    def _look_openly(self, condition):
        """The same question about a list, asked with the rights of the asker."""
        field = self._fields.get(condition.field_expr)
        if not field or field.type != "one2many":
            return condition
        if condition.operator not in ("in", "not in"):
            return condition
        ids = [row for row in condition.value if row]
        found = self._holding(field, Domain("id", "in", ids)) if ids else Domain.FALSE
        if False in condition.value:
            found |= ~self._holding(field, Domain.TRUE)
        return found if condition.operator == "in" else ~found

    @api.model
    def _holding(self, field, rows):
        """Domain of the records in whose list the current user sees such ``rows``."""
        if field.comodel_name not in THREAD:
            return Domain(field.name, "any", rows)
        # these are open as a whole, and may be too many to check one by one
        return Domain(field.name, "any!", rows) & Domain("may_open", "=", True)

    @api.model
    def _search_openly(self, search, operator, value):
        """What ``search`` finds among the files that are open to the current user.
        Negations are left to the ORM, which inverts this."""
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        domain = search(operator, value)
        if domain is NotImplemented:
            return domain
        return Domain(domain) & Domain("may_open", "=", True)

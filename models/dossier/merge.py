from psycopg2 import IntegrityError

from odoo import api, models
from odoo.tools import SQL, mute_logger


class KeyAccountMerge(models.AbstractModel):
    """Keeps one file per customer when partners are merged or change their parent.

    Odoo's merge moves foreign keys by SQL and *deletes* the rows that violate a
    unique key, so two accounts of one customer must become one before it starts.
    """

    _name = "key.account.merge"
    _description = "Merging of Accounts"

    @api.model
    def _follow_partners(self, partners, target):
        """Hands the accounts of ``partners`` to ``target`` (a commercial entity),
        company by company: moved where he has none, merged into his otherwise."""
        Account = self.env["key.account"].sudo()
        accounts = Account.search([("partner_id", "in", (partners - target).ids)])
        self._forget_self_referrals(partners | target)
        for company, movers in accounts.grouped("company_id").items():
            keeper = Account.search(
                [("partner_id", "=", target.id), ("company_id", "=", company.id)]
            )
            if not keeper:
                keeper, movers = movers[0], movers[1:]
                keeper._authorized().write({"partner_id": target.id})
            if movers:
                (keeper | movers).with_env(self.env)._check_may_unite(company)
            for mover in movers:
                keeper._absorb(mover)

    def _check_may_unite(self, company):
        """Whose customer becomes one with another reads what was in both files: that
        is for who may open both. Of companies he does not work in he learns nothing.

        :raises UserError: naming a file that is closed to the current user.
        """
        if not self.env.su and company in self.env.user.company_ids:
            companies = self.env.user.company_ids.ids
            self.with_context(allowed_company_ids=companies)._check_may_open()

    @api.model
    def _forget_self_referrals(self, partners):
        """Who was referred by somebody he is about to be one with, was not referred."""
        Account = self.env["key.account"].sudo()
        family = [("commercial_partner_id", "in", partners.ids)]
        Account.search(
            [("partner_id", "in", partners.ids), ("referrer_id", "any", family)]
        ).referrer_id = False

    def _absorb(self, other):
        """Takes over everything that hangs on ``other`` and removes its empty shell.

        Facts of the file are filled in where this account has none; what the other
        account was is written down in the history.
        """
        self.ensure_one()
        self.env["key.account.stakeholder"]._follow_account(self, other)
        self.env.flush_all()
        self._authorized().write(self._prepare_absorbed_vals(other))
        self.message_post(
            body=self.env._(
                "Merged with the account of %(name)s (%(status)s, owner %(owner)s).",
                name=other.name,
                status=dict(other._fields["state"]._description_selection(self.env))[
                    other.state
                ],
                owner=other.holder_id.name or self.env._("nobody"),
            )
        )
        self.env.flush_all()
        self._repoint_children(other)
        # the shell has no children left and its history lives on in this account
        self.env.cr.execute(SQL("DELETE FROM key_account WHERE id = %s", other.id))
        self.env.invalidate_all()
        # external ids are remembered outside the records
        self.env.registry.clear_cache()

    def _prepare_absorbed_vals(self, other):
        """The facts this account lacks and the other one has, and the livelier state:
        a customer of one of them is a customer."""
        names = (
            "business_focus",
            "potential",
            "employees",
            "referrer_id",
            "source_id",
            "last_contact_at",
            "verified_on",
            "holder_id",
            *self._fact_names(),
        )
        vals = {
            name: other._fields[name].convert_to_write(other[name], other)
            for name in names
            if other[name] and not self[name]
        }
        states = ["closed", "prospect", "candidate", "exiting", "active"]
        return {**vals, "state": max(self.state, other.state, key=states.index)}

    def _repoint_children(self, other):
        """Moves every row that refers to ``other``; where this account already has
        the like (a unique key), the other's row goes with the shell."""
        for model in self.env.registry.values():
            if model._abstract or not model._auto or model._transient:
                continue
            for field in model._fields.values():
                if field.store:
                    self._repoint_field(model, field, other)

    def _repoint_field(self, model, field, other):
        if field.type == "many2one" and field.comodel_name == self._name:
            self._repoint(model._table, field.name, other)
        elif field.type == "many2many" and self._name in (
            field.comodel_name,
            model._name,
        ):
            # where accounts are on both sides, both columns name accounts
            if model._name == self._name:
                self._repoint(field.relation, field.column1, other)
            if field.comodel_name == self._name:
                self._repoint(field.relation, field.column2, other)
        elif field.type == "many2one_reference":
            # messages, activities, attachments, followers, ratings, external ids
            names_model = model._fields[field.model_field]
            if names_model.store:
                column = SQL.identifier(names_model.name)
                mine = SQL("%s = %s", column, self._name)
                self._repoint(model._table, field.name, other, mine)

    def _repoint(self, table, column, other, condition=None):
        target = SQL.identifier(table)
        where = SQL(
            "%s = %s AND %s", SQL.identifier(column), other.id, condition or SQL("TRUE")
        )
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                self._repoint_rows(target, column, where)
        except IntegrityError:
            self._repoint_one_by_one(target, column, where)

    def _repoint_rows(self, target, column, where):
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s = %s WHERE %s",
                target,
                SQL.identifier(column),
                self.id,
                where,
            )
        )

    def _repoint_one_by_one(self, target, column, where):
        """Row by row, so that one clash does not keep the others back."""
        rows = self.env.execute_query(
            SQL("SELECT ctid::text FROM %s WHERE %s", target, where)
        )
        for (ctid,) in rows:
            row = SQL("ctid = %s::tid", ctid)
            try:
                with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                    self._repoint_rows(target, column, row)
            except IntegrityError:
                self.env.cr.execute(SQL("DELETE FROM %s WHERE %s", target, row))

from odoo import api, models
from odoo.exceptions import LockError, UserError
from odoo.tools.misc import clean_context

from ...tools.authority import AUTHORITY, CONTEXT_KEY, holds_authority


class KeyAccountGuarded(models.AbstractModel):
    """Fields that only the methods of a model may write, and states that only move
    along its transition table.

    What ``_get_guarded_fields`` names is refused in ``create`` and ``write`` for
    everyone, the superuser included, whether the call comes from a form, an import or
    RPC. Areas add to it by extending the method.
    ``_append_only`` refuses every change and deletion of a row (a ledger).
    ``_transitions`` maps a state to the states that may follow it.
    """

    _name = "key.account.guarded"
    _description = "Guarded State"

    _append_only = False
    _transitions = {}

    # --- CRUD ---

    @api.model_create_multi
    def create(self, vals_list):
        if holds_authority(self.env.context):
            # whoever called the method may have sent default_tier_id and the like
            self = self.with_context(clean_context(self.env.context))
        elif self._append_only:
            raise UserError(self._append_only_message())
        else:
            self._check_guarded_creation(vals_list)
        # defaults of a user's own (ir.default) do not count either
        defaults = self._guarded_defaults()
        return super().create([{**defaults, **vals} for vals in vals_list])

    def write(self, vals):
        if not holds_authority(self.env.context):
            if self._append_only:
                raise UserError(self._append_only_message())
            self._check_guarded_names(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_append_only(self):
        if self._append_only and not holds_authority(self.env.context):
            raise UserError(self._append_only_message())

    # --- Business ---

    def _authorized(self):
        """The same records, for a method that has checked what it is about to write."""
        return self.with_context(**{CONTEXT_KEY: AUTHORITY})

    def _move(self, new_state, **vals):
        """Moves each record to ``new_state`` if its transition table allows it, and
        writes ``vals`` with it.

        :raises UserError: naming the record, its state and the states it may go to.
        """
        for record in self:
            if new_state not in record._next_states():
                raise UserError(record._transition_message(new_state))
        self._authorized().write({"state": new_state, **vals})

    def _next_states(self):
        """The states that this record may move to; a model whose kinds of records move
        in different ways tells them apart here."""
        return self._transitions.get(self.state, ())

    def _lock(self):
        """Takes the rows for this transaction, so that two people cannot decide the
        same thing at once.

        :raises UserError: at once, when somebody else holds one of them.
        """
        try:
            # others may still refer to the rows, they only may not change them
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is changing %(name)s right now."
                    " Wait a moment and try again.",
                    name=", ".join(self.mapped("display_name")[:3]),
                )
            ) from error

    def _check_group(self, group, message):
        """:raises UserError: with ``message`` for a user who is not in ``group``."""
        if not self.env.su and not self.env.user.has_group(group):
            raise UserError(message)

    # --- Tools ---

    @api.model
    def _get_guarded_fields(self):
        """Names of the fields that only methods with authority write."""
        if self._append_only:
            return frozenset(
                name
                for name, field in self._fields.items()
                if field.store
                and not field.compute
                and name not in models.MAGIC_COLUMNS
            )
        return frozenset({"state"}) if self._transitions else frozenset()

    def _check_guarded_creation(self, vals_list):
        forged = {
            key.removeprefix("default_")
            for key in self.env.context
            if key.startswith("default_")
        }
        self._check_guarded_names(forged)
        defaults = self._guarded_defaults()
        for vals in vals_list:
            self._check_guarded_names(
                name
                for name, value in vals.items()
                # what a form sends back untouched is no attempt to change it
                if (value or False) != (defaults.get(name) or False)
            )

    def _guarded_defaults(self):
        """What the guarded fields of a new record hold, as their models say."""
        values = {}
        for name in self._get_guarded_fields():
            field = self._fields[name]
            if field.compute:
                continue  # makes its own value, and a given one would keep it from it
            value = field.default(self) if field.default else False
            value = field.convert_to_cache(value, self, validate=False)
            values[name] = field.convert_to_write(
                field.convert_to_record(value, self), self
            )
        return values

    def _check_guarded_names(self, names):
        guarded = self._get_guarded_fields().intersection(names)
        if guarded:
            labels = [self._fields[name].string for name in sorted(guarded)]
            raise UserError(
                self.env._(
                    "%(fields)s of %(model)s cannot be written directly."
                    " Use the buttons of the record, which check and log the change.",
                    fields=", ".join(labels),
                    model=self.env["ir.model"]._get(self._name).name,
                )
            )

    def _append_only_message(self):
        return self.env._(
            "%(model)s is a ledger: its rows are written by the actions they record,"
            " and are never changed or deleted. A correction is a new row.",
            model=self.env["ir.model"]._get(self._name).name,
        )

    def _transition_message(self, new_state):
        labels = dict(self._fields["state"]._description_selection(self.env))
        allowed = [labels[state] for state in self._next_states()]
        values = {
            "name": self.display_name,
            "state": labels[self.state],
            "new": labels[new_state],
            "allowed": ", ".join(allowed),
        }
        if not allowed:
            return self.env._(
                "%(name)s is in state %(state)s, which is final: it cannot become"
                " %(new)s.",
                **values,
            )
        return self.env._(
            "%(name)s is in state %(state)s and cannot become %(new)s."
            " From here it can become: %(allowed)s.",
            **values,
        )

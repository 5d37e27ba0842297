from typing import Final

from odoo import api, fields, models

PENDING = "key_account_openings"

# In the context of what reads for a list. An object, so that no client can send it to
# pass by the log.
LISTING: Final = object()


class KeyAccountLogged(models.AbstractModel):
    """Remembers who opened a confidential file.

    A file is opened when its facts are handed to somebody who may open it: by the
    form, by a program that reads them, by an export or on paper. A list or a board
    opens nothing, and neither does looking at the public fields.

    What a transaction opens is collected and written once, when it ends.
    """

    _name = "key.account.logged"
    _description = "File with a Log of its Readers"

    # --- CRUD ---

    def read(self, fields=None, load="_classic_read"):
        asked = set(fields or self._opening_fields())
        listed = self.env.context.get("key_account_listing") is LISTING
        if not listed and asked & self._opening_fields():
            self._log_opening()
        return super().read(fields, load)

    def web_read(self, specification):  # pylint: disable=useless-parent-delegation
        return super().web_read(specification)

    # what writes the log has no use for a read-only cursor
    read._readonly = web_read._readonly = False

    @api.model
    @api.readonly
    def web_search_read(self, *args, **kwargs):
        return super(KeyAccountLogged, self._listing()).web_search_read(*args, **kwargs)

    @api.model
    @api.readonly
    def web_read_group(self, *args, **kwargs):
        return super(KeyAccountLogged, self._listing()).web_read_group(*args, **kwargs)

    def export_data(self, fields_to_export):
        roots = {path.split("/")[0] for path in fields_to_export}
        if roots & self._opening_fields():
            self._log_opening()
        return super().export_data(fields_to_export)

    # --- Business ---

    def _log_opening(self):
        """Notes that the current user opens those of these files he may open. Whoever
        prints a file or hands it out in another way calls this."""
        if self.env.su:  # the system itself reads nobody's file
            return
        precommit = self.env.cr.precommit
        if PENDING not in precommit.data:
            precommit.data[PENDING] = {}
            precommit.add(self.sudo().browse()._write_pending_openings)
        pending = precommit.data[PENDING]
        now = fields.Datetime.now()
        for account in self._origin.filtered("may_open"):
            pending.setdefault((account.id, self.env.uid), now)

    @api.model
    def _write_pending_openings(self):
        pending = self.env.cr.precommit.data.pop(PENDING, {})
        self.env["key.account.access"]._write_openings(
            [(*opening, moment) for opening, moment in pending.items()]
        )

    # --- Tools ---

    @api.model
    def _opening_fields(self):
        """Reading one of them opens the file: the facts, and what a form asks to know
        whether it is open."""
        return {"may_open", "profile_ids", *self._fact_names()}

    @api.model
    def _listing(self):
        return self.with_context(key_account_listing=LISTING)

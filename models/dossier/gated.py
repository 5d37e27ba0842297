from threading import current_thread
from urllib.parse import urlsplit

from odoo import api, models
from odoo.http import request

# where programs call, as opposed to the pages of Odoo itself
EXTERNAL_PATHS = ("/json/", "/jsonrpc", "/xmlrpc")
# what says nothing of a record
FREE_NAMES = {"id", ".id"}


def is_external_call():
    """Whether a program asks, through one of Odoo's APIs."""
    if request:
        path = request.httprequest.path
    else:
        # the older APIs put the request away before they call
        path = urlsplit(getattr(current_thread(), "url", "")).path
    return path.startswith(EXTERNAL_PATHS)


class KeyAccountGated(models.AbstractModel):
    """Records of customers, which leave the company only under an open, approved data
    request of whoever takes them (R038): in an export, through the API, or as the
    recipients of a mass mailing. People read them on the pages of Odoo as ever.

    A model that hangs on an account inherits this and is done, as long as its account
    is called ``account_id``.
    """

    _name = "key.account.gated"
    _description = "Behind the Data Request Gate"

    # --- Business ---

    def _gated_accounts(self):
        """The accounts whose data these records are, whoever asks."""
        return self.sudo().account_id

    # --- What programs read ---

    def _read_format(self, fnames, load="_classic_read"):
        if is_external_call() and not FREE_NAMES.issuperset(fnames):
            self._pass_gate("api", fnames)
        return super()._read_format(fnames, load)

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        result = super().name_search(name, domain, operator, limit)
        if is_external_call():
            found = self.browse(record_id for record_id, _name in result)
            found._pass_gate("api", ["display_name"])
        return result

    def copy_data(self, default=None):
        """A copy of a customer would be free to read."""
        if is_external_call():
            self._pass_gate("api", ["copy"])
        return super().copy_data(default)

    def _pass_gate(self, channel, names):
        """Notes the use of ``names`` of these records.

        :raises AccessError: if no data request of the user allows it.
        """
        if self and not self.env.su:
            self.env["key.account.gate"]._pass(
                self._gated_accounts(), channel, self._name, len(self), names
            )

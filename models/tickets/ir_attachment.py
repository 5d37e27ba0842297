from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from .mail_message import TICKET


class IrAttachment(models.Model):
    """Customers read the files of their tickets that hang on a message they see; what
    lies on an internal note, or was put beside the conversation, they do not."""

    _inherit = "ir.attachment"

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or self.env.user._is_internal():
            return result
        rest = self - result[0] if result else self
        hidden = rest._hidden_from_customers()
        if not hidden:
            return result
        forbidden = result[0] | hidden if result else hidden
        return forbidden, self._make_hidden_error

    def _hidden_from_customers(self):
        files = self.sudo().filtered(
            lambda file: file.res_model == TICKET and file.res_id and not file.public
        )
        if not files:
            return self.browse()
        shown = files.search(self._shown_domain() & Domain("id", "in", files.ids))
        return (files - shown).sudo(self.env.su)

    @api.model
    def _make_hidden_error(self):
        return AccessError(self.env._("This file is not for you to read."))

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not (self.env.su or bypass_access or self.env.user._is_internal()):
            domain = Domain(domain)
            names = {condition.field_expr for condition in domain.iter_conditions()}
            if not names & {"id", "res_field"}:
                # what Odoo leaves out as long as nobody asks by the id, as is done now
                domain &= Domain("res_field", "=", False)
            domain &= Domain("res_model", "!=", TICKET) | self._shown_domain()
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    @api.model
    def _shown_domain(self):
        """Domain of the files that hang on a message of a ticket which its customer
        reads."""
        messages = self.env["mail.message"].sudo()
        seen = messages._get_search_domain_share() & Domain("model", "=", TICKET)
        on_message = SQL(
            "(SELECT attachment_id FROM message_attachment_rel WHERE message_id IN %s)",
            messages._search(seen).subselect(),
        )
        return Domain("id", "in", on_message)

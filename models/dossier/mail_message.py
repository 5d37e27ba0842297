from odoo import api, models
from odoo.fields import Domain


class MailMessage(models.Model):
    _inherit = "mail.message"

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """A colleague who left the team does not look up what he was told in it. What
        was sent to a customer stays with him."""
        domain = Domain(domain)
        if not (self.env.su or bypass_access) and self.env.user._is_internal():
            Confidential = self.env["key.account.confidential"]
            domain &= Confidential._hanging_domain("model", "res_id")
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _get_forbidden_access(self, operation):
        forbidden = super()._get_forbidden_access(operation)
        if operation in ("read", "write") and self.env.user._is_internal():
            Confidential = self.env["key.account.confidential"]
            rest = self - forbidden
            forbidden |= Confidential._hanging_on_closed(rest, "model", "res_id")
        return forbidden

from odoo import api, models
from odoo.fields import Domain


class MailFollowers(models.Model):
    _inherit = "mail.followers"

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """Every employee reads followers; those of a file, who may open it."""
        domain = Domain(domain)
        if not (self.env.su or bypass_access):
            Confidential = self.env["key.account.confidential"]
            domain &= Confidential._hanging_domain("res_model", "res_id")
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        error = self.env["ir.rule"]._make_access_error
        return self.env["key.account.confidential"]._without_closed(
            super()._check_access(operation),
            self,
            lambda closed: error(operation, closed),
        )

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.constrains("public", "res_model")
    def _check_file_not_public(self):
        """What lies in a confidential file has no address that works for everybody."""
        confidential = self.env["key.account.confidential"]._confidential_models()
        for attachment in self:
            if attachment.public and attachment.res_model in confidential:
                raise ValidationError(
                    self.env._(
                        "%(name)s lies in the file of a customer and cannot be public."
                        " Send a copy of it instead.",
                        name=attachment.name,
                    )
                )

    def _inaccessible_comodel_records(self, model_and_ids, operation):
        """Who may read an account does not read what lies in its file."""
        confidential = self.env["key.account.confidential"]._confidential_models()
        files = {name: model_and_ids.get(name, ()) for name in confidential}
        others = {name: ids for name, ids in model_and_ids.items() if name not in files}
        yield from super()._inaccessible_comodel_records(others, operation)
        yield from super()._inaccessible_comodel_records(files, "write")

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """Where the domain names the model, Odoo asks for the right to read it only."""
        domain = Domain(domain)
        if not (self.env.su or bypass_access):
            Confidential = self.env["key.account.confidential"]
            domain &= Confidential._hanging_domain("res_model", "res_id")
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

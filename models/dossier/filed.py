from odoo import models


class KeyAccountFiled(models.AbstractModel):
    """Something that hangs on an account: it leaves the company under a data request
    only, and is not smuggled into a closed file, as Odoo asks for the right to write
    before a change, not after it."""

    _name = "key.account.filed"
    _description = "Part of a File"
    _inherit = "key.account.gated"

    def write(self, vals):
        result = super().write(vals)
        if {"account_id", "stakeholder_id"}.intersection(vals):
            self.check_access("write")
        return result

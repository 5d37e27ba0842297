from odoo import models


class KeyAccountFiled(models.AbstractModel):
    """Something that hangs on an account and is not smuggled into a closed file:
    Odoo asks for the right to write before a change, not after it."""

    _name = "key.account.filed"
    _description = "Part of a File"

    def write(self, vals):
        result = super().write(vals)
        if {"account_id", "stakeholder_id"}.intersection(vals):
            self.check_access("write")
        return result

from odoo import fields, models


class KeyAccountFileItem(models.Model):
    """One thing that a complete file holds (R031): its name and place in the list.

    How it is told from an account is code, ``_file_items`` of ``key.account.upkeep``:
    whoever adds an item there adds a record of the same code here. A tier says which
    items the files of its customers need.
    """

    _name = "key.account.file.item"
    _description = "Item of a Complete File"
    _order = "sequence, id"

    code = fields.Char(required=True, readonly=True)
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=100)

    _code_uniq = models.Constraint(
        "UNIQUE(code)", "There is already an item of this code."
    )

    # --- Tools ---

    def _mask(self):
        """The bits of these items; those that no code knows have none."""
        known = self.env["key.account"]._file_items()
        return sum(known[item.code].mask for item in self if item.code in known)

from odoo import api, fields, models
from odoo.tools import ormcache


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

    # --- CRUD ---

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        self.env.registry.clear_cache()
        return items

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _update_field_translations(self, *args, **kwargs):
        """The names are remembered language by language."""
        result = super()._update_field_translations(*args, **kwargs)
        self.env.registry.clear_cache()
        return result

    # --- Tools ---

    @api.model
    @ormcache("lang")
    def _names(self, lang):
        """Code and name of each item in a language, in their order."""
        # pylint: disable=no-search-all
        items = self.sudo().with_context(lang=lang).search([])
        return tuple((item.code, item.name) for item in items)

    def _mask(self):
        """The bits of these items; those that no code knows have none."""
        known = self.env["key.account"]._file_items()
        return sum(known[item.code].mask for item in self if item.code in known)

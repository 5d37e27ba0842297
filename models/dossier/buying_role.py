from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import ormcache


class KeyAccountBuyingRole(models.Model):
    """The part a person plays when his company buys: who decides, who signs, who
    opens the door. The stewards name the parts; a person has at most one (R025)."""

    _name = "key.account.buying.role"
    _description = "Buying Role"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="What imports and programs call it; stays the same."
    )
    sequence = fields.Integer(default=10)
    description = fields.Text(translate=True)

    _code_uniq = models.Constraint(
        "UNIQUE(code)", "There is already a buying role of this code."
    )
    _code_plain = models.Constraint(
        "CHECK(code ~ '^[a-z][a-z0-9_]*$')",
        "A code is made of small letters, digits and underscores.",
    )

    # --- CRUD ---

    @api.model_create_multi
    def create(self, vals_list):
        roles = super().create(vals_list)
        self.env.registry.clear_cache()
        return roles

    def write(self, vals):
        if "code" in vals:
            self.filtered(lambda role: role.code != vals["code"])._check_unused()
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_unused()

    def _update_field_translations(self, *args, **kwargs):
        """The options of the stakeholders are remembered language by language."""
        result = super()._update_field_translations(*args, **kwargs)
        self.env.registry.clear_cache()
        return result

    # --- Business ---

    def _check_unused(self):
        """:raises UserError: when people have one of these roles."""
        Stakeholder = self.env["key.account.stakeholder"].sudo()
        used = Stakeholder.with_context(active_test=False).search(
            [("buying_role", "in", self.mapped("code"))], limit=1
        )
        if used:
            role = self.filtered(lambda role: role.code == used.buying_role)
            raise UserError(
                self.env._(
                    "Somebody plays the role %(name)s. Give those people another role"
                    " first, or change its name only.",
                    name=role.name,
                )
            )

    @api.model
    @ormcache("lang")
    def _options(self, lang):
        """Code and name of each role in a language, in their order."""
        # pylint: disable=no-search-all
        roles = self.sudo().with_context(lang=lang).search([])
        return tuple((role.code, role.name) for role in roles)

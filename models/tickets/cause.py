from odoo import api, fields, models
from odoo.exceptions import ValidationError


class KeyAccountCause(models.Model):
    """Why something went wrong, as a tree that a company makes its own (R089, R094):
    causes are counted on every level of it."""

    _name = "key.account.cause"
    _description = "Cause of a Complaint"
    _parent_store = True
    _order = "parent_path, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="For reports and imports; the same in every language.")
    parent_id = fields.Many2one(
        "key.account.cause", "Part of", index=True, ondelete="restrict"
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("key.account.cause", "parent_id", "Narrower Causes")
    department_id = fields.Many2one(
        "hr.department",
        "Usual Department",
        help="Suggested as the responsible department when this cause is found.",
    )
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "Each cause has a code of its own.")

    # --- Compute ---

    @api.depends("name", "parent_path")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for cause in self:
            names, above = [cause.name or ""], cause.parent_id
            while above:
                names.append(above.name)
                above = above.parent_id
            cause.display_name = " / ".join(reversed(names))

    # --- Constraints ---

    @api.constrains("parent_id")
    def _check_tree(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A cause cannot be a part of itself."))

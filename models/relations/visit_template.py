from odoo import api, fields, models


class KeyAccountVisitTemplate(models.Model):
    """A thing that is always prepared for a kind of visit, and how many days before.

    A planned visit of the kind begins with a checklist of them.
    """

    _name = "key.account.visit.template"
    _description = "Usual Preparation"
    _order = "kind, sequence, id"

    name = fields.Char("What to Prepare", required=True, translate=True)
    kind = fields.Selection(
        "_selection_kind",
        "For",
        required=True,
        default="reception",
    )
    days_before = fields.Integer(
        default=1, help="So many days before the visit it is to be ready."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    @api.model
    def _selection_kind(self):
        field = self.env["key.account.visit"]._fields["kind"]
        return field._description_selection(self.env)

    # --- Business ---

    @api.model
    def _items_of(self, kinds):
        """``{kind: values of the items that a visit of this kind begins with}``"""
        templates = self.sudo().search([("kind", "in", list(kinds))])
        return {
            kind: [
                {
                    "name": template.name,
                    "sequence": template.sequence,
                    "days_before": template.days_before,
                }
                for template in rows
            ]
            for kind, rows in templates.grouped("kind").items()
        }

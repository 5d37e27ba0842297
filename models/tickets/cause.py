from odoo import api, fields, models
from odoo.fields import Domain


class KeyAccountCause(models.Model):
    """Why something went wrong, as a tree that a company makes its own (R089, R094):
    causes are counted on every level of it."""

    _name = "key.account.cause"
    _description = "Cause of a Complaint"
    _parent_store = True
    _order = "tree_order, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="For reports and imports; the same in every language.")
    parent_id = fields.Many2one(
        "key.account.cause", "Part of", index=True, ondelete="restrict"
    )
    parent_path = fields.Char(index=True)
    tree_order = fields.Char(
        compute="_compute_tree_order",
        store=True,
        recursive=True,
        index=True,
        export_string_translation=False,
    )
    child_ids = fields.One2many("key.account.cause", "parent_id", "Narrower Causes")
    department_id = fields.Many2one(
        "hr.department",
        "Usual Department",
        help="Suggested as the responsible department when this cause is found.",
    )
    active = fields.Boolean(default=True)
    complaint_count = fields.Integer(
        "Complaints",
        compute="_compute_complaint_count",
        help="Of this cause or a narrower one, as far as you may see them.",
    )

    _code_uniq = models.Constraint("UNIQUE(code)", "Each cause has a code of its own.")

    # --- Compute ---

    @api.depends("parent_id.tree_order")
    def _compute_tree_order(self):
        """Each cause below the wider one, in the order in which they were made; paths
        of bare ids would put the tenth before the second."""
        for cause in self:
            number = f"{cause._origin.id or 0:08d}"
            cause.tree_order = (cause.parent_id.tree_order or "") + number

    @api.depends("name", "parent_path")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for cause in self:
            names, above = [cause.name or ""], cause.parent_id
            while above:
                names.append(above.name)
                above = above.parent_id
            cause.display_name = " / ".join(reversed(names))

    @api.depends_context("uid")
    def _compute_complaint_count(self):
        """Complaints on every level, one query for all."""
        rows = self.env["key.account.ticket"]._read_group(
            self._complaint_domain(), ["cause_id"], ["__count"]
        )
        for cause in self:
            own = f"/{cause._origin.id}/"
            cause.complaint_count = sum(
                count for one, count in rows if own in f"/{one.sudo().parent_path}"
            )

    # --- Actions ---

    def action_open_complaints(self):
        """Lists the complaints of this cause and of the narrower ones."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account.ticket_action"
        )
        domain = list(self._complaint_domain())
        return {**action, "name": self.display_name, "domain": domain, "context": {}}

    # --- Business ---

    def _complaint_domain(self):
        """Domain of the complaints of these causes, down the tree."""
        return Domain("kind", "=", "complaint") & Domain(
            "cause_id", "child_of", self.ids
        )

from odoo import api, fields, models
from odoo.exceptions import UserError


class KeyAccountTicketInvestigation(models.Model):
    """What one department found out about a complaint, with the evidence (R089)."""

    _name = "key.account.ticket.investigation"
    _description = "Investigation"
    _inherit = ["key.account.ticket.asked"]
    _order = "id"
    _asked_fields = frozenset(("finding", "found_at", "evidence_ids", "cause_id"))
    _check_company_auto = True

    ticket_id = fields.Many2one(
        "key.account.ticket",
        "Complaint",
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="ticket_id.company_id", store=True, precompute=True
    )
    department_id = fields.Many2one("hr.department", required=True, index=True)
    user_id = fields.Many2one(
        "res.users",
        "Investigated by",
        index=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    question = fields.Text("To Find Out")
    due_on = fields.Date("Due")
    finding = fields.Text()
    found_at = fields.Datetime("Found", readonly=True, copy=False)
    evidence_ids = fields.Many2many(
        "ir.attachment",
        "key_account_ticket_investigation_file_rel",
        help="Photos, letters, measurements.",
    )
    cause_id = fields.Many2one("key.account.cause", ondelete="restrict")

    # --- Compute ---

    @api.depends("department_id", "user_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.sudo().department_id.name

    # --- CRUD ---

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create([self._with_date(vals) for vals in vals_list])
        lines.ticket_id._begin_step()
        for line in lines.filtered(lambda line: not line.found_at):
            line._tell_department()
        return lines

    def write(self, vals):
        result = super().write(self._with_date(vals))
        if vals.get("finding"):
            self._no_longer_asked()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_found(self):
        if any(line.found_at for line in self):
            raise UserError(self.env._("What was found stays on record."))

    def _with_date(self, vals):
        """A finding has the date on which it was written down."""
        if "finding" in vals:
            now = fields.Datetime.now() if vals["finding"] else False
            return {**vals, "found_at": now}
        return {name: value for name, value in vals.items() if name != "found_at"}

    # --- Business ---

    def _tell_department(self):
        """The one who is named, or the head of the department, finds it among his
        activities; where there is neither, everybody of the department is told."""
        asked = self.user_id or self._head_of(self.department_id)
        if asked:
            self._ask_for(asked, self.env._("Find out what happened"), self.due_on)
        else:
            self._tell_asked(
                self.env._("Find out what happened"),
                self.env._("A customer complains"),
            )

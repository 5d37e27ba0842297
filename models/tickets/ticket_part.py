from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class KeyAccountTicketPart(models.AbstractModel):
    """A line of a ticket that belongs to a department or a person: they see it and not
    the ticket, and fill in what they were asked for, no more (I9)."""

    _name = "key.account.ticket.part"
    _description = "Part of a Ticket"
    _asked_fields = frozenset()

    number = fields.Char("Ticket Number", compute="_compute_number")
    may_open_ticket = fields.Boolean(compute="_compute_may_open_ticket")
    may_write = fields.Boolean(compute="_compute_may_write")
    is_asked = fields.Boolean(
        "Asked of Me", compute="_compute_is_asked", search="_search_is_asked"
    )

    # --- Compute ---

    @api.depends("ticket_id")
    def _compute_number(self):
        """The number says nothing of the ticket: whom it is asked may know it."""
        for part in self:
            part.number = part.sudo().ticket_id.number

    @api.depends("ticket_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_may_write(self):
        mine = self._origin._filtered_access("write")
        for part in self:
            part.may_write = part._origin in mine

    @api.depends("ticket_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_may_open_ticket(self):
        tickets = self.env["key.account.ticket"].browse(self.sudo().ticket_id.ids)
        mine = set(tickets._filtered_access("read").ids)
        for part in self:
            part.may_open_ticket = part.sudo().ticket_id.id in mine

    @api.depends_context("uid")
    def _compute_is_asked(self):
        asked = self.sudo().search(Domain("id", "in", self.ids) & self._asked_domain())
        for part in self:
            part.is_asked = part._origin in asked

    def _search_is_asked(self, operator, value):
        if operator != "in" or len(value) > 1:
            return NotImplemented
        asked = self._asked_domain()
        return asked if True in value else ~asked

    # --- CRUD ---

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts._keep_evidence()
        return parts

    def write(self, vals):
        beyond = set(vals) - self._asked_fields
        if beyond and not self.env.su:
            tickets = self.env["key.account.ticket"].browse(self.sudo().ticket_id.ids)
            if tickets - tickets._filtered_access("write"):
                raise AccessError(
                    self.env._(
                        "You fill in what you were asked for. The rest is written by"
                        " those who handle the ticket."
                    )
                )
        result = super().write(vals)
        if "evidence_ids" in vals:
            self._keep_evidence()
        return result

    # --- Actions ---

    def action_open(self):
        """Opens this part by itself."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def action_open_ticket(self):
        """Opens the ticket, for those who may see it."""
        self.ensure_one()
        return (
            self.env["key.account.ticket"].browse(self.sudo().ticket_id.id)._open_form()
        )

    # --- Business ---

    def _keep_evidence(self):
        """Files that were uploaded before the line was saved belong to it from now on:
        whoever sees the line sees them."""
        if "evidence_ids" not in self._fields:
            return
        for part in self:
            files = part.sudo().evidence_ids.filtered(lambda file: not file.res_id)
            files.write({"res_model": self._name, "res_id": part.id})

    def _tell_asked(self, subject, body):
        """Tells those who are asked, with a link to what they are asked for: the person
        who is named, or else everybody of the department."""
        for part in self.sudo():
            department = part.department_id
            people = part.user_id or department.member_ids.user_id
            people = people.filtered(lambda user: user.active and not user.share)
            link = Markup('<a href="/odoo/%s/%s">%s</a>') % (
                self._name,
                part.id,
                part.display_name,
            )
            self.env["mail.thread"].message_notify(
                partner_ids=(people - self.env.user).partner_id.ids,
                subject=subject,
                body=Markup("<p>%s: %s</p><p>%s</p>")
                % (body, part.question or "", link),
                email_layout_xmlid="mail.mail_notification_light",
            )

    @api.model
    def _asked_domain(self):
        """Domain of what is asked of the current user: of himself, or of his department
        where nobody is named."""
        mine = Domain("user_id", "=", self.env.uid)
        if "department_id" in self._fields:
            head = Domain("department_id.manager_id.user_id", "=", self.env.uid)
            member = Domain("department_id.member_ids.user_id", "=", self.env.uid)
            mine |= head | (Domain("user_id", "=", False) & member)
        return mine

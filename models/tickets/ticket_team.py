from odoo import api, fields, models
from odoo.exceptions import ValidationError


class KeyAccountTicketTeam(models.Model):
    """The people who take enquiries and complaints, and the addresses customers write
    to (R086). A team without a leader, a calendar or a mailbox works all the same."""

    _name = "key.account.ticket.team"
    _description = "Service Team"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    leader_id = fields.Many2one(
        "res.users",
        "Team Leader",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Is warned before a promise is broken; approves holds.",
    )
    member_ids = fields.Many2many(
        "res.users",
        "key_account_ticket_team_user_rel",
        "team_id",
        "user_id",
        "Agents",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="See and work on the tickets of this team.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Hours",
        check_company=True,
        help="Promises without hours of their own run in these; empty: in those of the"
        " company.",
    )
    mailbox_ids = fields.One2many("key.account.ticket.mailbox", "team_id", "Mailboxes")
    addresses = fields.Char(compute="_compute_addresses")
    ticket_ids = fields.One2many("key.account.ticket", "team_id", "Tickets")
    open_count = fields.Integer("Open Tickets", compute="_compute_counts")
    late_count = fields.Integer("Late Tickets", compute="_compute_counts")

    # --- Compute ---

    @api.depends("mailbox_ids.alias_full_name")
    def _compute_addresses(self):
        for team in self:
            names = team.sudo().mailbox_ids.mapped("alias_full_name")
            team.addresses = ", ".join(filter(None, names))

    @api.depends_context("uid")
    def _compute_counts(self):
        domain = [("team_id", "in", self.ids), ("is_open", "=", True)]
        rows = self.env["key.account.ticket"]._read_group(
            domain, ["team_id", "sla_state"], ["__count"]
        )
        opened, late = {}, {}
        for team, state, count in rows:
            opened[team.id] = opened.get(team.id, 0) + count
            if state == "late":
                late[team.id] = count
        for team in self:
            team.open_count = opened.get(team._origin.id, 0)
            team.late_count = late.get(team._origin.id, 0)

    # --- Constraints ---

    @api.constrains("leader_id", "member_ids", "company_id")
    def _check_people(self):
        for team in self:
            people = (team.leader_id | team.member_ids).sudo()
            strangers = people.filtered(
                lambda user, company=team.company_id: (
                    user.share or company not in user.company_ids
                )
            )
            if strangers:
                raise ValidationError(
                    self.env._(
                        "%(people)s do not work in %(company)s. Choose its employees.",
                        people=", ".join(strangers.mapped("name")),
                        company=team.company_id.name,
                    )
                )

    # --- Actions ---

    def action_open_tickets(self):
        """Lists the open tickets of this team."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account.ticket_action"
        )
        domain = [("team_id", "=", self.id), ("is_open", "=", True)]
        return {**action, "name": self.name, "domain": domain}

    def action_open_late(self):
        """Lists those of them that are late."""
        action = self.action_open_tickets()
        return {**action, "domain": [*action["domain"], ("sla_state", "=", "late")]}

    # --- Business ---

    @api.model
    def _default_of(self, company):
        """The team that takes what names none: the first of the company, if any."""
        return self.sudo().search([("company_id", "=", company.id)], limit=1)

    def _mailbox_for(self, kind):
        """The mailbox of this team that tickets of a kind are answered from."""
        return self.mailbox_ids.sorted(lambda box: (box.kind != kind, box.id))[:1]

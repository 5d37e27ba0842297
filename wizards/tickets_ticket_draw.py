import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.tickets.ticket_check import KINDS


class KeyAccountTicketDraw(models.TransientModel):
    """Draws a sample of closed tickets for spot checks (R096)."""

    _name = "key.account.ticket.draw"
    _description = "Draw a Sample"

    team_id = fields.Many2one(
        "key.account.ticket.team",
        required=True,
        default=lambda self: self._default_team_id(),
    )
    kind = fields.Selection(KINDS, "What Is Checked", required=True, default="work")
    date_from = fields.Date(
        "Closed from", required=True, default=lambda self: self._default_month()[0]
    )
    date_to = fields.Date(
        "Closed until", required=True, default=lambda self: self._default_month()[1]
    )
    per_agent = fields.Integer("Tickets of Each Person", required=True, default=3)
    seed = fields.Char(
        required=True,
        default=lambda self: secrets.token_hex(4),
        help="Drawn at random by this word. The same word draws the same tickets.",
    )
    summary = fields.Text("To Choose from", compute="_compute_summary")

    _some = models.Constraint("CHECK(per_agent > 0)", "Draw one ticket or more.")

    # --- Defaults ---

    @api.model
    def _default_team_id(self):
        Team = self.env["key.account.ticket.team"]
        led = Team.search([("leader_id", "=", self.env.uid)], limit=1)
        return led or Team._default_of(self.env.company)

    @api.model
    def _default_month(self):
        """First and last day of the month that is over."""
        first = self.env.company._key_account_today().replace(day=1)
        return fields.Date.subtract(first, months=1), fields.Date.subtract(
            first, days=1
        )

    # --- Compute ---

    @api.depends("team_id", "kind", "date_from", "date_to")
    def _compute_summary(self):
        Check = self.env["key.account.ticket.check"]
        for draw in self:
            draw.summary = False
            if draw.team_id and draw.date_from and draw.date_to:
                Check._check_may_draw(draw.team_id)
                choice = Check._choice(
                    draw.team_id, draw.kind, draw.date_from, draw.date_to
                )
                draw.summary = "\n".join(
                    f"{agent.name}: {len(tickets)}" for agent, tickets in choice.items()
                )

    # --- Actions ---

    def action_draw(self):
        """Draws, and shows what was drawn."""
        self.ensure_one()
        if self.date_from > self.date_to:
            raise UserError(self.env._("A period ends after it begins."))
        checks = self.env["key.account.ticket.check"]._draw(
            self.team_id,
            self.kind,
            self.date_from,
            self.date_to,
            self.per_agent,
            self.seed,
        )
        if not checks:
            raise UserError(
                self.env._("Nothing to draw from: no such ticket was closed then.")
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account.ticket_check_action"
        )
        return {**action, "domain": [("id", "in", checks.ids)], "context": {}}

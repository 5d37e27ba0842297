from odoo import api, fields, models
from odoo.fields import Domain


class KeyAccountTicketMine(models.AbstractModel):
    """Who works on a ticket: its handler, his team with its leader, and who serves the
    customer. The record rules of a ticket and of all its parts ask for it."""

    _name = "key.account.ticket.mine"
    _description = "Who Works on a Ticket"

    is_mine = fields.Boolean(
        "Mine to See", compute="_compute_is_mine", search="_search_is_mine"
    )

    # --- Compute ---

    @api.depends("user_id", "team_id", "account_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        mine = self.sudo().search(
            Domain("id", "in", self.ids) & self._mine_domain(), order="id"
        )
        for ticket in self:
            ticket.is_mine = ticket._origin in mine

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        mine = self._mine_domain()
        if False in value:
            return Domain.TRUE if True in value else ~mine
        return mine

    # --- Business ---

    @api.model
    def _mine_domain(self):
        """Domain of the tickets that the current user works on: his own, his team's,
        and those of the customers he serves.

        His teams and customers are found once in a query, however many tickets it
        reads; as a domain inside this one each row would look for them again."""
        user = self.env.user
        team = Domain("member_ids", "in", user.ids) | Domain("leader_id", "=", user.id)
        served = Domain("is_mine", "=", True)
        return (
            Domain("user_id", "=", user.id)
            | Domain("team_id", "in", self._found_once("team_id", team))
            | Domain("account_id", "in", self._found_once("account_id", served))
        )

    @api.model
    def _found_once(self, field_name, domain):
        """The query for what a link may lead to, past the rules of the other model."""
        other = self.env[self._fields[field_name].comodel_name]
        return other._search(domain, active_test=False, bypass_access=True)

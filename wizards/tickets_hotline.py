from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import plaintext2html

from ..tools.ticket_rules import KINDS, LEVELS

# Letters of the subject, which is the beginning of what he says.
SUBJECT = 60


class KeyAccountHotline(models.TransientModel):
    """Somebody calls (R086, R087, R095): by his number, name or company it shows at
    once who he is and what is going on with him, takes down what he wants, and either
    ends there with the answer or goes on as a ticket.
    """

    _name = "key.account.hotline"
    _description = "Hotline"
    _inherit = ["key.account.caller"]

    # who; looked up with the rights of whoever picked up the telephone
    partner_id = fields.Many2one(
        compute="_compute_partner_id",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    contact_name = fields.Char(
        "Name",
        compute="_compute_contact",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    phone = fields.Char(
        compute="_compute_contact", compute_sudo=False, store=True, readonly=False
    )
    found = fields.Json(compute="_compute_found")

    # what
    kind = fields.Selection(KINDS, required=True, default="enquiry")
    words = fields.Text("What He Says")
    urgency = fields.Selection(LEVELS, required=True, default="medium")
    answer = fields.Text("What I Told Him")
    order_id = fields.Many2one(
        "sale.order",
        "Contract",
        compute="_compute_about",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    project_id = fields.Many2one("project.project")
    show_name = fields.Char(
        "Exhibition",
        compute="_compute_about",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    stand_no = fields.Char(
        "Stand",
        compute="_compute_about",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    ticket_id = fields.Many2one("key.account.ticket", readonly=True)

    # --- Compute ---

    @api.depends("caller")
    def _compute_partner_id(self):
        """The only one who fits is the one."""
        for call in self:
            people = call._find_callers()
            call.partner_id = people if len(people) == 1 else False

    @api.depends("caller", "partner_id")
    def _compute_contact(self):
        for call in self:
            text = (call.caller or "").strip()
            number = self._digits(text)
            call.phone = text if number else call.partner_id.phone
            call.contact_name = "" if number or call.partner_id else text

    @api.depends("caller", "partner_id")
    def _compute_found(self):
        for call in self:
            call.found = call._what_is_known()

    @api.depends("partner_id")
    def _compute_about(self):
        """The only contract that is running is the one he calls about."""
        for call in self:
            contracts = call.found.get("orders", [])
            contract = contracts[0] if len(contracts) == 1 else {}
            call.order_id = contract.get("id", False)
            call.show_name = contract.get("show", False)
            call.stand_no = contract.get("stand", False)

    # --- Actions ---

    def action_answer(self):
        """Answered on the spot: noted with the answer, and closed."""
        self.ensure_one()
        if self.kind == "complaint":
            raise UserError(
                self.env._("A complaint is not closed on the telephone. Take it on.")
            )
        if not (self.answer or "").strip():
            raise UserError(self.env._("Write down what you told him."))
        ticket = self._make_ticket()
        ticket.action_close(answer=self.answer, nothing_else="said")
        message = self.env._("%(number)s is noted and closed.", number=ticket.number)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_take(self):
        """I take care of it."""
        ticket = self._take_down()
        if ticket.state == "new":
            ticket.action_accept()
        return ticket._open_form()

    def action_pass(self):
        """Somebody else takes care of it: asks who."""
        return self._take_down()._ask("hand_over")

    def action_ask(self):
        """I take care of it, and ask a department."""
        ticket = self._take_down()
        if ticket.state == "new":
            ticket.action_accept()
        action = ticket.action_consult()
        action["context"]["default_question"] = self.words
        return action

    # --- Business ---

    def _take_down(self):
        """What is not settled on the telephone, as a ticket: who has an address reads
        its number and what is promised (R086)."""
        ticket = self._make_ticket()
        if not ticket.acknowledgement:  # nor twice, where he was not written to
            ticket._acknowledge()
        return ticket

    def _make_ticket(self):
        """What was said, as a ticket; pressing twice does not make two."""
        self.ensure_one()
        if not self.ticket_id:
            self.ticket_id = self.env["key.account.ticket"].create(
                self._prepare_ticket_vals()
            )
        return self.ticket_id

    def _prepare_ticket_vals(self):
        words = (self.words or "").strip()
        if not words:
            raise UserError(self.env._("Write down in a few words what he wants."))
        if not (self.partner_id or self.contact_name or self.phone):
            raise UserError(
                self.env._("Write down who calls: a name or a number is enough.")
            )
        first = words.splitlines()[0]
        return {
            "kind": self.kind,
            "name": first if len(first) <= SUBJECT else f"{first[: SUBJECT - 1]}…",
            "description": plaintext2html(words),
            "channel": "phone",
            "urgency": self.urgency,
            "partner_id": self.partner_id.id,
            "contact_name": self.contact_name,
            "phone": self.phone,
            "order_id": self.order_id.id,
            "project_id": self.project_id.id,
            "show_name": self.show_name,
            "stand_no": self.stand_no,
            **self._prepare_team_vals(),
        }

    def _prepare_team_vals(self):
        """The team of whoever picked up the telephone, if he is in one."""
        Team = self.env["key.account.ticket.team"]
        mine = Domain("member_ids", "in", self.env.uid)
        mine &= Domain("company_id", "=", self.env.company.id)
        team = Team.search(mine, limit=1) or Team._default_of(self.env.company)
        return {"team_id": team.id, "company_id": self.env.company.id}

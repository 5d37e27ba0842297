from odoo import api, fields, models
from odoo.exceptions import UserError

from .ticket_flow import WHO_WORKS


class KeyAccountTicketConsult(models.Model):
    """A question to a department, with a promise of its own, and the answer that comes
    back to the agent (R095). The department sees the question, not the ticket. ::

        asked -> answered | withdrawn
    """

    _name = "key.account.ticket.consult"
    _description = "Question to a Department"
    _inherit = [
        "key.account.ticket.asked",
        "key.account.guarded",
    ]
    _order = "state, id desc"
    _asked_fields = frozenset(("answer", "answered_at", "state"))
    _check_company_auto = True
    _transitions = {"asked": ("answered", "withdrawn")}

    ticket_id = fields.Many2one(
        "key.account.ticket", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="ticket_id.company_id", store=True, precompute=True
    )
    department_id = fields.Many2one("hr.department", required=True, index=True)
    user_id = fields.Many2one(
        "res.users",
        "Answered by",
        index=True,
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Empty: anybody of the department.",
    )
    asked_by_id = fields.Many2one(
        "res.users", "Asked by", readonly=True, default=lambda self: self.env.user
    )
    question = fields.Text(required=True)
    answer = fields.Text()
    state = fields.Selection(
        [("asked", "Asked"), ("answered", "Answered"), ("withdrawn", "Taken Back")],
        "Status",
        default="asked",
        required=True,
        index=True,
        tracking=True,
    )
    asked_at = fields.Datetime(
        "Asked", required=True, readonly=True, default=fields.Datetime.now
    )
    answered_at = fields.Datetime("Answered", readonly=True)
    clock_ids = fields.One2many(
        "key.account.sla.clock", "consult_id", "Promise", groups=WHO_WORKS
    )
    due_at = fields.Datetime("Due", compute="_compute_due_at", compute_sudo=True)

    # --- Compute ---

    @api.depends("department_id")
    def _compute_user_id(self):
        for consult in self:
            consult.user_id = consult.department_id.sudo().manager_id.user_id

    @api.depends("clock_ids.due_at", "clock_ids.state")
    def _compute_due_at(self):
        for consult in self:
            clocks = consult.clock_ids.filtered(lambda clock: clock.state != "void")
            consult.due_at = clocks[:1].due_at

    @api.depends("department_id", "ticket_id")
    def _compute_display_name(self):
        for consult in self:
            number = consult.sudo().ticket_id.number
            department = consult.sudo().department_id.name
            consult.display_name = " · ".join(filter(None, [number, department]))

    # --- CRUD ---

    @api.model_create_multi
    def create(self, vals_list):
        consults = super().create(vals_list)
        consults.ticket_id._begin_step()
        wanted = [
            (consult.ticket_id, "dept_answer", consult.asked_at, consult)
            for consult in consults
        ]
        self.env["key.account.sla.clock"]._start(wanted)
        for consult in consults:
            consult._tell_department()
        return consults

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A question stays on record. Take it back instead."))

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"answered_at"}

    # --- Actions ---

    def action_answer(self, answer=None):
        """Gives the answer back to the agent."""
        self._lock()
        for consult in self:
            consult.check_access("write")
            words = answer or consult.answer
            if not words:
                raise UserError(self.env._("Write the answer first."))
            consult._move("answered", answer=words, answered_at=fields.Datetime.now())
            consult.sudo()._hand_back(words)
        return True

    def action_withdraw(self):
        """The answer is not needed any more."""
        self.ticket_id._begin_step()
        for consult in self:
            consult._move("withdrawn")
            consult._no_longer_asked()
            consult.sudo().clock_ids._void()
            consult._return_ticket()
        return True

    # --- Business ---

    def _tell_department(self):
        ticket = self.ticket_id
        if ticket.state == "assigned":
            ticket._move("consulting")
        asked = self.user_id or self._head_of(self.department_id)
        if asked:
            self._ask_for(
                asked, self.env._("Answer a question"), self._day_of(self.due_at)
            )
        else:
            # nobody in particular: whoever of them has time
            self._tell_asked(
                self.env._("A question to your department"),
                self.env._("A customer waits for the answer"),
            )

    def _hand_back(self, words):
        """The agent has the answer in his ticket, and the promise of the department is
        kept or not."""
        self.clock_ids._stop()
        self._no_longer_asked()
        self.ticket_id.message_post(
            body=self.env._(
                "%(department)s answers: %(answer)s",
                department=self.department_id.name,
                answer=words,
            ),
            author_id=self.env.user.partner_id.id,
            partner_ids=self.asked_by_id.partner_id.ids,
        )
        self._return_ticket()

    def _return_ticket(self):
        ticket = self.ticket_id
        waiting = ticket.consult_ids.filtered(lambda c: c.state == "asked")
        if ticket.state == "consulting" and not waiting:
            ticket._move("assigned")

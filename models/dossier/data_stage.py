from odoo import api, fields, models
from odoo.exceptions import UserError

STAGES = ("department", "steward", "manager", "general_manager")


class KeyAccountDataStage(models.AbstractModel):
    """The four stages of a data request: whose turn it is, and what he decides.

    The requester never decides, and nobody decides two stages of one request. Where
    a stage has nobody else left, it falls to the managers.
    """

    _name = "key.account.data.stage"
    _description = "Stages of a Data Request"
    _inherit = ["key.account.guarded"]

    requester_id = fields.Many2one(
        "res.users",
        "Requested by",
        default=lambda self: self.env.user,
        required=True,
        readonly=True,
        index=True,
        copy=False,
    )
    turn_user_ids = fields.Many2many(
        "res.users",
        "key_account_data_request_turn_rel",
        string="Whose Turn",
        readonly=True,
        copy=False,
        help="Any one of them decides.",
    )
    approval_ids = fields.One2many(
        "key.account.data.approval", "request_id", "Decisions", copy=False
    )
    is_my_turn = fields.Boolean(compute="_compute_is_my_turn")
    is_mine = fields.Boolean(compute="_compute_is_my_turn")

    # --- Compute ---

    @api.depends("turn_user_ids", "requester_id")
    @api.depends_context("uid")
    def _compute_is_my_turn(self):
        for request in self:
            request.is_my_turn = self.env.user in request.turn_user_ids
            request.is_mine = self.env.user == request.requester_id

    # --- Actions ---

    def action_approve(self, comment=""):
        """Approves the stage it is in, and hands it to the next one."""
        for request in self._taken():
            request._record("approved", comment)
            place = STAGES.index(request.state) + 1
            if place < len(STAGES):
                request._enter(STAGES[place])
            else:
                request._finish("approved", self.env._("approved"))
        return True

    def action_refuse(self, comment=""):
        """Turns the request down, with the reason."""
        if not (comment or "").strip():
            raise UserError(
                self.env._("Say why you refuse, so that the requester can do better.")
            )
        for request in self._taken():
            request._record("refused", comment)
            request._finish("refused", self.env._("refused"))
        return True

    # --- Business ---

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"requester_id", "turn_user_ids"}

    def _taken(self):
        """The same requests with all rights, once it is sure that the user decides."""
        self.check_access("read")
        self._lock()
        requests = self.sudo()
        for request in requests:
            problem = request._turn_problem(self.env.user)
            if problem:
                raise UserError(problem)
        return requests

    def _turn_problem(self, user):
        """Why ``user`` does not decide now, as a sentence."""
        if self.state not in STAGES:
            return self.env._("%(name)s waits for no decision.", name=self.display_name)
        if user == self.requester_id:
            return self.env._(
                "You requested %(name)s yourself: others decide it.",
                name=self.display_name,
            )
        if user in self.approval_ids.user_id:
            return self.env._(
                "You have decided a stage of %(name)s already. Another person decides"
                " this one.",
                name=self.display_name,
            )
        turn = self._deciders(self.state)
        if user not in turn:
            return self.env._(
                "It is not your turn: %(name)s waits for %(people)s.",
                name=self.display_name,
                people=", ".join(turn.mapped("name")) or "–",
            )
        return False

    def _enter(self, stage):
        """Moves to ``stage`` and tells those who decide there."""
        self._move(stage)
        self._hand_over(self._deciders(stage))

    def _hand_over(self, turn):
        """Puts the request on the list of those whose turn it is."""
        self._authorized().write({"turn_user_ids": [fields.Command.set(turn.ids)]})
        self.flush_recordset()
        self.activity_unlink(["mail.mail_activity_data_todo"])
        for user in turn:
            request = self.with_context(lang=user.lang)
            request.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=request.env._("Decide on a data request"),
            )

    def _finish(self, state, word):
        """Moves to where nobody decides any more, and tells the requester."""
        self._move(state, turn_user_ids=[fields.Command.clear()])
        self.activity_unlink(["mail.mail_activity_data_todo"])
        for request in self:
            request.message_post(
                body=self.env._(
                    "%(name)s is %(word)s.", name=request.display_name, word=word
                ),
                partner_ids=request.requester_id.partner_id.ids,
                subtype_xmlid="mail.mt_comment",
            )

    def _record(self, decision, comment):
        self.env["key.account.data.approval"].sudo()._authorized().create(
            {
                "request_id": self.id,
                "stage": self.state,
                "decision": decision,
                "user_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
                "comment": comment,
            }
        )

    def _deciders(self, stage):
        """Those who may decide ``stage``, without who asked or decided before."""
        self.ensure_one()
        out = self.requester_id | self.approval_ids.user_id
        turn = getattr(self, f"_{stage}_deciders")() - out
        if not turn:
            turn = self._members("key_account.group_manager") - out
        return turn.filtered("active").sorted("id")

    def _department_deciders(self):
        """The head of the requester's department, or the leader of his sales team."""
        requester = self.requester_id.sudo()
        employee = (
            self.env["hr.employee"]
            .sudo()
            .search(
                [
                    ("user_id", "=", requester.id),
                    ("company_id", "=", self.company_id.id),
                ],
                limit=1,
            )
        )
        head = employee.department_id.manager_id.user_id
        if not head or head == requester:
            head = requester.sale_team_id.user_id
        return head.filtered(lambda user: self.company_id in user.company_ids)

    def _steward_deciders(self):
        return self._members("key_account.group_steward")

    def _manager_deciders(self):
        return self._members("key_account.group_manager")

    def _general_manager_deciders(self):
        return self.company_id.sudo().key_account_general_manager_id

    def _members(self, group):
        """The people of ``group`` who work in the company, without the superuser."""
        return (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("all_group_ids", "in", self.env.ref(group).id),
                    ("company_ids", "in", self.company_id.id),
                    ("share", "=", False),
                ]
            )
        )

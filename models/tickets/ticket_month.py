from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...tools import service_kpis
from ...tools.authority import holds_authority

REACHED = [
    ("reached", "Reached"),
    ("unreached", "Not Reached"),
    ("unknown", "No Figure or No Target"),
]


def column(counter):
    """The field that holds a counter of ``tools/service_kpis.py``."""
    summed = counter in service_kpis.MARKS or counter in service_kpis.MINUTES
    return counter if summed else f"{counter}_count"


COLUMNS = {counter: column(counter) for counter in service_kpis.COUNTERS}
FIGURES = {
    name: f"{name}_mean" if ratio.factor == 1 else f"{name}_percent"
    for name, ratio in service_kpis.RATIOS.items()
}


class KeyAccountTicketMonth(models.Model):
    """The service figures of a month (R113): of a company, of each of its teams and of
    each handler in a team, made of the tickets that ended in it. ::

        open -> frozen

    Open, a month is computed anew every day, since a ticket may be taken up again. Then
    a manager freezes it, or the job does so when the next month is over. Frozen rows
    never change. A correction is another row, with what it adds and the reason, so that
    sums and percentages of both together are the corrected ones.

    Each row keeps the ids of what it counts: its numbers open exactly these, also
    years later.
    """

    _name = "key.account.ticket.month"
    _description = "Service Month"
    _inherit = ["key.account.ratio", "key.account.ticket.month.correction"]
    _order = "month desc, level, team_id, user_id, id"
    _transitions = {"open": ("frozen",)}
    _ratios = {
        FIGURES[name]: (COLUMNS[top], COLUMNS[bottom], factor)
        for name, (top, bottom, factor) in service_kpis.RATIOS.items()
    }

    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="restrict"
    )
    month = fields.Date(required=True, index=True, help="Its first day.")
    level = fields.Selection(
        # in the order in which they sort
        [("company", "Company"), ("team", "Team"), ("user", "Handler in a Team")],
        "Figures of",
        required=True,
    )
    team_id = fields.Many2one("key.account.ticket.team", ondelete="restrict")
    user_id = fields.Many2one("res.users", "Handled by", ondelete="restrict")
    state = fields.Selection(
        [("open", "Open"), ("frozen", "Frozen")],
        "Status",
        default="open",
        required=True,
    )
    computed_at = fields.Datetime("Computed")
    frozen_at = fields.Datetime("Frozen on")
    frozen_by_id = fields.Many2one("res.users", "Frozen by", ondelete="restrict")
    inputs = fields.Json(help="The ids of what each number counts.")

    # what is counted
    ended_count = fields.Integer("Ended", help="Tickets that ended in this month.")
    closed_count = fields.Integer("Closed", help="Of them: solved or refused.")
    reopened_count = fields.Integer("Reopened", help="Taken up again at some time.")
    complaint_count = fields.Integer("Closed Complaints")
    success_count = fields.Integer(
        "Solved Complaints", help="Closed with the customer's agreement."
    )
    refused_count = fields.Integer("Finally Refused")
    asked_count = fields.Integer("Asked whether Satisfied")
    rated_count = fields.Integer("Said whether Satisfied")
    satisfied_count = fields.Integer("Satisfied")
    rated_phone_count = fields.Integer("Said, Noted by Phone")
    satisfied_phone_count = fields.Integer("Satisfied, Noted by Phone")
    rated_self_count = fields.Integer("Said Himself")
    satisfied_self_count = fields.Integer("Satisfied, Said Himself")
    sampled_count = fields.Integer("Phone Notes Checked")
    differing_count = fields.Integer("Phone Notes Not Confirmed")
    unhappy_before_count = fields.Integer(
        "Not Satisfied at First", help="Taken up again, or planned anew, for it."
    )
    attitude_count = fields.Integer("Marks for Attitude")
    attitude_sum = fields.Integer("Sum of Marks for Attitude")
    speed_count = fields.Integer("Marks for Speed")
    speed_sum = fields.Integer("Sum of Marks for Speed")
    reply_count = fields.Integer("Replies Promised")
    reply_met_count = fields.Integer("Replies in Time")
    promise_count = fields.Integer("Promises")
    promise_met_count = fields.Integer("Promises Kept")
    void_count = fields.Integer(
        "Void Promises", help="Nobody waited for them, and no other took their place."
    )
    hold_count = fields.Integer("Approved Holds")
    hold_undecided_count = fields.Integer("Holds Nobody Decided")
    reply_late_minutes = fields.Integer("Replies Late (Minutes)")
    late_minutes = fields.Integer("Late (Minutes)")
    held_minutes = fields.Integer("Held (Minutes)")
    elapsed_minutes = fields.Integer("Held and Worked (Minutes)")

    # figures
    on_time_percent = fields.Float(
        "On Time (%)", compute="_compute_figures", store=True, aggregator="avg"
    )
    success_percent = fields.Float(
        "Solved (%)", compute="_compute_figures", store=True, aggregator="avg"
    )
    satisfaction_percent = fields.Float(
        "Satisfaction (%)", compute="_compute_figures", store=True, aggregator="avg"
    )
    satisfaction_self_percent = fields.Float(
        "Satisfaction, Said Himself (%)",
        compute="_compute_figures",
        store=True,
        aggregator="avg",
    )
    satisfaction_phone_percent = fields.Float(
        "Satisfaction, Noted by Phone (%)",
        compute="_compute_figures",
        store=True,
        aggregator="avg",
    )
    response_percent = fields.Float(
        "Responses (%)", compute="_compute_figures", store=True, aggregator="avg"
    )
    attitude_mean = fields.Float(
        "Attitude (1 to 5)", compute="_compute_figures", store=True, aggregator="avg"
    )
    speed_mean = fields.Float(
        "Speed (1 to 5)", compute="_compute_figures", store=True, aggregator="avg"
    )
    held_percent = fields.Float(
        "Held (%)", compute="_compute_figures", store=True, aggregator="avg"
    )
    late_hours = fields.Float("Late (Hours)", compute="_compute_figures", store=True)
    reply_late_hours = fields.Float(
        "Replies Late (Hours)", compute="_compute_figures", store=True
    )

    # what was aimed at
    on_time_target = fields.Float("Target: On Time (%)", aggregator=None)
    success_target = fields.Float("Target: Solved (%)", aggregator=None)
    satisfaction_target = fields.Float("Target: Satisfaction (%)", aggregator=None)
    attitude_target = fields.Float("Target: Attitude", aggregator=None)
    on_time_reached = fields.Selection(
        REACHED, "On Time", compute="_compute_reached", store=True
    )
    success_reached = fields.Selection(
        REACHED, "Solved", compute="_compute_reached", store=True
    )
    satisfaction_reached = fields.Selection(
        REACHED, "Satisfaction", compute="_compute_reached", store=True
    )
    attitude_reached = fields.Selection(
        REACHED, "Attitude", compute="_compute_reached", store=True
    )
    reached = fields.Selection(
        REACHED,
        "Targets",
        compute="_compute_reached",
        store=True,
        help="Reached, if every figure that there is reaches its target.",
    )

    _once = models.UniqueIndex(
        "(company_id, month, level, COALESCE(team_id, 0), COALESCE(user_id, 0))"
        " WHERE adjusts_id IS NULL",
        "This month has been computed at this very moment. Look at it again.",
    )
    _first_day = models.Constraint(
        "CHECK(EXTRACT(DAY FROM month) = 1)", "A month is named by its first day."
    )

    # --- Compute ---

    @api.depends("adjusts_id", *COLUMNS.values())
    def _compute_figures(self):
        """0 where there is nothing to divide by: the screens show nothing then. A
        correction is no figure of its own."""
        for row in self:
            numbers = row._numbers()
            for name, field in FIGURES.items():
                value = None if row.adjusts_id else service_kpis.figure(name, numbers)
                row[field] = value or 0
            row.late_hours = numbers["late_minutes"] / 60
            row.reply_late_hours = numbers["reply_late_minutes"] / 60

    @api.depends(
        "adjusts_id",
        *COLUMNS.values(),
        *(f"{name}_target" for name in service_kpis.TARGETS),
    )
    def _compute_reached(self):
        key = {True: "reached", False: "unreached", None: "unknown"}
        for row in self:
            numbers, results = row._numbers(), set()
            for name in service_kpis.TARGETS:
                result = service_kpis.is_reached(
                    None if row.adjusts_id else service_kpis.figure(name, numbers),
                    row[f"{name}_target"],
                )
                row[f"{name}_reached"] = key[result]
                results.add(result)
            row.reached = key[
                False if False in results else True if True in results else None
            ]

    @api.depends("month", "level", "team_id", "user_id", "adjusts_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        pattern = self.env._("MMMM y")  # month and year, as a language writes them
        for row in self:
            parts = [
                row.month and format_date(self.env, row.month, date_format=pattern),
                row._whose(),
                row.adjusts_id and self.env._("Adjustment"),
            ]
            row.display_name = " · ".join(filter(None, parts))

    # --- CRUD ---

    def write(self, vals):
        if any(row.state == "frozen" for row in self):
            raise UserError(self._frozen_message())
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_open(self):
        frozen = any(row.state == "frozen" for row in self)
        if frozen or not holds_authority(self.env.context):
            raise UserError(self._frozen_message())

    def _get_guarded_fields(self):
        """All of them: nobody writes a figure by hand."""
        return super()._get_guarded_fields() | {
            name
            for name, field in self._fields.items()
            if field.store and not field.compute and name not in models.MAGIC_COLUMNS
        }

    # --- Actions ---

    @api.model
    def action_open_months(self):
        """Lists what is most of interest: teams, or for who leads none his own
        figures."""
        Team = self.env["key.account.ticket.team"]
        leads = self.env.user.has_group("key_account.group_manager") or (
            Team.search_count([("leader_id", "=", self.env.uid)], limit=1)
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account.ticket_month_action"
        )
        shown = "teams" if leads else "people"
        return {**action, "context": {f"search_default_{shown}": 1}}

    def action_open(self, counter=None):
        """Opens exactly what a number counts: tickets, promises or holds."""
        self.ensure_one()
        model, ids = self._members(counter)
        views = {
            "key.account.sla.clock": "key_account.sla_clock_view_list_month",
            "key.account.ticket.hold": "key_account.ticket_hold_view_list_month",
        }
        list_view = model in views and self.env.ref(views[model]).id
        return {
            "type": "ir.actions.act_window",
            "name": f"{self.display_name}: {self._label(counter)}",
            "res_model": model,
            "domain": [("id", "in", ids)],
            "views": [[list_view, "list"], [False, "kanban"], [False, "form"]],
            "mobile_view_mode": "kanban",
            "context": {"active_test": False, "create": False},
        }

    # --- Business ---

    def _numbers(self):
        """The counters of this row, by their names in ``tools/service_kpis.py``."""
        return {counter: self[name] for counter, name in COLUMNS.items()}

    def _members(self, counter):
        """Model and ids of what a number counts.

        :raises UserError: for what counts nothing.
        """
        if counter not in COLUMNS:
            raise UserError(self.env._("There is no number of this name."))
        counted = counter.removesuffix("_sum")  # marks: the tickets that have one
        if counter in service_kpis.MINUTES:
            counted = "reply" if counter.startswith("reply") else "promise"
        model = "key.account.ticket"
        if counted in service_kpis.PROMISES:
            model = "key.account.sla.clock"
        elif counted in service_kpis.HOLDS:
            model = "key.account.ticket.hold"
        return model, (self.inputs or {}).get(counted, [])

    @api.model
    def _columns_of(self, numbers):
        """Values to write, of counters by their names."""
        return {COLUMNS[counter]: number for counter, number in numbers.items()}

    @api.model
    def _label(self, counter):
        return self._fields[COLUMNS[counter]]._description_string(self.env)

    @api.model
    def _figure_label(self, name):
        return self._fields[FIGURES[name]]._description_string(self.env)

    def _whose(self):
        """Company, team or person, in words."""
        if self.level == "company":
            return self.company_id.name
        team = self.team_id.name or self.env._("no team")
        if self.level == "team":
            return team
        return f"{team}, {self.user_id.name or self.env._('nobody')}"

    def _frozen_message(self):
        return self.env._(
            "Service months are computed, and once frozen they stay as they are."
            " Correct one by its button: that makes another row, with your reason."
        )

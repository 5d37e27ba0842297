from odoo import fields, models
from odoo.tools import SQL

from ...tools import service_kpis, ticket_rules


class KeyAccountSlaAnalysis(models.Model):
    """One row for each promise that is over, kept or broken (R094, R113): by whom, how
    late, how long it stood still. Void promises are no rows: nobody waited for them.

    Who sees a promise sees its row.
    """

    _name = "key.account.sla.analysis"
    _description = "Analysis of Promises"
    _inherit = ["key.account.gated"]
    _auto = False
    _order = "stop_at desc, id desc"
    _rec_name = "ticket_id"

    ticket_id = fields.Many2one("key.account.ticket", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    kind = fields.Selection(ticket_rules.KINDS, readonly=True)
    ticket_state = fields.Selection(
        ticket_rules.STATES, "Status of the Ticket", readonly=True
    )
    metric = fields.Selection(ticket_rules.METRICS, "What", readonly=True)
    is_reply = fields.Boolean("Reply to the Customer", readonly=True)
    state = fields.Selection(
        [("met", "Met"), ("missed", "Missed")], "Result", readonly=True
    )
    start_at = fields.Datetime("Started", readonly=True)
    due_at = fields.Datetime("Due", readonly=True)
    stop_at = fields.Datetime("Done", readonly=True)
    closed_at = fields.Datetime("Ticket Ended", readonly=True)

    # who and what
    policy_id = fields.Many2one(
        "key.account.sla.policy", "Service Promise", readonly=True
    )
    account_id = fields.Many2one("key.account", "Customer", readonly=True)
    tier_id = fields.Many2one("key.account.tier", readonly=True)
    priority = fields.Selection(ticket_rules.PRIORITIES, readonly=True)
    team_id = fields.Many2one("key.account.ticket.team", readonly=True)
    user_id = fields.Many2one("res.users", "Handled by", readonly=True)
    failed_by_id = fields.Many2one("res.users", "Failed by", readonly=True)
    failed_department_id = fields.Many2one("hr.department", readonly=True)
    cause_id = fields.Many2one("key.account.cause", readonly=True)
    root_cause_id = fields.Many2one("key.account.cause", "Main Cause", readonly=True)
    department_id = fields.Many2one(
        "hr.department", "Responsible Department", readonly=True
    )

    # figures
    met_count = fields.Integer("In Time", readonly=True)
    missed_count = fields.Integer("Missed", readonly=True)
    on_time_percent = fields.Float(
        "In Time (%)", digits=(5, 2), aggregator="avg", readonly=True
    )
    late_hours = fields.Float("Late (Hours)", readonly=True)
    late_hours_mean = fields.Float(
        "Late, If Missed (Hours)", aggregator="avg", readonly=True
    )
    held_hours = fields.Float("Held (Hours)", readonly=True)
    worked_hours = fields.Float("Took (Working Hours)", aggregator="avg", readonly=True)
    promised_hours = fields.Float("Promised (Hours)", aggregator="avg", readonly=True)

    _depends = {
        "key.account.sla.clock": [
            "ticket_id",
            "company_id",
            "metric",
            "state",
            "start_at",
            "due_at",
            "stop_at",
            "policy_id",
            "failed_by_id",
            "failed_department_id",
            "late_hours",
            "held_minutes",
            "worked_minutes",
            "target_minutes",
        ],
        "key.account.ticket": [
            "kind",
            "state",
            "closed_at",
            "account_id",
            "tier_id",
            "priority",
            "team_id",
            "user_id",
            "cause_id",
            "responsible_department_id",
        ],
        "key.account.cause": ["parent_path"],
    }

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT clock.id, clock.ticket_id, clock.company_id, clock.metric,
                   clock.metric IN %(replies)s AS is_reply, clock.state,
                   clock.start_at, clock.due_at, clock.stop_at, clock.policy_id,
                   clock.failed_by_id, clock.failed_department_id,
                   ticket.kind, ticket.state AS ticket_state, ticket.closed_at,
                   ticket.account_id, ticket.tier_id, ticket.priority, ticket.team_id,
                   ticket.user_id, ticket.cause_id,
                   SPLIT_PART(cause.parent_path, '/', 1)::int AS root_cause_id,
                   ticket.responsible_department_id AS department_id,
                   (clock.state = 'met')::int AS met_count,
                   (clock.state = 'missed')::int AS missed_count,
                   100.0 * (clock.state = 'met')::int AS on_time_percent,
                   clock.late_hours,
                   CASE WHEN clock.state = 'missed' THEN clock.late_hours END
                       AS late_hours_mean,
                   clock.held_minutes / 60.0 AS held_hours,
                   clock.worked_minutes / 60.0 AS worked_hours,
                   clock.target_minutes / 60.0 AS promised_hours
              FROM key_account_sla_clock clock
              JOIN key_account_ticket ticket ON ticket.id = clock.ticket_id
              LEFT JOIN key_account_cause cause ON cause.id = ticket.cause_id
             WHERE clock.stop_at IS NOT NULL AND clock.state IN ('met', 'missed')
            """,
            replies=service_kpis.REPLIES,
        )

    # --- Actions ---

    def action_open_ticket(self):
        """Opens the ticket on which this was promised."""
        self.ensure_one()
        return self.ticket_id._open_form()

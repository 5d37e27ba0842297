from odoo import fields, models
from odoo.tools import SQL

from ...tools import service_kpis, ticket_rules
from .ticket_satisfied import OUTCOMES

# How soon a ticket was closed, in weeks of 168 hours. The keys sort as they are read.
WEEKS = [
    ("week_1", "In the 1st Week"),
    ("week_2", "In the 2nd Week"),
    ("week_3", "In the 3rd Week"),
    ("week_4", "In the 4th Week"),
    ("week_5", "Later"),
    ("x_side", "Not Solved: Side Exit"),
    ("y_open", "Still Open"),
]


def _of_ticket(name):
    """The choices of a field of tickets, as the reader reads them."""

    def choices(model):
        field = model.env["key.account.ticket"]._fields[name]
        return field._description_selection(model.env)

    return choices


class KeyAccountTicketAnalysis(models.Model):
    """One row for each ticket, to be grouped by whatever it is about (R094): causes,
    departments, tiers, how long it took, how late it was, and what came of it.

    Percentages count as the figures of the service month do
    (``tools/service_kpis.py``): a complaint that ended by a side exit is neither a
    success nor a failure, who said nothing is neither satisfied nor not, a void promise
    is neither kept nor broken. Who sees a ticket sees its row.
    """

    _name = "key.account.ticket.analysis"
    _description = "Analysis of Tickets"
    _inherit = ["key.account.ratio", "key.account.gated"]
    _auto = False
    _order = "received_at desc, id desc"
    _rec_name = "ticket_id"
    _ratios = {"on_time_percent": ("reply_met_count", "reply_count", 100)}

    ticket_id = fields.Many2one("key.account.ticket", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    kind = fields.Selection(ticket_rules.KINDS, readonly=True)
    state = fields.Selection(ticket_rules.STATES, "Status", readonly=True)
    channel = fields.Selection(selection=_of_ticket("channel"), readonly=True)
    priority = fields.Selection(ticket_rules.PRIORITIES, readonly=True)

    # when
    received_at = fields.Datetime("Received on", readonly=True)
    closed_at = fields.Datetime("Ended", readonly=True)
    closed_within = fields.Selection(
        WEEKS,
        "Closed",
        readonly=True,
        help="With the month of receipt beside it: how many of a month were closed how"
        " soon.",
    )

    # who and what
    account_id = fields.Many2one("key.account", "Customer", readonly=True)
    tier_id = fields.Many2one("key.account.tier", readonly=True)
    team_id = fields.Many2one("key.account.ticket.team", readonly=True)
    user_id = fields.Many2one("res.users", "Handled by", readonly=True)
    cause_id = fields.Many2one("key.account.cause", readonly=True)
    root_cause_id = fields.Many2one("key.account.cause", "Main Cause", readonly=True)
    department_id = fields.Many2one(
        "hr.department", "Responsible Department", readonly=True
    )
    supplier_id = fields.Many2one("res.partner", readonly=True)
    show_name = fields.Char("Exhibition", readonly=True)

    # what came of it
    outcome = fields.Selection(selection=_of_ticket("outcome"), readonly=True)
    satisfaction = fields.Selection(OUTCOMES, readonly=True)
    satisfaction_source = fields.Selection(
        selection=_of_ticket("satisfaction_source"),
        string="Said by",
        readonly=True,
    )
    is_repeat = fields.Boolean("Happened Before", readonly=True)
    repeat_count = fields.Integer("Repetitions", readonly=True)
    reopen_count = fields.Integer("Times Reopened", readonly=True)
    amount_claimed = fields.Monetary(readonly=True)
    amount_granted = fields.Monetary(readonly=True)

    # how long
    first_reply_hours = fields.Float(
        "Hours to First Reply", aggregator="avg", readonly=True, help="On the wall."
    )
    first_reply_work_hours = fields.Float(
        "Working Hours to First Reply", aggregator="avg", readonly=True
    )
    solution_hours = fields.Float(
        "Hours to Solution", aggregator="avg", readonly=True, help="On the wall."
    )
    solution_work_hours = fields.Float(
        "Working Hours to Solution",
        aggregator="avg",
        readonly=True,
        help="Holds left out; all runs of a ticket that was reopened.",
    )
    late_hours = fields.Float(
        "Late (Hours)", readonly=True, help="Of all its promises that are over."
    )
    held_hours = fields.Float("Held (Hours)", readonly=True)

    # figures
    reply_count = fields.Integer("Replies", readonly=True)
    reply_met_count = fields.Integer("Replies in Time", readonly=True)
    on_time_percent = fields.Float(
        "Replies in Time (%)", digits=(5, 2), aggregator="avg", readonly=True
    )
    success_percent = fields.Float(
        "Complaints Solved (%)",
        digits=(5, 2),
        aggregator="avg",
        readonly=True,
        help="Closed with the customer's agreement, of all closed complaints.",
    )
    satisfaction_percent = fields.Float(
        "Satisfied (%)",
        digits=(5, 2),
        aggregator="avg",
        readonly=True,
        help="Of those who said whether they are.",
    )
    satisfaction_self_percent = fields.Float(
        "Satisfied, Not Noted by Us (%)",
        digits=(5, 2),
        aggregator="avg",
        readonly=True,
        help="Said by the customer himself, or to somebody else than his handler.",
    )
    satisfaction_phone_percent = fields.Float(
        "Satisfied, Noted by Phone (%)",
        digits=(5, 2),
        aggregator="avg",
        readonly=True,
    )
    response_percent = fields.Float(
        "Responses (%)",
        digits=(5, 2),
        aggregator="avg",
        readonly=True,
        help="Who said it, of those who were asked.",
    )
    attitude_mark = fields.Float(
        "Attitude", digits=(5, 2), aggregator="avg", readonly=True
    )
    speed_mark = fields.Float("Speed", digits=(5, 2), aggregator="avg", readonly=True)

    _depends = {
        "key.account.ticket": [
            "kind",
            "state",
            "channel",
            "priority",
            "company_id",
            "received_at",
            "closed_at",
            "account_id",
            "tier_id",
            "team_id",
            "user_id",
            "cause_id",
            "responsible_department_id",
            "supplier_id",
            "show_name",
            "outcome",
            "satisfaction",
            "satisfaction_source",
            "satisfaction_asked_at",
            "attitude",
            "speed",
            "is_repeat",
            "reopen_count",
            "amount_claimed",
            "amount_granted",
            "customer_accepted_at",
            "final_reason",
        ],
        "key.account.cause": ["parent_path"],
        "key.account.sla.clock": [
            "ticket_id",
            "metric",
            "run",
            "state",
            "start_at",
            "stop_at",
            "late_hours",
            "held_minutes",
            "worked_minutes",
        ],
        "res.company": ["currency_id"],
    }

    @property
    def _table_query(self):
        return SQL("SELECT %s FROM %s", self._select(), self._from())

    # --- Actions ---

    def action_open_ticket(self):
        """Opens the ticket itself."""
        self.ensure_one()
        return self.ticket_id._open_form()

    # --- Business ---

    def _select(self):
        return SQL(
            """
            ticket.id, ticket.id AS ticket_id, ticket.company_id, company.currency_id,
            ticket.kind, ticket.state, ticket.channel, ticket.priority,
            ticket.received_at, ticket.closed_at, %(within)s AS closed_within,
            ticket.account_id, ticket.tier_id, ticket.team_id, ticket.user_id,
            ticket.cause_id,
            SPLIT_PART(cause.parent_path, '/', 1)::int AS root_cause_id,
            ticket.responsible_department_id AS department_id,
            ticket.supplier_id, ticket.show_name, ticket.outcome,
            ticket.satisfaction, ticket.satisfaction_source,
            ticket.is_repeat, ticket.is_repeat::int AS repeat_count,
            ticket.reopen_count, ticket.amount_claimed, ticket.amount_granted,
            clocks.first_reply_hours, clocks.first_reply_work_hours,
            CASE WHEN ticket.state = 'closed' THEN
                EXTRACT(EPOCH FROM ticket.closed_at - ticket.received_at)::float8 / 3600
            END AS solution_hours,
            CASE WHEN ticket.state = 'closed' THEN clocks.solution_work_hours
            END AS solution_work_hours,
            clocks.late_hours, clocks.held_hours,
            COALESCE(clocks.reply_count, 0) AS reply_count,
            COALESCE(clocks.reply_met_count, 0) AS reply_met_count,
            100.0 * clocks.reply_met_count / NULLIF(clocks.reply_count, 0)
                AS on_time_percent,
            %(figures)s
            """,
            within=self._closed_within(),
            figures=self._figures(),
        )

    def _closed_within(self):
        return SQL(
            """
            CASE WHEN ticket.state IN %(side)s THEN 'x_side'
                 WHEN ticket.state != 'closed' THEN 'y_open'
                 ELSE 'week_' || LEAST(5, 1 + FLOOR(EXTRACT(
                      EPOCH FROM ticket.closed_at - ticket.received_at) / 604800)::int)
            END
            """,
            side=ticket_rules.SIDE_EXITS,
        )

    def _figures(self):
        """What is 100 for a ticket that counts and has it, 0 for one that counts and
        has it not, and nothing for one that does not count: the mean is the figure."""
        rated = SQL("ticket.satisfaction IN %s", service_kpis.RATED)
        satisfied = SQL("100.0 * (ticket.satisfaction = 'satisfied')::int")
        phone = SQL("ticket.satisfaction_source = 'phone'")
        return SQL(
            """
            CASE WHEN ticket.kind = 'complaint' AND ticket.state = 'closed' THEN
                100.0 * (ticket.customer_accepted_at IS NOT NULL
                         AND ticket.final_reason IS NULL
                         AND ticket.outcome IS DISTINCT FROM 'refused')::int
            END AS success_percent,
            CASE WHEN %(rated)s THEN %(satisfied)s END AS satisfaction_percent,
            CASE WHEN %(rated)s AND NOT COALESCE(%(phone)s, FALSE) THEN %(satisfied)s
            END AS satisfaction_self_percent,
            CASE WHEN %(rated)s AND %(phone)s THEN %(satisfied)s
            END AS satisfaction_phone_percent,
            CASE WHEN ticket.satisfaction IS NOT NULL
                   OR ticket.satisfaction_asked_at IS NOT NULL
                 THEN 100.0 * COALESCE(%(rated)s, FALSE)::int END AS response_percent,
            ticket.attitude::float8 AS attitude_mark,
            ticket.speed::float8 AS speed_mark
            """,
            rated=rated,
            satisfied=satisfied,
            phone=phone,
        )

    def _from(self):
        return SQL(
            """
            key_account_ticket ticket
            JOIN res_company company ON company.id = ticket.company_id
            LEFT JOIN key_account_cause cause ON cause.id = ticket.cause_id
            LEFT JOIN (%s) clocks ON clocks.ticket_id = ticket.id
            """,
            self._clocks(),
        )

    def _clocks(self):
        """What the promises of each ticket come to."""
        first = SQL("metric = 'first_reply' AND run = 1")
        reply = SQL("metric IN %s", service_kpis.REPLIES)
        return SQL(
            """
            SELECT ticket_id,
                   SUM(EXTRACT(EPOCH FROM stop_at - start_at)::float8 / 3600)
                       FILTER (WHERE %(first)s) AS first_reply_hours,
                   SUM(worked_minutes / 60.0) FILTER (WHERE %(first)s)
                       AS first_reply_work_hours,
                   SUM(worked_minutes / 60.0) FILTER (WHERE metric = 'resolve')
                       AS solution_work_hours,
                   SUM(late_hours) AS late_hours,
                   SUM(held_minutes / 60.0) AS held_hours,
                   COUNT(*) FILTER (WHERE %(reply)s) AS reply_count,
                   COUNT(*) FILTER (WHERE %(reply)s AND state = 'met')
                       AS reply_met_count
              FROM key_account_sla_clock
             WHERE stop_at IS NOT NULL AND state IN ('met', 'missed')
             GROUP BY ticket_id
            """,
            first=first,
            reply=reply,
        )

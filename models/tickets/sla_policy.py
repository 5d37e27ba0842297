from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools.ticket_rules import KINDS, PRIORITIES

# What a ticket has to be for a policy to hold, as people read it.
CONDITIONS = (
    "kind",
    "priority",
    "tier_ids",
    "account_ids",
    "phase",
    "team_id",
    "date_from",
    "date_to",
)
PHASES = [
    ("before", "Before the Event"),
    ("build", "Building Up"),
    ("show", "During the Show"),
    ("dismantle", "Dismantling"),
    ("after", "After the Event"),
]


class KeyAccountSlaPolicy(models.Model):
    """What is promised to whom (R018, R087): the first policy in the list whose
    conditions a ticket meets says within which working time what is done for it.

    An empty condition is met by everything. A ticket that no policy fits has no
    promises, which is allowed. Running promises follow a change of the ticket, not a
    change of the policy: what was promised was promised.
    """

    _name = "key.account.sla.policy"
    _description = "Service Promise"
    _inherit = ["key.account.sla.words", "key.account.sla.ready"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )

    # for which tickets
    kind = fields.Selection(KINDS, help="Empty: enquiries and complaints.")
    team_id = fields.Many2one(
        "key.account.ticket.team", check_company=True, ondelete="restrict"
    )
    priority = fields.Selection(PRIORITIES, help="Empty: every priority.")
    tier_ids = fields.Many2many(
        "key.account.tier",
        "key_account_sla_policy_tier_rel",
        string="Tiers",
        help="Tiers of the same code in other versions of the scheme count as well.",
    )
    account_ids = fields.Many2many(
        "key.account",
        "key_account_sla_policy_account_rel",
        string="Only for Customers",
        check_company=True,
        groups="key_account.group_reader",
        help="For promises made to single customers.",
    )
    phase = fields.Selection(PHASES, "Phase of the Event")
    date_from = fields.Date("From", help="For tickets received on this day or later.")
    date_to = fields.Date("Until", help="The last day.")

    # what is promised
    around_the_clock = fields.Boolean("Day and Night")
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Hours",
        check_company=True,
        help="Empty: the hours of the team, or else of the company.",
    )
    line_ids = fields.One2many(
        "key.account.sla.policy.line", "policy_id", "Promises", copy=True
    )
    ladder_ids = fields.One2many(
        "key.account.sla.ladder",
        "policy_id",
        "Own Warnings",
        copy=True,
        help="Empty: the warnings of the company.",
    )

    conditions = fields.Char(
        "For", compute="_compute_conditions", groups="key_account.group_reader"
    )
    promises = fields.Char("Promised", compute="_compute_promises")

    _dates_in_order = models.Constraint(
        "CHECK(date_to >= date_from)", "A promise ends after it begins."
    )

    # --- Compute ---

    @api.depends(*CONDITIONS)
    @api.depends_context("lang")
    def _compute_conditions(self):
        for policy in self:
            words = self._condition_words(policy, CONDITIONS)
            policy.conditions = " · ".join(words) or self.env._("Everything else")

    @api.depends("line_ids.metric", "line_ids.minutes", "around_the_clock")
    @api.depends_context("lang")
    def _compute_promises(self):
        for policy in self:
            policy.promises = " · ".join(
                f"{line.display_name}: {line._span(line.minutes)}"
                if policy.around_the_clock
                else f"{line.display_name}: {line._late_span(line.minutes)}"
                for line in policy.line_ids
            )

    # --- Constraints ---

    @api.constrains("around_the_clock", "calendar_id")
    def _check_hours(self):
        for policy in self:
            if policy.around_the_clock and policy.calendar_id:
                raise ValidationError(
                    self.env._(
                        "%(name)s runs day and night, or in working hours, not both.",
                        name=policy.name,
                    )
                )

    # --- CRUD ---

    def unlink(self):
        """Its own warnings go with it, by their own method, which forgets them."""
        self.ladder_ids.unlink()
        return super().unlink()

    # --- Business ---

    @api.model
    def _match(self, tickets):
        """The policy of each ticket, in one query for all of them.

        :return: ``{ticket: policy}``; an empty policy where none fits.
        """
        policies = self.sudo().search(
            Domain("company_id", "in", tickets.company_id.ids)
        )
        policies.mapped("tier_ids.code")
        return {
            ticket: next(
                (policy for policy in policies if policy._fits(ticket)),
                policies.browse(),
            )
            for ticket in tickets
        }

    def _fits(self, ticket):
        """Whether all conditions are met by ``ticket`` (or a record in its shape)."""
        return all(met for _name, met in self._check_conditions(ticket))

    def _check_conditions(self, ticket):
        """Yields the name of each condition and whether ``ticket`` meets it."""
        yield "company_id", self.company_id == ticket.company_id
        yield "kind", not self.kind or self.kind == ticket.kind
        yield "team_id", not self.team_id or self.team_id == ticket.team_id
        yield "priority", not self.priority or self.priority == ticket.priority
        codes = self.tier_ids.mapped("code")
        yield "tier_ids", not codes or ticket.tier_id.code in codes
        accounts = self.account_ids
        yield "account_ids", not accounts or ticket.account_id in accounts
        yield "phase", not self.phase or self.phase == ticket.event_phase
        if self.date_from or self.date_to:
            day = ticket.company_id._key_account_day(
                ticket.received_at or fields.Datetime.now()
            )
            yield "date_from", not self.date_from or self.date_from <= day
            yield "date_to", not self.date_to or day <= self.date_to

    def _line(self, metric):
        """The promise on ``metric``, or an empty record."""
        return self.line_ids.filtered(lambda line: line.metric == metric)

    def _calendar(self, ticket):
        """Whose hours the promises to ``ticket`` run in; empty for day and night."""
        if self.around_the_clock:
            return self.env["resource.calendar"]
        return (
            self.calendar_id
            or ticket.team_id.sudo().calendar_id
            or ticket.company_id.resource_calendar_id
        )

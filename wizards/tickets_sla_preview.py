from odoo import api, fields, models
from odoo.fields import Command, Domain

from ..models.tickets.sla_policy import PHASES
from ..tools import ticket_rules

# What a condition of a policy is compared with.
OF_TICKET = {
    "tier_ids": "tier_id",
    "account_ids": "account_id",
    "phase": "event_phase",
    "date_from": "received_at",
    "date_to": "received_at",
}


class KeyAccountSlaPreview(models.TransientModel):
    """Which promise would hold for a ticket like this one, why, and when it would be
    due (R018, R087). Asked of the same code that real tickets ask; nothing is kept."""

    _name = "key.account.sla.preview"
    _description = "Which Promise Applies?"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(ticket_rules.KINDS, required=True, default="enquiry")
    urgency = fields.Selection(ticket_rules.LEVELS, required=True, default="medium")
    importance = fields.Selection(ticket_rules.LEVELS, required=True, default="medium")
    priority = fields.Selection(ticket_rules.PRIORITIES, compute="_compute_answer")
    account_id = fields.Many2one(
        "key.account", "Customer", domain="[('company_id', '=', company_id)]"
    )
    tier_id = fields.Many2one(
        "key.account.tier",
        compute="_compute_tier_id",
        store=True,
        readonly=False,
        domain="[('company_id', '=', company_id), ('scheme_state', '=', 'live')]",
    )
    team_id = fields.Many2one(
        "key.account.ticket.team",
        domain="[('company_id', '=', company_id)]",
        default=lambda self: self.env["key.account.ticket.team"]._default_of(
            self.env.company
        ),
    )
    event_phase = fields.Selection(PHASES, "Phase of the Event")
    received_at = fields.Datetime(
        "Received on", required=True, default=fields.Datetime.now
    )

    # the answer
    policy_id = fields.Many2one(
        "key.account.sla.policy", "What Holds", compute="_compute_answer"
    )
    calendar_id = fields.Many2one(
        "resource.calendar", "Working Hours", compute="_compute_answer"
    )
    line_ids = fields.One2many(
        "key.account.sla.preview.line",
        "preview_id",
        "Promises",
        compute="_compute_answer",
    )
    reason_ids = fields.One2many(
        "key.account.sla.preview.reason",
        "preview_id",
        "Why",
        compute="_compute_answer",
    )

    # --- Compute ---

    @api.depends("account_id")
    def _compute_tier_id(self):
        for preview in self:
            if preview.account_id:
                preview.tier_id = preview.account_id.tier_id

    @api.depends(
        "company_id",
        "kind",
        "urgency",
        "importance",
        "account_id",
        "tier_id",
        "team_id",
        "event_phase",
        "received_at",
    )
    def _compute_answer(self):
        for preview in self:
            ticket = preview._as_ticket()
            policy = self.env["key.account.sla.policy"]._match(ticket)[ticket]
            preview.priority = ticket.priority
            preview.policy_id = policy
            preview.calendar_id = policy._calendar(ticket) if policy else False
            preview.line_ids = preview._prepare_lines(ticket, policy)
            preview.reason_ids = preview._prepare_reasons(ticket, policy)

    # --- Business ---

    def _as_ticket(self):
        """The ticket that is asked about; it is never saved."""
        names = ("kind", "urgency", "importance", "event_phase")
        links = ("company_id", "account_id", "tier_id", "team_id")
        return (
            self.env["key.account.ticket"]
            .sudo()
            .new(
                {
                    **{name: self[name] for name in names},
                    **{name: self[name].id for name in links},
                    "received_at": self.received_at or fields.Datetime.now(),
                }
            )
        )

    def _prepare_lines(self, ticket, policy):
        clocks = self._prepare_clocks(ticket, policy)
        works = clocks._working_times(ticket.received_at)
        lines = [Command.clear()]
        for line in self._lines_of(policy):
            clock = clocks.filtered(
                lambda clock, line=line: clock.metric == line.metric
            )
            work = works[clock._hours_key()] if clock else None
            due = clock and clock._projection(work, [], ticket.received_at)["due_at"]
            lines.append(
                Command.create(
                    {
                        "metric": line.metric,
                        "within": line.within,
                        "pausable": line.pausable,
                        "due_at": due or False,
                    }
                )
            )
        return lines

    def _lines_of(self, policy):
        """What is promised on this kind of ticket, in the order in which it happens."""
        known = ticket_rules.metrics_of(self.kind)
        lines = policy.line_ids.filtered(lambda line: line.metric in known)
        return lines.sorted(lambda line: known.index(line.metric))

    def _prepare_clocks(self, ticket, policy):
        """The promises that begin when the ticket arrives, as they would be made."""
        Clock = self.env["key.account.sla.clock"].sudo()
        moment = ticket.received_at
        return Clock.union(
            *(
                Clock.new(Clock._prepare_clock(ticket, line, moment, None, 1))
                for line in policy.line_ids
                if line.metric in ticket_rules.AT_ONCE
            )
        )

    # --- Why ---

    def _prepare_reasons(self, ticket, policy):
        """Each policy from the first of the list to the one that holds, and what kept
        those above it from holding."""
        above = self.env["key.account.sla.policy"].search(
            Domain("company_id", "=", self.company_id.id)
        )
        reasons = [Command.clear()]
        for one in above:
            failed = [name for name, met in one._check_conditions(ticket) if not met]
            why = "; ".join(self._why_not(one, name, ticket) for name in failed)
            reasons.append(
                Command.create(
                    {
                        "policy_id": one.id,
                        "holds": one == policy,
                        "why": why or self._why(one),
                    }
                )
            )
            if one == policy:
                break
        return reasons

    def _why(self, policy):
        return self.env._("Holds: %(conditions)s", conditions=policy.conditions)

    def _why_not(self, policy, name, ticket):
        """One condition that is not met: what it asks for, and what is there."""
        words = policy._condition_words
        have = words(ticket, [OF_TICKET.get(name, name)])
        return self.env._(
            "%(what)s: %(wanted)s, not %(is)s",
            what=policy._fields[name]._description_string(self.env),
            wanted=", ".join(words(policy, [name])),
            **{"is": have[0] if have else self.env._("empty")},
        )

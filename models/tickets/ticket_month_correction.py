from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import service_kpis


class KeyAccountTicketMonthCorrection(models.AbstractModel):
    """Corrections of frozen service months: rows of their own that add to a number or
    take from it, with a reason.

    The rows of handlers are corrected; those of their team and company follow, so that
    they stay the sums of what is below them.
    """

    _name = "key.account.ticket.month.correction"
    _description = "Correction of Service Months"
    _inherit = ["key.account.ticket.month.engine"]

    adjusts_id = fields.Many2one(
        "key.account.ticket.month",
        "Correction of",
        index="btree_not_null",
        ondelete="restrict",
    )
    adjustment_ids = fields.One2many(
        "key.account.ticket.month", "adjusts_id", "Corrections"
    )
    counter = fields.Selection(
        selection=lambda self: self._counter_labels(), string="Corrected Number"
    )
    change = fields.Integer(aggregator=None, help="What is added; below zero: taken.")
    reason = fields.Char()
    corrected = fields.Text(
        "With the Corrections", compute="_compute_corrected", compute_sudo=True
    )

    _adjustment_says_why = models.Constraint(
        "CHECK((adjusts_id IS NULL) = (reason IS NULL)"
        " AND (adjusts_id IS NULL) = (counter IS NULL))",
        "A correction says what it corrects, and why.",
    )

    # --- Compute ---

    @api.depends("adjustment_ids")
    @api.depends_context("lang")
    def _compute_corrected(self):
        for row in self:
            row.corrected = row._corrected_words() if row.adjustment_ids else False

    # --- Actions ---

    def action_correct(self, counter=None, change=None, reason=None):
        """Adds a correction to a frozen row of a handler, and to those of his team and
        company.

        :param counter: a counter of ``tools/service_kpis.py``.
        :param change: a whole number other than 0.
        """
        self.ensure_one()
        self._check_month_manager()
        if not reason:
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Correct a Number"),
                "res_model": "key.account.ticket.month.correct",
                "view_mode": "form",
                "target": "new",
                "context": {"default_month_id": self.id},
            }
        self._check_correctable(counter, change)
        rows = self.sudo() | self._rows_above()
        rows._lock()
        self.sudo()._authorized().create(
            [row._prepare_correction(counter, change, reason) for row in rows]
        )
        for row in rows:
            row._check_sums()
        return True

    # --- Business ---

    def _check_correctable(self, counter, change):
        """:raises UserError: for what is not corrected here or in this way."""
        if self.state != "frozen" or self.adjusts_id:
            raise UserError(
                self.env._(
                    "Only a frozen month is corrected. An open one is computed anew"
                    " every day: correct the ticket."
                )
            )
        if self.level != "user":
            raise UserError(
                self.env._(
                    "Correct the row of the handler. Those of his team and company"
                    " follow."
                )
            )
        if counter not in service_kpis.COUNTERS or not change:
            raise UserError(self.env._("Say which number is wrong, and by how much."))

    def _rows_above(self):
        """The rows of the team and the company that this one is a part of."""
        return self.sudo().search(
            [
                ("company_id", "=", self.company_id.id),
                ("month", "=", self.month),
                ("adjusts_id", "=", False),
                "|",
                ("level", "=", "company"),
                "&",
                ("level", "=", "team"),
                ("team_id", "=", self.team_id.id),
            ]
        )

    def _prepare_correction(self, counter, change, reason):
        return {
            "company_id": self.company_id.id,
            "month": self.month,
            "level": self.level,
            "team_id": self.team_id.id,
            "user_id": self.user_id.id,
            "adjusts_id": self.id,
            "counter": counter,
            "change": change,
            "reason": reason,
            "state": "frozen",
            "computed_at": fields.Datetime.now(),
            "frozen_at": fields.Datetime.now(),
            "frozen_by_id": self.env.uid,
            **self._columns_of({counter: change}),
        }

    def _check_sums(self):
        """:raises UserError: where a number would be below zero, or a part more than
        its whole."""
        flaws = service_kpis.flaws(self._corrected_numbers())
        for part, whole in flaws:
            if whole:
                raise UserError(
                    self.env._(
                        "%(part)s cannot be more than %(whole)s."
                        " Correct %(whole)s first.",
                        part=self._label(part),
                        whole=self._label(whole),
                    )
                )
            raise UserError(
                self.env._("%(part)s cannot be below zero.", part=self._label(part))
            )

    def _corrected_numbers(self):
        """The counters of this row and its corrections together."""
        numbers = self._numbers()
        for row in self.adjustment_ids:
            numbers[row.counter] += row.change
        return numbers

    def _corrected_words(self):
        """Each figure that the corrections change, in words."""
        before, now, lines = self._numbers(), self._corrected_numbers(), []
        for name, ratio in service_kpis.RATIOS.items():
            value = service_kpis.figure(name, now)
            if value == service_kpis.figure(name, before):
                continue
            lines.append(
                self.env._(
                    "%(figure)s: %(value)s (%(part)s of %(whole)s)",
                    figure=self._figure_label(name),
                    value="–" if value is None else f"{value:.2f}",
                    part=now[ratio.numerator],
                    whole=now[ratio.denominator],
                )
            )
        return "\n".join(lines) or self.env._("No figure changes.")

    # --- Tools ---

    @api.model
    def _counter_labels(self):
        """The numbers that can be corrected, by their labels."""
        return [(counter, self._label(counter)) for counter in service_kpis.COUNTERS]

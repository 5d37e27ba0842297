from odoo import api, fields, models
from odoo.fields import Domain


class KeyAccountTicketBoard(models.AbstractModel):
    """What the leader of a team sees at a glance: what is late or about to be, what
    nobody has taken, and what waits for his word. Everybody sees it of the tickets he
    may see."""

    _name = "key.account.ticket.board"
    _description = "Leader's Board"

    @api.model
    @api.readonly
    def get_leader_board(self):
        """The figures above the board, each with what it opens: a filter of the board,
        or an action.

        :return: list of ``{key, label, value, tone, filter or action}``.
        """
        states = self._count_by_promise()
        nobody = self.search_count(self._board_domain() & Domain("user_id", "=", False))
        holds = self.env["key.account.ticket.hold"].search_count(
            self._holds_to_decide_domain()
        )
        questions = self.env["key.account.ticket.consult"].search_count(
            self._overdue_questions_domain()
        )
        figures = [
            ("late", self.env._("Late"), states.get("late", 0), "danger", "late"),
            (
                "soon",
                self.env._("Nearly Late"),
                states.get("soon", 0),
                "warning",
                "soon",
            ),
            ("nobody", self.env._("Not Taken"), nobody, "warning", "unassigned"),
        ]
        tiles = [
            {"key": key, "label": label, "value": value, "tone": tone, "filter": name}
            for key, label, value, tone, name in figures
        ]
        opening = [
            (
                "holds",
                self.env._("Holds to Approve"),
                holds,
                "info",
                "ticket_hold_action",
            ),
            (
                "questions",
                self.env._("Questions Overdue"),
                questions,
                "danger",
                "ticket_consult_board_action",
            ),
            (
                "month",
                self.env._("On Time This Month"),
                self._on_time_this_month(),
                "success",
                "sla_clock_board_action",
            ),
        ]
        return tiles + [
            {
                "key": key,
                "label": label,
                "value": value,
                "tone": tone,
                "action": f"key_account.{name}",
            }
            for key, label, value, tone, name in opening
        ]

    # --- Business ---

    @api.model
    def _board_domain(self):
        return Domain("is_open", "=", True) & Domain(
            "company_id", "in", self.env.companies.ids
        )

    @api.model
    def _count_by_promise(self):
        return dict(self._read_group(self._board_domain(), ["sla_state"], ["__count"]))

    @api.model
    def _holds_to_decide_domain(self):
        """Holds that somebody else asked for and nobody has decided about."""
        return Domain("state", "=", "asked") & Domain("user_id", "!=", self.env.uid)

    @api.model
    def _overdue_questions_domain(self):
        """Questions whose department is late with the answer."""
        late = Domain("stop_at", "=", False) & Domain("state", "=", "missed")
        return Domain("state", "=", "asked") & Domain("clock_ids", "any", late)

    @api.model
    def _on_time_this_month(self):
        """How many of the promises that came to an end this month were kept, as one
        reads it; a dash while there are none."""
        month = fields.Date.context_today(self).replace(day=1)
        counts = dict(
            self.env["key.account.sla.clock"]._read_group(
                Domain("stop_at", ">=", month)
                & Domain("state", "in", ("met", "missed"))
                & Domain("company_id", "in", self.env.companies.ids),
                ["state"],
                ["__count"],
            )
        )
        total = sum(counts.values())
        if not total:
            return "–"
        return self.env._(
            "%(percent)s %%", percent=round(100 * counts.get("met", 0) / total)
        )

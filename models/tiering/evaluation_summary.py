from collections import defaultdict

from odoo import api, models


class KeyAccountEvaluationSummary(models.AbstractModel):
    """What an evaluation would change, summed up for the people who decide on it."""

    _name = "key.account.evaluation.summary"
    _description = "Summary of Evaluations"

    def _summary(self):
        """The matrix from tier to tier with counts and revenue, and the capacity that
        the tiers take now and would take.

        :return: ``{"tiers": [...], "cells": [...], "capacity": [...]}``.
        """
        self.ensure_one()
        groups = self.env["key.account.evaluation.line"]._read_group(
            [("evaluation_id", "=", self.id)],
            ["current_tier_id", "decided_tier_id"],
            ["__count", "revenue:sum"],
        )
        tiers = self.scheme_id._ranked_tiers()
        cells = defaultdict(lambda: [0, 0.0])
        for current, decided, count, revenue in groups:
            # a tier of an earlier version stands in the row of its code
            cell = cells[current._same_in(self.scheme_id) or current, decided]
            cell[0] += count
            cell[1] += revenue
        others = tiers.browse().union(*(tier for pair in cells for tier in pair))
        tiers += others - tiers
        return {
            "tiers": [
                {"id": tier.id, "name": tier.display_name, "is_key": tier.is_key}
                for tier in tiers
            ],
            "cells": [
                {
                    "from": current.id,
                    "to": decided.id,
                    "count": count,
                    "revenue": revenue,
                }
                for (current, decided), (count, revenue) in cells.items()
            ],
            "capacity": self._capacity(cells, tiers),
        }

    @api.model
    def _capacity(self, cells, tiers):
        rows = []
        for tier in tiers:
            now = sum(cell[0] for (old, _new), cell in cells.items() if old == tier)
            then = sum(cell[0] for (_old, new), cell in cells.items() if new == tier)
            rows.append(
                {
                    "id": tier.id,
                    "points": tier.capacity_points,
                    "now": round(now * tier.capacity_points, 2),
                    "then": round(then * tier.capacity_points, 2),
                    "count": then,
                }
            )
        return rows

from odoo import models
from odoo.models import parse_read_group_spec
from odoo.tools import SQL


class KeyAccountRatio(models.AbstractModel):
    """Percentages and means whose groups are right: the sum of the numerators over the
    sum of the denominators, so that a large month weighs more than a small one. The
    mean of percentages, which a pivot would show otherwise, is no figure at all.

    ``_ratios`` maps a stored field to ``(numerator, denominator, factor)``.
    """

    _name = "key.account.ratio"
    _description = "Weighted Ratios"

    _ratios = {}

    def _read_group_select(self, aggregate_spec, query):
        name, _property, func = parse_read_group_spec(aggregate_spec)
        if func != "avg" or name not in self._ratios:
            return super()._read_group_select(aggregate_spec, query)
        numerator, denominator, factor = self._ratios[name]
        # by way of super, which asks whether the reader may see them
        return SQL(
            "ROUND(%s::numeric * %s / NULLIF(%s, 0), 2)",
            factor,
            super()._read_group_select(f"{numerator}:sum", query),
            super()._read_group_select(f"{denominator}:sum", query),
        )

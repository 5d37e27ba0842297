from odoo import api, models
from odoo.tools import SQL

from odoo.addons.web.models.models import MAX_NUMBER_OPENED_GROUPS

from ...tools import ticket_rules


class KeyAccountTicketColumns(models.AbstractModel):
    """The board by status: which of its columns are open, and their first cards.

    Odoo asks once for each column. A complaint has nine of them on its way, so here
    the first cards of all are found with one query.
    """

    _name = "key.account.ticket.columns"
    _description = "Columns of the Board"

    # --- Columns ---

    @api.model
    @api.readonly
    def web_read_group(self, domain, groupby, *args, **kwargs):
        """What Odoo answers, for less; where a column was paged through or filtered by
        its bar, Odoo answers itself."""
        opened = kwargs.get("opening_info") or []
        plain = kwargs.get("auto_unfold") and list(groupby) == ["state"]
        moved = any(
            column.get("offset") or column.get("progressbar_domain")
            for column in opened
        )
        if not plain or moved:
            return super().web_read_group(domain, groupby, *args, **kwargs)
        specification = kwargs.pop("unfold_read_specification", None) or {}
        size = kwargs.pop("unfold_read_default_limit", 80)
        kwargs |= {"auto_unfold": False, "opening_info": None}
        board = self.with_context(key_account_folded_columns=True)
        result = super(KeyAccountTicketColumns, board).web_read_group(
            domain, groupby, *args, **kwargs
        )
        self._open_columns(result["groups"], domain, opened, specification, size)
        return result

    @api.model
    def formatted_read_group(self, domain, groupby=(), *args, **kwargs):
        """Says of each column whether it is folded at first."""
        groups = super().formatted_read_group(domain, groupby, *args, **kwargs)
        if list(groupby) == ["state"]:
            none_opened = self.env.context.get("key_account_folded_columns")
            for group in groups:
                if none_opened or self._is_folded(group):
                    group["__fold"] = True
        return groups

    # --- Business ---

    @api.model
    def _is_folded(self, group):
        """Of a board the columns that are empty, or of tickets that have ended; the one
        where tickets arrive is not."""
        if not self.env.context.get("read_group_expand"):
            return False
        empty = not group.get("__count") and group["state"] != "new"
        return empty or group["state"] in ticket_rules.RESTING

    @api.model
    def _open_columns(self, groups, domain, opened, specification, size):
        """Puts the first cards into the columns that are open.

        :param opened: what the browser says of the columns it shows already.
        """
        shown = {column["value"]: column for column in opened}
        limits = {}
        for group in groups:
            column = shown.get(group["state"])
            folded = column["folded"] if column else self._is_folded(group)
            if not folded and (column or len(limits) < MAX_NUMBER_OPENED_GROUPS):
                limits[group["state"]] = column["limit"] if column else size
        first = self._first_of_columns(domain, limits)
        cards = self.browse(card for ids in first.values() for card in ids)
        values = {row["id"]: row for row in cards.web_read({**specification})}
        for group in groups:
            if group["state"] in limits:
                ids = first.get(group["state"], ())
                group["__records"] = [values[card] for card in ids]

    @api.model
    def _first_of_columns(self, domain, limits):
        """The ids of the first cards of each column, next due first.

        :param limits: ``{state: how many}``.
        """
        if not limits:
            return {}
        query = self._search(domain)
        query.order = self._order_to_sql(self._order, query)
        query.limit = max(limits.values())
        query.add_where(SQL("%s = columns.state", SQL.identifier(query.table, "state")))
        cards = query.select(
            SQL("%s AS id", SQL.identifier(query.table, "id")),
            SQL("row_number() OVER (ORDER BY %s) AS place", query.order),
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT card.id, columns.state"
                " FROM unnest(%s) AS columns(state), LATERAL (%s) AS card"
                " ORDER BY card.place",
                list(limits),
                cards,
            )
        )
        first = {}
        for card, column in rows:
            found = first.setdefault(column, [])
            if len(found) < limits[column]:
                found.append(card)
        return first

from collections import defaultdict

from odoo import api, models
from odoo.models import fix_import_export_id_paths

from .gated import FREE_NAMES, is_external_call


class Base(models.AbstractModel):
    """Exports and groups of any model that lead into records of customers, as
    ``partner_id/phone`` of an order does."""

    _inherit = "base"

    def export_data(self, fields_to_export):
        if not self.env.su:
            paths = [fix_import_export_id_paths(path) for path in fields_to_export]
            channel = "api" if is_external_call() else "export"
            self._key_account_pass_gate(paths, channel)
        return super().export_data(fields_to_export)

    @api.model
    @api.readonly
    def formatted_read_group(
        self,
        domain,
        groupby=(),
        aggregates=(),
        having=(),
        offset=0,
        limit=None,
        order=None,
    ):
        self._key_account_gate_groups(domain, [*groupby, *aggregates])
        return super().formatted_read_group(
            domain, groupby, aggregates, having, offset, limit, order
        )

    @api.model
    @api.readonly
    def formatted_read_grouping_sets(
        self, domain, grouping_sets, aggregates=(), *, order=None
    ):
        specs = [spec for groupby in grouping_sets for spec in groupby]
        self._key_account_gate_groups(domain, [*specs, *aggregates])
        return super().formatted_read_grouping_sets(
            domain, grouping_sets, aggregates, order=order
        )

    @api.model
    @api.readonly
    def read_progress_bar(self, domain, group_by, progress_bar):
        self._key_account_gate_groups(domain, [group_by])
        return super().read_progress_bar(domain, group_by, progress_bar)

    def _read_group_format_result(self, rows_dict, lazy_groupby):
        """The last step of the older way to group."""
        if rows_dict:
            self._key_account_gate_groups(rows_dict[0]["__domain"], lazy_groupby)
        return super()._read_group_format_result(rows_dict, lazy_groupby)

    # --- Tools ---

    @api.model
    def _key_account_is_gated(self):
        return isinstance(self, self.pool["key.account.gated"])

    def _key_account_pass_gate(self, paths, channel):
        """Asks the gate for all records of customers that ``paths`` read of; the name
        of a customer on a record of another kind is free.

        :param paths: lists of names of fields.
        """
        deeper, names = defaultdict(list), []
        for name, *rest in paths:
            field = self._fields.get(name)
            if field is not None and field.relational and rest:
                deeper[name].append(rest)
            if name not in FREE_NAMES:
                names.append("/".join([name, *rest]))
        if self._key_account_is_gated() and names:
            self._pass_gate(channel, names)
        for name, rest in deeper.items():
            if any(path[0] not in FREE_NAMES for path in rest):
                self[name]._key_account_pass_gate(rest, channel)

    @api.model
    def _key_account_gate_groups(self, domain, specs):
        """The same for what programs group by and sum up."""
        if self.env.su or not is_external_call():
            return
        paths = [spec.split(":", 1)[0].split(".") for spec in specs]
        leads = any(
            len(path) > 1 and getattr(self._fields.get(path[0]), "relational", False)
            for path in paths
        )
        if leads or self._key_account_is_gated():
            paths = paths or [["__count"]]
            self.search(domain)._key_account_pass_gate(paths, "api")

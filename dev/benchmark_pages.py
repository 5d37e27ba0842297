"""What a page costs: functions that make the calls of the web client when it shows a
view. The view itself is read before, as a browser does it once."""

import json

from lxml import etree

PAGE = 80
VIEWS = ("list", "kanban")
# what the widgets of activities read besides
ACTIVITY = (
    "activity_exception_decoration",
    "activity_exception_icon",
    "activity_state",
    "activity_summary",
    "activity_type_icon",
    "activity_type_id",
)


def list_page(model, view_id=None, without=()):
    """The first page of a list, with the counters of its search panel."""
    model = model.with_context(bin_size=True)
    arch = _arch(model, "list", view_id)
    specification = _specification(model, arch, without)
    counters = _panel_fields(model)

    def show():
        model.web_search_read(
            _not_closed(model),
            specification,
            limit=PAGE,
            order=arch.get("default_order"),
            count_limit=10_001,
        )
        for name in counters:
            model.search_panel_select_range(
                name,
                enable_counters=True,
                search_domain=_not_closed(model),
                category_domain=[],
                filter_domain=[],
            )

    return show


def kanban_page(model):
    """The board: its columns, their progress bars and the first cards of each."""
    model = model.with_context(bin_size=True)
    arch = _arch(model, "kanban")
    column = arch.get("default_group_by", "tier_id")
    specification = _specification(model, arch)
    bar = arch.find(".//progressbar")

    def show():
        model.web_read_group(
            _not_closed(model),
            [column],
            ["__count"],
            limit=PAGE,
            auto_unfold=True,
            unfold_read_specification=specification,
            unfold_read_default_limit=PAGE // 2,
        )
        if bar is not None:
            colors = json.loads(bar.get("colors"))
            shown = {"field": bar.get("field"), "colors": colors}
            model.read_progress_bar(_not_closed(model), column, shown)

    return show


def form_page(record):
    """The form of one record, with what its notebook shows."""
    record = record.with_context(bin_size=True)
    model = record.browse()
    specification = _specification(model, _arch(model, "form"))
    return lambda: record.web_read(specification)


def _arch(model, kind, view_id=None):
    return etree.fromstring(model.get_view(view_id, kind)["arch"])


def _panel_fields(model):
    arch = _arch(model, "search")
    return [
        node.get("name")
        for node in arch.iterfind(".//searchpanel/field[@enable_counters]")
    ]


def _not_closed(model):
    return [("state", "!=", "closed")] if model._name == "key.account" else []


def _specification(model, arch, without=()):
    """The fields of a view in the way the web client asks ``web_read`` for them."""
    fields = {}
    for node in _fields_of(arch):
        name = node.get("name")
        if name in without:
            continue
        known = fields.get(name, {})
        fields[name] = {**known, **_field_specification(model, node)}
        if name == "activity_ids":
            fields.update((name, {}) for name in ACTIVITY)
    return fields


def _field_specification(model, node):
    field = model._fields[node.get("name")]
    hidden = {"1", "True"} & {node.get("invisible"), node.get("column_invisible")}
    if hidden or not field.relational:
        return {"fields": {}} if field.type == "many2one" else {}
    if field.type == "many2one":
        return {"fields": {"display_name": {}}}
    comodel = model.env[field.comodel_name]
    inner = next((view for kind in VIEWS for view in node.iterfind(kind)), None)
    if inner is not None:
        return {"fields": _specification(comodel, inner), "limit": 40}
    if field.type == "many2many":
        color = {"color": {}} if "color" in node.get("options", "") else {}
        return {"fields": {"display_name": {}, **color}}
    return {}


def _fields_of(arch):
    """The field nodes of this view, not those of the views inside it."""
    inside = f"count(ancestor::field) = {len(list(arch.iterancestors('field')))}"
    return arch.xpath(f".//field[{inside} and not(ancestor::searchpanel)]")

"""Python idioms of older series, which Odoo 19 ignores or warns of only when run."""

import ast
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract

from .check_models import text
from .check_problem import Problem, relative, report, source_files

# Names read from an object, assigned in a class or defined as a method.
NAMES = {
    "_check_recursion": "_has_cycle",
    "_sql_constraints": "models.Constraint",
    "check_access_rights": "check_access or has_access",
    "check_access_rule": "check_access or has_access",
    "fields_view_get": "get_view",
    "name_get": "_compute_display_name",
    "_name_search": "_search_display_name",
    "_notify_progress": "_commit_progress",
    "read_group": "_read_group",
    "toggle_active": "action_archive, action_unarchive",
    "user_has_groups": "env.user.has_groups",
}
MODULES = {"odoo.osv": "odoo.fields.Domain", "odoo.registry": "odoo.modules.registry"}
KEYWORDS = {
    "auto_join": "bypass_search_access",
    "force_company": "with_company",
    "group_operator": "aggregator",
    "states": "an expression in the view",
    "track_visibility": "tracking",
}


def old_idioms(tree):
    """(line, old name, what to write instead) of each old idiom."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.FunctionDef | ast.Name):
            name = getattr(node, "attr", None) or getattr(node, "name", None)
            name = name or getattr(node, "id", None)
            if name in NAMES:
                yield node.lineno, name, NAMES[name]
        elif isinstance(node, ast.ImportFrom | ast.Import):
            for name in imported(node):
                if new := MODULES.get(".".join(name.split(".")[:2])):
                    yield node.lineno, name, new
        elif isinstance(node, ast.keyword):
            if node.arg in KEYWORDS:
                yield node.value.lineno, node.arg, KEYWORDS[node.arg]
            elif node.arg == "type" and text(node.value) == "json":
                yield node.value.lineno, "type='json'", "type='jsonrpc'"


def exported_by_mistake(source):
    """(line, string) of what Odoo exports as a text though no `_()` is around it.

    Its extractor takes a tuple that follows `_("...")` for another call of `_`.
    """
    meant = {
        text(node.args[0])
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and node.args
        and "_" in (getattr(node.func, "id", ""), getattr(node.func, "attr", ""))
    }
    found = extract(
        "odoo.tools.babel:extract_python",
        BytesIO(source.encode()),
        keywords={"_": None},
        options={"encoding": "UTF-8"},
    )
    return [(line, string) for line, string, *_rest in found if string not in meant]


def imported(node):
    """Full names that an import statement brings in."""
    prefix = f"{node.module}." if getattr(node, "module", None) else ""
    return [prefix + item.name for item in node.names if not getattr(node, "level", 0)]


def check_source(place, source):
    """Every problem of one file."""
    for line, old, new in old_idioms(ast.parse(source)):
        yield Problem(place, line, f"{old} is old: {new}")
    for line, string in exported_by_mistake(source):
        yield Problem(
            place,
            line,
            f'"{string}" is exported as a text: Odoo takes a tuple after _() for a '
            "call of it; put the text into a variable before",
        )


def check(root):
    """Every old idiom of every Python file."""
    return [
        problem
        for path in source_files(root)
        if path.suffix == ".py"
        for problem in check_source(relative(path, root), path.read_text("utf-8"))
    ]


if __name__ == "__main__":
    raise SystemExit(report(check(Path.cwd())))

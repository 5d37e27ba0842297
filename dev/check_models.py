"""Reads the model classes of the addon from their sources, without importing Odoo."""

import ast
from dataclasses import dataclass, field
from pathlib import Path

KINDS = {"Model": "model", "TransientModel": "wizard", "AbstractModel": "abstract"}
RELATIONS = {"One2many", "Many2many"}


@dataclass
class ModelClass:
    """One class statement that declares or extends a model."""

    path: Path
    line: int
    kind: str
    name: str
    is_new: bool
    lists: dict = field(default_factory=dict)  # field name -> model it lists


def module_files(root, folder):
    """Python files below a folder, packages' own files left out."""
    return sorted(p for p in (root / folder).rglob("*.py") if p.name != "__init__.py")


def parse(path):
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def model_classes(root, folders=("models", "wizards", "reports")):
    """Every model class of the given folders, in the order of files and lines."""
    return [
        model
        for folder in folders
        for path in module_files(root, folder)
        for node in ast.walk(parse(path))
        if isinstance(node, ast.ClassDef) and (model := read_class(path, node))
    ]


def read_class(path, node):
    """The model that a class statement declares, or None for a plain class."""
    kinds = [KINDS[b.attr] for b in node.bases if getattr(b, "attr", None) in KINDS]
    if not kinds:
        return None
    values = {}
    lists = {}
    for statement in node.body:
        if isinstance(statement, ast.Assign) and isinstance(
            statement.targets[0], ast.Name
        ):
            target = statement.targets[0].id
            values[target] = statement.value
            if comodel := listed_model(statement.value):
                lists[target] = comodel
    name, inherits = text(values.get("_name")), texts(values.get("_inherit"))
    return ModelClass(
        path=path,
        line=node.lineno,
        kind=kinds[0],
        name=name or (inherits[0] if inherits else ""),
        is_new=bool(name) and name not in inherits,
        lists=lists,
    )


def listed_model(value):
    """The comodel of `fields.One2many(...)` or `fields.Many2many(...)`."""
    if not (
        isinstance(value, ast.Call) and getattr(value.func, "attr", "") in RELATIONS
    ):
        return None
    named = [k.value for k in value.keywords if k.arg == "comodel_name"]
    return text((value.args or named or [None])[0])


def text(node):
    return node.value if isinstance(node, ast.Constant) else None


def texts(node):
    """A string, or each string of a list."""
    if isinstance(node, ast.List | ast.Tuple):
        return [text(element) for element in node.elts]
    return [text(node)] if text(node) else []


def strings(tree):
    """Every string literal that is not a docstring, with its line."""
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in documentation
        ):
            yield node.lineno, node.value

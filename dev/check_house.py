"""The rules of the house: areas, file names and what belongs to every model.

Pure functions over a source tree, so that `dev/check` runs them without a database
and tests/test_house.py shows of each one that it can fail.
"""

import re
from pathlib import Path

from .check_lists import LIST_RULES
from .check_models import model_classes, module_files, parse, strings
from .check_problem import Problem, relative, report

AREAS = (
    "dossier",
    "tiering",
    "team",
    "pool",
    "relations",
    "tickets",
    "shows",
    "delivery",
    "commission",
    "scorecards",
)
AREA_FOLDERS = ("models", "views", "demo")
FLAT_FOLDERS = ("wizards", "reports", "data")
LINES = 400
MODEL_NAME = re.compile(r"\bkey\.account(?:\.[a-z0-9_]+)*")
TABLE_NAME = re.compile(r"\b(?:model_)?(key_account(?:_[a-z0-9]+)*)\b")


def area_of(path, root):
    """The area of a file: its folder, or the prefix of its name in a flat folder."""
    parts = path.relative_to(root).parts
    if parts[0] in AREA_FOLDERS and len(parts) > 2 and parts[1] in AREAS:
        return parts[1]
    if parts[0] in FLAT_FOLDERS:
        return next((a for a in AREAS if re.match(rf"{a}[_.]", parts[1])), None)
    return None


def stem_of(model):
    """File stem of a model: its name without `key.account.`, dots as underscores."""
    short = "account" if model == "key.account" else model
    return short.removeprefix("key.account.").replace(".", "_")


def areas_look_down(root):
    """No area names a model of an area above it."""
    owner = {
        name: AREAS.index(area)
        for model in model_classes(root)
        if model.is_new and (area := area_of(model.path, root))
        for name in (model.name, model.name.replace(".", "_"))
    }
    for folder in AREA_FOLDERS + FLAT_FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            area = path.suffix in (".py", ".xml", ".csv") and area_of(path, root)
            if not area:
                continue
            for line, name in named_models(path):
                if owner.get(name, -1) > AREAS.index(area):
                    above = AREAS[owner[name]]
                    yield Problem(
                        relative(path, root),
                        line,
                        f"{area} names {name}, which belongs to {above} above it",
                    )


def named_models(path):
    """(line, model or table name) of each one that a source file names."""
    if path.suffix == ".py":
        texts = strings(parse(path))
    else:
        texts = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    for line, text in texts:
        for name in MODEL_NAME.findall(text) + TABLE_NAME.findall(text):
            yield line, name


def files_know_their_area(root):
    """Folders of areas and prefixes of flat folders are names of areas."""
    for folder in AREA_FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            inside = path.relative_to(root).parts[1:]
            if path.is_dir() and path.name != "__pycache__" and inside[0] not in AREAS:
                yield Problem(relative(path, root), 1, "the folder is not an area")
    for folder in FLAT_FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix not in (".py", ".xml", ".csv") or path.stem == "__init__":
                continue
            if not area_of(path, root):
                yield Problem(
                    relative(path, root), 1, "the name does not begin with an area"
                )


def stem_is_model(root):
    """One model, one file, one name."""
    for model in model_classes(root, ("models",)):
        if model.path.stem != stem_of(model.name):
            yield Problem(
                relative(model.path, root),
                model.line,
                f"{model.name or 'a class without _name'} belongs into "
                f"{stem_of(model.name)}.py",
            )


def files_are_short(root):
    """A Python file of more than 400 lines holds a second thing."""
    for folder in ("models", "wizards", "reports", "controllers", "tools", "tests"):
        for path in module_files(root, folder):
            count = len(path.read_text(encoding="utf-8").splitlines())
            if count > LINES:
                yield Problem(
                    relative(path, root), count, f"{count} lines, at most {LINES}"
                )


def models_are_shown(root):
    """A persistent model has a view file of its stem or a parent that shows it."""
    classes = model_classes(root)
    xml = "".join(p.read_text("utf-8") for p in sorted((root / "views").rglob("*.xml")))
    shown = {
        comodel
        for model in classes
        for name, comodel in model.lists.items()
        if f'name="{name}"' in xml
    }
    for model in persistent(classes, root):
        area, stem = area_of(model.path, root), stem_of(model.name)
        views = root / "views" / area / f"{stem}_views.xml"
        if not views.is_file() and model.name not in shown:
            yield Problem(
                relative(model.path, root),
                model.line,
                f"{model.name} has no {relative(views, root)} and no parent shows it",
            )


def models_are_tested(root):
    """A persistent model has a test file of its stem or is named in a test."""
    tests = "".join(
        path.read_text("utf-8")
        for path in module_files(root, "tests")
        if path.name != "test_house.py"  # its examples name models too
    )
    for model in persistent(model_classes(root), root):
        area, stem = area_of(model.path, root), stem_of(model.name)
        own = root / "tests" / area / f"test_{stem}.py"
        if not own.is_file() and f'"{model.name}"' not in tests:
            yield Problem(
                relative(model.path, root),
                model.line,
                f"{model.name} has no {relative(own, root)} and no test names it",
            )


def models_have_access_rows(root):
    """Every model with a table, wizards included, has rows in the access table."""
    table = root / "security" / "ir.model.access.csv"
    rows = table.read_text(encoding="utf-8") if table.is_file() else ""
    granted = set(re.findall(r"\bmodel_([a-z0-9_]+)", rows))
    for model in model_classes(root):
        if model.is_new and model.kind != "abstract":
            if model.name.replace(".", "_") not in granted:
                yield Problem(
                    relative(model.path, root),
                    model.line,
                    f"{model.name} has no row in {relative(table, root)}",
                )


def persistent(classes, root):
    return [
        model
        for model in classes
        if model.is_new and model.kind == "model" and area_of(model.path, root)
    ]


HOUSE_RULES = (
    areas_look_down,
    files_know_their_area,
    stem_is_model,
    files_are_short,
    models_are_shown,
    models_are_tested,
    models_have_access_rows,
)


def check(root):
    """Every problem of every rule."""
    return [p for rule in HOUSE_RULES + LIST_RULES for p in rule(root)]


if __name__ == "__main__":
    raise SystemExit(report(check(Path.cwd())))

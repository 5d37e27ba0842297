"""Lists that people forget to extend: imports, manifest, requirement numbers."""

import ast
import re
from pathlib import Path

from .check_models import module_files, parse
from .check_problem import Problem, relative

DATA_FOLDERS = ("security", "data", "reports", "wizards", "views")
DATA_SUFFIXES = (".xml", ".csv")
PACKAGES = ("models", "wizards", "reports", "controllers")
REQUIREMENTS = 158
PICTURE = re.compile(r'\bsrc="([^"/:]+)"')
REQUIREMENT = re.compile(r"\bR(\d{3})\b")


def tests_are_imported(root):
    """Odoo's own runner sees only what tests/__init__.py imports as `test_...`."""
    init = root / "tests" / "__init__.py"
    place = relative(init, root)
    seen = {}
    imported = set()
    for line, module, alias in imports(init):
        if not module.rpartition(".")[2].startswith("test_"):
            continue
        imported.add(module)
        if seen.setdefault(alias, module) != module:
            yield Problem(
                place, line, f"{alias} hides {seen[alias]}; import it `as test_...`"
            )
        if not alias.startswith("test_"):
            yield Problem(place, line, f"{alias}: Odoo skips names without test_")
    for path in module_files(root, "tests"):
        module = ".".join(path.relative_to(root / "tests").with_suffix("").parts)
        if path.name.startswith("test_") and module not in imported:
            yield Problem(place, 1, f"does not import {module}")


def packages_import_all(root):
    """A model file that nobody imports does not exist for Odoo."""
    for folder in PACKAGES:
        for path in module_files(root, folder):
            init = path.parent / "__init__.py"
            if path.stem not in {module for _line, module, _alias in imports(init)}:
                yield Problem(
                    relative(path, root),
                    1,
                    f"{relative(init, root)} does not import it",
                )


def imports(init):
    """(line, dotted module, name bound) of the relative imports of a package."""
    if not init.is_file():
        return
    for node in parse(init).body:
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            for item in node.names:
                prefix = f"{node.module}." if node.module else ""
                yield node.lineno, prefix + item.name, item.asname or item.name


def manifest_lists_all(root):
    """Every data and demo file is in the manifest once, and nothing else is."""
    place = "__manifest__.py"
    manifest = ast.literal_eval((root / place).read_text(encoding="utf-8"))
    for key, folders in (("data", DATA_FOLDERS), ("demo", ("demo",))):
        listed = manifest.get(key, [])
        present = {
            relative(path, root)
            for folder in folders
            for path in (root / folder).rglob("*")
            if path.suffix in DATA_SUFFIXES
        }
        for name in sorted(present.difference(listed)):
            yield Problem(name, 1, f'is not in "{key}" of the manifest')
        for name in sorted(set(listed) - present):
            yield Problem(place, 1, f'"{key}" lists {name}, which is not there')
        for name in sorted({name for name in listed if listed.count(name) > 1}):
            yield Problem(place, 1, f'"{key}" lists {name} twice')


def requirements_exist(root):
    """A requirement that a source cites is one of R001 to R158."""
    for path in sorted(Path(root).rglob("*.py")):
        lines = path.read_text(encoding="utf-8").splitlines()
        for line, text in enumerate(lines, 1):
            for number in REQUIREMENT.findall(text):
                if not 1 <= int(number) <= REQUIREMENTS:
                    yield Problem(
                        relative(path, root), line, f"R{number} is no requirement"
                    )


def page_has_its_pictures(root):
    """Every picture of the description page lies beside it."""
    page = root / "static" / "description" / "index.html"
    if not page.is_file():
        return
    for line, text in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        for name in PICTURE.findall(text):
            if not (page.parent / name).is_file():
                yield Problem(relative(page, root), line, f"{name} is not there")


LIST_RULES = (
    tests_are_imported,
    packages_import_all,
    manifest_lists_all,
    requirements_exist,
    page_has_its_pictures,
)

"""Lint of the XML files: what Odoo 19 ignores or refuses, layout, size, record ids."""

import re
from pathlib import Path
from xml.parsers import expat

from lxml import etree

from .check_problem import Problem, relative, report, source_files

VIEW_LINES = 250
FILE_LINES = 400
INDENT = 4
MODEL_OF_RECORD = {"ir.ui.view": "model", "ir.actions.act_window": "res_model"}

# XPath of each idiom of older series, and what to write instead.
OLD_IDIOMS = {
    "//tree": "<tree> is <list>",
    "//*[@attrs]": "attrs= is gone: invisible=, readonly=, required= are expressions",
    "//*[@states]": "states= is gone: invisible= is an expression",
    "//*[@t-raw]": "t-raw is t-out",
    "//*[@t-esc]": "t-esc is t-out",
    "//*[@t-name='kanban-box']": "the kanban template is called card",
    "//*[contains(@class, 'oe_chatter')]": "the chatter is <chatter/>",
    "//field[@name='view_mode'][contains(text(), 'tree')]": "view mode tree is list",
    "//field[@name='groups_id']": "groups_id is group_ids",
    "//record[@model='ir.cron']/field[@name='numbercall' or @name='doall']": (
        "a cron has neither numbercall nor doall"
    ),
    "//record[@model='res.groups']/field[@name='category_id' or @name='users']": (
        "a group has privilege_id and user_ids"
    ),
    "//search//group[@expand or @string]": "a group in a search view is bare",
    "//field[starts-with(normalize-space(@eval), '[(')]": (
        "write Command.link, .set, .create instead of number tuples"
    ),
}


def check_file(path, root):
    """Every problem of one XML file."""
    place = relative(path, root)
    raw = path.read_bytes()
    try:
        tree = etree.fromstring(raw).getroottree()
    except etree.XMLSyntaxError as error:
        return [Problem(place, error.lineno or 1, f"does not parse: {error.msg}")]
    lines = raw.decode("utf-8").split("\n")
    found = [*old_idioms(tree), *layout(lines), *indentation(raw, lines)]
    if place.split("/")[0] != "static":
        found += [*size(path, len(lines) - 1), *record_ids(tree)]
    return [Problem(place, line, message) for line, message in found]


def old_idioms(tree):
    for xpath, message in OLD_IDIOMS.items():
        for node in tree.xpath(xpath):
            yield node.sourceline, message


def layout(lines):
    for number, line in enumerate(lines, 1):
        if line != line.rstrip():
            yield number, "white space at the end of the line"
        if "\t" in line:
            yield number, "a tab; indent by four spaces"
    if lines[-1] or lines[-2:] == ["", ""]:
        yield len(lines), "the file does not end in one line break"


def indentation(raw, lines):
    """An element that begins a line stands four spaces deeper than its parent."""
    found = []
    depth = -1

    def start(name, attributes):
        nonlocal depth
        depth += 1
        place(INDENT * depth)

    def end(name):
        nonlocal depth
        place(INDENT * depth)
        depth -= 1

    def place(expected):
        line, column = parser.CurrentLineNumber, parser.CurrentColumnNumber
        before = lines[line - 1].encode()[:column]
        if not before.strip() and column != expected:
            # An empty element ends where it starts: say it once.
            problem = (line, f"indented by {column} instead of {expected} spaces")
            if problem not in found:
                found.append(problem)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(raw, True)
    return found


def size(path, count):
    limit = VIEW_LINES if path.name.endswith("_views.xml") else FILE_LINES
    if count > limit:
        yield count, f"{count} lines, at most {limit}"


def record_ids(tree):
    """Ids say what a record is: <model>_view_..., <model>_action, group_..."""
    for node in tree.xpath("//record[not(contains(@id, '.'))]"):
        expected = expected_id(node)
        if expected and not re.match(expected, node.get("id", "")):
            yield node.sourceline, f"id {node.get('id')} does not match {expected}"
    for node in tree.xpath("//menuitem[not(contains(@id, '.'))]"):
        if not re.search(r"(^|_)menu(_|$)", node.get("id", "")):
            yield node.sourceline, f"id {node.get('id')} does not contain _menu"


def expected_id(node):
    """Pattern of the id of a view, action, group, privilege or access rule."""
    kind = node.get("model")
    if kind == "res.groups":
        return "group_"
    if kind == "res.groups.privilege":
        return "privilege_"
    if kind == "ir.rule":
        model = node.xpath("string(field[@name='model_id']/@ref)")
        model = re.sub(r"^(\w+\.)?model_", "", model)
        return model and f"{stem(model)}_rule_"
    if kind in MODEL_OF_RECORD:
        model = node.xpath("string(field[@name=$name])", name=MODEL_OF_RECORD[kind])
        suffix = "_view_" if kind == "ir.ui.view" else r"_(\w+_)?action"
        return model and stem(model.replace(".", "_")) + suffix
    return None


def stem(model):
    """A model's name in an id: whole, or without `key_account_` as files are named."""
    short = "account" if model == "key_account" else model.removeprefix("key_account_")
    return model if short == model else f"({model}|{short})"


def check(root):
    """Every problem of every XML file of the addon."""
    return [
        problem
        for path in source_files(root)
        if path.suffix == ".xml"
        for problem in check_file(path, root)
    ]


if __name__ == "__main__":
    raise SystemExit(report(check(Path.cwd())))

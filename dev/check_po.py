"""Translations: complete and true to the sources, or brought up to date with them.

    python -m dev.check_po check FRESH        compares i18n/ with a fresh template
    python -m dev.check_po merge FRESH ODOO   brings i18n/ up to date with it

Odoo finds the place of a translation by its reference (`model:...`, `code:...`), so a
moved reference is out of date as well; dates, order and line numbers are not looked at.
"""

import re
import sys
from collections import Counter
from pathlib import Path

import polib

from .check_problem import Problem, report

POT, PO = Path("i18n/key_account.pot"), Path("i18n/zh_CN.po")
# Modules whose mixins put the same fields on our models, with the same labels.
STANDARD = {"mail", "portal", "rating", "web_hierarchy"}
PLACEHOLDER = re.compile(
    r"%\(\w+\)[-#0+]*[\d.]*[a-zA-Z]|%[-#0+]*[\d.]*[sdifrx%]|\{\{.*?\}\}|\{\w*\}"
)
TAG = re.compile(r"(</?[a-zA-Z][\w.-]*)[^>]*>")
WORD = re.compile(r"[a-z]{4,}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def references(entry):
    """Where a string stands, without the line numbers of code."""
    return frozenset(place for place, _line in entry.occurrences)


def pot_problems(fresh, kept):
    """What a freshly exported template has other than the one in the repository."""
    if not kept:
        yield Problem(str(POT), 1, "is empty or not there; run dev/i18n")
        return
    old = {entry.msgid: entry for entry in kept}
    for entry in fresh:
        if entry.msgid not in old:
            yield Problem(str(POT), 1, f"misses {short(entry)}; run dev/i18n")
        elif references(entry) != references(old[entry.msgid]):
            line = old[entry.msgid].linenum
            yield Problem(str(POT), line, f"places of {short(entry)}; run dev/i18n")
    for entry in kept:
        if not fresh.find(entry.msgid):
            yield Problem(str(POT), entry.linenum, f"has {short(entry)}, which is gone")


def po_problems(fresh, po):
    """What a translation lacks, string by string of the template."""
    known = {entry.msgid: entry for entry in po if not entry.obsolete}
    for source in fresh:
        entry = known.pop(source.msgid, None)
        if entry is None:
            yield Problem(str(PO), 1, f"misses {short(source)}; run dev/i18n")
            continue
        for message in entry_problems(source, entry):
            yield Problem(str(PO), entry.linenum, f"{message}: {short(entry)}")
    for entry in known.values():
        yield Problem(str(PO), entry.linenum, f"has {short(entry)}, which is gone")


def entry_problems(source, entry):
    """What is wrong with one translation."""
    if entry.fuzzy:
        yield "fuzzy"
    if not entry.msgstr.strip():
        yield "not translated"
        return
    if placeholders(entry.msgid) != placeholders(entry.msgstr):
        yield "other placeholders than the source"
    if tags(entry.msgid) != tags(entry.msgstr):
        yield "other markup than the source"
    if WORD.search(bare(entry.msgid)) and not CHINESE.search(entry.msgstr):
        yield "no Chinese in the translation"
    if references(source) != references(entry):
        yield "places moved; run dev/i18n"


def placeholders(text):
    return Counter(PLACEHOLDER.findall(TAG.sub("", text)))


def tags(text):
    return Counter(TAG.findall(text))


def bare(text):
    """The words of a text without placeholders, markup and addresses."""
    return re.sub(r"\S+[@/]\S+", "", PLACEHOLDER.sub("", TAG.sub("", text)))


def short(entry):
    text = " ".join(entry.msgid.split())
    return f'"{text[:60]}..."' if len(text) > 60 else f'"{text}"'


def standard_texts(odoo):
    """Odoo's own words for the fields that it adds to every model or conversation."""
    texts = {}
    for path in sorted(Path(odoo).glob("**/addons/*/i18n/zh_CN.po")):
        if path.parts[-3] in STANDARD:
            for entry in polib.pofile(str(path)):
                if is_field(entry) and entry.msgstr and not entry.fuzzy:
                    texts.setdefault(entry.msgid, entry.msgstr)
    return texts


def is_field(entry):
    """Whether a text is nothing but the label or help of fields."""
    return all(
        place.startswith("model:ir.model.fields,") for place in references(entry)
    )


def merge(fresh, po, standard=()):
    """The template with the translations that are known; what is gone stays obsolete.

    A string that comes back later finds its translation again.
    """
    known = {entry.msgid: entry.msgstr for entry in po}
    for entry in fresh:
        if entry.msgid in standard and is_field(entry) and not known.get(entry.msgid):
            known[entry.msgid] = standard[entry.msgid]
    merged = polib.POFile(wrapwidth=78)
    merged.header = fresh.header
    merged.metadata = {**lasting(fresh), "Language": "zh_CN"}
    for source in fresh:
        merged.append(
            polib.POEntry(
                msgid=source.msgid,
                msgstr=known.pop(source.msgid, ""),
                comment=source.comment,
                occurrences=source.occurrences,
                flags=source.flags,
            )
        )
    for msgid, msgstr in known.items():
        if msgstr:
            merged.append(polib.POEntry(msgid=msgid, msgstr=msgstr, obsolete=True))
    return merged


def lasting(po):
    """The header of a file without what changes with every export."""
    changing = ("POT-Creation-Date", "PO-Revision-Date", "Last-Translator")
    return {key: value for key, value in po.metadata.items() if key not in changing}


def read(path):
    """A file of translations; one that is not there is empty."""
    return polib.pofile(str(path)) if Path(path).is_file() else polib.POFile()


def update(fresh, odoo):
    """Write both files of i18n/ and print what waits for a translation."""
    merged = merge(fresh, read(PO), standard_texts(odoo))
    fresh.metadata = lasting(fresh)
    POT.parent.mkdir(exist_ok=True)
    fresh.save(str(POT))
    merged.save(str(PO))
    waiting = merged.untranslated_entries()
    for entry in waiting:
        print(f"  {short(entry)}")
    print(f"{PO}: {len(waiting)} of {len(fresh)} strings wait for a translation")


def main(command, fresh, odoo=""):
    template = polib.pofile(fresh)
    if command == "merge":
        return update(template, odoo)
    problems = [*pot_problems(template, read(POT)), *po_problems(template, read(PO))]
    return report(problems)


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))

"""The figures of `dev/bench duplicates`: spellings found, companies confused, and the
list of a whole fair checked and made accounts."""

import re
from collections import defaultdict

from opencc import OpenCC

import odoo
from odoo import SUPERUSER_ID, api

from odoo.addons.key_account.tools.company_names import name_core, name_key

from .benchmark_report import Report, measured

HAN = re.compile(r"[\u4e00-\u9fff]")
LEGAL = re.compile(
    r"(股份有限公司|有限责任公司|有限公司|,? ?(co\.?,? ?)?ltd\.?)\s*$", re.I
)


def bench(database, exhibitors, listed):
    """Prints the figures; whether all are within their bounds."""
    report = Report()
    measure_spellings(report, exhibitors)
    for title, names in (("exhibitors", exhibitors), ("listed companies", listed)):
        measure_collisions(report, title, names)
    registry = odoo.modules.registry.Registry(database)
    with registry.cursor() as cr:
        measure_list(report, api.Environment(cr, SUPERUSER_ID, {}), exhibitors)
        cr.rollback()
    return not report.failed


def measure_spellings(report, names):
    """Each name written in another way, against all names as they are."""
    keys = {name: name_key(name) for name in names}
    traditional = OpenCC("s2t").convert
    spellings = {
        "traditional characters": lambda name: traditional(name),
        "full-width letters": full_width,
        "capital letters": str.upper,
        "other brackets": lambda name: name.translate(
            str.maketrans("（）()", "()〔〕")
        ),
        "more blanks": lambda name: re.sub(r"\s|(?=公司)", " \u3000", name),
        "without the legal form": lambda name: LEGAL.sub("", name),
    }
    for title, spell in spellings.items():
        changed = [name for name in names if spell(name) != name]
        lost = [name for name in changed if name_key(spell(name)) != keys[name]]
        report.line(f"{title}: spellings tried", len(changed))
        report.line("  not found again", len(lost), max(1, len(changed) // 100))
        for name in lost[:5]:
            print(f"    {name} -> {spell(name)}")


def measure_collisions(report, title, names):
    """Different names that are judged equal, or similar; the groups are printed, for
    people to judge."""
    for what, function, shown in (
        ("equal", name_key, 40),
        ("similar", name_core, 15),
    ):
        groups = defaultdict(list)
        for name in names:
            groups[function(name)].append(name)
        without = groups.pop("", [])
        alike = [group for group in groups.values() if len(group) > 1]
        pairs = sum(len(group) * (len(group) - 1) // 2 for group in alike)
        report.line(f"{len(names):,} {title}: pairs judged {what}", pairs)
        if what == "similar":
            report.line("  too general to have any similar one", len(without))
        for group in alike[:shown]:
            print(f"    {' = '.join(group)}")


def measure_list(report, env, names):
    """All exhibitors through check and making; half of them are known already."""
    company = env["res.company"].create({"name": "Bench"})
    env.user.company_ids += company
    env = env(context={"allowed_company_ids": company.ids, "tracking_disable": True})
    partners = env["res.partner"].create(
        [{"name": name, "is_company": True} for name in names[::2]]
    )
    # the first one asks for rules and settings that all others find in memory
    env["key.account"]._open_for(partners[:1], company)
    env.flush_all()
    with measured(env.cr) as cost:
        env["key.account"]._open_for(partners[1:], company)
        env.flush_all()
    number = len(partners) - 1
    report.line(f"opening {number} accounts with keys", cost.queries, 20, "queries")
    exhibitors = env["key.account.exhibitor.list"].create({"name": "All"})
    fields = ["list_id/.id", "name"]
    with measured(env.cr) as cost:
        rows = [[str(exhibitors.id), full_width(name)] for name in names]
        loaded = env["key.account.exhibitor.list.line"].load(fields, rows)
        env.flush_all()
    report.line("lines loaded", len(loaded["ids"]))
    for action in ("action_check", "action_make", "action_make"):
        with measured(env.cr) as cost:
            getattr(exhibitors, action)()
            env.flush_all()
        made = exhibitors.made_count
        report.line(f"{action}: {made} made, seconds", cost.seconds)
        report.line("  queries", cost.queries)
    for verdict in ("new", "similar", "existing", "double", "invalid"):
        report.line(f"  {verdict}", exhibitors[f"{verdict}_count"])


def full_width(text):
    """As somebody types it whose keyboard is set to full-width letters."""
    return "".join(
        chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text
    )

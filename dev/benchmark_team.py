"""The pages of the accounts for who serves a few of many, beside a manager's.

The member must not pay for the question whom he serves: the same list, board and form
cost him as many statements as the manager, to whom everything is open.
"""

from odoo.api import SUPERUSER_ID, Environment
from odoo.fields import Command
from odoo.modules.registry import Registry

from . import benchmark_books as books
from . import benchmark_files as files
from . import benchmark_pages as pages
from .benchmark_report import Report, measured, peak_megabytes, vacuum
from .benchmark_tiering import (
    MEMORY,
    PAGE_MILLISECONDS,
    PAGE_QUERIES,
    open_accounts,
    page_cost,
    run_ours,
)

GROUPS = {
    "manager": "group_manager",
    "member": "group_member",
    "second": "group_member",
}


def bench(database, options):
    """Runs everything in ``database``; returns whether all bounds are kept."""
    report = Report()
    with Registry(database).cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {"lang": "en_US", "tracking_disable": True})
        allowed = env.company.ids
        env = env(context={**env.context, "allowed_company_ids": allowed})
        users = make_state(env, options, report)
        cr.commit()
        vacuum(database)
        read_pages(env, users, report)
        cr.rollback()
    report.line("peak memory of the process", round(peak_megabytes()), MEMORY, "MiB")
    return not report.failed


def make_state(env, options, report):
    """Graded customers, of whom a member serves a few, whose files are full."""
    books.make_books(env, options.accounts, options.accounts)
    books.make_scheme(env)
    ask_for_roles(env)
    open_accounts(env, report)
    scheme = env["key.account.scheme"]._live(env.company)
    vals = {"scheme_id": scheme.id, "date": books.EVALUATION}
    run_ours(env["key.account.evaluation"].create(vals))
    users = {name: make_user(env, name) for name in ("manager", "member", "second")}
    second = users.pop("second")
    served = serve(env, users["member"], options.serves, report)
    files.fill(served[:2], users["member"], second)
    stranger = env["key.account"].search([("member_ids", "=", False)], limit=1)
    files.fill(stranger, users["manager"], second)
    return users


def ask_for_roles(env):
    """What key tiers ask for: posts in the team, and people who are known."""
    tiers = env["key.account.scheme"]._live(env.company).tier_ids
    posts = env["key.account.role"].search([], limit=3)
    parts = env["key.account.buying.role"].search([("code", "in", files.ROLES[:3])])
    tiers.write(
        {
            "required_role_ids": [Command.set(posts.ids)],
            "required_buying_roles": [Command.set(parts.ids)],
        }
    )


def make_user(env, name):
    """Somebody who works in the company of the benchmark."""
    return env["res.users"].create(
        {
            "name": name,
            "login": f"bench_{name}",
            "company_id": env.company.id,
            "company_ids": [Command.set(env.company.ids)],
            "group_ids": [Command.link(env.ref(f"key_account.{GROUPS[name]}").id)],
        }
    )


def serve(env, user, number, report):
    """Puts ``user`` into the teams of so many customers, in one call."""
    accounts = env["key.account"].search([], limit=number, order="id desc")
    role = env.ref("key_account.role_planner")
    with measured(env.cr) as cost:
        env["key.account.member"].create(
            [
                {"account_id": account.id, "user_id": user.id, "role_id": role.id}
                for account in accounts
            ]
        )
        env.flush_all()
    report.line("joining their teams", cost.seconds, unit="s")
    report.line("queries of it", cost.queries)
    return accounts


def read_pages(env, users, report):
    """List, board and form as the browser asks for them."""
    counts = {}
    for who, user in users.items():
        for page, show in pages_of(env(user=user), users["member"]):
            cost = page_cost(env(user=user), show)
            counts[page, who] = cost.queries
            report.line(f"{page} of a {who}: queries", cost.queries, PAGE_QUERIES)
            worked = cost.processor * 1000
            report.line(f"{page}: processor time", worked, PAGE_MILLISECONDS, "ms")
    # for the form one question decides whether the file is open to him
    for page, bound in (("list", 0), ("board", 0), ("full form", 1)):
        extra = counts[page, "member"] - counts[page, "manager"]
        report.line(f"{page}: queries more than a manager's", extra, bound)


def pages_of(env, member):
    """The pages by name; the first file is full and that of a customer whom ``member``
    serves, the other one is not his."""
    accounts = env["key.account"]
    full = accounts.search([("override_ids", "!=", False)])
    his = full.filtered(lambda account: member in account.sudo().team_user_ids)
    env.invalidate_all()
    his, strange = accounts.browse(his[:1].ids), accounts.browse((full - his)[:1].ids)
    return (
        ("list", pages.list_page(accounts)),
        ("whom one serves", lambda: accounts.search_count(MINE)),
        ("board", pages.kanban_page(accounts)),
        ("full form", pages.form_page(his)),
        ("form of a stranger's customer", pages.form_page(strange)),
    )


MINE = [("is_mine", "=", True)]

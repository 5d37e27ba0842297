"""The pages of the accounts for who serves a few of many, beside a manager's.

The member must not pay for the question whom he serves: the same list, board and form
cost him as many statements as the manager, to whom everything is open.
"""

from odoo.api import SUPERUSER_ID, Environment
from odoo.fields import Command
from odoo.modules.registry import Registry

from . import benchmark_books as books
from . import benchmark_pages as pages
from .benchmark_report import Report, measured, peak_megabytes, vacuum
from .benchmark_tiering import (
    MEMORY,
    PAGE_MILLISECONDS,
    PAGE_QUERIES,
    open_accounts,
    page_cost,
)


def bench(database, options):
    """Runs everything in ``database``; returns whether all bounds are kept."""
    report = Report()
    with Registry(database).cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {"lang": "en_US", "tracking_disable": True})
        books.make_books(env, options.accounts, options.accounts)
        cr.commit()
        open_accounts(env, report)
        users = {name: make_user(env, name) for name in ("manager", "member")}
        serve(env, users["member"], options.serves, report)
        cr.commit()
        vacuum(database)
        read_pages(env, users, report)
        cr.rollback()
    report.line("peak memory of the process", round(peak_megabytes()), MEMORY, "MiB")
    return not report.failed


def make_user(env, name):
    """Somebody who works in the company of the benchmark."""
    return env["res.users"].create(
        {
            "name": name,
            "login": f"bench_{name}",
            "company_id": env.company.id,
            "company_ids": [Command.set(env.company.ids)],
            "group_ids": [Command.link(env.ref(f"key_account.group_{name}").id)],
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


def read_pages(env, users, report):
    """List, board and form as the browser asks for them."""
    counts = {}
    for who, user in users.items():
        accounts = env(user=user)["key.account"]
        served = env["key.account.member"].search([("user_id", "=", user.id)])
        found = served.account_id or env["key.account"].search([], limit=1)
        one = accounts.browse(found[0].id)
        for page, show in (
            ("list", pages.list_page(accounts)),
            ("whom one serves", lambda a=accounts: a.search_count(MINE)),
            ("board", pages.kanban_page(accounts)),
            ("form", pages.form_page(one)),
        ):
            cost = page_cost(env(user=user), show)
            counts[page, who] = cost.queries
            report.line(f"{page} of a {who}: queries", cost.queries, PAGE_QUERIES)
            worked = cost.processor * 1000
            report.line(f"{page}: processor time", worked, PAGE_MILLISECONDS, "ms")
    for page in ("list", "board"):
        extra = counts[page, "member"] - counts[page, "manager"]
        report.line(f"{page}: queries more than a manager's", extra, 0)


MINE = [("is_mine", "=", True)]

"""The evaluation of all customers beside one SQL statement, step by step.

A is what a user's click runs: simulating and applying. B is one SQL statement that
computes and persists the same lines, and nothing else. They alternate, each from the
same state. Opening the accounts and reading their pages are measured as well.
"""

import time
from statistics import median

from odoo.api import SUPERUSER_ID, Environment
from odoo.fields import Command
from odoo.modules.registry import Registry

from . import benchmark_books as books
from . import benchmark_pages as pages
from .benchmark_report import Cost, Report, measured, peak_megabytes, vacuum
from .benchmark_statement import apply_statements, differences, one_statement

RATIO, MEMORY, OPENING_QUERIES = 3.0, 1024, 20
PAGE_QUERIES, PAGE_MILLISECONDS, PARTNER_QUERIES = 20, 130, 3


def bench(database, options):
    """Runs everything in ``database``; returns whether all bounds are kept."""
    report = Report()
    with Registry(database).cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {"lang": "en_US", "tracking_disable": True})
        make_company(env, options, report)
        open_accounts(env, report)
        vacuum(database)
        evaluation = grade_before(env, report)
        vacuum(database)
        check_equality(env, evaluation, report)
        vacuum(database)
        queries = compare_rounds(env, database, evaluation, options.rounds, report)
        check_queries(env, evaluation, queries, report)
        forget_lines(env, database, evaluation, report)
        run_ours(evaluation)
        cr.commit()
        vacuum(database)
        read_pages(env, report)
        cr.rollback()
    report.line("peak memory of the process", round(peak_megabytes()), MEMORY, "MiB")
    return not report.failed


# --- What there is ---


def make_company(env, options, report):
    """Customers with their invoices, and the scheme to grade them by."""
    start = time.perf_counter()
    books.make_books(env, options.accounts, options.invoices)
    books.make_scheme(env)
    env.cr.commit()
    report.line("invoices generated", options.invoices)
    report.line("generating them", time.perf_counter() - start, unit="s")


def open_accounts(env, report):
    """Opens the file of every customer, as the nightly job does."""
    with measured(env.cr) as cost:
        opened = env["key.account"]._open_missing(env.company)
    env.cr.commit()
    report.line("accounts opened", opened)
    report.line("opening them", cost.seconds, unit="s")
    per_thousand = cost.queries * 1000 / opened
    report.line("queries per 1,000 of them", per_thousand, OPENING_QUERIES)


def grade_before(env, report):
    """Grades all customers a quarter earlier; returns the evaluation to measure."""
    evaluations = env["key.account.evaluation"]
    scheme = env["key.account.scheme"]._live(env.company)
    first = evaluations.create({"scheme_id": scheme.id, "date": books.FIRST_EVALUATION})
    with measured(env.cr) as cost:
        run_ours(first)
    report.line("first evaluation, every tier is new", cost.seconds, unit="s")
    books.make_history(env, scheme)
    evaluation = evaluations.create({"scheme_id": scheme.id, "date": books.EVALUATION})
    env.cr.commit()
    return evaluation


# --- The evaluation ---


def run_ours(evaluation):
    """The real thing: simulating step by step, then applying."""
    for _step in evaluation._simulate():
        pass
    evaluation._apply_lines()


def run_statement(evaluation, applying=False):
    evaluation.env.cr.execute(one_statement(evaluation))
    for statement in apply_statements(evaluation) if applying else ():
        evaluation.env.cr.execute(statement)


def one_round(env, database, evaluation, run):
    """The cost of a run, which is then undone."""
    env.invalidate_all()
    with measured(env.cr) as cost:
        run(evaluation)
    env.cr.rollback()
    env.invalidate_all()
    vacuum(database)
    return cost


def compare_rounds(env, database, evaluation, rounds, report):
    """A B A B, then the bound on the ratio of the medians."""
    runs = {
        "A  ours, simulate + apply": run_ours,
        "B  one SQL statement, lines only": run_statement,
        "B2 the same with applying": lambda one: run_statement(one, applying=True),
    }
    costs = {name: [] for name in runs}
    for _round in range(rounds):
        for name, run in runs.items():
            costs[name].append(one_round(env, database, evaluation, run))
    medians = {}
    for name, taken in costs.items():
        each = "  ".join(f"{cost.seconds:.2f}" for cost in taken)
        print(f"{name:<36}{each}")
        medians[name[:2]] = median(cost.seconds for cost in taken)
        report.line(f"{name}: median", medians[name[:2]], unit="s")
    report.line("ratio A / B", medians["A "] / medians["B "], RATIO)
    report.line("ratio A / B2", medians["A "] / medians["B2"])
    ours, theirs, _applied = (
        median(cost.processor for cost in taken) for taken in costs.values()
    )
    report.line("ratio A / B of processor time", ours / theirs, RATIO)
    return costs["A  ours, simulate + apply"][0].queries


def check_equality(env, evaluation, report):
    """Both write the same lines: every figure, tier and reason."""
    other = evaluation.copy()
    for _step in evaluation._simulate():
        pass
    run_statement(other)
    env.cr.execute(differences(evaluation, other))
    lines, far, near, decided, explained = env.cr.fetchone()
    report.line("lines compared between A and B", lines)
    report.line("  score differs by more than 0.01", far, 0)
    report.line("  score differs by 0.01 (a half in binary)", near)
    report.line("  tier, reason, coverage or another column differs", decided, 0)
    report.line("  a raw value, weight or sub-score differs", explained, 0)
    env.cr.execute(
        "SELECT reason, COUNT(*) FROM key_account_evaluation_line"
        " WHERE evaluation_id = %s GROUP BY reason ORDER BY reason",
        [evaluation.id],
    )
    print(
        "  " + ", ".join(f"{count:,} {reason}" for reason, count in env.cr.fetchall())
    )
    env.cr.rollback()
    env.invalidate_all()


def forget_lines(env, database, evaluation, report):
    """Simulating anew first deletes the lines of before, which nothing refers to."""
    for _step in evaluation._simulate():
        pass
    with measured(env.cr) as cost:
        evaluation._forget_lines()
    env.cr.rollback()
    env.invalidate_all()
    vacuum(database)
    report.line("deleting the lines before simulating anew", cost.seconds, unit="s")


def check_queries(env, evaluation, queries, report):
    """The number of queries does not grow with the number of customers."""
    env.cr.execute("UPDATE key_account SET state = 'closed' WHERE id % 10 != 0")
    env.invalidate_all()
    with measured(env.cr) as cost:
        run_ours(evaluation)
    few = len(evaluation.line_ids)
    env.cr.rollback()
    env.invalidate_all()
    report.line("queries of A", queries)
    report.line(f"queries of A with {few:,} accounts", cost.queries)
    report.line("queries that more accounts add", queries - cost.queries, 0)


# --- Pages ---


def read_pages(env, report):
    """List, board and form as the browser asks for them, with a manager's rights."""
    manager = env["res.users"].create(
        {
            "name": "Manager",
            "login": "benchmark",
            "group_ids": [Command.link(env.ref("key_account.group_manager").id)],
        }
    )
    env = env(user=manager)
    accounts = env["key.account"]
    best = accounts.search([], order="score desc", limit=1)
    for name, show in (
        ("account list, search panel included", pages.list_page(accounts)),
        ("account board", pages.kanban_page(accounts)),
        ("account form", pages.form_page(best)),
    ):
        cost = page_cost(env, show)
        report.line(f"{name}: queries", cost.queries, PAGE_QUERIES)
        worked = cost.processor * 1000
        report.line(f"{name}: processor time", worked, PAGE_MILLISECONDS, "ms")
        report.line(f"{name}: fastest visit", cost.seconds * 1000, unit="ms")
    partners = env["res.partner"]
    ours = [name for name in partners._fields if "key_account" in name]
    view = env.ref("base.view_partner_tree").id
    full = page_cost(env, pages.list_page(partners, view))
    plain = page_cost(env, pages.list_page(partners, view, ours))
    extra = full.queries - plain.queries
    report.line("partner list of 80: queries more", extra, PARTNER_QUERIES)


def page_cost(env, show, visits=20):
    """The mean work of a visit and its fastest time, each with an empty cache of
    records; in one process, or a part of the work would not be seen."""
    env.cr.execute("SET LOCAL max_parallel_workers_per_gather = 0")
    show()
    costs = []
    for _visit in range(visits):
        env.invalidate_all()
        with measured(env.cr) as cost:
            show()
        costs.append(cost)
    return Cost(
        min(cost.seconds for cost in costs),
        sum(cost.processor for cost in costs) / visits,
        costs[-1].queries,
    )

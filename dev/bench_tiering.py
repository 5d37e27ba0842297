"""`dev/bench tiering`: the evaluation of all customers beside one SQL statement.

    dev/bench tiering [--accounts 100000] [--invoices 1000000] [--rounds 5]

A is what a user's click runs: simulating and applying. B is one SQL statement that
computes and persists the same lines, and nothing else. They alternate, each from the
same state. Opening the accounts and reading their pages follow. The exit status is 1
when a bound of doc/speed.md is exceeded.
"""

import argparse
import gc
import os
import resource
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

from odoo.api import SUPERUSER_ID, Environment
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tools import config

RATIO, MEMORY, OPENING_QUERIES = 3.0, 1024, 20
PAGE_QUERIES, PAGE_MILLISECONDS, PARTNER_QUERIES = 20, 130, 3


@dataclass
class Cost:
    """What something took."""

    seconds: float = 0.0
    queries: int = 0


class Report:
    """Prints a line for each figure and remembers whether a bound was exceeded."""

    failed = False

    def line(self, what, figure, bound=None, unit=""):
        verdict = ""
        if bound is not None:
            over = figure > bound
            self.failed |= over
            verdict = f"{bound:>10g}  {'OVER BOUND' if over else 'within bound'}"
        figure = f"{figure:,.2f}" if isinstance(figure, float) else f"{figure:,}"
        print(f"{what:<58}{figure:>12} {unit:<9}{verdict}".rstrip(), flush=True)


@contextmanager
def measured(cr):
    """Time and statements of a block; a COPY counts as one."""
    cost, copies, copy = Cost(), [], cr.copy_expert
    cr.copy_expert = lambda *arguments: copies.append(1) or copy(*arguments)
    gc.collect()
    before, start = cr.sql_log_count, time.perf_counter()
    try:
        yield cost
    finally:
        cost.seconds = time.perf_counter() - start
        cost.queries = cr.sql_log_count - before + len(copies)
        del cr.copy_expert


def peak_megabytes():
    """The most memory this process has had so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def vacuum(database):
    """Gives every round the same start: no dead rows, fresh statistics."""
    with db_connect(database).cursor() as cr:
        cr._cnx.autocommit = True
        cr.execute(
            "VACUUM ANALYZE key_account, key_account_evaluation_line,"
            " key_account_tier_change, key_account_evaluation"
        )


# --- The evaluation ---


def run_ours(evaluation):
    """The real thing: simulating step by step, then applying."""
    for _step in evaluation._simulate():
        pass
    evaluation._apply_lines()


def run_statement(evaluation, applying=False):
    from odoo.addons.key_account.dev.benchmark_statement import (
        apply_statements,
        one_statement,
    )

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
    return costs["A  ours, simulate + apply"][0].queries


def check_equality(env, evaluation, report):
    """Both write the same lines: every figure, tier and reason."""
    from odoo.addons.key_account.dev.benchmark_statement import differences

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


# --- Accounts and pages ---


def open_accounts(env, report):
    """Opens the file of every customer, as the nightly job does."""
    with measured(env.cr) as cost:
        opened = env["key.account"]._open_missing(env.company)
    env.cr.commit()
    report.line("accounts opened", opened)
    report.line("opening them", cost.seconds, unit="s")
    per_thousand = cost.queries * 1000 / opened
    report.line("queries per 1,000 of them", per_thousand, OPENING_QUERIES)


def read_pages(env, report):
    """List, board and form as the browser asks for them, with a manager's rights."""
    from odoo.addons.key_account.dev import benchmark_pages as pages

    accounts = env["key.account"]
    best = accounts.search([], order="score desc", limit=1)
    for name, show in (
        ("account list, search panel included", lambda: pages.list_page(accounts)),
        ("account board", lambda: pages.kanban_page(accounts)),
        ("account form", lambda: pages.form_page(best)),
    ):
        cost = page_cost(env, show)
        report.line(f"{name}: queries", cost.queries, PAGE_QUERIES)
        report.line(f"{name}: time", cost.seconds * 1000, PAGE_MILLISECONDS, "ms")
    partners = env["res.partner"]
    ours = [name for name in partners._fields if "key_account" in name]
    view = env.ref("base.view_partner_tree").id
    full = page_cost(env, lambda: pages.list_page(partners, view))
    plain = page_cost(env, lambda: pages.list_page(partners, view, ours))
    extra = full.queries - plain.queries
    report.line("partner list of 80: queries more", extra, PARTNER_QUERIES)


def page_cost(env, show, times=7):
    """Median of some warm visits, each with an empty record cache."""
    costs = []
    for _time in range(times):
        env.invalidate_all()
        with measured(env.cr) as cost:
            show()
        costs.append(cost)
    return Cost(median(cost.seconds for cost in costs[1:]), costs[-1].queries)


# --- The whole ---


def bench(database, options):
    """Runs everything in ``database``; returns whether all bounds are kept."""
    from odoo.addons.key_account.dev import benchmark_books as books

    report = Report()
    with Registry(database).cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {"lang": "en_US", "tracking_disable": True})
        start = time.perf_counter()
        books.make_books(env, options.accounts, options.invoices)
        scheme = books.make_scheme(env)
        cr.commit()
        report.line("invoices generated", options.invoices)
        report.line("generating them", time.perf_counter() - start, unit="s")
        open_accounts(env, report)
        vacuum(database)
        evaluations = env["key.account.evaluation"]
        first = evaluations.create(
            {"scheme_id": scheme.id, "date": books.FIRST_EVALUATION}
        )
        with measured(cr) as cost:
            run_ours(first)
        report.line("first evaluation, every tier is new", cost.seconds, unit="s")
        books.make_history(env)
        cr.commit()
        evaluation = evaluations.create(
            {"scheme_id": scheme.id, "date": books.EVALUATION}
        )
        cr.commit()
        vacuum(database)
        check_equality(env, evaluation, report)
        vacuum(database)
        queries = compare_rounds(env, database, evaluation, options.rounds, report)
        check_queries(env, evaluation, queries, report)
        forget_lines(env, database, evaluation, report)
        run_ours(evaluation)
        cr.commit()
        vacuum(database)
        manager = env["res.users"].create(
            {
                "name": "Manager",
                "login": "benchmark",
                "group_ids": [Command.link(env.ref("key_account.group_manager").id)],
            }
        )
        read_pages(env(user=manager), report)
        cr.rollback()
    report.line("peak memory of the process", round(peak_megabytes()), MEMORY, "MiB")
    return not report.failed


def main():
    """Reads the command line; the exit status is 1 over a bound."""
    parser = argparse.ArgumentParser(prog="dev/bench tiering")
    parser.add_argument("--accounts", type=int, default=100_000)
    parser.add_argument("--invoices", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    database = os.environ["KEY_ACCOUNT_BENCH_DB"]
    conf = os.environ["KEY_ACCOUNT_ODOO_CONF"]
    config.parse_config(
        ["-c", conf, "-d", database, "--no-http", "--log-handler=:WARNING"],
        setup_logging=True,
    )
    return 0 if bench(database, options) else 1


if __name__ == "__main__":
    sys.exit(main())

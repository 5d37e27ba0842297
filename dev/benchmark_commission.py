"""A quarter's run over contracts by the thousand, beside one SQL statement.

Each round computes the same quarter from the same books, once by ``action_compute`` and
once by the statement, and takes it back. The run also closes the months, brings what
contracts say in step with the books, and keeps reasons; the statement only stores the
ledger.
"""

from collections import Counter
from contextlib import contextmanager
from datetime import date
from statistics import median

from odoo import SUPERUSER_ID
from odoo.api import Environment
from odoo.modules.registry import Registry

from .benchmark_commission_sql import one_statement
from .benchmark_report import Report, measured, peak_megabytes
from .load_contracts import Contracts

QUERIES, RATIO, NO_OP, MEMORY = 60, 4, 0.2, 1024
TABLES = (
    "key_account_commission_entry, key_account_commission_deal,"
    " key_account_commission_split, key_account_commission_statement,"
    " key_account_commission_turnover, key_account_commission_left_out"
)


def bench(database, options):
    """Runs everything in ``database``; returns whether all bounds are kept."""
    report = Report()
    registry = Registry(database)
    contexts = {"lang": "en_US", "tz": "Asia/Shanghai", "tracking_disable": True}
    with registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, contexts)
        env = env(context={**env.context, "allowed_company_ids": env.company.ids})
        contracts = Contracts(env, options.people)
        contracts.make(options.contracts // 5)
        few = compute(env, report, None)[0].queries
        contracts.make(options.contracts - options.contracts // 5)
        env.flush_all()
        cr.commit()
        report.line("contracts", env["key.account.commission.deal"].search_count([]))
        report.line("shares", env["key.account.commission.split"].search_count([]))
        ours, theirs, costs = [], [], []
        for number in range(options.rounds):
            vacuum(cr)
            cost, again, rows = compute(env, report, number)
            costs.append((cost, again))
            ours.append(cost.seconds)
            vacuum(cr)
            seconds, plain = compute_plainly(env, contracts)
            theirs.append(seconds)
            if not number:
                report.line("rows of the ledger", sum(rows.values()))
                differ = sum(((rows - plain) + (plain - rows)).values())
                report.line("rows that differ from the statement's", differ, 0)
        report.line("one SQL statement, median", median(theirs), unit="s")
        report.line("run, median", median(ours), unit="s")
        report.line("the same, best", min(ours), unit="s")
        report.line("run / statement", median(ours) / median(theirs), RATIO)
        report.line("queries", costs[-1][0].queries, QUERIES)
        report.line(
            "queries more than with a fifth of the contracts",
            costs[-1][0].queries - few,
            0,
        )
        again = [cost.seconds for _first, cost in costs]
        report.line("run again without news, median", median(again), NO_OP, "s")
        report.line("the same, queries", costs[-1][1].queries)
    report.line("peak memory", round(peak_megabytes()), MEMORY, "MiB")
    return not report.failed


@contextmanager
def taken_back(env):
    """What happens inside leaves nothing behind."""
    env.flush_all()
    env.cr.execute("SAVEPOINT bench")
    try:
        yield
        env.flush_all()
    finally:
        env.cr.execute("ROLLBACK TO SAVEPOINT bench")
        env.invalidate_all(flush=False)


def make_run(env):
    return env["key.account.commission.run"].create({"date_from": date(2026, 4, 1)})


def ledger(env, run):
    """The rows of a run, as far as they must be the same."""
    env.cr.execute(
        "SELECT kind, amount, user_id, deal_id, split_id, release_on, source_key"
        "  FROM key_account_commission_entry WHERE run_id = %s",
        [run.id],
    )
    return Counter((*row[:6], row[6].partition("|")[0]) for row in env.cr.fetchall())


def compute(env, report, number):
    """``(cost of the run, cost of running it again, its rows)``."""
    with taken_back(env):
        run = make_run(env)
        env.flush_all()
        env.invalidate_all()
        with measured(env.cr) as cost:
            run.action_compute()
            env.flush_all()
        env.invalidate_all()
        with measured(env.cr) as again:
            run.action_compute()
            env.flush_all()
        if not number:
            left = len(run.left_out_ids)
            report.line(f"of {len(run.statement_ids)} people, left out", left)
        return cost, again, ledger(env, run)


def compute_plainly(env, contracts):
    """``(seconds of the statement, its rows)``."""
    with taken_back(env):
        run = make_run(env)
        env["key.account.commission.statement"]._authorized().create(
            [{"run_id": run.id, "user_id": user.id} for user in contracts.people]
        )
        env.flush_all()
        column = contracts.analytic_plan._column_name()
        statement = one_statement(run, contracts.version, column)
        with measured(env.cr) as cost:
            env.cr.execute(statement)
        return cost.seconds, ledger(env, run)


def vacuum(cr):
    """Gives every round the same start."""
    cr.commit()
    cr._cnx.autocommit = True
    try:
        cr.execute(f"VACUUM ANALYZE {TABLES}")
    finally:
        cr._cnx.autocommit = False

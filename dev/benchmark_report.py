"""How the benchmarks measure and report: seconds, statements, memory, bounds."""

import gc
import os
import resource
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from odoo.sql_db import db_connect


@dataclass
class Cost:
    """What something took; ``processor`` is what Odoo and the database server worked
    for it, which neighbours on the machine change less than the time."""

    seconds: float = 0.0
    processor: float = 0.0
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
    before, worked = cr.sql_log_count, processor_seconds(cr)
    start = time.perf_counter()
    try:
        yield cost
    finally:
        cost.seconds = time.perf_counter() - start
        cost.processor = processor_seconds(cr) - worked
        cost.queries = cr.sql_log_count - before + len(copies)
        del cr.copy_expert


def processor_seconds(cr):
    """What this process and its database connection have worked so far; the latter is
    known where the server runs on the same Linux."""
    try:
        stat = Path(f"/proc/{cr._cnx.get_backend_pid()}/stat").read_text()
    except OSError:
        stat = ""
    server = 0.0
    if "(postgres)" in stat:
        user, system = stat.rpartition(")")[2].split()[11:13]
        server = (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    return time.process_time() + server


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

"""`dev/bench duplicates`: how well companies are recognised, on real names.

    dev/bench duplicates [--data FOLDER]

FOLDER holds ``waic2026_exhibitors/exhibitors.csv`` (column name) and
``cn_company_names/*.csv`` (column name); without them there is nothing to measure, and
that is said. Counts only: how many spellings find their company, how many companies are
taken for another one. The exit status is 1 over a bound of doc/intake.md.
"""

import argparse
import csv
import os
import sys
from pathlib import Path

from odoo.tools import config


def main():
    """Reads the command line; the exit status is 1 over a bound."""
    parser = argparse.ArgumentParser(prog="dev/bench duplicates")
    parser.add_argument("--data", default=os.environ.get("KEY_ACCOUNT_DATA", "data"))
    options = parser.parse_args()
    folder = Path(options.data)
    exhibitors = names_of([folder / "waic2026_exhibitors" / "exhibitors.csv"])
    listed = names_of(sorted((folder / "cn_company_names").glob("*.csv")))
    if not exhibitors:
        print(f"No names in {folder}: nothing to measure.")
        return 0
    database = os.environ["KEY_ACCOUNT_BENCH_DB"]
    conf = os.environ["KEY_ACCOUNT_ODOO_CONF"]
    config.parse_config(
        ["-c", conf, "-d", database, "--no-http", "--log-handler=:WARNING"],
        setup_logging=True,
    )
    # Only now Odoo knows where addons lie, so that ours can be imported.
    from odoo.addons.key_account.dev.benchmark_duplicates import bench

    return 0 if bench(database, exhibitors, listed) else 1


def names_of(paths):
    """The names in the files, each once, in their order."""
    names = {}
    for path in filter(Path.is_file, paths):
        with path.open(encoding="utf-8-sig", newline="") as file:
            names.update((row["name"], 1) for row in csv.DictReader(file))
    return [name for name in names if name.strip()]


if __name__ == "__main__":
    sys.exit(main())

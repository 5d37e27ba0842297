"""`dev/bench opportunities`: the deals of a real sales pipeline, settled by quarter.

    dev/bench opportunities [--data FOLDER]

FOLDER holds ``crm_sales_opportunities/sales_pipeline.csv`` and ``sales_teams.csv``;
without them there is nothing to settle, and that is said.
The exit status is 1 when anything differs from what the files come to.
"""

import argparse
import os
import sys
from pathlib import Path

from odoo.tools import config


def main():
    """Reads the command line; the exit status is 1 when anything differs."""
    parser = argparse.ArgumentParser(prog="dev/bench opportunities")
    parser.add_argument("--data", default=os.environ.get("KEY_ACCOUNT_DATA", "data"))
    options = parser.parse_args()
    folder = Path(options.data) / "crm_sales_opportunities"
    for name in ("sales_pipeline.csv", "sales_teams.csv"):
        if not (folder / name).is_file():
            print(f"There is no {folder / name}: nothing to settle.")
            return 0
    database = os.environ["KEY_ACCOUNT_BENCH_DB"]
    conf = os.environ["KEY_ACCOUNT_ODOO_CONF"]
    config.parse_config(
        ["-c", conf, "-d", database, "--no-http", "--log-handler=:WARNING"],
        setup_logging=True,
    )
    # Only now Odoo knows where addons lie, so that ours can be imported.
    from odoo.addons.key_account.dev.benchmark_opportunities import bench

    return 0 if bench(database, folder) else 1


if __name__ == "__main__":
    sys.exit(main())

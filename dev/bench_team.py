"""`dev/bench team`: what the accounts cost a member of fifty among ten thousand.

    dev/bench team [--accounts 10000] [--serves 50]

A thousand accounts give the same numbers of queries in half a minute.

The exit status is 1 when a bound of doc/speed.md is exceeded.
"""

import argparse
import os
import sys

from odoo.tools import config


def main():
    """Reads the command line; the exit status is 1 over a bound."""
    parser = argparse.ArgumentParser(prog="dev/bench team")
    parser.add_argument("--accounts", type=int, default=10_000)
    parser.add_argument("--serves", type=int, default=50)
    options = parser.parse_args()
    database = os.environ["KEY_ACCOUNT_BENCH_DB"]
    conf = os.environ["KEY_ACCOUNT_ODOO_CONF"]
    config.parse_config(
        ["-c", conf, "-d", database, "--no-http", "--log-handler=:WARNING"],
        setup_logging=True,
    )
    # Only now Odoo knows where addons lie, so that ours can be imported.
    from odoo.addons.key_account.dev.benchmark_team import bench

    return 0 if bench(database, options) else 1


if __name__ == "__main__":
    sys.exit(main())

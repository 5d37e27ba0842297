"""`dev/bench tickets`: tickets by the thousand, their promises and their pages.

    dev/bench tickets [--tickets 5000] [--mails 200] [--clocks 2500] [--grow 20000]

The exit status is 1 when a bound of doc/speed.md is exceeded.
"""

import argparse
import os
import sys

from odoo.tools import config


def main():
    """Reads the command line; the exit status is 1 over a bound."""
    parser = argparse.ArgumentParser(prog="dev/bench tickets")
    parser.add_argument("--tickets", type=int, default=5_000)
    parser.add_argument("--mails", type=int, default=200)
    parser.add_argument("--clocks", type=int, default=2_500)
    parser.add_argument("--grow", type=int, default=20_000)
    options = parser.parse_args()
    database = os.environ["KEY_ACCOUNT_BENCH_DB"]
    conf = os.environ["KEY_ACCOUNT_ODOO_CONF"]
    config.parse_config(
        ["-c", conf, "-d", database, "--no-http", "--log-handler=:WARNING"],
        setup_logging=True,
    )
    # Only now Odoo knows where addons lie, so that ours can be imported.
    from odoo.addons.key_account.dev.benchmark_tickets import bench

    return 0 if bench(database, options) else 1


if __name__ == "__main__":
    sys.exit(main())

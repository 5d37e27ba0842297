"""`dev/bench commission`: a quarter's run over ten thousand contracts of fifty people.

    dev/bench commission [--contracts 10000] [--people 50] [--rounds 5]

Our run and one SQL statement that computes the same ledger alternate; the run is also
made over a fifth of the contracts, to compare the number of queries.
The exit status is 1 when a bound of doc/speed.md is exceeded.
"""

import argparse
import os
import sys

from odoo.tools import config


def main():
    """Reads the command line; the exit status is 1 over a bound."""
    parser = argparse.ArgumentParser(prog="dev/bench commission")
    parser.add_argument("--contracts", type=int, default=10_000)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    database = os.environ["KEY_ACCOUNT_BENCH_DB"]
    conf = os.environ["KEY_ACCOUNT_ODOO_CONF"]
    config.parse_config(
        ["-c", conf, "-d", database, "--no-http", "--log-handler=:WARNING"],
        setup_logging=True,
    )
    # Only now Odoo knows where addons lie, so that ours can be imported.
    from odoo.addons.key_account.dev.benchmark_commission import bench

    return 0 if bench(database, options) else 1


if __name__ == "__main__":
    sys.exit(main())

"""`dev/bench incidents`: a real log of incidents, replayed as tickets.

    dev/bench incidents [--data FOLDER] [--incidents 500]

FOLDER holds ``itsm_incident_log/incident_event_log.csv.xz``; without it there is
nothing to replay, and that is said. ``--incidents 0`` takes all of them, which lasts
an hour.
The exit status is 1 when a stored clock is not what its log comes to.
"""

import argparse
import os
import sys
from pathlib import Path

from odoo.tools import config


def main():
    """Reads the command line; the exit status is 1 over a bound."""
    parser = argparse.ArgumentParser(prog="dev/bench incidents")
    parser.add_argument("--data", default=os.environ.get("KEY_ACCOUNT_DATA", "data"))
    parser.add_argument("--incidents", type=int, default=500)
    options = parser.parse_args()
    path = Path(options.data) / "itsm_incident_log" / "incident_event_log.csv.xz"
    if not path.is_file():
        print(f"There is no {path}: nothing to replay.")
        return 0
    database = os.environ["KEY_ACCOUNT_BENCH_DB"]
    conf = os.environ["KEY_ACCOUNT_ODOO_CONF"]
    config.parse_config(
        ["-c", conf, "-d", database, "--no-http", "--log-handler=:WARNING"],
        setup_logging=True,
    )
    # Only now Odoo knows where addons lie, so that ours can be imported.
    from odoo.addons.key_account.dev.benchmark_incidents import bench

    return 0 if bench(database, path, options.incidents) else 1


if __name__ == "__main__":
    sys.exit(main())

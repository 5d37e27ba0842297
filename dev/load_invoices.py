"""The command line of `dev/load-invoices`: see doc/load-invoices.md.

Works with the database server and the configuration that dev/lib.sh exports.
"""

import argparse
import csv
import lzma
import os
import sys
from datetime import date

import psycopg2

from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tools import config

DEFAULT_DATABASE = "key_account"


class CommandError(Exception):
    """What the user has to know, in one sentence."""


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="dev/load-invoices",
        description="Make posted invoices and credit notes of a CSV of sales lines.",
    )
    parser.add_argument("file", metavar="FILE", help="a .csv or .csv.xz")
    parser.add_argument("--db", default=DEFAULT_DATABASE, metavar="NAME")
    parser.add_argument(
        "--company", metavar="NAME", help="into whose books (default: the first one)"
    )
    parser.add_argument(
        "--verify",
        action="store_true",
        help="load nothing; compare the books with the file, customer by customer",
    )
    parser.add_argument(
        "--tiers",
        action="store_true",
        help="load nothing; grade the customers and compare every score and tier"
        " with a recomputation from the file (on the day of --to, default: today)",
    )
    parser.add_argument(
        "--from", dest="date_from", type=date.fromisoformat, default=date.min
    )
    parser.add_argument(
        "--to", dest="date_to", type=date.fromisoformat, default=date.max
    )
    return parser.parse_args(arguments)


def open_text(path: str):
    """The text of a .csv or .csv.xz."""
    if path.endswith(".xz"):
        return lzma.open(path, "rt", encoding="utf-8-sig", newline="")
    return open(path, encoding="utf-8-sig", newline="")


def check_database(name: str) -> None:
    """Raise `CommandError` unless Odoo with our addon lives in the database."""
    try:
        with db_connect(name).cursor() as cr:
            cr.execute(
                "SELECT name FROM ir_module_module"
                " WHERE state = 'installed' AND name IN ('account', 'key_account')",
                log_exceptions=False,
            )
            installed = {row[0] for row in cr.fetchall()}
    except psycopg2.OperationalError as error:
        raise CommandError(
            f"There is no database {name} to connect to;"
            " dev/run makes one, --db names another one."
        ) from error
    except psycopg2.errors.UndefinedTable as error:
        raise CommandError(f"The database {name} is not one of Odoo.") from error
    missing = {"account", "key_account"} - installed
    if missing:
        raise CommandError(
            f"The database {name} lacks the module(s) {', '.join(sorted(missing))}:"
            " install key_account first."
        )


def company_env(env: Environment, name: str | None = None) -> Environment:
    """The environment with the company of that name as the current one."""
    companies = env["res.company"].search([], order="id")
    company = companies.filtered(lambda c: c.name == name) if name else companies
    if not company:
        names = ", ".join(companies.mapped("name"))
        raise CommandError(f"There is no company {name}; there are: {names}.")
    return env(context={"allowed_company_ids": company[:1].ids, "lang": "en_US"})


def show_progress(text: str) -> None:
    """One line that updates on a terminal, else a line each time."""
    if sys.stdout.isatty():
        end = "\n" if text.endswith("(100 %).") else ""
        print(f"\r\033[K{text}", end=end, flush=True)
    else:
        print(text, flush=True)


def run(options: argparse.Namespace) -> int:
    """Load, verify or grade; the number is the exit code."""
    # Only now Odoo knows where addons lie, so that ours can be imported.
    from odoo.addons.key_account.dev.load_books import load
    from odoo.addons.key_account.dev.load_tiers import verify_tiers
    from odoo.addons.key_account.dev.load_verify import verify

    with open_text(options.file) as stream, Registry(options.db).cursor() as cr:
        env = company_env(Environment(cr, SUPERUSER_ID, {}), options.company)
        if options.verify:
            result = verify(env, stream, options.date_from, options.date_to)
        elif options.tiers:
            until = date.today() if options.date_to == date.max else options.date_to
            result = verify_tiers(env, stream, until)
            cr.rollback()
        else:
            result = load(env, stream, show_progress)
        print("\n".join(result.sentences()))
    return 1 if getattr(result, "differences", None) else 0


def main(arguments: list[str] | None = None) -> int:
    """Run the command; an expected failure is one sentence on stderr."""
    options = parse_arguments(arguments)
    conf = os.environ["KEY_ACCOUNT_ODOO_CONF"]
    config.parse_config(
        ["-c", conf, "-d", options.db, "--no-http", "--log-handler=:WARNING"],
        setup_logging=True,
    )
    from odoo.addons.key_account.dev.load_rows import LoadRefused
    from odoo.addons.key_account.tools.sales_lines import FileError

    try:
        if not os.path.isfile(options.file):
            raise CommandError(f"There is no file {options.file}.")
        check_database(options.db)
        return run(options)
    except (CommandError, FileError, LoadRefused) as error:
        message = str(error)
    except (lzma.LZMAError, EOFError) as error:
        message = f"The file {options.file} is damaged: {error}."
    except (UnicodeDecodeError, csv.Error) as error:
        message = f"The file {options.file} is no CSV in UTF-8: {error}."
    except OSError as error:
        message = f"The file {options.file} cannot be read: {error.strerror}."
    except KeyboardInterrupt:
        print("\nInterrupted; the same command goes on from here.", file=sys.stderr)
        return 130
    print(f"load-invoices: {message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())

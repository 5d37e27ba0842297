"""Scan of the log of an installation: no warning may be ours.

python -m dev.check_log FILE
"""

import ast
import re
import sys
from pathlib import Path
from typing import NamedTuple

from .check_problem import Problem, report

LINE = re.compile(
    r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ "
    r"(?P<level>[A-Z]+) (?P<database>\S+) (?P<logger>\S+): (?P<message>.*)$"
)
BAD_LEVELS = {"WARNING", "ERROR", "CRITICAL"}

# Warnings that an installation without the addon has as well, each with its reason.
ALLOWED = ()

# What an installation that went well says; its absence is a problem too.
EXPECTED = ("Modules loaded.", "Module key_account loaded")


class Record(NamedTuple):
    """One message of the log with the lines that follow it."""

    line: int
    level: str
    logger: str
    message: str


def records(text):
    """The messages of a log; a line without a head belongs to the one before it."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if match := LINE.match(line):
            found.append(
                Record(number, match["level"], match["logger"], match["message"])
            )
        elif found:
            last = found.pop()
            found.append(last._replace(message=f"{last.message}\n{line}"))
        else:
            found.append(Record(number, "INFO", "", line))
    return found


def is_allowed(record):
    return any(
        re.search(pattern, f"{record.logger}: {record.message}")
        for pattern, _reason in ALLOWED
    )


def check_log(text, name="log", files=()):
    """Every warning and error of a log that is not known to be Odoo's own.

    The data files given must have been loaded.
    """
    found = records(text)
    expected = [*EXPECTED, *(f"loading key_account/{file}" for file in files)]
    problems = [
        Problem(name, record.line, summary(record))
        for record in found
        if record.level in BAD_LEVELS
        and ("key_account" in record.message or not is_allowed(record))
    ]
    problems += [
        Problem(name, len(found), f'the log never says "{words}"')
        for words in expected
        if not any(words in record.message for record in found)
    ]
    return problems


def summary(record):
    """The first line of a message and, of a traceback, the last."""
    lines = [line.strip() for line in record.message.splitlines() if line.strip()]
    ends = lines[:1] + (lines[-1:] if len(lines) > 1 else [])
    return f"{record.level} {record.logger}: {' ... '.join(ends)}"


def main(path):
    text = Path(path).read_text(encoding="utf-8", errors="replace")
    manifest = ast.literal_eval(Path("__manifest__.py").read_text(encoding="utf-8"))
    files = manifest.get("data", []) + manifest.get("demo", [])
    return report(check_log(text, path, files))


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))

"""Scan of every text file for what belongs to one machine or to another day."""

import re
from pathlib import Path

from .check_problem import Problem, relative, report, source_files

# Written in pieces so that this file does not find itself.
FOLDERS = "|".join(("wo" + "rk", "ro" + "ot", "tm" + "p", "ho" + "me", "op" + "t"))
HOSTS = "|".join(
    (
        r"py" + r"pi\.org",
        r"python" + r"hosted\.org",
        r"registry\.np" + r"mjs",
        r"deb\.deb" + r"ian\.org",
        r"snapshot\.deb" + r"ian\.org",
        r"archive\.ubu" + r"ntu\.com",
        r"proxy\.gol" + r"ang\.org",
    )
)
LATER = "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"))

PATTERNS = (
    (
        re.compile(rf"(?<![\w.}}$)/~-])/({FOLDERS})/\S"),
        "names a folder of one machine",
    ),
    (re.compile(HOSTS, re.IGNORECASE), "names the host of a package registry"),
    (re.compile(rf"\b({LATER})\b"), "leaves something for later"),
    (re.compile(r"^(<{7}|>{7}) "), "a merge conflict"),
)
# Public texts that are kept word for word.
VERBATIM = {"LICENSE"}
# The path of a socket has to be short, which no variable can promise.
ALLOWED = {("dev/lib_db.sh", "/tm" + "p/k")}


def check_lines(place, text):
    """Every problem of one file's text."""
    return [
        Problem(place, number, f"{message}: {match.group().strip()}")
        for number, line in enumerate(text.splitlines(), 1)
        for pattern, message in PATTERNS
        if (match := pattern.search(line)) and (place, match.group()) not in ALLOWED
    ]


def check(root):
    """Every problem of every text file of the addon."""
    problems = []
    for path in source_files(root):
        raw = path.read_bytes()
        place = relative(path, root)
        if b"\0" not in raw and place not in VERBATIM:
            problems += check_lines(place, raw.decode("utf-8", "replace"))
    return problems


if __name__ == "__main__":
    raise SystemExit(report(check(Path.cwd())))

"""Reads lists of holidays and make-up days. Pure functions, no database.

A list is a CSV file whose first line names its columns, among them ``date``, ``kind``
(``holiday`` or ``workday``) and ``name``, separated by commas, semicolons or tabs, in
UTF-8 (with a mark or without) or GBK. Dates are year, month and day, with ``-``, ``/``
or ``.`` between them, as spreadsheets like to write them.
"""

import csv
import re
from datetime import date, timedelta
from typing import NamedTuple

KINDS = ("holiday", "workday")
COLUMNS = ("date", "kind", "name")
DATE = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
DAY = timedelta(days=1)
# What is outside was mistyped.
YEARS = range(1970, 2200)


class Day(NamedTuple):
    """One line that could be read; ``line`` is its number in the file."""

    line: int
    day: date
    kind: str
    name: str


class Unreadable(NamedTuple):
    """One line that could not be read: ``reason`` is *text* (no text at all), *header*,
    *date*, *kind*, *double* or *quotes*, ``value`` what stands there."""

    line: int
    reason: str
    value: str


class Stretch(NamedTuple):
    """Consecutive days of one holiday, or make-up days, both ends included."""

    kind: str
    name: str
    first: date
    last: date


def read(content):
    """``(days, problems)`` of a file, its bytes. Every line but empty ones is in one of
    the two: nothing is passed over in silence."""
    text = _decode(content)
    if text is None:
        return [], [Unreadable(1, "text", "")]
    header, *lines = text.splitlines() or [""]
    delimiter = max(",;\t", key=header.count)
    places = _places(_split(header, delimiter) or [])
    if places is None:
        return [], [Unreadable(1, "header", header)]
    days, problems, seen = [], [], {}
    for line, text in enumerate(lines, 2):
        row = _split(text, delimiter)
        if row is None:
            problems.append(Unreadable(line, "quotes", text))
        elif any(cell.strip() for cell in row):
            found = _read_row(row, places, line, seen)
            (days if isinstance(found, Day) else problems).append(found)
    return days, problems


def stretches(days):
    """The days as stretches, by date: consecutive ones of one kind and name are one."""
    found = []
    for day in sorted(days, key=lambda one: (one.day, one.kind)):
        last = found[-1] if found else None
        if last and last[:2] == day[2:] and day.day - last.last == DAY:
            found[-1] = last._replace(last=day.day)
        else:
            found.append(Stretch(day.kind, day.name, day.day, day.day))
    return found


def _decode(content):
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _split(line, delimiter):
    """The cells of one line, None where its quotes do not match. A cell ends with its
    line, or a quote that was forgotten would swallow what follows."""
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None


def _places(header):
    """Where the columns stand, or None where one of them is missing."""
    names = [cell.strip().lower() for cell in header]
    if not set(COLUMNS) <= set(names):
        return None
    return [names.index(column) for column in COLUMNS]


def _read_row(row, places, line, seen):
    when, kind, name = (
        row[place].strip() if place < len(row) else "" for place in places
    )
    day = _date(when)
    if day is None:
        return Unreadable(line, "date", when)
    if kind.lower() not in KINDS:
        return Unreadable(line, "kind", kind)
    if seen.setdefault(day, line) != line:
        return Unreadable(line, "double", str(seen[day]))
    return Day(line, day, kind.lower(), name)


def _date(text):
    match = DATE.fullmatch(text)
    if not match:
        return None
    try:
        day = date(*(int(match[group]) for group in (1, 3, 4)))
    except ValueError:
        return None
    return day if day.year in YEARS else None

"""Sales lines of a CSV file, parsed and grouped into documents.

Pure functions, no database. A row of the file is one sales line; the lines of one
invoice number are one document. Every row ends up in exactly one of two places: in
a document, or in `LeftOut` under a reason. Amounts are exact `Decimal`s with the
sign of the file: what is credited is negative.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from sys import intern
from typing import NamedTuple

COLUMNS = (
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
    "Country",
)

NO_CUSTOMER = "no customer"
NO_NUMBER = "no invoice number"
BAD_ROW = "too few or too many columns"
BAD_QUANTITY = "unreadable quantity"
BAD_PRICE = "unreadable unit price"
BAD_DATE = "unreadable date"
BAD_TEXT = "unreadable text"
MIXED = "one invoice number, several customers"
INCOMPLETE = "the document has another line that cannot be read"

INVOICE = "out_invoice"
CREDIT_NOTE = "out_refund"

# Twelve digits before and six after the point are exact in a double, too.
_NUMBER = re.compile(r"[+-]?\d{1,12}(?:\.\d{1,6})?", re.ASCII)
# Odoo reads the year out of a document's number in these three centuries only.
_FIRST_YEAR, _LAST_YEAR = 1900, 2199


class FileError(ValueError):
    """The file as a whole cannot be read; the text is one sentence for the user."""


@dataclass(frozen=True, slots=True)
class Line:
    """One sales line. `quantity` times `price` is what was sold, with its sign."""

    number: str
    customer: str
    country: str
    date: date
    code: str
    description: str
    quantity: Decimal
    price: Decimal

    @property
    def exact(self) -> Decimal:
        """The value before rounding."""
        return self.quantity * self.price

    def amount(self, places: int = 2) -> Decimal:
        """The value as Odoo books it: rounded line by line, halves away from zero."""
        return round_half_up(self.exact, places)

    @property
    def label(self) -> str:
        """Text of the invoice line: `[code] description`."""
        return f"[{self.code}] {self.description}".rstrip()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot become part of a document. `exact` is 0 where unreadable."""

    number: str
    reason: str
    row: int
    exact: Decimal = Decimal(0)


@dataclass(slots=True)
class Document:
    """The lines of one invoice number, all of one customer."""

    number: str
    customer: str
    date: date
    lines: list[Line]

    @property
    def is_credit_by_number(self) -> bool:
        return self.number[:1].upper() == "C"

    def book(self, rounding: "Rounding") -> "Booking":
        """What Odoo books for this document: its type, lines and total.

        The number decides on the type (C... is a credit note) unless the total
        contradicts it: an invoice over less than nothing is a credit note, and the
        other way round, since neither may be posted with a negative total.
        """
        subtotals = [line.amount(rounding.places) for line in self.lines]
        booked = subtotals
        if rounding.per_document:
            exact = [line.exact for line in self.lines]
            booked = spread_rounding(exact, subtotals, rounding.places)
        net = sum(booked, Decimal(0))
        is_credit = net < 0 if net else self.is_credit_by_number
        return Booking(
            move_type=CREDIT_NOTE if is_credit else INVOICE,
            net=net,
            subtotals=subtotals,
            booked=booked,
            turned=is_credit != self.is_credit_by_number,
        )


class Rounding(NamedTuple):
    """How the company rounds: `places` decimals, and what is rounded.

    Every line is; with `per_document` (Odoo's default, `round_globally`) the total is
    the rounded sum of the exact lines, and the lines share the difference.
    """

    places: int = 2
    per_document: bool = True


@dataclass(frozen=True, slots=True)
class Booking:
    """A document as booked, amounts in the sign of the file.

    `subtotals` are the rounded lines as printed, `booked` what is credited to income
    for each, `net` the sum of `booked`. `turned`: the total overruled the number.
    """

    move_type: str
    net: Decimal
    subtotals: list[Decimal]
    booked: list[Decimal]
    turned: bool

    @property
    def sign(self) -> int:
        """Factor from the sign of the file to that of the document."""
        return -1 if self.move_type == CREDIT_NOTE else 1


@dataclass(slots=True)
class Tally:
    """What was left out for one reason."""

    lines: int = 0
    exact: Decimal = Decimal(0)
    numbers: set[str] = field(default_factory=set)
    first_row: int = 0

    def add(self, number: str, exact: Decimal, row: int = 0) -> None:
        self.lines += 1
        self.exact += exact
        self.first_row = self.first_row or row
        if number:
            self.numbers.add(number)


@dataclass(slots=True)
class LeftOut:
    """Everything left out, by reason."""

    by_reason: dict[str, Tally] = field(default_factory=dict)

    def add(self, reason: str, number: str, exact: Decimal, row: int = 0) -> None:
        self.by_reason.setdefault(reason, Tally()).add(number, exact, row)

    @property
    def lines(self) -> int:
        return sum(tally.lines for tally in self.by_reason.values())

    @property
    def exact(self) -> Decimal:
        return sum((tally.exact for tally in self.by_reason.values()), Decimal(0))


def round_half_up(value: Decimal, places: int) -> Decimal:
    """`value` with `places` decimals, halves away from zero as Odoo's currencies do."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def spread_rounding(
    exact: list[Decimal], rounded: list[Decimal], places: int
) -> list[Decimal]:
    """Share out what rounding line by line has cost the total, largest lines first.

    The way of Odoo's `_distribute_delta_amount_smoothly`, in whole cents.
    """
    total = sum(exact, Decimal(0))
    delta = round_half_up(total, places) - sum(rounded, Decimal(0))
    if not total or not delta:
        return rounded
    cent = Decimal(1).scaleb(-places).copy_sign(delta)
    count = left = int(delta / cent)
    weight = sum(abs(value) for value in exact)
    result = list(rounded)
    order = sorted(range(len(exact)), key=lambda index: -abs(exact[index]))
    for index in order:
        share = min(round(abs(exact[index]) / weight * count), left)
        result[index] += share * cent
        left -= share
    for index in order[:left]:
        result[index] += cent
    return result


@lru_cache(maxsize=1 << 16)
def parse_number(text: str) -> Decimal | None:
    """A plain decimal number (`-12`, `3.75`), or None. No thousands separators."""
    text = text.strip()
    return Decimal(text) if _NUMBER.fullmatch(text) else None


@lru_cache(maxsize=1 << 16)
def parse_quantity(text: str, digits: int = 2) -> Decimal | None:
    """A number that Odoo keeps unchanged in a field of `digits` decimals, or None."""
    quantity = parse_number(text)
    if quantity is None or quantity != round_half_up(quantity, digits):
        return None
    return quantity


@lru_cache(maxsize=1 << 16)
def parse_date(text: str) -> date | None:
    """The day of an ISO date or date and time (`2010-12-01 08:26:00`), or None."""
    try:
        day = datetime.fromisoformat(text.strip()).date()
    except ValueError:
        return None
    return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else None


@lru_cache(maxsize=1 << 16)
def parse_customer(text: str) -> str:
    """The customer's number; spreadsheets export 17850 as `17850.0`."""
    return re.sub(r"\.0+$", "", text.strip())


def parse_row(values: list[str], row: int, digits: int = 2) -> Line | Rejected:
    """One row in the order of `COLUMNS`, as a line or as what is wrong with it."""
    number, code, description, quantity, day, price, customer, country = values
    number, customer = intern(number.strip()), intern(parse_customer(customer))
    count, unit_price = parse_quantity(quantity, digits), parse_number(price)
    when = parse_date(day)
    readable = count is not None and unit_price is not None
    exact = count * unit_price if readable else Decimal(0)
    for wrong, reason in (
        (not customer, NO_CUSTOMER),
        (not number, NO_NUMBER),
        ("\0" in "".join(values), BAD_TEXT),
        (count is None, BAD_QUANTITY),
        (unit_price is None, BAD_PRICE),
        (when is None, BAD_DATE),
    ):
        if wrong:
            return Rejected(number, reason, row, exact)
    return Line(
        number=number,
        customer=customer,
        country=intern(country.strip()),
        date=when,
        code=intern(code.strip()),
        description=intern(description.strip()),
        quantity=count,
        price=unit_price,
    )


def read_lines(stream: Iterable[str], digits: int = 2) -> Iterator[Line | Rejected]:
    """Read CSV text row by row. Raise `FileError` when it is no such file.

    `digits` is the number of decimals Odoo keeps of a quantity. The columns may
    stand in any order, and further columns are ignored.
    """
    reader = csv.reader(stream)
    try:
        header = [name.strip() for name in next(reader, [])]
        positions = _positions(header)
        for values in reader:
            if not values:
                continue
            if len(values) != len(header):
                number = _value(values, positions[0])
                customer = parse_customer(_value(values, positions[6]))
                reason = BAD_ROW if customer else NO_CUSTOMER
                yield Rejected(number, reason, reader.line_num)
                continue
            picked = [values[position] for position in positions]
            yield parse_row(picked, reader.line_num, digits)
    except UnicodeDecodeError as error:
        message = f"The file is not UTF-8 text (after line {reader.line_num})."
        raise FileError(message) from error
    except csv.Error as error:
        message = f"The file is no readable CSV at line {reader.line_num}: {error}."
        raise FileError(message) from error


def group_documents(
    lines: Iterable[Line | Rejected],
) -> tuple[list[Document], LeftOut]:
    """Group lines by invoice number, ordered by date and number.

    A document is left out whole when a line of it cannot be read (its total would
    be wrong) and when its lines name several customers. A line without a customer
    is left out alone. The date of a document is the earliest of its lines.
    """
    left_out = LeftOut()
    grouped: dict[str, list[Line]] = {}
    broken: set[str] = set()
    for line in lines:
        if isinstance(line, Line):
            grouped.setdefault(line.number, []).append(line)
            continue
        left_out.add(line.reason, line.number, line.exact, line.row)
        if line.reason != NO_CUSTOMER:
            broken.add(line.number)
    documents = []
    for number, members in grouped.items():
        reason = _why_not(number, members, broken)
        if reason:
            for line in members:
                left_out.add(reason, number, line.exact)
        else:
            documents.append(_document(number, members))
    documents.sort(key=lambda document: (document.date, document.number))
    return documents, left_out


def countries_by_customer(documents: Iterable[Document]) -> dict[str, list[str]]:
    """The countries each customer was seen in, the latest first.

    `documents` in the order of their dates.
    """
    seen: dict[str, dict[str, None]] = {}
    for document in documents:
        countries = seen.setdefault(document.customer, {})
        for line in document.lines:
            countries.pop(line.country, None)
            countries[line.country] = None
    return {customer: [*reversed(names)] for customer, names in seen.items()}


def _positions(header: list[str]) -> list[int]:
    names = [name.removeprefix("\ufeff") for name in header]
    missing = [column for column in COLUMNS if column not in names]
    if missing:
        raise FileError(f"The file lacks the column(s) {', '.join(missing)}.")
    return [names.index(column) for column in COLUMNS]


def _value(values: list[str], position: int) -> str:
    return values[position].strip() if position < len(values) else ""


def _why_not(number: str, members: list[Line], broken: set[str]) -> str | None:
    if number in broken:
        return INCOMPLETE
    if len({line.customer for line in members}) > 1:
        return MIXED
    return None


def _document(number: str, members: list[Line]) -> Document:
    day = min(line.date for line in members)
    return Document(number, members[0].customer, day, members)

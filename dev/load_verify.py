"""Compare the books with a plain recomputation from the CSV, customer by customer.

On purpose nothing of the parsing in `tools/sales_lines.py` is used here: what is
compared was computed twice, in two ways.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from odoo.tools import SQL

from ..tools.sales_lines import COLUMNS, FileError

_STEPS = (50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500)


@dataclass(frozen=True)
class Net:
    """Net revenue of one customer: of `documents` documents, rounded and exact."""

    net: Decimal = Decimal(0)
    documents: int = 0
    exact: Decimal = Decimal(0)


@dataclass(frozen=True)
class Verification:
    """Both computations by customer, between two dates (the second one is out)."""

    date_from: date
    date_to: date
    in_file: dict[str, Net]
    in_books: dict[str, Net]
    not_compared: list[str]

    @property
    def differences(self) -> dict[str, tuple[Net, Net]]:
        """(file, books) of the customers whose net or number of documents differ."""
        pairs = {
            customer: (
                self.in_file.get(customer, Net()),
                self.in_books.get(customer, Net()),
            )
            for customer in {*self.in_file, *self.in_books}
        }
        return {
            customer: (ours, theirs)
            for customer, (ours, theirs) in sorted(pairs.items())
            if (ours.net, ours.documents) != (theirs.net, theirs.documents)
        }

    def sentences(self) -> list[str]:
        """The report, one sentence a line."""
        file_net, exact = (
            sum((getattr(net, name) for net in self.in_file.values()), Decimal(0))
            for name in ("net", "exact")
        )
        book_net = sum((net.net for net in self.in_books.values()), Decimal(0))
        documents = sum(net.documents for net in self.in_file.values())
        lines = [
            f"From {self.date_from} up to and without {self.date_to}:"
            f" {documents:,} documents of {len(self.in_file):,} customers.",
            f"Net by the file {file_net:,} ({exact:,} before rounding),"
            f" in the books {book_net:,}.",
            "Customers with at least "
            + ", ".join(f"{step:,}: {self._at_least(step):,}" for step in _STEPS)
            + ".",
        ]
        if self.not_compared:
            lines.append(
                f"Not compared, for they cannot be read: {len(self.not_compared):,}"
                f" documents ({', '.join(self.not_compared[:5])}...)."
            )
        for customer, (ours, theirs) in list(self.differences.items())[:20]:
            lines.append(
                f"Customer {customer}: {ours.net:,} in {ours.documents:,} documents by"
                f" the file, {theirs.net:,} in {theirs.documents:,} in the books."
            )
        lines.append(
            f"{len(self.differences):,} customers differ."
            if self.differences
            else "Every customer is equal to the cent."
        )
        return lines

    def _at_least(self, step: int) -> int:
        return sum(net.net >= step for net in self.in_file.values())


def verify(env, stream: Iterable[str], date_from: date, date_to: date) -> Verification:
    """Compare the posted documents of the file's customers with the file's lines.

    Only documents dated from `date_from` up to and without `date_to` count.
    """
    company = env.company
    per_document = company.tax_calculation_rounding_method != "round_per_line"
    in_file, customers, broken = recompute(
        stream,
        date_from,
        date_to,
        company.currency_id.decimal_places,
        per_document,
    )
    rows = env.execute_query(
        SQL(
            """
            SELECT partner.ref, sum(move.amount_untaxed_signed)::text, count(*)
              FROM account_move move
              JOIN res_partner partner ON partner.id = move.commercial_partner_id
             WHERE move.company_id = %s AND move.state = 'posted'
               AND move.move_type IN ('out_invoice', 'out_refund')
               AND move.invoice_date >= %s AND move.invoice_date < %s
               AND partner.ref = ANY(%s)
             GROUP BY partner.ref
            """,
            company.id,
            date_from,
            date_to,
            sorted(customers),
        )
    )
    in_books = {ref: Net(Decimal(net), documents) for ref, net, documents in rows}
    return Verification(date_from, date_to, in_file, in_books, broken)


def recompute(
    stream: Iterable[str],
    date_from: date,
    date_to: date,
    places: int = 2,
    per_document: bool = True,
) -> tuple[dict[str, Net], set[str], list[str]]:
    """Net by customer, all customers, and the numbers that make no document."""
    cent = Decimal(1).scaleb(-places)
    values: dict[str, list[Decimal]] = defaultdict(list)
    days: dict[str, date] = {}
    owners: dict[str, str] = {}
    broken: set[str] = set()
    reader = csv.DictReader(stream, restval="")
    missing = {*COLUMNS} - {*(reader.fieldnames or ())}
    if missing:
        raise FileError(f"The file lacks the column(s) {', '.join(sorted(missing))}.")
    for row in reader:
        customer = row["CustomerID"].strip().removesuffix(".0")
        number = row["InvoiceNo"].strip()
        if not customer:
            continue
        try:
            day = date.fromisoformat(row["InvoiceDate"][:10])
            values[number].append(Decimal(row["Quantity"]) * Decimal(row["UnitPrice"]))
        except (ValueError, InvalidOperation):
            broken.add(number)
            continue
        days[number] = min(day, days.get(number, day))
        if owners.setdefault(number, customer) != customer:
            broken.add(number)
    result: dict[str, Net] = {}
    for number, amounts in values.items():
        if number in broken or not date_from <= days[number] < date_to:
            continue
        exact = sum(amounts)
        rounded = sum(amount.quantize(cent, ROUND_HALF_UP) for amount in amounts)
        if per_document and exact:
            rounded = exact.quantize(cent, ROUND_HALF_UP)
        before = result.get(owners[number], Net())
        result[owners[number]] = Net(
            before.net + rounded, before.documents + 1, before.exact + exact
        )
    return result, set(owners.values()), sorted(broken)

"""What a load of sales lines has made and left out, in sentences."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from ..tools.sales_lines import LeftOut


@dataclass
class Summary:
    """What a load made and what it left out; `sentences` says so."""

    invoices: int = 0
    credit_notes: int = 0
    lines: int = 0
    net: Decimal = Decimal(0)
    customers: int = 0
    new_partners: int = 0
    zero_documents: int = 0
    zero_lines: int = 0
    turned: list[str] = field(default_factory=list)
    present: int = 0
    different: list[str] = field(default_factory=list)
    several_countries: dict[str, list[str]] = field(default_factory=dict)
    no_country: Counter = field(default_factory=Counter)
    left_out: LeftOut = field(default_factory=LeftOut)

    @property
    def documents(self) -> int:
        return self.invoices + self.credit_notes

    def sentences(self) -> list[str]:
        """The report, one sentence a line."""
        return [*self._made(), *self._remarks(), *self._not_made()]

    def _made(self):
        if not self.documents:
            yield "Made nothing."
        else:
            yield (
                f"Made {self.invoices:,} invoices and {self.credit_notes:,} credit"
                f" notes with {self.lines:,} lines for {self.customers:,} customers"
                f" ({self.new_partners:,} of them new), net {self.net:,}."
            )
        if self.present:
            yield f"Already there, not made again: {self.present:,} documents."
        if self.different:
            yield (
                "Of these, not what the file says (date or amount), left as they are:"
                f" {_listed(self.different)}."
            )

    def _remarks(self):
        if self.turned:
            yield (
                "The total contradicts the number, so made as the other kind of"
                f" document: {_listed(self.turned)}."
            )
        if self.zero_lines:
            yield (
                f"Kept {self.zero_lines:,} lines that amount to nothing;"
                f" {self.zero_documents:,} documents amount to nothing and are paid."
            )
        if self.several_countries:
            seen = [
                f"{customer} ({', '.join(names)})"
                for customer, names in self.several_countries.items()
            ]
            yield f"Seen in several countries, the latest first: {_listed(seen)}."
        if self.no_country:
            names = [f"{name} ({n})" for name, n in sorted(self.no_country.items())]
            yield f"Customers left without a country, not known: {_listed(names)}."

    def _not_made(self):
        for reason, tally in sorted(self.left_out.by_reason.items()):
            numbers = f" of {len(tally.numbers):,} documents" if tally.numbers else ""
            examples = _listed(sorted(tally.numbers), 5)
            yield (
                f"Left out, {reason}: {tally.lines:,} lines{numbers}"
                f" worth {tally.exact:,}{f' ({examples})' if examples else ''}."
            )
        yield f"Left out in all: {self.left_out.lines:,} lines."


def _listed(items: list[str], limit: int = 10) -> str:
    more = f" and {len(items) - limit:,} more" if len(items) > limit else ""
    return ", ".join(items[:limit]) + more

"""Load the documents of a sales CSV into the books: partners, invoices, credit notes.

`load` is what `dev/load-invoices` calls; see doc/load-invoices.md.
"""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal

from psycopg2 import errors

from odoo.sql_db import db_connect
from odoo.tools import SQL

from ..tools.sales_lines import (
    CREDIT_NOTE,
    INVOICE,
    Booking,
    Document,
    Rounding,
    countries_by_customer,
    group_documents,
    read_lines,
)
from .load_rows import LoadRefused, Writer, profiles_of
from .load_summary import Summary

BATCH_SIZE = 1000
PARTNER_BATCH_SIZE = 500
# How often a batch is tried when somebody else takes the same number meanwhile.
_ATTEMPTS = 5

# Names of the data set that are not Odoo's English names.
_COUNTRY_CODES = {"eire": "IE", "rsa": "ZA", "usa": "US", "uk": "GB"}


def load(
    env,
    stream: Iterable[str],
    progress: Callable[[str], None] = print,
    batch_size: int = BATCH_SIZE,
    commit: Callable[[], None] | None = None,
) -> Summary:
    """Make posted documents of the CSV text in `stream` for `env.company`.

    A document that is there already (reference and type, in the sales journal) is
    not made again, and each batch is committed: an interrupted load is just repeated.
    Raise `LoadRefused` or `sales_lines.FileError` with one sentence for the user.
    `commit` replaces the commit after each batch; a test passes a no-op.
    """
    with exclusive(env):
        journal = sales_journal(env)
        documents, left_out = group_documents(read_lines(stream, quantity_digits(env)))
        company, currency = journal.company_id.name, journal.company_id.currency_id.name
        progress(
            f"Read {len(documents):,} documents for the books of {company}, {currency}."
        )
        return _Load(env, journal, progress, commit or env.cr.commit).run(
            documents, left_out, batch_size
        )


class _Load:
    """One run: what it needs to know, and its steps."""

    def __init__(self, env, journal, progress, commit):
        self.env = env
        self.progress = progress
        self.commit = commit
        self.company = journal.company_id
        self.journal = journal
        self.writer = Writer(env, journal)
        self.rounding = company_rounding(self.company)
        self.summary = Summary()

    def run(self, documents, left_out, batch_size) -> Summary:
        self.summary.left_out = left_out
        countries = countries_by_customer(documents)
        new = self._drop_present(documents)
        if new:
            customers = {document.customer for document, _booking in new}
            self.summary.customers = len(customers)
            partners = self._partners(
                {customer: countries[customer] for customer in sorted(customers)}
            )
            self._make_templates(new, partners)
            self.commit()
            for start in range(0, len(new), batch_size):
                self._make_batch(new[start : start + batch_size], partners)
                done = min(start + batch_size, len(new))
                self.progress(
                    f"Posted {done:,} of {len(new):,} documents"
                    f" ({100 * done // len(new)} %)."
                )
            self.env.cr.execute("ANALYZE res_partner, account_move, account_move_line")
            self.commit()
        return self.summary

    # --- What is there already ---

    def _drop_present(self, documents) -> list[tuple[Document, Booking]]:
        booked = [(document, document.book(self.rounding)) for document in documents]
        present = self._present([document.number for document in documents])
        new = []
        for document, booking in booked:
            there = present.get((document.number, booking.move_type))
            if there is None:
                new.append((document, booking))
                continue
            self.summary.present += 1
            if there != (document.date, booking.net):
                self.summary.different.append(document.number)
        return new

    def _present(self, numbers: list[str]) -> dict:
        rows = self.env.execute_query(
            SQL(
                """
                SELECT ref, move_type, invoice_date, amount_untaxed_signed::text
                  FROM account_move
                 WHERE company_id = %s AND journal_id = %s
                   AND move_type IN %s AND ref = ANY(%s)
                """,
                self.company.id,
                self.journal.id,
                (INVOICE, CREDIT_NOTE),
                numbers,
            )
        )
        return {(ref, kind): (day, Decimal(net)) for ref, kind, day, net in rows}

    # --- Customers ---

    def _partners(self, countries: dict[str, list[str]]) -> dict:
        """(id, name, profile) of the partner of each customer, made where missing."""
        found = self._find_partners(list(countries))
        missing = [customer for customer in countries if customer not in found]
        by_name = country_ids(self.env)
        create = self.env["res.partner"].with_context(tracking_disable=True).create
        for start in range(0, len(missing), PARTNER_BATCH_SIZE):
            batch = missing[start : start + PARTNER_BATCH_SIZE]
            create([self._partner_vals(ref, countries[ref], by_name) for ref in batch])
            self.commit()
            self.progress(f"Made {start + len(batch):,} of {len(missing):,} customers.")
        self.summary.new_partners = len(missing)
        self.summary.several_countries = {
            customer: names for customer, names in countries.items() if len(names) > 1
        }
        found = self._find_partners(list(countries))
        profiles = profiles_of(self.env, [found[ref][0] for ref in countries])
        return {ref: (*found[ref], profiles[found[ref][0]]) for ref in countries}

    def _find_partners(self, customers: list[str]) -> dict[str, tuple[int, str]]:
        """The company of each reference; of several the oldest that is not archived."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (ref) ref, id, complete_name
                  FROM res_partner
                 WHERE ref = ANY(%s) AND commercial_partner_id = id
                   AND (company_id IS NULL OR company_id = %s)
                 ORDER BY ref, active DESC, id
                """,
                customers,
                self.company.id,
            )
        )
        return {ref: (partner_id, name) for ref, partner_id, name in rows}

    def _partner_vals(self, customer: str, names: list[str], by_name: dict) -> dict:
        known = [name for name in names if name.lower() in by_name]
        if not known:
            self.summary.no_country[names[0]] += 1
        return {
            "name": f"Customer {customer}",
            "ref": customer,
            "is_company": True,
            "country_id": by_name[known[0].lower()] if known else False,
        }

    # --- Documents ---

    def _make_templates(self, new, partners) -> None:
        kinds = {}
        for document, booking in new:
            partner_id, _name, profile = partners[document.customer]
            kinds.setdefault((booking.move_type, profile), partner_id)
        self.writer.make_templates(kinds, min(document.date for document, _b in new))

    def _make_batch(self, batch, partners) -> None:
        """Write and commit one batch, again when a number was taken meanwhile."""
        for _attempt in range(_ATTEMPTS):
            try:
                self._write_batch(batch, partners)
                self.commit()
            except (errors.UniqueViolation, errors.SerializationFailure):
                self.env.cr.rollback()
            else:
                for document, booking in batch:
                    self._count(document, booking)
                return
        raise LoadRefused(
            f"Others keep posting in the journal {self.journal.display_name} at the"
            " same time: repeat the command later, it will go on from here."
        )

    def _write_batch(self, batch, partners) -> None:
        move_ids = self._take_ids("account_move_id_seq", len(batch))
        lines = sum(len(document.lines) + 1 for document, _booking in batch)
        line_ids = iter(self._take_ids("account_move_line_id_seq", lines))
        self.writer.begin()
        ranks = Counter()
        for move_id, (document, booking) in zip(move_ids, batch, strict=True):
            partner = partners[document.customer]
            ids = [next(line_ids) for _ in range(len(document.lines) + 1)]
            self.writer.add(move_id, ids, document, booking, partner)
            ranks[partner[0]] += 1
        self.writer.write()
        self._raise_ranks(ranks)

    def _take_ids(self, sequence: str, count: int) -> list[int]:
        rows = self.env.execute_query(
            SQL("SELECT nextval(%s) FROM generate_series(1, %s)", sequence, count)
        )
        return [row[0] for row in rows]

    def _raise_ranks(self, ranks: Counter) -> None:
        """Posting an invoice counts for the customer's rank in Odoo."""
        self.env.cr.execute(
            """
            UPDATE res_partner partner
               SET customer_rank = COALESCE(customer_rank, 0) + ranked.count
              FROM unnest(%s, %s) AS ranked (id, count)
             WHERE partner.id = ranked.id
            """,
            [list(ranks), list(ranks.values())],
        )

    def _count(self, document: Document, booking: Booking) -> None:
        summary = self.summary
        if booking.move_type == CREDIT_NOTE:
            summary.credit_notes += 1
        else:
            summary.invoices += 1
        summary.lines += len(document.lines)
        summary.net += booking.net
        summary.zero_documents += not booking.net
        summary.zero_lines += sum(not amount for amount in booking.subtotals)
        if booking.turned:
            summary.turned.append(document.number)


# --- Company, journal, countries ---


def sales_journal(env):
    """The journal Odoo would take, with a chart of accounts loaded when there is none.

    Raise `LoadRefused` when the company's books do not fit.
    """
    company = env.company
    if not company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", company)
    domain = [
        *env["account.journal"]._check_company_domain(company),
        ("type", "=", "sale"),
    ]
    journal = env["account.journal"].search(domain, limit=1)
    if not journal.default_account_id:
        raise LoadRefused(
            f"{company.display_name} has no sales journal with an income account:"
            " set one up first."
        )
    if journal.currency_id and journal.currency_id != company.currency_id:
        raise LoadRefused(
            f"The journal {journal.display_name} is kept in"
            f" {journal.currency_id.name}; the amounts of a file are in the company's"
            f" currency {company.currency_id.name}."
        )
    return journal


def company_rounding(company) -> Rounding:
    """The rounding that Odoo applies to the invoices of this company."""
    return Rounding(
        company.currency_id.decimal_places,
        company.tax_calculation_rounding_method != "round_per_line",
    )


def quantity_digits(env) -> int:
    return env["decimal.precision"].precision_get("Product Unit")


def country_ids(env) -> dict[str, int]:
    """Ids by lower-case English name, and by the names of this data set."""
    countries = env["res.country"].with_context(lang="en_US").search([])
    by_code = {country.code: country.id for country in countries}
    return {country.name.lower(): country.id for country in countries} | {
        name: by_code[code] for name, code in _COUNTRY_CODES.items()
    }


@contextlib.contextmanager
def exclusive(env):
    """Hold the lock of this command for the company, or raise `LoadRefused`.

    A connection of its own holds it, so that it outlives the commits of the load and
    ends with the process, however that ends.
    """
    with db_connect(env.cr.dbname).cursor() as cr:
        cr.execute(
            "SELECT pg_try_advisory_xact_lock(hashtext(%s), %s)",
            ["key_account.load_invoices", env.company.id],
        )
        if not cr.fetchone()[0]:
            raise LoadRefused(
                f"Another load into the books of {env.company.display_name} is"
                " running; wait until it has finished."
            )
        yield

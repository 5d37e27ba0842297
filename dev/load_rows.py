"""Rows of posted invoices, written in bulk.

Odoo itself makes one document of each kind (invoice or credit note, and for each
profile of customer) and posts it; its rows are read as templates and the documents
are rolled back. A row of the load is a template with its own facts on top: numbers,
dates, amounts, names. So a column that another module adds gets what it gets from
Odoo, and PostgreSQL writes hundreds of thousands of rows in minutes.
"""

import contextlib
import io
import json
import re
from dataclasses import dataclass
from decimal import Decimal

from odoo.fields import Command, Date
from odoo.tools import SQL

from ..tools.sales_lines import INVOICE

# What tells two customers apart who are otherwise treated alike by Odoo.
_PERSONAL = [
    "barcode",
    "calendar_last_notif_ack",
    "commercial_company_name",
    "commercial_partner_id",
    "complete_name",
    "create_date",
    "create_uid",
    "customer_rank",
    "email",
    "email_normalized",
    "id",
    "message_bounce",
    "name",
    "phone",
    "phone_sanitized",
    "ref",
    "supplier_rank",
    "write_date",
    "write_uid",
]


class LoadRefused(Exception):
    """The load cannot begin or go on; the text is one sentence for the user."""


@dataclass(frozen=True)
class Template:
    """Rows of one document as Odoo made it, as dictionaries of column and value.

    `dated` holds per table the columns that carry the date of the document.
    """

    number: int
    rows: dict[str, dict]
    dated: dict[str, list[str]]


def profiles_of(env, partner_ids: list[int]) -> dict[int, str]:
    """What Odoo may look at in a customer when it makes an invoice, as a digest.

    Two partners of one profile get the same documents but for their name. A partner
    with contacts or addresses of its own is a profile by itself.
    """
    rows = env.execute_query(
        SQL(
            """
            SELECT p.id,
                   md5((to_jsonb(p) - %(personal)s::text[])::text)
                   || CASE WHEN EXISTS (SELECT FROM res_partner c
                                         WHERE c.parent_id = p.id)
                           THEN p.id::text ELSE '' END
              FROM res_partner p
             WHERE p.id = ANY(%(ids)s)
            """,
            personal=_PERSONAL,
            ids=partner_ids,
        )
    )
    return dict(rows)


class Writer:
    """Writes documents of one journal: templates first, then batch by batch."""

    def __init__(self, env, journal):
        self.env = env
        self.journal = journal
        self.company = journal.company_id
        self.templates: dict[tuple[str, str], Template] = {}
        self.series: dict[str, Series] = {}
        self.formats: dict[tuple, str] = {}
        self.entries: list[str] = []

    # --- Templates ---

    def make_templates(self, kinds: dict[tuple[str, str], int], day) -> None:
        """Let Odoo post one document per kind and keep its rows.

        `kinds` maps (move type, profile) to a partner of that profile; `day` is the
        earliest date of the load, so that a lock date shows itself here.
        """
        wanted = [kind for kind in kinds if kind not in self.templates]
        first = len(self.templates)
        with contextlib.closing(self.env.cr.savepoint()):
            # At rank 0 posting changes the partner here and now; otherwise it would
            # do so after the next commit, beyond this savepoint.
            partners = self.env["res.partner"].browse({kinds[kind] for kind in wanted})
            partners.customer_rank = 0
            moves = self.env["account.move"].create(
                [self._probe_vals(kind[0], kinds[kind], day) for kind in wanted]
            )
            moves.action_post()
            self.env.flush_all()
            for offset, (kind, move) in enumerate(zip(wanted, moves, strict=True)):
                self._check_probe(move, day)
                self.templates[kind] = self._read_template(move, day, first + offset)
        self._store_templates()

    def _probe_vals(self, move_type: str, partner_id: int, day) -> dict:
        line = {
            "name": "template",
            "quantity": 1.0,
            "price_unit": 1.0,
            "tax_ids": [Command.clear()],
            "account_id": self.journal.default_account_id.id,
        }
        return {
            "move_type": move_type,
            "partner_id": partner_id,
            "journal_id": self.journal.id,
            "invoice_date": day,
            "invoice_date_due": day,
            "invoice_payment_term_id": False,
            "ref": "template",
            "invoice_line_ids": [Command.create(line)],
        }

    def _check_probe(self, move, day) -> None:
        """Refuse what this loader does not know how to fill."""
        company, journal = self.company.display_name, self.journal.display_name
        if move.date != day:
            raise LoadRefused(
                f"The books of {company} are locked on {day}: move the lock date back"
                " to load these invoices."
            )
        if sorted(move.line_ids.mapped("display_type")) != ["payment_term", "product"]:
            raise LoadRefused(
                f"Odoo books more than one line and the amount due for an invoice in"
                f" the journal {journal}; this command cannot do that."
            )
        if move.payment_reference and move.payment_reference != move.name:
            raise LoadRefused(
                f"The journal {journal} makes payment references of its own kind;"
                " this command only knows Odoo's, the number of the invoice."
            )
        if move.inalterable_hash or self.journal.restrict_mode_hash_table:
            raise LoadRefused(
                f"The journal {journal} secures its entries with hashes, which a load"
                " in bulk cannot do."
            )

    def _read_template(self, move, day, number: int) -> Template:
        rows = {"move": self._row("account_move", move.id)}
        for line in move.line_ids:
            rows[line.display_type] = self._row("account_move_line", line.id)
        text = Date.to_string(day)
        dated = {
            table: [column for column, value in row.items() if value == text]
            for table, row in rows.items()
        }
        return Template(number, rows, dated)

    def _row(self, table: str, row_id: int) -> dict:
        [[row]] = self.env.execute_query(
            SQL(
                "SELECT to_jsonb(t) FROM %s t WHERE id = %s",
                SQL.identifier(table),
                row_id,
            )
        )
        return row

    def _store_templates(self) -> None:
        execute = self.env.cr.execute
        execute("DROP TABLE IF EXISTS key_account_template, key_account_stage")
        execute("CREATE TEMP TABLE key_account_template (kind text, row jsonb)")
        execute("CREATE TEMP TABLE key_account_stage (kind text, row jsonb)")
        for template in self.templates.values():
            for table, row in template.rows.items():
                execute(
                    "INSERT INTO key_account_template VALUES (%s, %s)",
                    [f"{table} {template.number}", json.dumps(row)],
                )

    # --- Numbers ---

    def begin(self) -> None:
        """Begin a batch. Others may have posted meanwhile, so numbers are read anew."""
        self.entries.clear()
        self.series.clear()
        self.formats.clear()

    def next_number(self, move_type: str, day) -> tuple[str, str, int]:
        """The next (name, prefix, number) that Odoo would give in this journal."""
        key = (move_type, day.year, day.month)
        if key not in self.formats:
            self.formats[key] = self._series_for(move_type, day)
        return self.series[self.formats[key]].take()

    def _series_for(self, move_type: str, day) -> str:
        move = self.env["account.move"].new(
            {"move_type": move_type, "journal_id": self.journal.id, "date": day}
        )
        text, values = move._get_next_sequence_format()
        start = text.format(**{**values, "seq": 0})
        pattern = move._sequence_fixed_regex.replace(r"?P<seq>", "")
        pattern = move._make_regex_non_capturing(pattern)
        self.series.setdefault(start, Series(text, values, pattern))
        return start

    # --- Rows ---

    def add(self, move_id: int, line_ids: list[int], document, booking, partner):
        """Stage one document. `partner`: (id, name, profile)."""
        partner_id, partner_name, profile = partner
        template = self.templates[booking.move_type, profile]
        name, prefix, number = self.next_number(booking.move_type, document.date)
        day = Date.to_string(document.date)
        common = {"ref": document.number, "partner_id": partner_id}
        self._stage(
            template,
            "move",
            day,
            common,
            move_amounts(booking),
            {
                "id": move_id,
                "name": name,
                "sequence_prefix": prefix,
                "sequence_number": number,
                "commercial_partner_id": partner_id,
                "invoice_partner_display_name": partner_name,
            },
            self._move_texts(template, partner_id, name),
        )
        common |= {"move_id": move_id, "move_name": name}
        for index, line in enumerate(document.lines):
            self._stage(
                template,
                "product",
                day,
                common,
                {"id": line_ids[index], "name": line.label},
                self._product_amounts(template, booking, line, index),
            )
        self._stage(
            template,
            "payment_term",
            day,
            common,
            {"id": line_ids[-1]},
            term_amounts(template, booking.net),
            self._term_texts(template, document.number, name),
        )

    def _move_texts(self, template: Template, partner_id: int, name: str) -> dict:
        row = template.rows["move"]
        texts = {}
        if row["payment_reference"] is not None:
            texts["payment_reference"] = name
        if row["partner_shipping_id"] == row["partner_id"]:
            texts["partner_shipping_id"] = partner_id
        return texts

    def _term_texts(self, template: Template, ref: str, name: str) -> dict:
        row = template.rows["payment_term"]
        return {} if row["name"] is None else {"name": f"{ref} - {name}"}

    def _product_amounts(self, template, booking, line, index: int) -> dict:
        balance = -booking.booked[index]
        subtotal = booking.sign * booking.subtotals[index]
        storno = template.rows["product"]["is_storno"]
        if self.company.account_storno and booking.move_type == INVOICE:
            storno = line.exact < 0
        return {
            "quantity": booking.sign * line.quantity,
            "price_unit": line.price,
            "price_subtotal": subtotal,
            "price_total": subtotal,
            "is_storno": storno,
            **balance_amounts(balance, storno),
        }

    def _stage(self, template: Template, table: str, day: str, *parts: dict) -> None:
        row = dict.fromkeys(template.dated[table], day)
        for part in parts:
            row |= part
        text = json.dumps(row, default=str, ensure_ascii=False)
        escaped = text.replace("\\", "\\\\")
        self.entries.append(f"{table} {template.number}\t{escaped}\n")

    def write(self) -> None:
        """Insert what was staged, stamped with the time of this transaction."""
        cr = self.env.cr
        cr.execute("TRUNCATE key_account_stage")
        cr.copy_expert(
            "COPY key_account_stage FROM STDIN", io.StringIO("".join(self.entries))
        )
        self.entries.clear()
        for table, pattern in (
            ("account_move", "move %"),
            ("account_move_line", "p%"),
        ):
            cr.execute(
                SQL(
                    """
                    INSERT INTO %(table)s
                    SELECT made.*
                      FROM key_account_stage stage
                      JOIN key_account_template template USING (kind)
                     CROSS JOIN LATERAL jsonb_populate_record(
                            NULL::%(table)s,
                            template.row || stage.row || jsonb_build_object(
                                'create_date', now() AT TIME ZONE 'UTC',
                                'write_date', now() AT TIME ZONE 'UTC')) made
                     WHERE stage.kind LIKE %(pattern)s
                     ORDER BY made.id
                    """,
                    table=SQL.identifier(table),
                    pattern=pattern,
                )
            )
        self.env.invalidate_all()


class Series:
    """Gives out the numbers of one series, as Odoo formats them."""

    def __init__(self, text: str, values: dict, pattern: str):
        self.text = text
        self.values = values
        self.pattern = re.compile(pattern)

    def take(self) -> tuple[str, str, int]:
        self.values["seq"] += 1
        name = self.text.format(**self.values)
        start = self.pattern.match(name).start(1)
        return name, name[:start], self.values["seq"]


def move_amounts(booking) -> dict:
    """The amounts of account.move: plain ones as printed, signed ones as earned."""
    net, printed = booking.net, booking.sign * booking.net
    amounts = {
        "amount_untaxed": printed,
        "amount_total": printed,
        "amount_residual": printed,
        "amount_untaxed_signed": net,
        "amount_untaxed_in_currency_signed": net,
        "amount_total_signed": net,
        "amount_total_in_currency_signed": net,
        "amount_residual_signed": net,
    }
    if not net:
        amounts["payment_state"] = "paid"
    return amounts


def term_amounts(template: Template, net: Decimal) -> dict:
    """The amounts of the receivable line; what amounts to nothing is settled."""
    storno = template.rows["payment_term"]["is_storno"]
    return {
        **balance_amounts(net, storno),
        "amount_residual": net,
        "amount_residual_currency": net,
        "reconciled": not net,
    }


def balance_amounts(balance: Decimal, storno: bool) -> dict:
    """Debit or credit of a balance; in storno accounting the other one, negative."""
    is_debit = (balance < 0) if storno else (balance > 0)
    return {
        "balance": balance,
        "amount_currency": balance,
        "debit": balance if is_debit else Decimal(0),
        "credit": -balance if balance and not is_debit else Decimal(0),
    }

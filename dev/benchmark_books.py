"""Books of a large company for the benchmarks: customers, contacts, invoices.

Everything is computed from the number of the row by a hash, so that every run gets
the same books; SQL alone makes a million invoices in about a minute.
"""

from contextlib import contextmanager
from datetime import date

from odoo.fields import Command
from odoo.tools import SQL

FIRST_DAY = date(2023, 1, 1)
FIRST_EVALUATION = date(2025, 10, 1)
EVALUATION = date(2026, 1, 1)
# Some business lies after the evaluation and must not count.
LAST_DAY = date(2026, 1, 15)

MEASURES = (
    {"measure": "invoiced_net", "weight": 50, "floor": 0, "target": 500_000},
    {"measure": "invoice_count", "weight": 30, "floor": 0, "target": 20},
    {
        "measure": "months_since_last_invoice",
        "weight": 20,
        "floor": 12,
        "target": 0,
    },
)
# code, enter score, keep score, key
TIERS = (
    ("A", 60, 50, True),
    ("B", 40, 32, True),
    ("C", 20, 15, False),
    ("D", 0, 0, False),
)


def noise(row: str, salt: int) -> SQL:
    """A number in [0, 1) for the value of a column, the same in every run."""
    return SQL(
        "((hashint8(%s::bigint * 64 + %s) & 16777215) / 16777216.0)", SQL(row), salt
    )


def make_books(env, customers: int, invoices: int) -> None:
    """Customers, every fourth one with a contact, and their posted invoices."""
    first = _make_customers(env, customers)
    journal = _make_journal(env)
    env.flush_all()
    with _indexes_afterwards(env.cr, "account_move"):
        _make_invoices(env, journal, first, customers, invoices)
    env.cr.execute("ANALYZE")
    env.invalidate_all()


def make_scheme(env):
    """The live scheme of three measures and four tiers (design: worked example)."""
    scheme = env["key.account.scheme"].create(
        {
            "name": "Benchmark",
            "demote_after": 2,
            "criterion_ids": [Command.create(dict(row)) for row in MEASURES],
            "tier_ids": [
                Command.create(
                    {
                        "sequence": place,
                        "code": code,
                        "name": code,
                        "enter_score": enter,
                        "keep_score": keep,
                        "is_key": key,
                        "contact_interval_days": 30 * (place + 1),
                    }
                )
                for place, (code, enter, keep, key) in enumerate(TIERS)
            ],
        }
    )
    scheme.action_publish()
    return scheme


def make_history(env, scheme) -> None:
    """What a company has after some years: every third customer was below his keep
    score once, every two hundredth has an override that is active."""
    env.cr.execute("UPDATE key_account SET below_count = 1 WHERE id % 3 = 0")
    env.cr.execute(
        SQL(
            """
            INSERT INTO key_account_override (
                   account_id, company_id, tier_id, reason, date_from, date_to, state,
                   requester_id, create_uid, write_uid, create_date, write_date)
            SELECT account.id, account.company_id, tier.id, 'Strategic', %(since)s,
                   %(since)s + 365, 'active', %(user)s, %(user)s, %(user)s, now(), now()
              FROM key_account account
              JOIN key_account_tier tier
                ON tier.scheme_id = %(scheme)s AND tier.code = 'B'
             WHERE account.id %% 200 = 0
            """,
            scheme=scheme.id,
            since=FIRST_EVALUATION,
            user=env.uid,
        )
    )
    env.invalidate_all()


@contextmanager
def _indexes_afterwards(cr, table):
    """Builds the indexes of a table once, after its rows, which is much faster."""
    cr.execute(
        "SELECT indexname, indexdef FROM pg_indexes"
        " WHERE tablename = %s AND indexdef NOT LIKE 'CREATE UNIQUE %%'",
        [table],
    )
    indexes = cr.fetchall()
    for name, _definition in indexes:
        cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))
    yield
    for _name, definition in indexes:
        cr.execute(definition)


def _make_customers(env, count: int) -> int:
    """Returns the id of the first customer; contacts follow the customers."""
    env.cr.execute(
        "SELECT nextval('res_partner_id_seq'),"
        " setval('res_partner_id_seq', currval('res_partner_id_seq') + %s)",
        [count + count // 4],
    )
    first = env.cr.fetchone()[0]
    env.cr.execute(
        SQL(
            """
            INSERT INTO res_partner (
                   id, commercial_partner_id, parent_id, is_company, name,
                   complete_name, ref, city, country_id, type, lang, color, active,
                   partner_share, autopost_bills, customer_rank, supplier_rank,
                   create_uid, write_uid, create_date, write_date)
            SELECT n, entity, NULLIF(entity, n), n = entity,
                   CASE WHEN n = entity THEN 'Customer ' ELSE 'Contact ' END || n,
                   'Customer ' || entity
                   || CASE WHEN n = entity THEN '' ELSE ', Contact ' || n END,
                   'K' || n, 'Shanghai', %(country)s, 'contact', 'en_US', 0, TRUE,
                   TRUE, 'ask', 1, 0, %(user)s, %(user)s, now(), now()
              FROM (SELECT n, CASE WHEN n < %(contacts)s THEN n
                                   ELSE %(first)s + (n - %(contacts)s) * 4 END AS entity
                      FROM generate_series(%(first)s, %(last)s) n) person
            """,
            first=first,
            contacts=first + count,
            last=first + count + count // 4 - 1,
            country=env.ref("base.cn").id,
            user=env.uid,
        )
    )
    return first


def _make_journal(env):
    income = env["account.account"].create(
        {"name": "Sales", "code": "600100", "account_type": "income"}
    )
    return env["account.journal"].create(
        {
            "name": "Benchmark Invoices",
            "code": "BENCH",
            "type": "sale",
            "default_account_id": income.id,
        }
    )


def _make_invoices(env, journal, first, customers: int, count: int) -> None:
    """Every customer has one invoice at least; the rest goes to few customers more
    than to many, a third of it to the contact where there is one. One document in
    twenty is a credit note."""
    env.cr.execute(
        SQL(
            """
            INSERT INTO account_move (
                   name, sequence_prefix, sequence_number, journal_id, company_id,
                   currency_id, state, move_type, auto_post, payment_state,
                   partner_id, commercial_partner_id,
                   date, invoice_date, invoice_date_due,
                   invoice_currency_rate, invoice_partner_display_name,
                   amount_untaxed, amount_tax, amount_total, amount_residual,
                   amount_untaxed_signed, amount_untaxed_in_currency_signed,
                   amount_tax_signed, amount_total_signed,
                   amount_total_in_currency_signed, amount_residual_signed,
                   posted_before, checked, always_tax_exigible, is_move_sent,
                   create_date, write_date)
            SELECT 'BENCH/' || n, 'BENCH/', n, %(journal)s, %(company)s, %(currency)s,
                   'posted', move_type, 'no', 'not_paid', partner_id, entity,
                   day, day, day + 30, 1, 'Customer ' || entity,
                   amount, 0, amount, amount, sign * amount, sign * amount, 0,
                   sign * amount, sign * amount, sign * amount, TRUE, TRUE, FALSE,
                   TRUE, now(), now()
              FROM (SELECT n, entity, day, amount,
                           CASE WHEN credit THEN -1 ELSE 1 END AS sign,
                           CASE WHEN credit THEN 'out_refund' ELSE 'out_invoice' END
                               AS move_type,
                           CASE WHEN (entity - %(first)s) %% 4 = 0 AND n %% 3 = 0
                                THEN %(first)s + %(customers)s
                                     + (entity - %(first)s) / 4
                                ELSE entity END AS partner_id
                      FROM (SELECT n,
                                   %(first)s + CASE WHEN n <= %(customers)s THEN n - 1
                                   ELSE floor(%(customers)s * power(%(who)s, 2))::int
                                   END AS entity,
                                   %(first_day)s + floor(%(days)s * %(when)s)::int
                                       AS day,
                                   round((500 + 150000 * power(%(much)s, 3))::numeric,
                                         2)
                                       AS amount,
                                   %(kind)s < 0.05 AS credit
                              FROM generate_series(1, %(count)s) n) draw) document
            """,
            journal=journal.id,
            company=journal.company_id.id,
            currency=journal.company_id.currency_id.id,
            first=first,
            customers=customers,
            count=count,
            first_day=FIRST_DAY,
            days=(LAST_DAY - FIRST_DAY).days,
            who=noise("n", 1),
            when=noise("n", 2),
            much=noise("n", 3),
            kind=noise("n", 4),
        )
    )

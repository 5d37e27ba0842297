"""Tickets by the thousand: taking in, watching, warning, moving, and their pages.

Three promises a ticket, three hundred customers, an agent whose team has all tickets,
and a colleague who sees the fifty he handles. Letters are not sent.
"""

from datetime import datetime, timedelta
from email.message import EmailMessage
from unittest.mock import patch

from odoo import SUPERUSER_ID
from odoo.api import Environment
from odoo.fields import Command
from odoo.modules.registry import Registry

from . import benchmark_pages as pages
from .benchmark_report import Report, measured, peak_megabytes
from .benchmark_tiering import MEMORY, PAGE_MILLISECONDS, PAGE_QUERIES, page_cost

PROMISES = {"acknowledge": 60, "first_reply": 120, "resolve": 960}
BATCH = 500


def bench(database, options):
    """Runs everything in ``database``; returns whether all bounds are kept."""
    report = Report()
    with Registry(database).cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {"lang": "en_US", "tz": "Asia/Shanghai"})
        env = env(context={**env.context, "allowed_company_ids": env.company.ids})
        state = make_state(env)
        tickets = take_in(env, state, options.tickets, report)
        read_mails(env, state, options.mails, report)
        watch(env, tickets[: options.clocks], report)
        move(env, state, tickets[:BATCH], report)
        grow(env, state, options.grow)
        cr.commit()
        cr.execute("ANALYZE")
        read_pages(env, state, report)
        cr.rollback()
    report.line("peak memory of the process", round(peak_megabytes()), MEMORY, "MiB")
    return not report.failed


def make_state(env):
    """What a service team needs to take tickets in."""
    domain = env["mail.alias.domain"].create({"name": "bench.example.com"})
    env.company.alias_domain_id = domain
    groups = [Command.link(env.ref("key_account.group_member").id)]
    agent = env["res.users"].create(
        {"name": "Agent", "login": "bench_agent", "group_ids": groups}
    )
    few = env["res.users"].create(
        {"name": "Colleague", "login": "bench_few", "group_ids": groups}
    )
    team = env["key.account.ticket.team"].create(
        {
            "name": "Bench",
            "leader_id": SUPERUSER_ID,
            "member_ids": [Command.set(agent.ids)],
        }
    )
    mailbox = env["key.account.ticket.mailbox"].create(
        {"team_id": team.id, "alias_name": "bench", "alias_domain_id": domain.id}
    )
    lines = [
        Command.create(
            {"metric": name, "minutes": minutes, "pausable": name == "resolve"}
        )
        for name, minutes in PROMISES.items()
    ]
    env["key.account.sla.policy"].create(
        {"name": "Bench", "sequence": 0, "line_ids": lines}
    )
    for percent in (50, 80, 100, 150):
        env["key.account.sla.ladder"].search([("percent", "=", percent)]).unlink()
        env["key.account.sla.ladder"].create({"percent": percent, "receiver": "owner"})
    customers = env["res.partner"].create(
        [
            {"name": f"Customer {n}", "is_company": True, "email": f"c{n}@c{n}.example"}
            for n in range(300)
        ]
    )
    env["key.account"]._open_for(customers, env.company)
    env.flush_all()
    return {
        "agent": agent,
        "few": few,
        "team": team,
        "mailbox": mailbox,
        "customers": customers,
    }


def values_of(state, number):
    customer = state["customers"][number % 300]
    return {
        "name": f"Fascia of stand {number}",
        "kind": "complaint" if number % 3 == 0 else "enquiry",
        "partner_id": customer.id,
        "team_id": state["team"].id,
        "user_id": state["few" if number % 400 == 399 else "agent"].id,
    }


def create(env, state, first, count):
    mine = env["key.account.ticket"].with_user(state["agent"])
    return mine.create([values_of(state, first + n) for n in range(count)])


def take_in(env, state, count, report):
    """Tickets in batches, and one at a time."""
    create(env, state, 0, 10)
    tickets = env["key.account.ticket"]
    with measured(env.cr) as cost:
        for first in range(0, count, BATCH):
            tickets |= create(env, state, first, BATCH).sudo()
            env.flush_all()
            env.invalidate_all()
    report.line("taking in, queries a ticket", cost.queries / count, 12)
    report.line("the same, work a ticket", 1000 * cost.processor / count, 12, "ms")
    with measured(env.cr) as cost:
        for number in range(20):
            create(env, state, number, 1)
            env.flush_all()
    report.line("taking in a single one, queries", cost.queries / 20)
    report.line("the same, work", 1000 * cost.processor / 20, unit="ms")
    return tickets


def read_mails(env, state, count, report):
    """Letters to the mailbox, half of them of people nobody knows."""
    gateway = env["mail.thread"].with_context(fetchmail_cron_running=True)
    no_letters = patch.object(env.registry["mail.mail"], "send", lambda *a, **k: True)
    letters = [letter(state, number).as_bytes() for number in range(count)]
    with no_letters, measured(env.cr) as cost:
        for source in letters:
            gateway.message_process(None, source)
            env.flush_all()
    report.line("taking in a letter, queries", cost.queries / count, 25)
    report.line("the same, work", 1000 * cost.processor / count, unit="ms")


def letter(state, number):
    message = EmailMessage()
    known = state["customers"][number % 300].email
    message["From"] = known if number % 2 else f"Somebody <s{number}@nowhere.example>"
    message["To"] = state["mailbox"].alias_full_name
    message["Subject"] = f"Panel missing in hall {number}"
    message["Message-Id"] = f"<bench-{number}@nowhere.example>"
    message.set_content(f"The panel of stand {number} is wrong. Please reply.")
    return message


def watch(env, tickets, report):
    """The minute job with nothing to do, with much to do, and a change of hours."""
    Clock = env["key.account.sla.clock"]
    clocks = Clock._of_tickets(tickets)
    with measured(env.cr) as cost:
        Clock._watch(datetime.now() - timedelta(days=1))
    report.line("minute job with nothing due, queries", cost.queries, 5)
    with measured(env.cr) as cost:
        clocks._refresh()
    report.line("clocks computed anew", len(clocks))
    report.line("the same, queries", cost.queries, 50)
    report.line("the same, work", cost.processor, 3, "s")
    later = datetime.now() + timedelta(days=60)
    with measured(env.cr) as cost:
        count = Clock._watch(later)
    report.line("broken promises in one run", count)
    report.line("the same, queries", cost.queries, 60)
    report.line("the same, work", cost.processor, 2, "s")


def move(env, state, tickets, report):
    """Steps of one ticket after the other, as agents take them."""
    enquiries = tickets.filtered(lambda ticket: ticket.kind == "enquiry")[:50]
    mine = enquiries.with_user(state["agent"])
    steps = {
        "accept": lambda ticket: ticket.action_accept(),
        "hold": lambda ticket: ticket.action_hold("customer", "A drawing"),
        "resume": lambda ticket: ticket.action_resume(),
        "log a call": lambda ticket: ticket.action_log_call("Hall 3"),
        "answer": lambda ticket: ticket.action_done(),
        "close": lambda ticket: ticket.action_close(nothing_else="said"),
    }
    for name, step in steps.items():
        with measured(env.cr) as cost:
            for ticket in mine:
                step(ticket)
                env.flush_all()
        report.line(f"{name}: queries", cost.queries / len(mine), 35)
        report.line(f"{name}: work", 1000 * cost.processor / len(mine), unit="ms")


def grow(env, state, count):
    """So many tickets that a page has something to choose from."""
    missing = count - env["key.account.ticket"].search_count([])
    for first in range(0, max(missing, 0), BATCH):
        create(env, state, first, BATCH)
        env.flush_all()
        env.invalidate_all()


def read_pages(env, state, report):
    """List, board and form as the browser asks for them, and the buttons of a list of
    customers."""
    report.line("tickets", env["key.account.ticket"].search_count([]))
    people = {"manager": env.user, "agent": state["agent"], "colleague": state["few"]}
    for who, user in people.items():
        theirs = env(user=user)
        Ticket = theirs["key.account.ticket"]
        shown = {
            "list": pages.list_page(Ticket),
            "board": pages.kanban_page(Ticket.with_context(default_kind="enquiry")),
            "form": pages.form_page(Ticket.search([], limit=1)),
        }
        for name, show in shown.items():
            cost = page_cost(theirs, show)
            report.line(f"{name} of the {who}: queries", cost.queries, PAGE_QUERIES)
            worked = cost.processor * 1000
            report.line(f"{name}: processor time", worked, PAGE_MILLISECONDS, "ms")
    partners = env["res.partner"].browse(state["customers"][:80].ids)
    with measured(env.cr) as cost:
        partners.mapped("open_ticket_count")
    report.line("buttons of 80 customers, queries", cost.queries, 3)

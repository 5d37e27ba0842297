"""Replays a log of incidents through the steps of a ticket.

Each row of the log is the state of an incident at a moment. What changed since the row
before is mapped to our methods; what our rules do not allow is refused and counted. In
the end each stored clock has to be what its own log comes to.

The columns are those of the UCI data set 498 (``tests/data/ORIGIN.txt``).
"""

import csv
import lzma
from collections import Counter, defaultdict
from datetime import datetime

from freezegun import freeze_time

from odoo import SUPERUSER_ID
from odoo.api import Environment
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tools import split_every

from .benchmark_report import Report, measured, peak_megabytes

LEVELS = {"1 - High": "high", "2 - Medium": "medium", "3 - Low": "low"}
CHANNELS = {"Phone": "phone", "Email": "email", "Self service": "portal"}
WAITING = {
    "Awaiting User Info": "customer",
    "Awaiting Evidence": "customer",
    "Awaiting Vendor": "organiser",
    "Awaiting Problem": "authority",
}
PROMISES = {"acknowledge": 1, "first_reply": 4, "next_reply": 8, "resolve": 24}
COMMIT_EVERY = 500
# clocks that are compared at once
BATCH = 1000


def read_log(path, incidents=None):
    """``{number: [row, ...]}`` of the first ``incidents`` incidents, rows in time."""
    opener = lzma.open if path.suffix == ".xz" else open
    by_number = defaultdict(list)
    with opener(path, "rt", encoding="utf-8", errors="replace", newline="") as file:
        for row in csv.DictReader(file):
            if row["number"] not in by_number and len(by_number) == incidents:
                continue
            by_number[row["number"]].append(row)
    for rows in by_number.values():
        rows.sort(key=lambda row: moment_of(row, "sys_updated_at"))
    return by_number


def moment_of(row, column):
    return datetime.strptime(row[column], "%d/%m/%Y %H:%M")


class Replay:
    """The incidents as tickets. ``done`` counts the steps taken, ``refused`` those that
    were not allowed, by step and sentence."""

    def __init__(self, env, people=5):
        self.env = env
        self.done, self.refused = Counter(), Counter()
        self.tickets, self.previous = {}, {}
        self.agents = self._make_agents(people)
        self.team = env["key.account.ticket.team"].create(
            {"name": "Replay", "member_ids": [Command.set(self.agents.ids)]}
        )
        env["key.account.sla.policy"].create(
            {
                "name": "Replay",
                "line_ids": [
                    Command.create(
                        {
                            "metric": metric,
                            "minutes": hours * 60,
                            "pausable": metric == "resolve",
                        }
                    )
                    for metric, hours in PROMISES.items()
                ],
            }
        )
        self.callers = {}

    def _make_agents(self, number):
        group = self.env.ref("key_account.group_member")
        return self.env["res.users"].create(
            [
                {
                    "name": f"Agent {n}",
                    "login": f"replay_{n}",
                    "group_ids": [Command.link(group.id)],
                }
                for n in range(number)
            ]
        )

    # --- Rows ---

    def run(self, log, commit=None):
        """Plays all rows in the order of time."""
        rows = [row for rows in log.values() for row in rows]
        rows.sort(key=lambda row: moment_of(row, "sys_updated_at"))
        with freeze_time(moment_of(rows[0], "sys_updated_at")) as clock:
            for number, row in enumerate(rows, 1):
                clock.move_to(moment_of(row, "sys_updated_at"))
                self.play(row)
                if commit and not number % COMMIT_EVERY:
                    self.env.cr.commit()
                    self.env.invalidate_all()
                    commit(number, len(rows))

    def play(self, row):
        """What is new in a row."""
        before = self.previous.get(row["number"])
        self.previous[row["number"]] = row
        if before is None:
            self.tickets[row["number"]] = self.arrive(row)
            before = {**row, "incident_state": "New"}
        ticket = self.tickets[row["number"]]
        changed = {name for name in row if row[name] != before[name]}
        if changed & {"urgency", "impact"}:
            self.step("priority", lambda: ticket.write(self.levels(row)))
        if "assigned_to" in changed:
            agent = self.agent(row["assigned_to"])
            self.step("hand over", lambda: ticket.write({"user_id": agent.id}))
        if row["incident_state"] != before["incident_state"]:
            self.move(ticket, before["incident_state"], row["incident_state"])

    def arrive(self, row):
        self.done["arrive"] += 1
        opened = moment_of(row, "opened_at")
        return (
            self.env["key.account.ticket"]
            .with_user(self.agent(row["assigned_to"]))
            .create(
                {
                    "name": f"{row['category']} {row['subcategory']}",
                    "partner_id": self.caller(row["caller_id"]).id,
                    "team_id": self.team.id,
                    "channel": CHANNELS.get(row["contact_type"], "other"),
                    "received_at": min(opened, moment_of(row, "sys_updated_at")),
                    **self.levels(row),
                }
            )
        )

    def levels(self, row):
        return {
            "urgency": LEVELS.get(row["urgency"], "medium"),
            "importance": LEVELS.get(row["impact"], "medium"),
        }

    def agent(self, name):
        return self.agents[hash(name) % len(self.agents)]

    def caller(self, name):
        if name not in self.callers:
            self.callers[name] = self.env["res.partner"].create({"name": name})
        return self.callers[name]

    # --- Steps ---

    def move(self, ticket, old, new):
        """The steps that lead from one state of the log to the next one."""
        if new not in (*WAITING, "Active", "Resolved", "Closed", "New"):
            self.refused["state", f"{new} is no state"] += 1
            return
        if old in WAITING:
            self.step("resume", ticket.action_resume)
        if new == "Closed" and old == "New":
            self.step(
                "on the spot",
                lambda: ticket.action_close(answer="Told", nothing_else="said"),
            )
            return
        if old in ("Resolved", "Closed") and new != "Closed":
            self.step("reopen", lambda: ticket.action_reopen("Still open"))
        elif ticket.state == "new" and new != "New":
            self.step("accept", ticket.action_accept)
        if new in WAITING:
            self.step("hold", lambda: ticket.action_hold(WAITING[new], new))
        if new == "Resolved":
            self.step("reply", lambda: ticket.action_log_call("It is solved."))
            self.step("answer", ticket.action_done)
        if new == "Closed":
            self.step("close", lambda: ticket.action_close(nothing_else="silent"))

    def step(self, name, call):
        try:
            with self.env.cr.savepoint():
                call()
        except UserError as error:
            self.refused[name, str(error)[:60].partition(":")[0]] += 1
        else:
            self.done[name] += 1

    # --- Result ---

    def differing_clocks(self):
        """Stored clocks that are not what their log comes to."""
        wrong = []
        clocks = self.env["key.account.sla.clock"].sudo()
        for ids in split_every(BATCH, clocks.search([], order="id").ids):
            # what was compared must not stay in the cache
            self.env.invalidate_all()
            for clock in clocks.browse(ids):
                replayed = clock._replay()
                stored = (clock.state, clock.stop_at or None, clock.missed_at or None)
                if (replayed.state, replayed.stop_at, replayed.missed_at) != stored:
                    wrong.append(clock)
        return wrong

    def history(self, ticket):
        """The log of a ticket's promises as lines of text."""
        for clock in ticket.sudo().clock_ids:
            yield f"{clock.display_name}: {clock.state}, due {clock.due_at}"
            for event in clock.event_ids:
                yield f"    {event.at}  {event.kind}"


def bench(database, path, incidents):
    """Replays the log; returns whether every clock is what its log says."""
    report = Report()
    log = read_log(path, incidents or None)
    with Registry(database).cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {"lang": "en_US", "tz": "Asia/Shanghai"})
        replay = Replay(env)
        cr.commit()

        def tell(number, total):
            print(f"  {number:,} of {total:,}", end="\r", flush=True)

        with measured(cr) as cost:
            replay.run(log, tell)
        report.line("incidents", len(log))
        report.line("rows of the log", sum(map(len, log.values())))
        report.line("seconds of work", cost.processor, unit="s")
        for step, count in sorted(replay.done.items()):
            report.line(f"steps taken: {step}", count)
        for (step, words), count in sorted(replay.refused.items()):
            report.line(f"refused: {step}: {words}", count)
        wrong = replay.differing_clocks()
        report.line("clocks", env["key.account.sla.clock"].search_count([]))
        report.line("clocks that differ from their log", len(wrong), 0)
        report.line("peak memory", round(peak_megabytes()), 1024, "MiB")
        longest = max(replay.tickets.values(), key=lambda t: len(t.sudo().clock_ids))
        print("\n".join(replay.history(longest)))
        cr.commit()
    return not report.failed

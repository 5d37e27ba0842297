"""Who may do what: a table of roles, models and operations, checked against the
database, and ``doc/security.md`` made of it.

    KEY_ACCOUNT_WRITE_DOC=1 dev/test tests/test_access_rights.py

writes the page anew after the table has changed.
"""

import os
from pathlib import Path

from odoo.exceptions import UserError
from odoo.tests import tagged

from .access_case import OUTSIDERS, AccessCase

PAGE = Path(__file__).parents[1] / "doc" / "security.md"

ROLES = {
    "employee": "Employee",
    "reader": "Reader",
    "member": "Team Member",
    "steward": "Library Steward",
    "manager": "Manager",
    "committee": "Tier Committee",
}

# Capital letters: all records of one's companies; small ones: those of OWN only.
OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}
OWN = {
    "key.account": "whom one owns or serves",
    "key.account.profile": "of whom one serves",
    "key.account.evaluation": "that is applied",
    "key.account.evaluation.line": "that is applied",
    "key.account.data.request": "one requested, decides or uses",
    "key.account.data.approval": "of requests one sees",
    "key.account.data.use": "one made, or of one's requests",
    "key.account.motion": "one requested",
    "key.account.appeal": "one requested",
    "key.account.override": "one requested",
    "key.account.assessment": "one requested",
    "key.account.exhibitor.list": "one is responsible for",
    "key.account.exhibitor.list.line": "of lists one is responsible for",
    "key.account.stakeholder": "of the customers one serves",
    "key.account.stakeholder.relation": "of the customers one serves",
    "key.account.insight": "of the customers one serves or, on no customer, one's own",
    "key.account.nda": "with oneself, or with whom one serves",
    "key.account.capacity": "of one's own",
    "key.account.ticket": "one works on, of the customers one serves, or about one's"
    " own work (see only)",
    "key.account.ticket.consult": "one is asked, or of tickets one works on",
    "key.account.ticket.investigation": "of one's department, or of tickets one works"
    " on",
    "key.account.ticket.measure": "one owns or checks, or of tickets one works on",
    "key.account.ticket.round": "of tickets one works on",
    "key.account.ticket.hold": "of tickets one works on",
    "key.account.sla.clock": "of tickets one works on",
    "key.account.sla.event": "of tickets one works on",
    "key.account.sla.notice": "told to oneself",
    "key.account.ticket.refusal": "to the team one leads",
    "key.account.visit": "with the customers one serves",
    "key.account.visit.item": "one is asked to do, or of the customers one serves",
    "key.account.ticket.analysis": "of tickets one sees",
    "key.account.sla.analysis": "of promises one sees",
    "key.account.ticket.month": "of one's own, or of the team one leads",
    "key.account.ticket.check": "one checks, of a team one leads or, to see, about one",
    "key.account.commission.plan": "one is paid by",
    "key.account.commission.plan.version": "one is paid by",
    "key.account.commission.slab": "one is paid by",
    "key.account.commission.assignment": "of one's own",
    "key.account.origin": "of one's own customers",
    "key.account.commission.deal": "one leads or shares, or of the team one led",
    "key.account.commission.split": "of contracts one leads or shares, or of the team"
    " one led",
    "key.account.commission.turnover": "of one's own, or of the team one led",
    "key.account.commission.statement": "of one's own, or of the team one led, once"
    " they are sent",
    "key.account.commission.entry": "of statements one sees",
    "key.account.commission.dispute": "of one's own, or of the team one led",
}
# The rights of each role, in the order of ROLES.
TABLE = {
    "key.account": ("", "R", "RwC", "RWC", "RWC", "R"),
    "key.account.file.item": ("R", "R", "R", "RW", "RW", "R"),
    "key.account.profile": ("", "", "rwC", "RWC", "RWC", ""),
    "key.account.access": ("", "", "", "", "R", ""),
    "key.account.data.request": ("r", "rwCd", "rwCd", "RwCd", "RwCd", "rwCd"),
    "key.account.data.approval": ("r", "r", "r", "R", "R", "r"),
    "key.account.data.use": ("r", "r", "r", "R", "R", "r"),
    "key.account.strategic.type": ("R", "R", "R", "RWC", "RWC", "R"),
    "key.account.scheme": ("R", "R", "R", "R", "RWCD", "R"),
    "key.account.tier": ("R", "R", "R", "R", "RWCD", "R"),
    "key.account.criterion": ("R", "R", "R", "R", "RWCD", "R"),
    "key.account.dimension": ("R", "R", "R", "R", "RWCD", "R"),
    "key.account.evaluation": ("", "r", "r", "r", "RWCD", "RW"),
    "key.account.evaluation.line": ("", "r", "r", "r", "R", "R"),
    "key.account.vote": ("", "", "R", "R", "R", "R"),
    "key.account.motion": ("", "", "RwC", "RwC", "RWC", "RW"),
    "key.account.appeal": ("", "", "RwC", "RwC", "RWC", "RW"),
    "key.account.assessment": ("", "", "RwC", "RwC", "RWC", "RWC"),
    "key.account.override": ("", "R", "RwCd", "RwCd", "RWCD", "RW"),
    "key.account.tier.change": ("", "R", "R", "R", "R", "R"),
    "key.account.exhibitor.list": ("", "", "rwCd", "RWCD", "RWCD", ""),
    "key.account.exhibitor.list.line": ("", "", "rwCd", "RWCD", "RWCD", ""),
    "key.account.pool": ("", "R", "R", "R", "RWCD", "R"),
    "key.account.buying.role": ("R", "R", "R", "RWCD", "RWCD", "R"),
    "key.account.stakeholder": ("", "", "rwCd", "RWCD", "RWCD", ""),
    "key.account.stakeholder.relation": ("", "", "rwCd", "RWCD", "RWCD", ""),
    # of the group of private facts only, see tests/dossier/test_private.py
    "key.account.private": ("", "", "", "", "", ""),
    "key.account.insight": ("", "r", "rwCd", "RWCD", "RWCD", "r"),
    "key.account.nda": ("", "", "r", "RWC", "RWC", ""),
    "key.account.role": ("R", "R", "R", "R", "RWCD", "R"),
    "key.account.member": ("", "R", "R", "R", "RWCD", "R"),
    "key.account.capacity": ("", "", "r", "r", "RWC", ""),
    "key.account.capacity.override": ("", "", "", "", "R", ""),
    "key.account.team.template": ("", "", "", "", "RWCD", ""),
    "key.account.team.template.line": ("", "", "", "", "RWCD", ""),
    "key.account.ticket": ("r", "r", "rwC", "rwC", "RWC", "r"),
    "key.account.ticket.consult": ("rw", "rw", "rwC", "rwC", "RWC", "rw"),
    "key.account.ticket.investigation": ("rw", "rw", "rwCd", "rwCd", "RWCD", "rw"),
    "key.account.ticket.measure": ("rw", "rw", "rwCd", "rwCd", "RWCD", "rw"),
    "key.account.ticket.round": ("", "", "rC", "rC", "RC", ""),
    "key.account.ticket.hold": ("", "", "r", "r", "R", ""),
    "key.account.sla.clock": ("", "", "r", "r", "R", ""),
    "key.account.sla.event": ("", "", "r", "r", "R", ""),
    "key.account.sla.notice": ("r", "r", "r", "r", "R", "r"),
    "key.account.ticket.refusal": ("", "", "r", "r", "R", ""),
    "key.account.sla.policy": ("R", "R", "R", "R", "RWCD", "R"),
    "key.account.sla.policy.line": ("R", "R", "R", "R", "RWCD", "R"),
    "key.account.sla.ladder": ("R", "R", "R", "R", "RWCD", "R"),
    "key.account.ticket.team": ("R", "R", "R", "R", "RWCD", "R"),
    "key.account.ticket.mailbox": ("R", "R", "R", "R", "RWCD", "R"),
    "key.account.cause": ("R", "R", "R", "RWC", "RWCD", "R"),
    "key.account.work.exception": ("R", "R", "R", "R", "RWCD", "R"),
    "key.account.visit": ("", "", "rwC", "RWC", "RWC", ""),
    "key.account.visit.item": ("rw", "rw", "rwCd", "RWCD", "RWCD", "rw"),
    "key.account.visit.template": ("", "", "R", "R", "RWCD", ""),
    "key.account.ticket.analysis": ("r", "r", "r", "r", "R", "r"),
    "key.account.sla.analysis": ("", "", "r", "r", "R", ""),
    "key.account.ticket.month": ("", "", "r", "r", "R", ""),
    "key.account.ticket.check": ("", "", "rw", "rw", "RW", ""),
    "key.account.commission.plan": ("", "r", "r", "r", "r", "r"),
    "key.account.commission.plan.version": ("", "r", "r", "r", "r", "r"),
    "key.account.commission.slab": ("", "r", "r", "r", "r", "r"),
    "key.account.commission.assignment": ("", "r", "r", "r", "r", "r"),
    "key.account.origin": ("", "r", "r", "r", "RWC", "r"),
    "key.account.commission.deal": ("", "rw", "rw", "rw", "rw", "rw"),
    "key.account.commission.split": ("", "rwCd", "rwCd", "rwCd", "rwCd", "rwCd"),
    "key.account.commission.turnover": ("", "r", "r", "r", "r", "r"),
    # of commission officers only, see tests/commission/test_privacy.py
    "key.account.commission.run": ("", "", "", "", "", ""),
    "key.account.commission.left.out": ("", "", "", "", "", ""),
    "key.account.commission.statement": ("", "rw", "rw", "rw", "rw", "rw"),
    "key.account.commission.entry": ("", "r", "r", "r", "r", "r"),
    "key.account.commission.dispute": ("", "rw", "rw", "rw", "rw", "rw"),
}
# What customers see of their own on the portal (tests/tickets/test_portal.py).
PORTAL = {"key.account.ticket"}
WORDS = {"r": "see", "w": "change", "c": "make", "d": "delete"}

HEAD = """# Who may do what

`tests/test_access_rights.py` checks each cell against the database and makes this page:
`KEY_ACCOUNT_WRITE_DOC=1 dev/test tests/test_access_rights.py`.

| role | |
|---|---|
{roles}

Each role up to the manager holds what the one before it does; the committee is beside
them. Visitors see and do nothing of what follows, portal users the tickets of their own
company, and everybody sees the companies he works in, no others.

{table}

Beyond the table, and for everybody, the superuser included:

- State, owner, tier and score of an account change through the buttons only, which
  check who presses them; a raw write is refused from forms, imports and programs alike.
- The tier log, the log of opened files and the lines of an evaluation are ledgers:
  rows are neither written, changed nor deleted by hand. Accounts and votes are never
  deleted.
- A published scheme is frozen; what was submitted stays as it was submitted.
- Who requests something does not decide it, and submits it himself.
- Private facts of a person are for who serves the customer *and* belongs to the group
  "Private Facts"; stewards and managers need the group too. Once the person withdraws
  the consent, nobody sees them.
- A visit is never deleted, and what was written of it closes some days after. Who only
  helps at a reception ticks off what he is asked to prepare, and changes nothing else.
- A market note on no customer is read by every reader.
- Data of customers leave by export, programs and mass mailings only under an open data
  request that four other people approved; decisions and uses are ledgers.
- Nobody changes a ticket that is about his own work, whatever his role. Plans of
  complaints are decided by the group "Reviewer of Complaints", by neither their author
  nor who handles the complaint, and never by the system.
- Departments fill in what they are asked for and see neither the ticket nor the lines
  of others. Clocks and their log are ledgers.
- Commission belongs to the group "Commission Officer", which reads all of it and whom
  no other role implies, not even the manager. Of a contract its lead sets the shares
  and nothing else; amounts, rates and states are written by nobody. The ledger and the
  turnover of closed months are ledgers; an approved version of a plan never changes.
- Nobody approves a run that he computed or submitted, or that pays him; nobody confirms
  the profit of a contract, decides on shares or answers an objection of his own.
- Every employee sees on a contact whether it is a key account, and of which tier.
"""


def describe(rights, model):
    """A cell of the page in words."""
    wide = [WORDS[right.lower()] for right in rights if right.isupper()]
    narrow = [WORDS[right] for right in rights if right.islower()]
    parts = [f"{', '.join(wide)} all"] if wide else []
    if narrow:
        parts.append(f"{', '.join(narrow)} those {OWN[model]}")
    return "; ".join(parts) or "–"


def page(env):
    """The text of ``doc/security.md``."""
    env = env(context={"lang": "en_US"})
    groups = [
        f"| {ROLES[role]} | {env.ref(f'key_account.group_{role}').comment} |"
        for role in ROLES
        if role != "employee"
    ]
    roles = "\n".join(
        ["| Employee | Whoever works here and has none of the roles. |", *groups]
    )
    rows = [f"| | {' | '.join(ROLES.values())} |", "|---" * (len(ROLES) + 1) + "|"]
    for model, cells in TABLE.items():
        label = env["ir.model"]._get(model).name
        cells = " | ".join(describe(cell, model) for cell in cells)
        rows.append(f"| {label} | {cells} |")
    return HEAD.format(roles=roles, table="\n".join(rows))


@tagged("post_install", "-at_install")
class TestAccessRights(AccessCase):
    def cells(self):
        """``(model, role, rights)`` of the table, outsiders without any."""
        for model, cells in TABLE.items():
            for role, rights in zip(ROLES, cells, strict=True):
                yield model, role, rights
            for role in OUTSIDERS:
                yield model, role, ""

    def records_of(self, model, role):
        """A record that is not the role's own, and one that is (often the same)."""
        foreign = self.foreign[model]
        return foreign, self.own[role].get(model, foreign)

    def test_table_is_complete(self):
        """Every persistent model of the addon stands in the table."""
        models = {
            name
            for name, model in self.registry.items()
            if model._original_module == "key_account"
            and not (model._abstract or model._transient)
        }
        self.assertEqual(models, set(TABLE))

    def test_table_is_true(self):
        """Each role may do what the table says on each model, and nothing else
        (R010: criteria and tiers are for all staff to read)."""
        for model, role, rights in self.cells():
            user = self.users[role]
            foreign, own = self.records_of(model, role)
            for letter, operation in OPERATIONS.items():
                with self.subTest(model=model, role=role, operation=operation):
                    if operation == "create":
                        new = self.env[model].with_user(user)
                        self.assertEqual(new.has_access(operation), "C" in rights)
                        continue
                    wide, narrow = letter.upper() in rights, letter in rights
                    allowed = own.with_user(user).has_access(operation)
                    self.assertEqual(allowed, wide or narrow, "on one's own")
                    allowed = foreign.with_user(user).has_access(operation)
                    self.assertEqual(allowed, wide, "on another's")

    def test_what_is_denied_is_denied(self):
        """The operations themselves are refused, not only the question."""
        for model, role, rights in self.cells():
            user = self.users[role]
            foreign, own = self.records_of(model, role)
            mine = own.with_user(user)
            attempts = {
                "r": lambda mine=mine: mine.read(["display_name"]),
                "w": lambda mine=mine: mine.write({}),
                "c": lambda mine=mine: mine.create({}),
                "d": lambda mine=mine: mine.unlink(),
            }
            for letter, attempt in attempts.items():
                if letter in rights.lower():
                    continue
                with (
                    self.subTest(model=model, role=role, operation=letter),
                    self.assertRaises(UserError),
                ):
                    attempt()
            if "r" not in rights.lower():
                with self.subTest(model=model, role=role, operation="search"):
                    if role == "portal" and model in PORTAL:
                        self.assertFalse(mine.search([]))
                        continue
                    with self.assertRaises(UserError):
                        mine.search([])

    def test_who_reads_a_record_reads_all_of_it(self):
        """No field of a record fails for somebody who may open it, whatever it shows
        of other models."""
        for model, role, rights in self.cells():
            if "r" not in rights.lower():
                continue
            foreign, own = self.records_of(model, role)
            record = (foreign if "R" in rights else own).with_user(self.users[role])
            for name in record.fields_get(attributes=["type"]):
                with self.subTest(model=model, role=role, field=name):
                    self.env.invalidate_all()
                    record.read([name])

    def test_a_reader_changes_nothing(self):
        """A reader sees tiers and criteria, and every way to change them is shut."""
        reader = self.reader
        account = self.foreign["key.account"].with_user(reader)
        self.assertEqual(account.tier_id, self.scheme.tier_ids[1])
        self.assertTrue(self.scheme.with_user(reader).criterion_ids.read(["weight"]))
        for record, action in (
            (self.scheme, "action_publish"),
            (self.scheme, "action_new_version"),
            (self.scheme, "action_evaluate"),
            (self.foreign["key.account"], "action_verify"),
            (self.foreign["key.account"], "action_register_contact"),
            (self.foreign["key.account"], "action_close"),
            (self.foreign["key.account.override"], "action_submit"),
            (self.own["member"]["key.account.evaluation"], "action_draft"),
            (self.own["member"]["key.account.evaluation"], "action_cancel"),
        ):
            with self.subTest(action), self.assertRaises(UserError):
                getattr(record.with_user(reader), action)()

    def test_page_is_up_to_date(self):
        """``doc/security.md`` says what the table says."""
        text = page(self.env)
        if os.environ.get("KEY_ACCOUNT_WRITE_DOC"):
            PAGE.write_text(text, encoding="utf-8")
        self.assertEqual(PAGE.read_text(encoding="utf-8"), text)

from datetime import datetime

from odoo.fields import Command

from .commission_records import CommissionRecords
from .common import KeyAccountCase
from .service_records import ServiceRecords

OUTSIDERS = ("portal", "public")


class AccessCase(ServiceRecords, CommissionRecords, KeyAccountCase):
    """A user of each role, and for each model a record that is not his own and one
    that is: ``users[role]``, ``foreign[model]``, ``own[role][model]``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            "employee": cls.employee,
            "reader": cls.reader,
            "member": cls.seller,
            "steward": cls.steward,
            "manager": cls.manager,
            "committee": cls.second,
            "portal": cls._create_user("ka_portal", "base.group_portal"),
            "public": cls.env.ref("base.public_user"),
        }
        cls.scheme = cls._create_scheme()
        cls._create_service_team()
        cls.foreign = cls._create_records(cls.env.user)
        cls.own = {
            role: dict(cls.foreign) if role in OUTSIDERS else cls._create_records(user)
            for role, user in cls.users.items()
        }
        applied, draft = (
            cls._evaluate("2026-01-01"),
            cls._evaluate("2026-02-01", None, 0),
        )
        for model, records in (
            ("key.account.evaluation", (applied, draft)),
            ("key.account.evaluation.line", (applied.line_ids[0], draft.line_ids[0])),
        ):
            cls.foreign[model] = records[1]
            for role in cls.users:
                cls.own[role][model] = records[0]
        account = cls.foreign["key.account"]
        account._set_tier(cls.scheme.tier_ids[1], "override")
        motion = cls.foreign["key.account.motion"]
        motion.account_id._move("active")
        motion.action_submit()
        motion.with_user(cls.chair).action_vote_no()
        cls.foreign |= {
            "key.account.vote": motion.vote_ids,
            "key.account.tier.change": account.tier_change_ids[0],
            "key.account.scheme": cls.scheme,
            "key.account.tier": cls.scheme.tier_ids[0],
            "key.account.criterion": cls.scheme.criterion_ids[0],
            "key.account.dimension": cls.foreign["key.account.assessment"].dimension_id,
            "key.account.file.item": cls.env.ref("key_account.file_item_phone"),
            "key.account.strategic.type": cls.env["key.account.strategic.type"].create(
                {"name": "Flagship"}
            ),
            "key.account.access": cls._create_access(account),
            "key.account.visit.template": cls.env.ref(
                "key_account.visit_template_room"
            ),
            "key.account.pool": cls.env["key.account.pool"].create({"name": "East"}),
            "key.account.buying.role": cls.env.ref("key_account.buying_role_user"),
            **cls._create_team_records(),
            **cls._create_service_records(),
            "key.account.work.exception": cls.env["key.account.work.exception"].create(
                {"name": "Build-up", "date_from": "2026-03-07"}
            ),
        }
        note = cls.env["key.account.insight"].create({"name": "The fair moves"})
        for role in ("reader", "committee"):
            cls.own[role]["key.account.insight"] = note
        cls._create_months()

    @classmethod
    def _create_team_records(cls):
        """What belongs to nobody in particular."""
        role = cls.env.ref("key_account.role_planner")
        template = cls.env["key.account.team.template"].create(
            {
                "name": "East",
                "line_ids": [
                    Command.create({"role_id": role.id, "user_id": cls.seller.id})
                ],
            }
        )
        account = cls.foreign["key.account"]
        overload = {
            "user_id": cls.seller.id,
            "account_id": account.id,
            "company_id": cls.company.id,
            "load_points": 2,
            "limit_points": 1,
            "reason": "Nobody else",
            "decided_by_id": cls.manager.id,
        }
        return {
            "key.account.role": role,
            "key.account.member": cls.env["key.account.member"].create(
                {
                    "account_id": account.id,
                    "user_id": cls.chair.id,
                    "role_id": role.id,
                    "date_from": "2099-01-01",
                }
            ),
            "key.account.team.template": template,
            "key.account.team.template.line": template.line_ids,
            "key.account.capacity.override": cls.env["key.account.capacity.override"]
            ._authorized()
            .create(overload),
        }

    @classmethod
    def _create_records(cls, user):
        """An account and requests of ``user``."""
        account = cls._create_account(f"Customer of {user.login}")
        if user != cls.env.user:
            account._change_holder(user)
        tier = cls.scheme.tier_ids[0]
        dimension = cls.env["key.account.dimension"].create({"name": user.login})
        common = {"account_id": account.id}
        values = {
            "key.account.motion": {"kind": "exit", "reason": "Never pays"},
            "key.account.appeal": {"wanted_tier_id": tier.id, "reason": "Known"},
            "key.account.assessment": {
                "dimension_id": dimension.id,
                "score": 50,
                "note": "Known",
            },
            "key.account.override": {
                "tier_id": tier.id,
                "reason": "Known",
                "date_to": "2099-12-31",
            },
            "key.account.profile": {"needs": "Quiet"},
            "key.account.nda": {"party": "customer"},
            "key.account.capacity": {"user_id": user.id},
        }
        records = {
            model: cls.env[model]
            .with_user(user)
            .sudo()
            .create({**(common if "user_id" not in vals else {}), **vals})
            for model, vals in values.items()
        }
        exhibitors = cls.env["key.account.exhibitor.list"].create(
            {
                "name": user.login,
                "user_id": user.id,
                "line_ids": [Command.create({"name": "Zeiss"})],
            }
        )
        records["key.account.exhibitor.list"] = exhibitors
        records["key.account.exhibitor.list.line"] = exhibitors.line_ids
        return {
            "key.account": account,
            **records,
            **cls._create_people(account),
            **cls._create_request(user),
            **cls._create_ticket_records(user),
            **cls._create_visit(account, user),
            **cls._create_service(user),
            **cls._create_commission_records(user),
        }

    @classmethod
    def _create_visit(cls, account, user):
        """A visit with a thing that ``user``, who need not serve, prepares."""
        helper = cls.manager if user == cls.env.user else user
        visit = cls.env["key.account.visit"].create(
            {
                "account_id": account.id,
                "user_id": cls.manager.id,
                "planned_at": datetime(2099, 1, 1, 2),
                "item_ids": [Command.create({"name": "Signs", "user_id": helper.id})],
            }
        )
        return {visit._name: visit, visit.item_ids._name: visit.item_ids}

    @classmethod
    def _create_people(cls, account):
        """What hangs on the people of ``account``, and a note on the customer."""
        contact = cls.env["res.partner"].create(
            {"name": "Ms Lin", "parent_id": account.partner_id.id}
        )
        person = cls.env["key.account.stakeholder"].create(
            {"account_id": account.id, "partner_id": contact.id}
        )
        known = {"stakeholder_id": person.id}
        consent = {"consent_on": "2026-01-01", "consent_how": "paper"}
        note = {"name": "Grows", "kind": "customer", "account_id": account.id}
        values = {
            "key.account.stakeholder.relation": known,
            "key.account.private": {**known, **consent},
            "key.account.insight": note,
        }
        records = {model: cls.env[model].create(vals) for model, vals in values.items()}
        return {"key.account.stakeholder": person, **records}

    @classmethod
    def _create_access(cls, account):
        Access = cls.env["key.account.access"]
        Access._write_openings([(account.id, cls.seller.id, datetime(2026, 1, 1))])
        return Access.search([("account_id", "=", account.id)])

    @classmethod
    def _create_request(cls, user):
        """A data request of ``user``, a decision on it and a use of it."""
        request = (
            cls.env["key.account.data.request"]
            .with_user(user)
            .sudo()
            .create({"purpose": "Labels", "content": "Names"})
        )
        common = {"request_id": request.id, "user_id": cls.env.uid}
        values = {
            "key.account.data.approval": {
                "stage": "steward",
                "decision": "approved",
                "decided_at": "2026-01-01 08:00:00",
            },
            "key.account.data.use": {
                "channel": "export",
                "res_model": "key.account",
                "used_at": "2026-01-01 08:00:00",
            },
        }
        ledgers = {
            model: cls.env[model]._authorized().create({**common, **vals})
            for model, vals in values.items()
        }
        return {request._name: request, **ledgers}

    # --- Service ---

    @classmethod
    def _create_months(cls):
        """The running month: that of the company is foreign to all, and each has his
        own."""
        Month = cls.env["key.account.ticket.month"]
        Month._compute_month(
            cls.company, cls.company._key_account_today().replace(day=1)
        )
        months = Month.search([("company_id", "=", cls.company.id)])
        cls.foreign[Month._name] = months.filtered(lambda row: row.level == "company")
        for role, user in cls.users.items():
            own = months.filtered(lambda row, user=user: row.user_id == user)
            cls.own[role][Month._name] = own or cls.foreign[Month._name]

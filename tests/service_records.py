from datetime import datetime

from odoo.fields import Command


class ServiceRecords:
    """Records of the service of a company, for tests of who sees what."""

    @classmethod
    def _create_service_records(cls):
        """What belongs to the service of the company."""
        team = cls.env["key.account.ticket.team"].create({"name": "Service"})
        policy = cls.env["key.account.sla.policy"].create(
            {
                "name": "Standard",
                "line_ids": [Command.create({"metric": "first_reply"})],
            }
        )
        return {
            "key.account.ticket.team": team,
            "key.account.ticket.mailbox": cls.env["key.account.ticket.mailbox"].create(
                {"team_id": team.id}
            ),
            "key.account.sla.policy": policy,
            "key.account.sla.policy.line": policy.line_ids,
            "key.account.sla.ladder": cls.env["key.account.sla.ladder"].create({}),
            "key.account.cause": cls.env["key.account.cause"].create({"name": "Haste"}),
        }

    @classmethod
    def _create_ticket_records(cls, user):
        """A complaint that a member works on, or that is about anybody else's work,
        with everything that hangs on it."""
        works = user.has_group("key_account.group_member")
        about = {"user_id" if works else "responsible_user_id": user.id}
        ticket = cls.env["key.account.ticket"].create(
            {"name": "Fascia", "kind": "complaint", **about}
        )
        department = cls.env["hr.department"].create({"name": f"Of {user.login}"})
        other = ticket if works else ticket.copy({"responsible_user_id": False})
        line = {"ticket_id": other.id, "department_id": department.id}
        mine = {"user_id": user.id}
        done = {"name": "Print anew", "due_on": "2026-01-01"}
        said = {"answer": "later", "words": "Tomorrow"}
        values = {
            "key.account.ticket.consult": {**line, **mine, "question": "When?"},
            "key.account.ticket.investigation": {**line, **mine},
            "key.account.ticket.measure": {"ticket_id": other.id, **mine, **done},
            "key.account.ticket.round": {"ticket_id": other.id, **said},
        }
        records = {
            model: cls.env[model].sudo().create(vals) for model, vals in values.items()
        }
        return {
            "key.account.ticket": ticket,
            **records,
            **cls._watch_over(ticket, user),
        }

    @classmethod
    def _watch_over(cls, ticket, user):
        """A hold and a promise of ``ticket``, and a warning to ``user``."""
        now = datetime(2026, 1, 1)
        common = {"ticket_id": ticket.id, "company_id": cls.company.id}
        values = {
            "key.account.ticket.hold": {
                "ticket_id": ticket.id,
                "user_id": user.id,
                "reason": "customer",
                "started_at": now,
            },
            "key.account.sla.clock": {
                **common,
                "metric": "resolve",
                "run": 9,
                "target_minutes": 60,
                "start_at": now,
            },
        }
        records = {
            model: cls.env[model]._authorized().create(vals)
            for model, vals in values.items()
        }
        clock = records["key.account.sla.clock"]
        clock._log_event("start", {clock: now})
        led = cls.env["key.account.ticket.team"].create(
            {"name": user.login, "leader_id": user.id if not user.share else False}
        )
        refused = {"company_id": cls.company.id, "team_id": led.id, "reason": "auto"}
        refusal = cls.env["key.account.ticket.refusal"]._authorized()
        notice = cls.env["key.account.sla.notice"]._authorized()
        row = {**common, "clock_id": clock.id, "user_id": user.id, "at": now}
        return {
            **records,
            "key.account.sla.event": clock.event_ids,
            "key.account.sla.notice": notice.create(row),
            "key.account.ticket.refusal": refusal.create(
                {**refused, "received_at": now}
            ),
        }

    @classmethod
    def _create_service_team(cls):
        """A team without members, and a promise to keep."""
        cls.service = cls.env["key.account.ticket.team"].create(
            {"name": "Service", "company_id": cls.company.id}
        )
        cls.env["key.account.sla.policy"].create(
            {
                "name": "Standard",
                "company_id": cls.company.id,
                "line_ids": [Command.create({"metric": "first_reply", "minutes": 60})],
            }
        )

    @classmethod
    def _create_service(cls, user):
        """What is said of a ticket that ``user`` handled, and that is about him; and a
        check that he makes of somebody else's."""
        ticket = cls.env["key.account.ticket"].create(
            {
                "name": "Fascia board is wrong",
                "company_id": cls.company.id,
                "team_id": cls.service.id,
                "user_id": user.id,
                "responsible_user_id": user.id,
            }
        )
        ticket.action_close(answer="It is mended.", nothing_else="said")
        check = {
            "ticket_id": ticket.id,
            "company_id": cls.company.id,
            "team_id": cls.service.id,
            "agent_id": cls.employee.id if user != cls.employee else cls.chair.id,
            "date_from": "2026-01-01",
            "date_to": "2026-01-31",
            "seed": "seed",
            "population": 1,
            "drawn_by_id": cls.env.uid,
            "drawn_at": "2026-02-01 08:00:00",
        }
        check = cls.env["key.account.ticket.check"]._authorized().create(check)
        check._authorized().checker_id = (
            user if user.has_group("key_account.group_member") else False
        )
        return {
            "key.account.ticket.analysis": cls.env[
                "key.account.ticket.analysis"
            ].browse(ticket.id),
            "key.account.sla.analysis": cls.env["key.account.sla.analysis"].search(
                [("ticket_id", "=", ticket.id)], limit=1
            ),
            check._name: check,
        }

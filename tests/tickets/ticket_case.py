from datetime import datetime

from odoo.fields import Command

from ..common import KeyAccountCase

# A Friday afternoon in Shanghai, 17:00 there.
FRIDAY = datetime(2026, 3, 6, 9, 0)


class TicketCase(KeyAccountCase):
    """A service team with an agent, its leader and a reviewer, a department that is
    asked, a customer with a contact, and promises in the hours of design.md 4."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = cls._create_user("ka_agent", "key_account.group_member")
        cls.leader = cls._create_user("ka_leader", "key_account.group_member")
        cls.reviewer = cls._create_user(
            "ka_reviewer", "key_account.group_member,key_account.group_reviewer"
        )
        cls.builder = cls._create_user("ka_builder", "base.group_user")
        cls.calendar = cls._create_calendar()
        cls.company.resource_calendar_id = cls.calendar
        cls.team = cls.env["key.account.ticket.team"].create(
            {
                "name": "Service",
                "company_id": cls.company.id,
                "leader_id": cls.leader.id,
                "member_ids": [Command.set(cls.agent.ids)],
            }
        )
        cls.workshop = cls.env["hr.department"].create(
            {"name": "Workshop", "company_id": cls.company.id}
        )
        cls.env["hr.employee"].create(
            {
                "name": "Builder",
                "user_id": cls.builder.id,
                "company_id": cls.company.id,
                "department_id": cls.workshop.id,
            }
        )
        cls.workshop.manager_id = cls.builder.employee_id
        cls.account = cls._create_account("Aurora Fairs")
        cls.account._change_holder(cls.seller)
        cls.contact = cls.env["res.partner"].create(
            {
                "name": "Ms Lin",
                "parent_id": cls.account.partner_id.id,
                "email": "lin@aurora.example.com",
                "phone": "+86 21 5550 7788",
            }
        )
        cls.cause = cls.env["key.account.cause"].create({"name": "Wrong fascia"})
        cls.policy = cls._create_policy()

    @classmethod
    def _create_calendar(cls):
        hours = [("morning", 9, 12), ("afternoon", 13, 18)]
        return cls.env["resource.calendar"].create(
            {
                "name": "Service hours",
                "tz": "Asia/Shanghai",
                "company_id": cls.company.id,
                "attendance_ids": [Command.clear()]
                + [
                    Command.create(
                        {
                            "name": period,
                            "dayofweek": str(day),
                            "day_period": period,
                            "hour_from": first,
                            "hour_to": last,
                        }
                    )
                    for day in range(5)
                    for period, first, last in hours
                ],
            }
        )

    @classmethod
    def _create_policy(cls, lines=None, **vals):
        """A policy that promises ``{metric: hours}``."""
        lines = lines or {
            "acknowledge": 1,
            "first_reply": 2,
            "next_reply": 4,
            "dept_answer": 4,
            "investigate": 16,
            "plan": 8,
            "progress": 24,
            "resolve": 16,
            "follow_up": 40,
        }
        return cls.env["key.account.sla.policy"].create(
            {
                "name": "Standard",
                "company_id": cls.company.id,
                "line_ids": [
                    Command.create(
                        {
                            "metric": metric,
                            "minutes": hours * 60,
                            "pausable": metric in ("resolve", "plan", "investigate"),
                        }
                    )
                    for metric, hours in lines.items()
                ],
                **vals,
            }
        )

    @classmethod
    def _create_ticket(cls, kind="enquiry", user=None, **vals):
        """A ticket as the agent of the team takes it in."""
        return (
            cls.env["key.account.ticket"]
            .with_user(user or cls.agent)
            .create(
                {
                    "name": "Fascia board is wrong",
                    "kind": kind,
                    "partner_id": cls.contact.id,
                    "team_id": cls.team.id,
                    "company_id": cls.company.id,
                    **vals,
                }
            )
        )

    def _clock(self, ticket, metric, run=1):
        """The valid clock of a promise."""
        return ticket.sudo().clock_ids.filtered(
            lambda clock: (
                (clock.metric, clock.run) == (metric, run) and clock.state != "void"
            )
        )

    # --- A complaint, step by step ---

    def _plan_complaint(self, ticket):
        """From new to a complete plan that its author can submit."""
        ticket.action_accept()
        ticket.action_investigate()
        self.env["key.account.ticket.investigation"].with_user(self.agent).create(
            {
                "ticket_id": ticket.id,
                "department_id": self.workshop.id,
                "finding": "The file was of last year.",
            }
        )
        ticket.write(
            {
                "cause_id": self.cause.id,
                "responsible_department_id": self.workshop.id,
                "justified": True,
            }
        )
        ticket.action_plan()
        self._add_measure(ticket)

    def _add_measure(self, ticket, kind="correction", **vals):
        return (
            self.env["key.account.ticket.measure"]
            .with_user(self.agent)
            .create(
                {
                    "ticket_id": ticket.id,
                    "kind": kind,
                    "name": f"{kind} of the fascia",
                    "user_id": self.builder.id,
                    "due_on": "2026-03-20",
                    **vals,
                }
            )
        )

    def _solve_complaint(self, ticket):
        """From a complete plan to the customer being asked whether he is satisfied."""
        ticket.action_submit()
        ticket.with_user(self.reviewer).action_approve()
        ticket.action_customer_accept("All right.")
        ticket.measure_ids.with_user(self.builder).action_done()
        ticket.action_done()

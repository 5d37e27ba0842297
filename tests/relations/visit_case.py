from freezegun import freeze_time

from odoo.fields import Command

from ..common import KeyAccountCase

# Noon of Tuesday, 10 March 2026 in Shanghai, which is eight hours ahead of UTC.
NOON = "2026-03-10 04:00:00"
SECRET = "Budget is with Ms Wei"
AIM = "Win the second hall"


class VisitCase(KeyAccountCase):
    """The customer Orient Motors of the seller on 10 March 2026: ``colleague`` serves
    others, ``employee`` helps at receptions and has no role at all.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(NOON)
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.account = cls._create_account("Orient Motors")
        cls.account._change_holder(cls.seller)
        cls.colleague = cls._create_user("ka_colleague", "key_account.group_member")
        cls.guest = cls.env["res.partner"].create(
            {
                "name": "Ms Fang",
                "parent_id": cls.account.partner_id.id,
                "email": "fang@orient.example.com",
            }
        )
        cls.Visit = cls.env["key.account.visit"].with_user(cls.seller)

    @classmethod
    def plan(cls, kind="visit", planned_at="2026-03-17 02:00:00", **vals):
        """A visit of the seller, next Tuesday at ten unless said otherwise."""
        return cls.Visit.create(
            {
                "account_id": cls.account.id,
                "kind": kind,
                "planned_at": planned_at,
                **vals,
            }
        )

    @classmethod
    def receive(cls, **vals):
        """A reception next Tuesday at which the employee helps."""
        return cls.plan(
            "reception",
            **{
                "purpose": AIM,
                "place": "Room 2",
                "visitor_ids": [Command.set(cls.guest.ids)],
                "colleague_ids": [Command.set(cls.employee.ids)],
                **vals,
            },
        )

    @classmethod
    def hold(cls, kind="visit", planned_at="2026-03-09 02:00:00", **vals):
        """A visit that was yesterday and is done."""
        visit = cls.plan(kind, planned_at, **vals)
        visit.action_done()
        return visit

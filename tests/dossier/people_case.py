from ..common import KeyAccountCase


class PeopleCase(KeyAccountCase):
    """A customer of the seller with three people, and another one of nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._create_account("Orient Motors")
        cls.account._change_holder(cls.seller)
        cls.boss = cls._create_person(cls.account, "Mr Qiu", buying_role="decider")
        cls.aide = cls._create_person(
            cls.account, "Ms Fang", buying_role="user", reports_to_id=cls.boss.id
        )
        cls.buyer = cls._create_person(
            cls.account, "Mr Gu", buying_role="gatekeeper", reports_to_id=cls.aide.id
        )
        cls.foreign = cls._create_account("Far Motors")
        cls.stranger = cls._create_person(cls.foreign, "Mr Yan")
        cls.env["res.groups"].flush_model()
        cls.confidant = cls._create_user(
            "ka_confidant", "key_account.group_private_facts"
        )

    @classmethod
    def _create_contact(cls, account, name):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "parent_id": account.partner_id.id,
                "email": f"{name.replace(' ', '.').lower()}@example.com",
            }
        )

    @classmethod
    def _create_person(cls, account, name, **vals):
        """A person in the file of ``account``; a contact of a name or a partner."""
        partner = cls._create_contact(account, name) if isinstance(name, str) else name
        return cls.env["key.account.stakeholder"].create(
            {"account_id": account.id, "partner_id": partner.id, **vals}
        )

    @classmethod
    def _know(cls, person, user, level="2"):
        return cls.env["key.account.stakeholder.relation"].create(
            {"stakeholder_id": person.id, "user_id": user.id, "level": level}
        )

    @classmethod
    def _confide(cls, person, **vals):
        return cls.env["key.account.private"].create(
            {
                "stakeholder_id": person.id,
                "consent_on": "2026-01-10",
                "consent_how": "paper",
                **vals,
            }
        )

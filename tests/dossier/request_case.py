from odoo.fields import Command

from ..common import KeyAccountCase


class DataRequestCase(KeyAccountCase):
    """``seller`` asks; ``head`` of his department, ``steward``, ``manager`` and the
    ``general`` manager decide. Three customers with an account, one without."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.head = cls._create_user("ka_head", "base.group_user")
        cls.general = cls._create_user("ka_general", "base.group_user")
        cls.company.key_account_general_manager_id = cls.general
        cls.seller.group_ids = [Command.link(cls.env.ref("base.group_allow_export").id)]
        Employee = cls.env["hr.employee"]
        boss = Employee.create(
            {"name": "Head", "user_id": cls.head.id, "company_id": cls.company.id}
        )
        cls.department = cls.env["hr.department"].create(
            {"name": "Sales", "manager_id": boss.id, "company_id": cls.company.id}
        )
        cls._hire(cls.seller)
        cls.accounts = cls.env["key.account"]
        for place, name in enumerate(("Orient", "Delta", "Sunrise")):
            customer = cls._create_customer(
                name, email=f"{name}@example.com", phone=f"+86 21 5550 000{place}"
            )
            cls.accounts |= cls._create_account(customer)
        cls.partners = cls.accounts.partner_id
        cls.stranger = cls._create_customer("No Account", email="none@example.com")

    @classmethod
    def _hire(cls, user):
        """Puts ``user`` into the department of ``head``."""
        cls.env["hr.employee"].create(
            {
                "name": user.name,
                "user_id": user.id,
                "company_id": cls.company.id,
                "department_id": cls.department.id,
            }
        )

    @classmethod
    def _request(cls, accounts=None, user=None, submit=True, **vals):
        accounts = cls.accounts if accounts is None else accounts
        request = (
            cls.env["key.account.data.request"]
            .with_user(user or cls.seller)
            .create(
                {
                    "purpose": "Labels",
                    "content": "Names and phones",
                    "audience": repr([("id", "in", accounts.ids)]),
                    **vals,
                }
            )
        )
        if submit:
            request.action_submit()
        return request

    @classmethod
    def _approved(cls, accounts=None, **vals):
        request = cls._request(accounts, **vals)
        for user in (cls.head, cls.steward, cls.manager, cls.general):
            request.with_user(user).action_approve()
        return request

    def _uses(self):
        return self.env["key.account.data.use"].search(
            [("company_id", "=", self.company.id)], order="id"
        )

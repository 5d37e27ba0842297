from datetime import date

from odoo import fields

COMMISSION = "key.account.commission."


class CommissionRecords:
    """Records of the commission of a person, for tests of who sees what."""

    @classmethod
    def _create_commission_records(cls, user):
        """What ``user`` earned by a contract that he leads, and what he is paid by."""
        env, company = cls.env, cls.company
        person = {"user_id": user.id, "company_id": company.id}
        plan = env[f"{COMMISSION}plan"].create(
            {"name": f"Plan of {user.login}", "company_id": company.id}
        )
        version = env[f"{COMMISSION}plan.version"].create(
            {"plan_id": plan.id, "date_from": date(2026, 1, 1)}
        )
        slab = env[f"{COMMISSION}slab"].create({"version_id": version.id})
        assignment = env[f"{COMMISSION}assignment"].create(
            {"plan_id": plan.id, "user_id": user.id, "date_from": date(2026, 1, 1)}
        )
        customer = cls._create_customer(f"Buyer of {user.login}")
        origin = env["key.account.origin"].create(
            {
                **person,
                "partner_id": customer.id,
                "kind": "inbound",
                "first_contact_on": date(2026, 1, 1),
            }
        )
        order = env["sale.order"].create(
            {"partner_id": customer.id, "company_id": company.id}
        )
        deal = cls._write_commission(
            "deal",
            **person,
            name=f"Order of {user.login}",
            order_id=order.id,
            partner_id=customer.id,
        )
        split = cls._write_commission(
            "split", deal_id=deal.id, user_id=user.id, share=100
        )
        run = env[f"{COMMISSION}run"].search([("company_id", "=", company.id)])
        run = run or env[f"{COMMISSION}run"].create({"company_id": company.id})
        statement = cls._write_commission(
            "statement", run_id=run.id, user_id=user.id, state="sent"
        )
        entry = cls._write_commission(
            "entry",
            **person,
            kind="earn",
            amount=1,
            deal_id=deal.id,
            run_id=run.id,
            statement_id=statement.id,
            date=run.date_to,
            source_key=f"of {user.login}",
        )
        dispute = cls._write_commission(
            "dispute", statement_id=statement.id, user_id=user.id, reason="Too little"
        )
        turnover = cls._write_commission(
            "turnover",
            **person,
            month=date(2026, 1, 1),
            frozen_at=fields.Datetime.now(),
        )
        left_out = cls._write_commission(
            "left.out", run_id=run.id, deal_id=deal.id, reason="unpaid"
        )
        records = (
            plan,
            version,
            slab,
            assignment,
            origin,
            deal,
            split,
            run,
            statement,
            entry,
            dispute,
            turnover,
            left_out,
        )
        return {record._name: record for record in records}

    @classmethod
    def _write_commission(cls, model, **vals):
        return cls.env[COMMISSION + model]._authorized().create(vals)

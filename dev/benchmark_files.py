"""Full files for the benchmark of the pages: customers of whom everything is on record
that their form shows, so that no tab is empty.
"""

from odoo.fields import Date

ROLES = ("decider", "influencer", "user", "gatekeeper")


def fill(accounts, user, other):
    """Gives each account people, notes, an agreement, a past member and one request
    of every kind, made by ``user``; ``other`` knew them before."""
    for write in (_facts, _people, _papers, _former_member, _requests):
        write(accounts, user, other)
    accounts.env.flush_all()


def _facts(accounts, user, _other):
    industry = accounts.env["res.partner.industry"].search([], limit=1)
    accounts.write(
        {
            "needs": "Light stands that are built in a day",
            "risk": "medium",
            "show_budget": 800_000,
            "business_focus": "Industrial robots",
            "industry_id": industry.id,
            "strategic_type_ids": [(6, 0, _first(accounts.env, 2).ids)],
        }
    )
    accounts.activity_schedule(
        "mail.mail_activity_data_call", summary="Ask for the plan", user_id=user.id
    )


def _first(env, number):
    kinds = env["key.account.strategic.type"]
    return kinds.search([], limit=number)


def _people(accounts, user, other):
    env = accounts.env
    contacts = env["res.partner"].create(
        [
            {"name": f"{role} of {account.name}", "parent_id": account.partner_id.id}
            for account in accounts
            for role in ROLES
        ]
    )
    people = env["key.account.stakeholder"].create(
        [
            {
                "account_id": account.id,
                "partner_id": contacts[4 * place + number].id,
                "buying_role": role,
            }
            for place, account in enumerate(accounts)
            for number, role in enumerate(ROLES)
        ]
    )
    env["key.account.stakeholder.relation"].create(
        [
            {"stakeholder_id": person.id, "user_id": knows.id, "level": "2"}
            for person in people
            for knows in (user, other)
        ]
    )


def _papers(accounts, user, _other):
    env = accounts.env
    env["key.account.insight"].create(
        [
            {
                "account_id": account.id,
                "name": f"He builds a hall, part {number}",
                "kind": "customer",
                "author_id": user.id,
            }
            for account in accounts
            for number in range(3)
        ]
    )
    env["key.account.nda"].create(
        [{"account_id": account.id, "party": "customer"} for account in accounts]
    )


def _former_member(accounts, _user, other):
    role = accounts.env.ref("key_account.role_planner")
    today = accounts.company_id._key_account_today()
    accounts.env["key.account.member"]._authorized().create(
        [
            {
                "account_id": account.id,
                "user_id": other.id,
                "role_id": role.id,
                "date_from": Date.subtract(today, days=100),
                "date_to": Date.subtract(today, days=50),
            }
            for account in accounts
        ]
    )


def _requests(accounts, user, _other):
    env = accounts.env
    tiers = env["key.account.scheme"]._live(accounts.company_id).tier_ids
    dimensions = accounts.env["key.account.dimension"]
    dimension = dimensions.search([], limit=1) or dimensions.create({"name": "Brand"})
    today = accounts.company_id._key_account_today()
    about = {
        "key.account.override": {
            "tier_id": tiers[0].id,
            "reason": "Strategic",
            "date_to": Date.add(today, days=100),
        },
        "key.account.appeal": {"wanted_tier_id": tiers[1].id, "reason": "Too low"},
        "key.account.assessment": {
            "dimension_id": dimension.id,
            "score": 70,
            "note": "Known in his trade",
        },
        "key.account.motion": {"kind": "exit", "reason": "Pays late"},
    }
    for model, vals in about.items():
        vals["requester_id"] = user.id
        rows = [{"account_id": account.id, **vals} for account in accounts]
        env[model]._authorized().create(rows)

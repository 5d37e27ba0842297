from datetime import date
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools.capacity import Stretch, Waiver, load_with, meet, peak

WAIVER = "key_account_waiver"
EVER = date(1900, 1, 1)  # who owns a customer owns him on every day one may ask for


class Plan(NamedTuple):
    """Somebody is to serve a customer; as its owner where there is no role."""

    account: models.Model
    user: models.Model
    role: models.Model | None
    first: object
    last: object = None
    lead: bool = False


class Refusal(NamedTuple):
    """Why a plan cannot be; only one of kind ``load`` is for a manager to overrule."""

    kind: str
    text: str
    load: float = 0
    limit: float = 0


class KeyAccountStaffing(models.AbstractModel):
    """Who may serve which customers: employees of the company, signed where it asks
    for it (R036), and not more than they can carry (R110).

    ``_staffing_refusals`` answers for any number of plans with a constant number of
    queries; screens show what it says, ``_staff`` raises it.
    """

    _name = "key.account.staffing"
    _description = "Staffing of Accounts"

    # --- Business ---

    @api.model
    def _staff(self, plans, reasons=(), ignore=None):
        """Makes sure of ``plans`` before they are carried out, and writes down where a
        manager takes an overload upon himself.

        :param reasons: for each plan, his reason to go beyond the limit.
        :param ignore: memberships that do not count, because they are the plans.
        :raises UserError: with the first refusal.
        """
        if not plans:
            return
        reasons = list(reasons) or [None] * len(plans)
        users = self.env["res.users"].union(*(plan.user for plan in plans))
        accounts = self.env["key.account"].union(*(plan.account for plan in plans))
        self.env["key.account.capacity"]._take(users, accounts.company_id)
        refusals = self._staffing_refusals(plans, ignore, waived=any(reasons))
        for plan, refusal, reason in zip(plans, refusals, reasons, strict=True):
            if refusal and refusal.kind == "load" and reason:
                plan.account._waive(plan.user, refusal, reason)
            elif refusal:
                raise UserError(refusal.text)

    @api.model
    def _staffing_refusals(self, plans, ignore=None, waived=False):
        """For each of ``plans`` a ``Refusal`` or None, each one seen after those before
        it that can be.

        :param waived: whether an overload happens nevertheless, and counts for the
            next plan.
        """
        users = self.env["res.users"].union(*(plan.user for plan in plans))
        accounts = self.env["key.account"].union(*(plan.account for plan in plans))
        companies = accounts.company_id
        known = {
            "signed": self._signed_periods(users, companies),
            "loads": self._stretches(users, companies, ignore),
            "limits": self.env["key.account.capacity"]._limits(users, companies),
            "rows": self._rows_of(accounts, ignore),
        }
        refusals = []
        for plan in plans:
            refusal = self._refusal(plan, known)
            if not refusal or (waived and refusal.kind == "load"):
                self._count(plan, known)
            refusals.append(refusal)
        return refusals

    def _despite_overload(self, reason):
        """The same accounts, for a manager who loads somebody beyond the limit."""
        self._check_group(
            "key_account.group_manager",
            self.env._("Only a manager loads somebody beyond his limit."),
        )
        return self.with_context(**{WAIVER: Waiver(reason)})

    @api.model
    def _overload_reason(self):
        waiver = self.env.context.get(WAIVER)
        return waiver.reason if isinstance(waiver, Waiver) else None

    def _waive(self, user, refusal, reason):
        """Lets an overload happen and writes down who took it upon himself."""
        self._despite_overload(reason)
        self.env["key.account.capacity.override"].sudo()._authorized().create(
            {
                "user_id": user.id,
                "account_id": self.id,
                "company_id": self.company_id.id,
                "load_points": refusal.load,
                "limit_points": refusal.limit,
                "reason": reason,
                "decided_by_id": self.env.uid,
            }
        )

    # --- Screens ---

    @api.model
    def _previewed(self, plans, reason=None, ignore=None):
        """The refusals of ``plans``, less the overloads that ``reason`` is for."""
        if not plans:
            return []
        refusals = self._staffing_refusals(plans, ignore, waived=bool(reason))
        return [
            None if refusal and reason and refusal.kind == "load" else refusal
            for refusal in refusals
        ]

    @api.model
    def _prepare_member_vals(self, plan):
        return {
            "account_id": plan.account.id,
            "user_id": plan.user.id,
            "role_id": plan.role.id,
            "date_from": plan.first,
            "date_to": plan.last,
            "is_lead": plan.lead,
        }

    @api.model
    def _staffing_result(self, count, left_out):
        """A message with what was done and what was left out, and why."""
        text = self.env._("Done: %(count)s.", count=count)
        if left_out:
            text = self.env._(
                "Done: %(count)s. Left out: %(number)s.\n%(reasons)s",
                count=count,
                number=len(left_out),
                reasons="\n".join(left_out),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": text,
                "type": "warning" if left_out else "success",
                "sticky": bool(left_out),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # --- One plan ---

    def _refusal(self, plan, known):
        message = plan.account._not_staff_message(plan.user, bool(plan.role))
        if message:
            return Refusal("person", message)
        return (
            self._agreement_refusal(plan, known["signed"])
            or self._clash_refusal(plan, known["rows"])
            or self._load_refusal(plan, known)
        )

    def _not_staff_message(self, user, member=True):
        """What is wrong with ``user`` as owner or ``member`` of the team, or False."""
        self.ensure_one()
        values = {"person": user.name, "company": self.company_id.name}
        if user.share or not user.active or self.company_id not in user.company_ids:
            return self.env._(
                "%(person)s does not work in %(company)s. Choose one of its employees.",
                **values,
            )
        if member and not user.has_group("key_account.group_member"):
            return self.env._(
                "%(person)s has no right to open files. Make him a Team Member of Key"
                " Accounts in his user settings first.",
                **values,
            )
        return False

    def _agreement_refusal(self, plan, signed):
        company = plan.account.company_id
        if not company.key_account_nda_required:
            return None
        day = max(plan.first, company._key_account_today())
        for first, last in signed.get((company.id, plan.user.id), ()):
            if first <= day and (not last or day <= last):
                return None
        text = self.env._(
            "%(person)s has no confidentiality agreement that is valid on %(day)s."
            " Have him sign one, and file it under Agreements.",
            person=plan.user.name,
            day=format_date(self.env, day),
        )
        return Refusal("agreement", text)

    def _clash_refusal(self, plan, rows):
        """What the database would refuse, said before."""
        if not plan.role:
            return None
        for other in rows.get(plan.account, ()):
            if not meet((plan.first, plan.last), (other.first, other.last)):
                continue
            values = {
                "person": other.user.name,
                "account": plan.account.name,
                "role": plan.role.name,
            }
            if (other.user, other.role) == (plan.user, plan.role):
                text = self.env._(
                    "%(person)s serves %(account)s as %(role)s already.", **values
                )
                return Refusal("clash", text)
            if other.lead and plan.lead:
                text = self.env._(
                    "%(person)s leads the team of %(account)s already.", **values
                )
                return Refusal("clash", text)
        return None

    def _load_refusal(self, plan, known):
        key = (plan.account.company_id.id, plan.user.id)
        limit = known["limits"].get(key)
        if not limit:
            return None
        held = known["loads"].get(key, [])
        would = load_with(held, self._stretch(plan))
        if would is None or would <= limit:
            return None
        text = self.env._(
            "%(person)s carries %(load)s of %(limit)s points; with %(account)s it would"
            " be %(would)s. Choose somebody else, or let a manager decide with a"
            " reason.",
            person=plan.user.name,
            account=plan.account.name,
            load=f"{peak(held, plan.first, plan.last):g}",
            limit=f"{limit:g}",
            would=f"{would:g}",
        )
        return Refusal("load", text, would, limit)

    def _count(self, plan, known):
        key = (plan.account.company_id.id, plan.user.id)
        known["loads"].setdefault(key, []).append(self._stretch(plan))
        known["rows"].setdefault(plan.account, []).append(plan)

    def _stretch(self, plan):
        points = plan.account.capacity_points if plan.account.state != "closed" else 0
        return Stretch(plan.account.id, points, plan.first, plan.last)

    # --- What there is ---

    def _signed_periods(self, users, companies):
        agreements = (
            self.env["key.account.nda"]
            .sudo()
            .search(
                Domain("party", "=", "employee")
                & Domain("user_id", "in", users.ids)
                & Domain("company_id", "in", companies.ids)
            )
        )
        periods = {}
        for nda in agreements:
            key = (nda.company_id.id, nda.user_id.id)
            periods.setdefault(key, []).append((nda.valid_from, nda.valid_to))
        return periods

    def _stretches(self, users, companies, ignore=None):
        """What each person owns and serves, by company and person."""
        owned = (
            self.env["key.account"]
            .sudo()
            .search(
                Domain("holder_id", "in", users.ids)
                & Domain("company_id", "in", companies.ids)
                & Domain("state", "!=", "closed"),
                order="id",
            )
        )
        stretches = {}
        for account in owned:
            key = (account.company_id.id, account.holder_id.id)
            stretches.setdefault(key, []).append(
                Stretch(account.id, account.capacity_points, EVER)
            )
        members = (
            self.env["key.account.member"]
            .sudo()
            .search(
                Domain("user_id", "in", users.ids)
                & Domain("company_id", "in", companies.ids)
                & Domain("account_id.state", "!=", "closed")
                & Domain("id", "not in", ignore.ids if ignore else []),
                order="id",
            )
        )
        for member in members:
            key = (member.company_id.id, member.user_id.id)
            stretches.setdefault(key, []).append(self._stretch(member._plan()))
        return stretches

    def _rows_of(self, accounts, ignore=None):
        members = self.env["key.account.member"].search(
            Domain("account_id", "in", accounts.ids)
            & Domain("id", "not in", ignore.ids if ignore else [])
        )
        return {
            account: [member._plan() for member in rows]
            for account, rows in members.grouped("account_id").items()
        }

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

_logger = logging.getLogger(__name__)


class KeyAccountNda(models.Model):
    """A confidentiality agreement: with an employee who is to see files (R036), or
    with the customer whose file it is (R037).

    Where the company asks for it, an employee's agreement is the gate to every
    confidential file, and closes it on the midnight after its last day.
    """

    _name = "key.account.nda"
    _description = "Confidentiality Agreement"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "key.account.period",
        "key.account.gated",
    ]
    _order = "valid_to desc, id desc"
    _check_company_auto = True
    _period_fields = ("valid_from", "valid_to")

    name = fields.Char("Reference", help="The number of the signed paper.")
    party = fields.Selection(
        [("employee", "Employee"), ("customer", "Customer")],
        required=True,
        default="customer",
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Employee",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    account_id = fields.Many2one(
        "key.account",
        "Customer",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    valid_from = fields.Date(
        required=True,
        tracking=True,
        default=lambda self: self.env.company._key_account_today(),
    )
    valid_to = fields.Date(tracking=True, help="The last day. Empty: without an end.")
    note = fields.Text("What it covers")
    state = fields.Selection(
        [("future", "Not yet"), ("valid", "Valid"), ("expired", "Expired")],
        "Status",
        compute="_compute_state",
        search="_search_state",
    )

    # the one reminder before its end, and why there is none yet (R037)
    reminded_on = fields.Date(readonly=True, copy=False)
    reminder_problem = fields.Char(readonly=True, copy=False)

    _party_named = models.Constraint(
        "CHECK((party = 'employee' AND user_id IS NOT NULL AND account_id IS NULL)"
        " OR (party = 'customer' AND account_id IS NOT NULL AND user_id IS NULL))",
        "An agreement is with an employee or with a customer: name the one it is with.",
    )
    _dates_in_order = models.Constraint(
        "CHECK(valid_to >= valid_from)", "An agreement ends after it begins."
    )

    # --- Compute ---

    @api.depends("starts_at", "ends_at")
    def _compute_state(self):
        now = fields.Datetime.now()
        valid = self._holds_now()
        valid.state = "valid"
        for nda in self - valid:
            begins = not nda.starts_at or nda.starts_at > now
            nda.state = "future" if begins else "expired"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        domains = {
            "future": Domain("starts_at", ">", "now"),
            "valid": self._now_domain(),
            "expired": Domain("ends_at", "<=", "now"),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.depends("party", "user_id", "account_id", "name")
    def _compute_display_name(self):
        for nda in self:
            whose = nda.user_id.name or nda.account_id.name
            nda.display_name = " · ".join(filter(None, [whose, nda.name]))

    # --- CRUD ---

    def write(self, vals):
        """Another end is worth another reminder."""
        if "valid_to" in vals:
            last = fields.Date.to_date(vals["valid_to"] or None)
            moved = self.filtered(lambda nda: (nda.valid_to or None) != last)
            super(KeyAccountNda, moved).write(
                {"reminded_on": False, "reminder_problem": False}
            )
        return super().write(vals)

    # --- Reminders ---

    @api.model
    def _cron_remind(self):
        """Daily: asks somebody, once, to renew each agreement that ends soon. What
        nobody can be asked about is written down and tried again the next day."""
        for company in self.env["res.company"].search([]):  # pylint: disable=no-search-all
            due = self._due_for_reminder(company)
            left_out = due.try_lock_for_update()._remind()
            for nda in left_out:
                _logger.info(
                    "Agreement %s ends on %s and nobody was reminded: %s",
                    nda.id,
                    nda.valid_to,
                    nda.reminder_problem,
                )
            self.env["ir.cron"]._commit_progress(len(due))

    @api.model
    def _due_for_reminder(self, company):
        """Agreements that end within the days of notice, or ended as long ago, and
        that none of the same party continues."""
        notice = timedelta(days=company.key_account_nda_notice_days)
        today = company._key_account_today()
        mine = Domain("company_id", "=", company.id)
        due = self.with_company(company).search(
            mine
            & Domain("reminded_on", "=", False)
            & Domain("valid_to", ">=", today - notice)
            & Domain("valid_to", "<=", today + notice)
        )
        others = self.search(
            mine
            & (
                Domain("user_id", "in", due.user_id.ids)
                | Domain("account_id", "in", due.account_id.ids)
            )
        )
        return due.filtered(lambda nda: not nda._is_continued(others))

    def _is_continued(self, others):
        """Whether the next agreement of the same party is there already."""
        following = self.valid_to + timedelta(days=1)
        return any(
            (nda.user_id, nda.account_id) == (self.user_id, self.account_id)
            and nda.valid_from <= following
            and (not nda.valid_to or nda.valid_to > self.valid_to)
            for nda in others - self
        )

    def _remind(self):
        """Makes an activity for each; returns those nobody could be asked about."""
        left_out = self.browse()
        for nda in self:
            problem = nda._remind_one()
            if not problem:
                today = nda.company_id._key_account_today()
                nda.write({"reminded_on": today, "reminder_problem": False})
                continue
            left_out |= nda
            if nda.reminder_problem != problem:
                nda.reminder_problem = problem
                nda._message_log(body=problem)
        return left_out

    def _remind_one(self):
        """Asks who looks after it; returns what is in the way."""
        keeper = self._keeper()
        if not keeper:
            return self.env._(
                "Nobody could be reminded that this agreement ends: the customer has no"
                " owner who may see it, and %(company)s has no library steward. Give"
                " somebody the role.",
                company=self.company_id.name,
            )
        try:
            with self.env.cr.savepoint():
                self.activity_schedule(
                    "mail.mail_activity_data_todo",
                    date_deadline=self.valid_to,
                    summary=self.env._("Renew the confidentiality agreement"),
                    user_id=keeper.id,
                )
        except UserError as error:
            return str(error)
        return False

    def _keeper(self):
        """Who renews it: the owner of the customer, and for an employee somebody else
        who keeps the library, first of all who filed it."""
        owner = self.account_id.holder_id
        if owner.active and self.account_id._is_open_to(owner):
            return owner
        steward = self.env.ref("key_account.group_steward")
        stewards = self.env["res.users"].search(
            [
                ("all_group_ids", "in", steward.ids),
                ("company_ids", "in", self.company_id.ids),
                ("share", "=", False),
            ],
            order="id",
        )
        others = stewards - self.user_id
        return (others & self.create_uid) or others[:1] or stewards[:1]

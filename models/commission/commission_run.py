from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.periods import period_start

OFFICER = "key_account.group_commission_officer"
MONTHS = {"quarter": 3, "month": 1}


class KeyAccountCommissionRun(models.Model):
    """The settlement of a period: who earned what by contracts whose final payment is
    in (R121), what is kept and what comes back, computed as often as one likes until
    it is approved, and never changed after that::

        draft -> computed <-> review -> approved -> paid
        any before approval -> cancelled

    Nobody approves a run that he submitted, or that pays him.
    """

    _name = "key.account.commission.run"
    _description = "Commission Run"
    _inherit = [
        "key.account.guarded",
        "mail.thread",
        "mail.activity.mixin",
        "key.account.commission.settling",
        "key.account.commission.fingerprint",
        "key.account.commission.paying",
        "key.account.commission.proposing",
    ]
    _order = "date_from desc, id desc"
    _check_company_auto = True
    _transitions = {
        "draft": ("computed", "cancelled"),
        "computed": ("computed", "review", "cancelled"),
        "review": ("computed", "approved", "cancelled"),
        "approved": ("paid",),
        "paid": (),
        "cancelled": (),
    }

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    period = fields.Selection(
        [("quarter", "Quarter"), ("month", "Month")],
        "Settlement Period",
        default="quarter",
        required=True,
    )
    date_from = fields.Date(
        "From",
        required=True,
        compute="_compute_date_from",
        store=True,
        readonly=False,
        precompute=True,
    )
    date_to = fields.Date(
        "Until", compute="_compute_date_to", store=True, precompute=True
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("computed", "Calculated"),
            ("review", "Under Review"),
            ("approved", "Approved"),
            ("paid", "Paid"),
            ("cancelled", "Cancelled"),
        ],
        "Status",
        default="draft",
        required=True,
        index=True,
        tracking=True,
    )
    statement_ids = fields.One2many(
        "key.account.commission.statement", "run_id", "Statements"
    )
    entry_ids = fields.One2many("key.account.commission.entry", "run_id", "Entries")
    left_out_ids = fields.One2many(
        "key.account.commission.left.out", "run_id", "Why Nothing"
    )
    left_out_count = fields.Integer(compute="_compute_left_out_count")
    gross = fields.Monetary(compute="_compute_totals", store=True)
    retained = fields.Monetary("Kept Back", compute="_compute_totals", store=True)
    released = fields.Monetary(compute="_compute_totals", store=True)
    clawed = fields.Monetary("Clawed Back", compute="_compute_totals", store=True)
    net = fields.Monetary(compute="_compute_totals", store=True)
    computed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    computed_at = fields.Datetime(readonly=True, copy=False)
    submitted_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_at = fields.Datetime(readonly=True, copy=False)
    paid_on = fields.Date(readonly=True, copy=False)
    move_id = fields.Many2one("account.move", "Accrual", readonly=True, copy=False)
    input_hash = fields.Char(copy=False, export_string_translation=False)
    books_hash = fields.Char(copy=False, export_string_translation=False)

    _one_a_period = models.Constraint(
        "EXCLUDE USING gist (int4range(company_id, company_id, '[]') WITH &&,"
        " daterange(date_from, date_to, '[]') WITH &&) "
        " WHERE (state != 'cancelled' AND period = 'quarter')",
        "There is a run of this quarter already.",
    )
    _one_a_month = models.Constraint(
        "EXCLUDE USING gist (int4range(company_id, company_id, '[]') WITH &&,"
        " daterange(date_from, date_to, '[]') WITH &&) "
        " WHERE (state != 'cancelled' AND period = 'month')",
        "There is a run of this month already.",
    )

    # --- Compute ---

    @api.depends("period", "company_id")
    def _compute_date_from(self):
        """The last period that is over."""
        for run in self:
            today = run.company_id._key_account_today()
            months = MONTHS[run.period or "quarter"]
            first = period_start(run.date_from or today, months)
            run.date_from = first - relativedelta(months=0 if run.date_from else months)

    @api.depends("date_from", "period")
    def _compute_date_to(self):
        for run in self:
            months = MONTHS[run.period]
            first = run.date_from and period_start(run.date_from, months)
            run.date_to = first and first + relativedelta(months=months, days=-1)

    @api.depends("statement_ids.net")
    def _compute_totals(self):
        names = ("gross", "retained", "released", "clawed", "net")
        for run in self:
            for name in names:
                run[name] = sum(run.statement_ids.mapped(name))

    @api.depends("left_out_ids")
    def _compute_left_out_count(self):
        for run in self:
            run.left_out_count = len(run.left_out_ids)

    @api.depends("date_from", "period")
    def _compute_display_name(self):
        for run in self:
            day = run.date_from
            if not day:
                run.display_name = self.env._("New Run")
            elif run.period == "quarter":
                number = (day.month + 2) // 3
                run.display_name = self.env._(
                    "Commission %(year)s, quarter %(number)s",
                    year=day.year,
                    number=number,
                )
            else:
                run.display_name = self.env._(
                    "Commission %(month)s", month=fields.Date.to_string(day)[:7]
                )

    # --- CRUD ---

    @api.model_create_multi
    def create(self, vals_list):
        runs = super().create(vals_list)
        for run in runs:
            first = period_start(run.date_from, MONTHS[run.period])
            if run.date_from != first:
                run.date_from = first
        return runs

    def write(self, vals):
        if {"company_id", "period", "date_from"} & vals.keys():
            begun = self.filtered(lambda run: run.state != "draft")
            if begun:
                raise UserError(
                    self.env._(
                        "%(run)s is computed: its period stays. Cancel it and make"
                        " another run.",
                        run=begun[0].display_name,
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        if any(run.state not in ("draft", "cancelled") for run in self):
            raise UserError(
                self.env._("Cancel a run instead of deleting it: its log stays.")
            )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "date_to",
            "gross",
            "retained",
            "released",
            "clawed",
            "net",
            "computed_by_id",
            "computed_at",
            "submitted_by_id",
            "approved_by_id",
            "approved_at",
            "paid_on",
            "move_id",
            "input_hash",
            "books_hash",
        }

    # --- Actions ---

    def action_compute(self):
        """Closes the months of the period and computes what everybody earned. Again and
        again: what has not changed is not written.

        :raises UserError: at once, while somebody else computes; for a period that is
            not over, or while an earlier run is not approved yet.
        """
        self.ensure_one()
        self._check_officer()
        self._lock()
        self._check_computable()
        self.sudo()._compute_run()
        return True

    def action_submit(self):
        """Sends everybody his statement, and asks for the approval of somebody else."""
        self.ensure_one()
        self._check_officer()
        self._lock()
        self._move("review", submitted_by_id=self.env.uid)
        self.sudo().statement_ids._send()
        return True

    def action_return(self):
        """Takes the run back to be computed anew, under objections for instance."""
        self.ensure_one()
        self._check_officer()
        self._lock()
        if self.state == "review":
            # whatever was the reason, the next computation looks at everything anew
            self._move("computed", books_hash=False)
            self.sudo().statement_ids._take_back()
        return True

    def action_approve(self):
        """Approves what is to be paid. From here on nothing of it ever changes.

        :raises UserError: by who computed or submitted it or is paid by it, with open
            objections, or when the books have changed since it was computed.
        """
        self.ensure_one()
        self._check_officer()
        self._lock()
        self._check_approvable()
        self.sudo()._settle_contracts(self.env.user)
        self._move(
            "approved",
            approved_by_id=self.env.uid,
            approved_at=fields.Datetime.now(),
        )
        self.sudo()._book_accrual()
        return True

    def action_mark_paid(self):
        """Books that everybody was paid: by a vendor bill, or with his wages.

        :raises UserError: before the approval.
        """
        self.ensure_one()
        self._check_officer()
        self._lock()
        self._move("paid", paid_on=self.company_id._key_account_today())
        self.sudo()._pay_statements()
        return True

    def action_cancel(self):
        """Gives the run up, before its approval. What was computed goes with it."""
        self.ensure_one()
        self._check_officer()
        self._lock()
        self._move("cancelled", input_hash=False)
        run = self.sudo()
        run.entry_ids._authorized().unlink()
        objected = run.statement_ids.filtered("dispute_ids")
        objected._take_back()
        objected._sum_up()
        (run.statement_ids - objected)._authorized().unlink()
        run.left_out_ids._authorized().unlink()
        return True

    def action_open_entries(self):
        """Opens the rows of this run."""
        self.ensure_one()
        return self._open_own("key_account.commission_entry_action")

    def action_open_statements(self):
        """Opens the statements of this run."""
        self.ensure_one()
        return self._open_own("key_account.commission_statement_action")

    def action_open_left_out(self):
        """Opens the contracts that nothing came of, each with its reason."""
        self.ensure_one()
        return self._open_own("key_account.commission_left_out_action")

    def _open_own(self, xmlid):
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        return {**action, "domain": [("run_id", "=", self.id)], "context": {}}

    # --- Tools ---

    def _check_officer(self):
        self._check_group(
            OFFICER, self.env._("Only commission officers work on commission runs.")
        )

    def _check_computable(self):
        if self.state not in ("draft", "computed"):
            raise UserError(self._transition_message("computed"))
        today = self.company_id._key_account_today()
        if self.date_to >= today:
            raise UserError(
                self.env._(
                    "The period ends on %(day)s: compute it after that. Until then the"
                    " forecast shows what is on its way.",
                    day=self.date_to,
                )
            )
        others = self.sudo().search(
            Domain("company_id", "=", self.company_id.id) & Domain("id", "!=", self.id)
        )
        later = others.filtered(
            lambda run: (
                run.state in ("approved", "paid")
                and run.period == self.period
                and run.date_from > self.date_from
            )
        )
        if later:
            raise UserError(
                self.env._(
                    "%(run)s is approved already: what belongs to an earlier period is"
                    " booked in the next one, as a difference.",
                    run=later[0].display_name,
                )
            )
        earlier = others.filtered(lambda run: run.state in ("computed", "review"))
        if earlier:
            raise UserError(
                self.env._(
                    "%(run)s is not approved yet. Approve or cancel it first: what it"
                    " pays is not to be paid twice.",
                    run=earlier[0].display_name,
                )
            )

    def _check_approvable(self):
        if self.state != "review":
            raise UserError(self._transition_message("approved"))
        run = self.sudo()
        user = self.env.user
        if not self.env.su and user in run.submitted_by_id | run.computed_by_id:
            raise UserError(
                self.env._(
                    "You computed or submitted this run: somebody else approves."
                )
            )
        if not self.env.su and user in run.statement_ids.user_id:
            raise UserError(self.env._("This run pays you: somebody else approves it."))
        disputed = run.statement_ids.dispute_ids.filtered(lambda d: d.state == "open")
        blocked = disputed.deal_id & run.entry_ids.deal_id
        if blocked:
            raise UserError(
                self.env._(
                    "There are objections to %(deals)s. Decide them, or send the run"
                    " back and compute it again: it then leaves those contracts for the"
                    " next one.",
                    deals=", ".join(blocked.mapped("name")[:5]),
                )
            )
        if not run._is_up_to_date():
            raise UserError(
                self.env._(
                    "Orders, payments or costs have changed since this was computed."
                    " Send it back and compute it again."
                )
            )

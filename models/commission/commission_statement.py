from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

OFFICER = "key_account.group_commission_officer"
SUMS = """
    WITH sums AS (
    SELECT statement.id,
           COALESCE(SUM(amount) FILTER (
               WHERE kind IN ('earn', 'adjust', 'team_bonus')), 0) AS gross,
           COALESCE(-SUM(amount) FILTER (WHERE kind = 'retain'), 0) AS retained,
           COALESCE(SUM(amount) FILTER (WHERE kind = 'release'), 0) AS released,
           COALESCE(SUM(amount) FILTER (WHERE kind = 'clawback'), 0) AS clawed,
           COALESCE(SUM(amount) FILTER (WHERE kind = 'team_bonus'), 0) AS team_bonus,
           COALESCE(SUM(amount) FILTER (WHERE kind != 'payout'), 0) AS net,
           COALESCE((SELECT SUM(before.net - before.payable)
                       FROM key_account_commission_statement before
                       JOIN key_account_commission_run run ON run.id = before.run_id
                      WHERE before.user_id = statement.user_id
                        AND before.company_id = statement.company_id
                        AND before.run_id != statement.run_id
                        AND run.state IN ('approved', 'paid')), 0) AS forward
      FROM key_account_commission_statement statement
 LEFT JOIN key_account_commission_entry entry ON entry.statement_id = statement.id
     WHERE statement.id = ANY(%s)
     GROUP BY statement.id
    )
    UPDATE key_account_commission_statement statement
       SET gross = sums.gross, retained = sums.retained, released = sums.released,
           clawed = sums.clawed, team_bonus = sums.team_bonus, net = sums.net,
           brought_forward = sums.forward,
           payable = GREATEST(sums.net + sums.forward, 0)
      FROM sums
     WHERE statement.id = sums.id
"""
SUMMED = (
    "gross",
    "retained",
    "released",
    "clawed",
    "team_bonus",
    "net",
    "brought_forward",
)


class KeyAccountCommissionStatement(models.Model):
    """What a person reads of a run: every row with its figures, and what is paid. He
    says that it is right, or what is wrong with a row of it::

        draft -> sent -> acknowledged | disputed -> paid

    A period that takes back more than it gives pays nothing; the rest is brought
    forward to the next one.
    """

    _name = "key.account.commission.statement"
    _description = "Commission Statement"
    _inherit = [
        "key.account.guarded",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _mail_post_access = "read"
    _order = "date_to desc, user_id, id"
    _rec_names_search = ["user_id", "run_id"]
    _transitions = {
        "draft": ("sent",),
        "sent": ("draft", "acknowledged", "disputed", "paid"),
        "acknowledged": ("draft", "disputed", "paid"),
        "disputed": ("draft", "sent", "acknowledged", "paid"),
        "paid": (),
    }

    run_id = fields.Many2one(
        "key.account.commission.run",
        "Commission Run",
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="run_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users", "Person", required=True, index=True, ondelete="restrict"
    )
    leader_ids = fields.Many2many(
        "res.users",
        "key_account_commission_statement_leader_rel",
        "statement_id",
        "user_id",
        "Leaders",
        help="Who led his team in the period, and may read this.",
    )
    date_from = fields.Date(related="run_id.date_from", store=True, precompute=True)
    date_to = fields.Date(related="run_id.date_to", store=True, precompute=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("sent", "Sent"),
            ("acknowledged", "Acknowledged"),
            ("disputed", "Disputed"),
            ("paid", "Paid"),
        ],
        "Status",
        default="draft",
        required=True,
        index=True,
        tracking=True,
    )
    run_state = fields.Selection(related="run_id.state", string="Run Is")
    gross = fields.Monetary(help="Commission, adjustments and team bonus.")
    retained = fields.Monetary("Kept Back", help="Negative: less is kept than before.")
    released = fields.Monetary()
    clawed = fields.Monetary("Clawed Back")
    team_bonus = fields.Monetary(help="As far as it is a part of the gross amount.")
    net = fields.Monetary(help="What this period adds to what is to be paid.")
    brought_forward = fields.Monetary(
        help="What earlier periods took back beyond what they paid."
    )
    payable = fields.Monetary("To Pay", compute="_compute_payable", store=True)
    held_amount = fields.Monetary(
        "Held in All", compute="_compute_held_amount", compute_sudo=True
    )
    entry_ids = fields.One2many("key.account.commission.entry", "statement_id", "Lines")
    dispute_ids = fields.One2many(
        "key.account.commission.dispute", "statement_id", "Objections"
    )
    answered_on = fields.Date(copy=False)
    bill_id = fields.Many2one(
        "account.move", "Vendor Bill", copy=False, ondelete="restrict"
    )
    pay_reference = fields.Char(
        "Payroll Reference", copy=False, help="Under which he was paid with his wages."
    )
    is_own = fields.Boolean(compute="_compute_is_own")

    _person_uniq = models.Constraint(
        "UNIQUE(run_id, user_id)", "A person has one statement of a run."
    )

    # --- Compute ---

    @api.depends("net", "brought_forward")
    def _compute_payable(self):
        for statement in self:
            statement.payable = max(statement.net + statement.brought_forward, 0.0)

    @api.depends("user_id", "date_to", "entry_ids.amount")
    def _compute_held_amount(self):
        """All that is held of him after this period."""
        Entry = self.env["key.account.commission.entry"]
        for statement in self:
            ((amount,),) = Entry._read_group(
                [
                    ("user_id", "=", statement.user_id.id),
                    ("company_id", "=", statement.company_id.id),
                    ("kind", "in", ("retain", "release")),
                    ("date", "<=", statement.date_to),
                ],
                [],
                ["amount:sum"],
            )
            statement.held_amount = -(amount or 0.0)

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_is_own(self):
        for statement in self:
            statement.is_own = statement.user_id == self.env.user or self.env.su

    @api.depends("user_id.name", "run_id.date_from", "run_id.period")
    def _compute_display_name(self):
        for statement in self:
            names = (statement.user_id.name, statement.sudo().run_id.display_name)
            statement.display_name = " · ".join(filter(None, names))

    # --- CRUD ---

    def write(self, vals):
        if "pay_reference" in vals:
            self._check_group(
                OFFICER,
                self.env._("Commission officers say under which number he was paid."),
            )
        return super().write(vals)

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "run_id",
            "user_id",
            "leader_ids",
            "company_id",
            "date_from",
            "date_to",
            "payable",
            *SUMMED,
            "answered_on",
            "bill_id",
        }

    # --- Actions ---

    def action_acknowledge(self):
        """The person says that it is right.

        :raises UserError: by somebody else.
        """
        self._check_own()
        self._lock()
        today = self.env.company._key_account_today()
        for statement in self:
            if statement.dispute_ids.filtered(lambda row: row.state == "open"):
                raise UserError(
                    self.env._(
                        "There are open objections. Take them back first, or wait until"
                        " they are decided."
                    )
                )
            statement.sudo()._move("acknowledged", answered_on=today)
        return True

    def action_dispute(self):
        """Asks what is wrong, and with which row."""
        self.ensure_one()
        return self._ask_dispute(self.env["key.account.commission.entry"])

    def action_print(self):
        """Prints the statement."""
        return self.env.ref("key_account.commission_report_statement").report_action(
            self
        )

    def action_open_entries(self):
        """Opens the rows of the statement."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account.commission_entry_action"
        )
        return {**action, "domain": [("statement_id", "=", self.id)], "context": {}}

    # --- Business ---

    def _rows_to_print(self):
        """The rows by contract; what was paid stands in the sums."""
        rows = self.entry_ids.filtered(lambda row: row.kind != "payout")
        return rows.sorted(lambda row: (row.deal_id.name or "", row.id))

    def _ask_dispute(self, entry):
        self._check_own()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Object to a Row"),
            "res_model": "key.account.commission.object",
            "views": [[False, "form"]],
            "target": "new",
            "context": {
                "default_statement_id": self.id,
                "default_entry_id": entry.id,
            },
        }

    def _raise_dispute(self, entry, words):
        """The person objects to a row, or to what is missing.

        :raises UserError: without words, by somebody else, or after it was paid.
        """
        self.ensure_one()
        self._check_own()
        if not (words or "").strip():
            raise UserError(self.env._("Say what is wrong."))
        if self.state not in ("sent", "acknowledged", "disputed"):
            raise UserError(self._transition_message("disputed"))
        statement = self.sudo()
        dispute = statement.dispute_ids._authorized().create(
            {
                "statement_id": statement.id,
                "entry_id": entry.id,
                "deal_id": entry.deal_id.id,
                "reason": words.strip(),
                "user_id": statement.user_id.id,
                "owner_id": statement.run_id.submitted_by_id.id,
            }
        )
        if statement.state != "disputed":
            statement._move("disputed")
        dispute._ask_owner()
        return dispute

    def _check_own(self):
        others = self.filtered(lambda statement: not statement.is_own)
        if others:
            raise UserError(
                self.env._(
                    "%(name)s answers for this statement, nobody else.",
                    name=others[0].user_id.name,
                )
            )

    def _sum_up(self):
        """Brings the sums in step with the rows."""
        self.env.flush_all()
        self.env.cr.execute(SQL(SUMS, self.ids))
        self.invalidate_recordset([*SUMMED, "payable", "held_amount"], flush=False)
        self.modified(SUMMED)

    def _send(self):
        """Tells each person that his statement is there to be read."""
        for statement in self:
            statement._move("sent")
            if "open" in statement.dispute_ids.mapped("state"):
                statement._move("disputed")
            statement.message_subscribe(statement.user_id.partner_id.ids)
            statement.message_notify(
                partner_ids=statement.user_id.partner_id.ids,
                subject=statement.display_name,
                body=self.env._(
                    "Your commission statement is ready. Please read it, and say that"
                    " it is right or what is wrong."
                ),
            )

    def _take_back(self):
        self.filtered(lambda statement: statement.state != "draft")._move("draft")

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.sales_teams import SalesTeams, Span


class KeyAccountCommissionAssignment(models.Model):
    """Who is paid by which plan, from one day to another: as a salesperson for his own
    contracts, or as a leader for those of his team (R118, R123).

    The team of a salesperson stands here as well, with its dates: a contract belongs
    to the team he was in on the day it was signed.
    """

    _name = "key.account.commission.assignment"
    _description = "Commission Assignment"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "user_id, date_from desc, id"
    _check_company_auto = True

    user_id = fields.Many2one(
        "res.users",
        "Person",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('share', '=', False)]",
        tracking=True,
    )
    plan_id = fields.Many2one(
        "key.account.commission.plan",
        "Commission Plan",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    company_id = fields.Many2one(
        related="plan_id.company_id", store=True, precompute=True
    )
    role = fields.Selection(
        [("seller", "Salesperson"), ("leader", "Leader")],
        default="seller",
        required=True,
        tracking=True,
    )
    team_id = fields.Many2one(
        "crm.team",
        "Sales Team",
        compute="_compute_team_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        check_company=True,
        help="The team he sells in, or leads.",
        tracking=True,
    )
    date_from = fields.Date("From", required=True, tracking=True)
    date_to = fields.Date("Until", tracking=True)
    service_start = fields.Date(
        "First Day Here",
        help="From when his months of service are counted; empty: from the first day"
        " of this assignment.",
        tracking=True,
    )
    left_on = fields.Date(
        readonly=True,
        copy=False,
        tracking=True,
        help="With this day all that is kept of him is due.",
    )
    consent_on = fields.Date(
        "Agreed to Retention on",
        help="The day he agreed in writing that a part is kept and when it is paid.",
        tracking=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Pay by Bill to",
        ondelete="restrict",
        help="For agents who are not employees: the vendor whose bill pays him. Empty:"
        " he is paid with his wages.",
    )

    _dates_in_order = models.Constraint(
        "CHECK(date_to >= date_from)", "An assignment ends after it begins."
    )
    _team_of_leader = models.Constraint(
        "CHECK(role != 'leader' OR team_id IS NOT NULL)",
        "Name the team that the leader leads.",
    )
    _one_at_a_time = models.Constraint(
        "EXCLUDE USING gist (int4range(user_id, user_id, '[]') WITH &&,"
        " int4range(company_id, company_id, '[]') WITH &&,"
        " daterange(date_from, date_to, '[]') WITH &&) WHERE (role = 'seller')",
        "A salesperson is paid by one plan at a time. End the present one first.",
    )
    _one_team_at_a_time = models.Constraint(
        "EXCLUDE USING gist (int4range(user_id, user_id, '[]') WITH &&,"
        " int4range(team_id, team_id, '[]') WITH &&,"
        " daterange(date_from, date_to, '[]') WITH &&) WHERE (role = 'leader')",
        "He already leads this team at that time.",
    )

    # --- Compute ---

    @api.depends("user_id")
    def _compute_team_id(self):
        for assignment in self:
            team = assignment.user_id.sale_team_id
            fits = not team.company_id or team.company_id == assignment.company_id
            assignment.team_id = assignment.team_id or (fits and team)

    @api.depends("user_id", "plan_id")
    def _compute_display_name(self):
        for assignment in self:
            assignment.display_name = " · ".join(
                filter(None, (assignment.user_id.name, assignment.plan_id.name))
            )

    # --- CRUD ---

    def write(self, vals):
        self._check_history(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_history({"user_id": False})

    # --- Actions ---

    def action_leave(self):
        """Asks for the last day, and lets all go that is kept of him."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Leaves the Company"),
            "res_model": "key.account.commission.leave",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_user_id": self.user_id.id},
        }

    # --- Tools ---

    def _valid_on(self, day):
        """Those of these assignments that hold on a day."""
        return self.filtered(
            lambda row: row.date_from <= day and (not row.date_to or row.date_to >= day)
        )

    @api.model
    def _sales_teams(self, company):
        """Who is in which team of a company, and who leads it, by dates."""
        return self.sudo().search([("company_id", "=", company.id)])._as_teams()

    def _as_teams(self):
        spans = {"seller": [], "leader": []}
        for row in self.filtered("team_id"):
            last = row.date_to or None
            span = Span(row.user_id.id, row.team_id.id, row.date_from, last)
            spans[row.role].append(span)
        return SalesTeams.of(spans["seller"], spans["leader"])

    def _check_history(self, vals):
        """Months that are closed were paid by what stands here: from then on only the
        end may be set, and not before them."""
        terms = {"user_id", "plan_id", "role", "team_id", "date_from"} & vals.keys()
        if not terms and not vals.get("date_to"):
            return
        Turnover = self.env["key.account.commission.turnover"].sudo()
        for assignment in self:
            # a leader is paid for what his people sold
            sold = assignment.role == "seller"
            own = [("user_id", "=", assignment.user_id.id)] if sold else []
            last = Turnover.search(
                [
                    *own,
                    ("company_id", "=", assignment.company_id.id),
                    ("month", ">=", assignment.date_from.replace(day=1)),
                    *(
                        [("month", "<=", assignment.date_to)]
                        if assignment.date_to
                        else []
                    ),
                ],
                order="month desc",
                limit=1,
            ).month
            if not last:
                continue
            ends = fields.Date.to_date(vals.get("date_to"))
            if terms or ends < last + relativedelta(months=1, days=-1):
                raise UserError(
                    self.env._(
                        "Months up to %(month)s are closed for %(name)s by this"
                        " assignment. End it after that month, and make another one.",
                        month=fields.Date.to_string(last)[:7],
                        name=assignment.user_id.name,
                    )
                )

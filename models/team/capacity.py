from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# Who owns a customer and is in his team too serves one customer.
LOADS = """
    WITH task AS (
        SELECT id AS account_id, holder_id AS user_id FROM key_account
         WHERE holder_id IS NOT NULL
        UNION
        SELECT account_id, user_id FROM key_account_member
         WHERE starts_at <= %(now)s AND (ends_at IS NULL OR ends_at > %(now)s)
    )
    SELECT account.company_id, task.user_id,
           ROUND(SUM(COALESCE(account.capacity_points, 0))::numeric, 2)::float8,
           COUNT(*)
      FROM task JOIN key_account account ON account.id = task.account_id
     WHERE account.state != 'closed'
     GROUP BY account.company_id, task.user_id
"""


class KeyAccountCapacity(models.Model):
    """How much a person can carry in a company, and how much he does (R110). The
    customers of a tier weigh its points; 0 points of his own mean the company's limit,
    and 0 there means that there is none."""

    _name = "key.account.capacity"
    _description = "Load of a Person"
    _rec_name = "user_id"
    _order = "company_id, user_id"

    user_id = fields.Many2one(
        "res.users",
        "Person",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    points = fields.Float(
        "Own Limit",
        digits=(8, 2),
        help="0: the company's limit from the settings.",
    )
    note = fields.Char()
    limit_points = fields.Float("Limit", digits=(8, 2), compute="_compute_limit")
    load_points = fields.Float("Load", digits=(8, 2), compute="_compute_load")
    free = fields.Float("Free Points", digits=(8, 2), compute="_compute_load")
    load_percent = fields.Float("Load (%)", compute="_compute_load")
    account_count = fields.Integer("Customers", compute="_compute_load")
    is_over = fields.Boolean(
        "Overloaded", compute="_compute_load", search="_search_is_over"
    )
    is_near = fields.Boolean(
        "Nearly Full", compute="_compute_load", search="_search_is_near"
    )

    _user_uniq = models.Constraint(
        "UNIQUE(user_id, company_id)",
        "The limit of this person is there already. Change that one.",
    )
    _points_not_negative = models.Constraint(
        "CHECK(points >= 0)", "A limit is not negative."
    )

    # --- Compute ---

    @api.depends("points", "company_id.key_account_capacity")
    def _compute_limit(self):
        for capacity in self:
            company = capacity.company_id.sudo()
            capacity.limit_points = capacity.points or company.key_account_capacity

    @api.depends("limit_points", "user_id", "company_id")
    def _compute_load(self):
        loads = self._loads()
        for capacity in self:
            key = (capacity.company_id.id, capacity.user_id.id)
            load, count = loads.get(key, (0, 0))
            limit = capacity.limit_points
            capacity.load_points = load
            capacity.account_count = count
            capacity.free = max(limit - load, 0)
            capacity.load_percent = 100 * load / limit if limit else 0
            capacity.is_over = bool(limit) and load > limit
            capacity.is_near = bool(limit) and 0.8 * limit <= load <= limit

    def _search_is_over(self, operator, value):
        return self._search_load("is_over", operator, value)

    def _search_is_near(self, operator, value):
        return self._search_load("is_near", operator, value)

    def _search_load(self, name, operator, value):
        """There are as many rows as people, so they are simply looked through."""
        if operator != "in" or len(value) > 1:
            return NotImplemented
        everyone = self.sudo().search(Domain.TRUE)
        found = Domain("id", "in", everyone.filtered(name).ids)
        return found if True in value else ~found

    # --- Actions ---

    @api.model
    def action_open_loads(self):
        """Shows what everybody carries who serves customers now."""
        self.check_access("create")
        self._open_missing()
        return self.env["ir.actions.actions"]._for_xml_id("key_account.capacity_action")

    def action_open_accounts(self):
        """Lists the customers whom this person owns or serves."""
        self.ensure_one()
        serves = Domain("holder_id", "=", self.user_id.id)
        serves |= Domain("team_user_ids", "in", self.user_id.ids)
        company = Domain("company_id", "=", self.company_id.id)
        return {
            "type": "ir.actions.act_window",
            "name": self.user_id.name,
            "res_model": "key.account",
            "domain": list(serves & company & Domain("state", "!=", "closed")),
            "view_mode": "list,kanban,form",
        }

    # --- Business ---

    @api.model
    def _take(self, users, companies):
        """Keeps the limits of ``users`` for this transaction. Of two that load one
        person at once, the later one is told so by the database and tried again, and
        then sees what the earlier one has done."""
        limits = self._limits(users, companies)
        keys = sorted(key for key, limit in limits.items() if limit)
        if not keys:
            return
        self._insert_missing(keys)
        rows = SQL(", ").join(SQL("(%s, %s)", *key) for key in keys)
        where = SQL("(company_id, user_id) IN (%s)", rows)
        # in one order, so that two of them do not wait for each other
        self.env.cr.execute(
            SQL(
                "SELECT FROM key_account_capacity WHERE %s ORDER BY id FOR UPDATE",
                where,
            )
        )
        self.env.cr.execute(
            SQL(
                "UPDATE key_account_capacity SET write_date = %s WHERE %s",
                fields.Datetime.now(),
                where,
            )
        )

    @api.model
    def _limits(self, users, companies):
        """The limit by company and person; 0 for none."""
        rows = self.sudo().search(
            Domain("user_id", "in", users.ids)
            & Domain("company_id", "in", companies.ids)
        )
        own = {(row.company_id.id, row.user_id.id): row.points for row in rows}
        return {
            (company.id, user.id): own.get((company.id, user.id))
            or company.sudo().key_account_capacity
            for company in companies
            for user in users
        }

    @api.model
    def _open_missing(self):
        """A row for everybody who serves, so that the list shows him."""
        companies = set(self.env.companies.ids)
        self._insert_missing(
            sorted(key for key in self._loads() if key[0] in companies)
        )

    def _insert_missing(self, keys):
        self.flush_model(["user_id", "company_id"])
        now = fields.Datetime.now()
        rows = [SQL("(%s, %s, 0, %s, %s)", *key, self.env.uid, now) for key in keys]
        if rows:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO key_account_capacity"
                    " (company_id, user_id, points, create_uid, create_date) VALUES %s"
                    " ON CONFLICT (user_id, company_id) DO NOTHING",
                    SQL(", ").join(rows),
                )
            )

    @api.model
    def _loads(self):
        """``(points, customers)`` of each person now, by company and person."""
        self.env["key.account"].flush_model(
            ["holder_id", "company_id", "state", "capacity_points"]
        )
        self.env["key.account.member"].flush_model(
            ["account_id", "user_id", "starts_at", "ends_at"]
        )
        rows = self.env.execute_query(SQL(LOADS, now=fields.Datetime.now()))
        return {(company, user): (load, n) for company, user, load, n in rows}

from odoo import api, fields, models
from odoo.fields import NO_ACCESS, Domain
from odoo.tools import SQL, split_every

from ...tools.file_items import Item, mask_of, share

# Accounts written at once by jobs over all of them.
BATCH = 1000


class KeyAccountUpkeep(models.AbstractModel):
    """How well a file is kept: what it holds of what it should, when somebody has to
    look through it next, and who is asked to do so (R031, R032).

    What a file holds is kept as bits of one number, which nobody reads: who may not
    open the file learns the percentage and nothing else.
    """

    _name = "key.account.upkeep"
    _description = "Upkeep of Files"

    nda_ids = fields.One2many(
        "key.account.nda",
        "account_id",
        "Agreements",
        groups="key_account.group_member",
    )
    held_items = fields.Integer(
        compute="_compute_held_items",
        store=True,
        precompute=True,
        copy=False,
        groups=NO_ACCESS,
        export_string_translation=False,
    )
    completeness = fields.Integer(
        compute="_compute_completeness",
        store=True,
        precompute=True,
        copy=False,
        aggregator="avg",
        help="Share of the expected items that the file holds, in percent.",
    )
    file_due_on = fields.Date(
        "Check File by",
        compute="_compute_file_due_on",
        store=True,
        precompute=True,
        copy=False,
        help="A new file is checked by the next working day, any other so many days"
        " after it was found right.",
    )
    file_days_late = fields.Integer("Days Late", compute="_compute_file_days_late")
    reminded_on = fields.Date("Owner Reminded on", copy=False, readonly=True)

    # --- Compute ---

    @api.depends(lambda self: self._file_item_paths())
    def _compute_held_items(self):
        items = self._file_items().values()
        for account in self:
            account.held_items = mask_of(
                item for item in items if item.holds(account._item_value(item.path))
            )

    @api.depends(lambda self: self._completeness_fields())
    def _compute_completeness(self):
        for account in self:
            account.completeness = share(account.held_items, account._required_mask())

    @api.depends("verified_on", "opened_on", "company_id")
    def _compute_file_due_on(self):
        next_days = {}
        for account in self:
            company = account.company_id or self.env.company
            if account.verified_on:
                days = company.sudo().key_account_update_days
                account.file_due_on = fields.Date.add(account.verified_on, days=days)
                continue
            opened = account.opened_on or company._key_account_today()
            key = company, opened
            if key not in next_days:
                next_days[key] = company._key_account_next_working_day(opened)
            account.file_due_on = next_days[key]

    @api.depends("file_due_on", "state", "company_id")
    def _compute_file_days_late(self):
        for account in self:
            company = account.company_id or self.env.company
            due = account.file_due_on if account.state != "closed" else False
            late = (company._key_account_today() - due).days if due else 0
            account.file_days_late = max(0, late)

    # --- CRUD ---

    def _add_precomputed_values(self, vals_list):
        """Who opens a file may not read the bits it begins with."""
        return super(KeyAccountUpkeep, self.sudo())._add_precomputed_values(vals_list)

    def _get_guarded_fields(self):
        guarded = {"completeness", "file_due_on", "held_items", "reminded_on"}
        return super()._get_guarded_fields() | guarded

    # --- Actions ---

    def action_verify(self):
        """Records that somebody looked through the file today and found it right."""
        self.check_access("write")
        for company, accounts in self.grouped("company_id").items():
            accounts.write({"verified_on": company._key_account_today()})
        self.activity_feedback([self._update_activity_xmlid])
        return True

    # --- What a file holds ---

    @api.model
    def _file_items(self):
        """Code of each item that a file may hold -> how it is told.

        An area adds its own by extending this method and ``data/*_file_item.xml``; a
        bit is given once and never again.
        """
        return {
            "phone": Item(0, "partner_id.phone", "partner"),
            "email": Item(1, "partner_id.email", "partner"),
            "city": Item(2, "partner_id.city", "partner"),
            "country": Item(3, "partner_id.country_id", "partner"),
            "industry": Item(4, "partner_id.industry_id", "partner"),
            "vat": Item(5, "partner_id.vat", "partner"),
            "contacts": Item(6, "partner_id.child_ids", "partner"),
            "business_focus": Item(7, "business_focus"),
            "potential": Item(8, "potential"),
            "owner": Item(9, "holder_id", "owner"),
            "needs": Item(10, "profile_ids.needs"),
            "agreement": Item(
                11,
                "nda_ids",
                "agreement",
                holds=lambda agreements: bool(agreements._holds_now()),
                also=("nda_ids.valid_from", "nda_ids.valid_to"),
            ),
            "verified": Item(12, "verified_on", "check"),
            "people": Item(13, "stakeholder_ids"),
        }

    @api.model
    def _file_item_paths(self):
        items = self._file_items().values()
        return [path for item in items for path in (item.path, *item.also)]

    @api.model
    def _completeness_fields(self):
        """What completeness depends on."""
        return ["held_items"]

    def _required_mask(self):
        """The items this file should hold: all, unless an area above asks for less."""
        return mask_of(self._file_items().values())

    def _item_value(self, path):
        value = self
        for name in path.split("."):
            value = value[name]
        return value

    @api.model
    def _completeness_sql(self, held, required):
        """``tools.file_items.share`` in SQL, for those who write many accounts at
        once. PostgreSQL 13 cannot count bits: it counts the ones of a bit string."""

        def count(mask):
            return SQL("length(replace((%s)::bit(32)::text, '0', ''))", mask)

        found = count(SQL("COALESCE(%s, 0) & %s", held, required))
        wanted = count(required)
        return SQL(
            "COALESCE((200 * %s + %s) / NULLIF(2 * %s, 0), 100)", found, wanted, wanted
        )

    @api.model
    def _refresh_held_items(self, ids):
        """Looks again what these files hold, a batch at a time."""
        fields_ = [self._fields["held_items"], self._fields["completeness"]]
        for batch in split_every(BATCH, ids):
            accounts = self.browse(batch)
            for field in fields_:
                self.env.add_to_compute(field, accounts)
            accounts.flush_recordset()
            accounts.invalidate_recordset()

    @api.model
    def _refresh_agreements(self):
        """An agreement begins and ends without anybody writing on it: files that
        gained or lost theirs since are told so."""
        self.env["key.account.nda"].flush_model()
        self.flush_model(["held_items"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account.id
                  FROM key_account account
                 WHERE (account.held_items & %s != 0) IS DISTINCT FROM EXISTS (
                       SELECT 1 FROM key_account_nda nda
                        WHERE nda.account_id = account.id
                          AND nda.starts_at <= %s
                          AND (nda.ends_at IS NULL OR nda.ends_at > %s))
                """,
                self._file_items()["agreement"].mask,
                fields.Datetime.now(),
                fields.Datetime.now(),
            )
        )
        self._refresh_held_items([row[0] for row in rows])

    def _absorb(self, other):
        """The merged file holds what either of them did."""
        result = super()._absorb(other)
        self._refresh_held_items(self.ids)
        return result

    # --- Reminders ---

    _update_activity_xmlid = "key_account.mail_activity_type_update"

    @api.model
    def _domain_to_remind(self):
        """Domain of the files whose owners are asked to bring them up to date. Areas
        above narrow it to the customers who are worth it."""
        return Domain("state", "!=", "closed") & Domain("holder_id", "!=", False)

    @api.model
    def _due_domain(self, company):
        """Files of a company that have to be checked and are not being checked."""
        today = company._key_account_today()
        month_ago = fields.Date.subtract(today, months=1)
        kind = self.env.ref(self._update_activity_xmlid)
        due = Domain("company_id", "=", company.id)
        due &= Domain("file_due_on", "<=", today)
        due &= Domain("reminded_on", "=", False) | Domain(
            "reminded_on", "<=", month_ago
        )
        due &= ~Domain("activity_ids.activity_type_id", "=", kind.id)
        return due & self._domain_to_remind()

    @api.model
    def _cron_keep_files(self):
        """Daily: counts agreements that began or ended, and asks the owners of files
        that are due to look through them, each file once a month at most.

        Files without an owner, or whose owner may not open them, wait for the steward
        among the files to check.
        """
        Cron = self.env["ir.cron"]
        self._refresh_agreements()
        for company in self.env["res.company"].search([]):  # pylint: disable=no-search-all
            Account = self.env["key.account"].with_company(company)
            domain = Account._due_domain(company)
            while found := Account.search(domain, limit=BATCH, order="id"):
                # of two that run at once each takes what the other one leaves
                locked = found.try_lock_for_update().filtered_domain(domain)
                locked._remind_owners()
                rest = Account.search_count(domain)
                if not Cron._commit_progress(len(locked), remaining=rest):
                    return
                if not locked:
                    break

    def _remind_owners(self):
        """Gives each owner one activity per file; a handful of queries per owner."""
        if not self:
            return
        today = self.company_id._key_account_today()
        kind = self.env.ref(self._update_activity_xmlid)
        open_files = [
            (holder, account)
            for holder, accounts in self.grouped("holder_id").items()
            for account in accounts._open_to(holder)
        ]
        # they see it among their activities: hundreds of mails would help nobody
        Activity = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        Activity.create(
            [
                {
                    "activity_type_id": kind.id,
                    "automated": True,
                    "date_deadline": fields.Date.add(today, days=kind.delay_count),
                    "res_id": account.id,
                    "res_model_id": self.env["ir.model"]._get_id(self._name),
                    "summary": kind.with_context(lang=holder.lang).name,
                    "user_id": holder.id,
                }
                for holder, account in open_files
            ]
        )
        self._authorized().write({"reminded_on": today})

    def _open_to(self, user):
        """Those of these files that ``user`` may open."""
        if user.share or not user.active:
            return self.browse()
        companies = (self.company_id & user.company_ids).ids
        mine = self.filtered(lambda account: account.company_id.id in companies)
        mine = mine.with_user(user).with_context(allowed_company_ids=companies)
        return mine._filtered_access("write").with_env(self.env)

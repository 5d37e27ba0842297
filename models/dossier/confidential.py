from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class KeyAccountConfidential(models.AbstractModel):
    """Who may open a file: those who serve the customer now, the library stewards and
    the managers. Everybody else sees of an account what its public fields say.

    The right to *write* on the account is the one definition of it: record rules of
    what hangs on an account, its messages, activities and attachments all ask for it.
    """

    _name = "key.account.confidential"
    _description = "Confidential File"

    is_mine = fields.Boolean(
        "Served by Me", compute="_compute_is_mine", search="_search_is_mine"
    )
    may_open = fields.Boolean(compute="_compute_may_open", search="_search_may_open")

    # --- Compute ---

    @api.depends(lambda self: self._serving_fields())
    @api.depends_context("uid")
    def _compute_is_mine(self):
        mine = self.sudo().search(
            Domain("id", "in", self.ids) & self._serving_domain(), order="id"
        )
        for account in self:
            account.is_mine = account._origin in mine

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        serving = self._serving_domain()
        if False in value:
            return Domain.TRUE if True in value else ~serving
        return serving

    @api.depends("is_mine")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_may_open(self):
        mine = self._origin._filtered_access("write")
        for account in self:
            account.may_open = account._origin in mine or not account._origin

    def _search_may_open(self, operator, value):
        if operator != "in":
            return NotImplemented
        open_files = self._open_domain()
        if False in value:
            return Domain.TRUE if True in value else ~open_files
        return open_files

    # --- Business ---

    @api.model
    def _open_domain(self):
        """Domain of the accounts whose file the current user may open."""
        if self.env.su:
            return Domain.TRUE
        if not self.browse().has_access("write"):
            return Domain.FALSE
        return self.env["ir.rule"]._compute_domain(self._name, "write")

    @api.model
    def _serving_fields(self):
        """What decides who serves an account, besides the time."""
        return ["holder_id", "company_id.key_account_nda_required"]

    @api.model
    def _serving_domain(self):
        """Domain of the accounts that the current user serves at this moment and,
        where the company asks for it, has signed for."""
        return self._served_by_domain() & self._cleared_domain()

    @api.model
    def _served_by_domain(self):
        """The owner serves; areas above add those who work with him."""
        return Domain("holder_id", "=", self.env.uid)

    @api.model
    def _cleared_domain(self):
        """Domain of the accounts whose company lets the current user see files."""
        signed = Domain("party", "=", "employee") & Domain("user_id", "=", self.env.uid)
        signed &= self.env["key.account.nda"]._now_domain()
        company = Domain("key_account_nda_required", "=", False)
        company |= Domain("key_account_nda_ids", "any!", signed)
        return Domain("company_id", "any!", company)

    @api.model
    def _hanging_domain(self, model_field, id_field):
        """Domain of the rows of messages, attachments, followers and the like that do
        not hang on a file which is closed to the current user.

        :param model_field: their field with the name of the model they hang on.
        :param id_field: their field with the id of the record.
        """
        domain = Domain.TRUE
        for name in self._confidential_models():
            Model = self._of_all_companies(name)
            free = Domain(model_field, "!=", name)
            if Model.browse().has_access("write"):
                open_files = Model._search(Domain("may_open", "=", True))
                free |= Domain(id_field, "in", open_files)
            domain &= free
        return domain

    @api.model
    def _hanging_on_closed(self, records, model_field, id_field):
        """Those of ``records`` that hang on a file closed to the current user."""
        closed = records.browse()
        hanging = records.sudo()
        for name in self._confidential_models():
            mine = hanging.filtered(
                lambda record, name=name: (
                    record[model_field] == name and record[id_field]
                )
            )
            files = self._of_all_companies(name)
            files = files.browse({record[id_field] for record in mine})
            open_files = files.exists()._filtered_access("write")
            closed |= mine.filtered(
                lambda record, ids=set(open_files.ids): record[id_field] not in ids
            )
        return closed.sudo(records.env.su)

    @api.model
    def _without_closed(self, result, records, make_error):
        """What ``_check_access`` of activities and the like returns, after those that
        hang on a closed file are forbidden, too.

        :param result: what it would return otherwise.
        :param make_error: makes the error about the forbidden ones.
        """
        rest = records - result[0] if result else records
        if self.env.su or not rest:
            return result
        closed = self._hanging_on_closed(rest, "res_model", "res_id")
        if not closed:
            return result
        forbidden = result[0] | closed if result else closed
        return forbidden, lambda: make_error(forbidden)

    @api.model
    def _of_all_companies(self, name):
        """A model with all companies of the user: what he was told stays in his inbox
        whichever of them he works in right now."""
        return self.env[name].with_context(
            active_test=False, allowed_company_ids=self.env.user._get_company_ids()
        )

    @api.model
    def _confidential_models(self):
        """Names of the models that are files."""
        names = self.env.registry.descendants(["key.account.confidential"], "_inherit")
        return [name for name in names if not self.env[name]._abstract]

    def _check_may_open(self):
        """:raises UserError: for whom the file is closed."""
        closed = self - self._filtered_access("write")
        if closed:
            raise UserError(closed[0]._closed_message())

    def _closed_message(self):
        return self.env._(
            "The file of %(name)s is open to those who serve him only."
            " Ask %(owner)s, or a manager, to take you into the team.",
            name=self.name,
            owner=self.sudo().holder_id.name or self.env._("his next owner"),
        )

    # --- Mail ---

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """What was said about a customer, and what is to be done, is for those who
        may open his file."""
        super()._mail_get_operation_for_mail_message_operation(message_operation)
        return dict.fromkeys(self, "write")

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Who may not open the file does not follow it."""
        self._check_no_strangers(self.env["res.partner"].browse(partner_ids))
        return super().message_subscribe(partner_ids, subtype_ids)

    def message_post(self, *, partner_ids=None, **kwargs):
        """Nobody is told of a file that is closed to him."""
        self._check_no_strangers(self.env["res.partner"].browse(partner_ids))
        return super().message_post(partner_ids=partner_ids, **kwargs)

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Followers whose time with this customer has ended hear no more of him."""
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        partners = self.env["res.partner"].browse(data["id"] for data in recipients)
        strangers = self._strangers_among(partners)
        return [data for data in recipients if data["id"] not in strangers.ids]

    def _check_no_strangers(self, partners):
        """:raises UserError: naming the colleagues to whom the file is closed."""
        strangers = self._strangers_among(partners)
        if strangers:
            raise UserError(self._stranger_message(strangers))

    def _strangers_among(self, partners):
        """The colleagues among ``partners`` to whom one of these files is closed."""
        users = partners.sudo().user_ids.filtered(lambda user: not user.share)
        return users.filtered(lambda user: not self._is_open_to(user)).partner_id

    def _is_open_to(self, user):
        """Whether ``user`` may open all of these files."""
        companies = user.company_ids.ids
        mine = self.with_user(user).with_context(allowed_company_ids=companies)
        return self.company_id <= user.company_ids and (
            mine._filtered_access("write") == mine
        )

    def _stranger_message(self, strangers):
        return self.env._(
            "%(people)s cannot see the file of %(name)s. Take them into the team"
            " first, or leave them out.",
            people=", ".join(strangers.mapped("name")),
            name=", ".join(self.mapped("name")[:3]),
        )

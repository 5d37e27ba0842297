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
    may_open = fields.Boolean(compute="_compute_may_open")

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

    # --- Business ---

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
        strangers = self._strangers_among(self.env["res.partner"].browse(partner_ids))
        if strangers:
            raise UserError(self._stranger_message(strangers))
        return super().message_subscribe(partner_ids, subtype_ids)

    def message_post(self, *, partner_ids=None, **kwargs):
        """Nobody is told of a file that is closed to him."""
        named = self.env["res.partner"].browse(partner_ids)
        strangers = self._strangers_among(named)
        if strangers:
            raise UserError(self._stranger_message(strangers))
        return super().message_post(partner_ids=partner_ids, **kwargs)

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Followers whose time with this customer has ended hear no more of him."""
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        partners = self.env["res.partner"].browse(data["id"] for data in recipients)
        strangers = self._strangers_among(partners)
        return [data for data in recipients if data["id"] not in strangers.ids]

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

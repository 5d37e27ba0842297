from lxml import etree

from odoo import api, fields, models
from odoo.exceptions import UserError


class KeyAccountMending(models.AbstractModel):
    """Says what a file lacks to those who may open it, and leads them to the place
    where each thing is filled in (R031)."""

    _name = "key.account.mending"
    _description = "Mending of Files"

    missing_items = fields.Char(compute="_compute_missing_items", compute_sudo=False)
    missing_item_actions = fields.Json(
        "Missing", compute="_compute_missing_items", compute_sudo=False
    )

    # --- Compute ---

    @api.depends("completeness", "held_items", "may_open")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_missing_items(self):
        known = self._file_items()
        names = self.env["key.account.file.item"]._names(self.env.lang)
        items = [(known[code], code, name) for code, name in names if code in known]
        ways = {place: self._may_mend(place) for place in self._places()}
        for account in self:
            file = account.sudo()
            wanted = file._required_mask() & ~file.held_items if account.may_open else 0
            missing = [row for row in items if row[0].mask & wanted]
            account.missing_items = ", ".join(name for _item, _code, name in missing)
            account.missing_item_actions = [
                {
                    "code": code,
                    "label": name,
                    "where": self._places()[item.place],
                    "mend": ways[item.place],
                }
                for item, code, name in missing
            ]

    # --- Actions ---

    def action_mend_item(self, code):
        """Opens the place where a missing item of the file is filled in."""
        self.ensure_one()
        self._check_may_open()
        item = self._file_items().get(code)
        if not item:
            raise UserError(
                self.env._(
                    "No file holds an item %(code)s. Reload the page.", code=code
                )
            )
        return getattr(self, f"_mend_{item.place}")(item)

    # --- Business ---

    @api.model
    def _places(self):
        """Place of an item -> how people call it."""
        return {
            "account": self.env._("In this file"),
            "partner": self.env._("On the contact"),
            "owner": self.env._("A manager assigns him"),
            "agreement": self.env._("Among the agreements"),
            "check": self.env._("With the button File is Right"),
        }

    @api.model
    def _may_mend(self, place):
        """Whether the current user is offered a link to this place."""
        needed = {
            "partner": ("res.partner", "write"),
            "owner": ("key.account.assign", "create"),
            "agreement": ("key.account.nda", "create"),
        }
        if place not in needed:
            return True
        model, operation = needed[place]
        return self.env[model].has_access(operation)

    def _mend_account(self, item):
        name = item.path.rpartition(".")[2]
        if name not in self._fields:
            name = item.path.partition(".")[0]
        return self._show_place(field=name, page=self._page_of(name))

    def _mend_check(self, item):
        return self._show_place(button="action_verify")

    def _mend_partner(self, item):
        return self.action_open_partner()

    def _mend_owner(self, item):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account.key_account_assign_action"
        )
        return {**action, "context": {"default_account_ids": self.ids}}

    def _mend_agreement(self, item):
        title = self.env._("Agreements")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "key.account.nda",
            "views": [[False, "list"], [False, "form"]],
            "domain": [("account_id", "=", self.id)],
            "context": {"default_party": "customer", "default_account_id": self.id},
        }

    @api.model
    def _show_place(self, **params):
        """A client action that turns to a page of the open form and points there."""
        return {
            "type": "ir.actions.client",
            "tag": "key_account_show_place",
            "params": params,
        }

    @api.model
    def _page_of(self, name):
        """The page of the account's form that shows a field, wherever an area has put
        it; False where it stands above the pages."""
        arch = etree.fromstring(self.get_view(view_type="form")["arch"])
        pages = arch.xpath("//page[.//field[@name=$name]]", name=name)
        return pages[0].get("name") if pages else False

from odoo import models


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        """What one is asked for has an app of its own only for those who do not have
        it among the key accounts."""
        hidden = super()._load_menus_blacklist()
        if self.env.user.has_group("key_account.group_reader"):
            own_app = self.env.ref("key_account.asked_menu", raise_if_not_found=False)
            hidden.extend(own_app.ids if own_app else [])
        return hidden

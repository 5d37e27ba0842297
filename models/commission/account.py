from odoo import models


class KeyAccount(models.Model):
    _inherit = "key.account"

    def action_open_deals(self):
        """Opens the contracts of the customer that commission is paid for."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account.commission_deal_action"
        )
        domain = [("partner_id", "=", self.partner_id.id)]
        return {**action, "domain": domain, "context": {}}

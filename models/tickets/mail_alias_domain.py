from odoo import api, models

from ...tools.intake import intake_of


class MailAliasDomain(models.Model):
    _inherit = "mail.alias.domain"

    @api.model
    def _find_aliases(self, email_list):
        """Which addresses are our own is asked once for each mail that comes in."""
        intake = intake_of(self)
        if intake and intake.asked.issuperset(email_list):
            return [address for address in email_list if address in intake.own]
        return super()._find_aliases(email_list)

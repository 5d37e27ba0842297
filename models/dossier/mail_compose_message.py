from odoo import models


class MailComposeMessage(models.TransientModel):
    """A mail to many customers at once goes through the gate (R038); one to one
    customer is daily work."""

    _inherit = "mail.compose.message"

    def _action_send_mail(self, auto_commit=False):
        gate = self.env["key.account.gate"]
        if not self.env.su and not gate._has_passed():
            for wizard in self.filtered("model"):
                wizard._key_account_pass_gate_of_mail()
        return super()._action_send_mail(auto_commit=auto_commit)

    def _key_account_pass_gate_of_mail(self):
        records = self.env[self.model]
        if self.res_domain:
            records = records.search(self._evaluate_res_domain())
        else:
            records = records.browse(self._evaluate_res_ids())
        if self.composition_mode == "mass_mail" or len(records) > 1:
            gate = self.env["key.account.gate"]
            accounts = gate._accounts_of_recipients(records, "email")
            gate._pass(accounts, "email", self.model, len(records), ["email"])

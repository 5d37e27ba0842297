from odoo import models


class PrivacyLookupWizardLine(models.TransientModel):
    _inherit = "privacy.lookup.wizard.line"

    def action_unlink(self):
        """Erasing a contact erases what the files of customers say of the person;
        what is gone with it already counts as deleted. An account that merely names
        him as its referrer forgets him and stays."""
        self.ensure_one()
        if not self.is_unlinked and self.res_model == "res.partner":
            self._key_account_people().unlink()
        if not self.is_unlinked and self.res_model == "key.account":
            account = self.env["key.account"].sudo().browse(self.res_id)
            if account.partner_id.id not in self._key_account_contacts():
                account.referrer_id = False
                self._key_account_mark(
                    self.env._("Forgot the referrer in %(model)s #%(number)s")
                )
                return None
        if (
            not self.is_unlinked
            and self.res_model.startswith("key.account.")
            and not self.env[self.res_model].sudo().browse(self.res_id).exists()
        ):
            self._key_account_mark(
                self.env._("Deleted %(model)s #%(number)s with the person")
            )
            return None
        return super().action_unlink()

    def _key_account_people(self):
        """The person in every file that knows him."""
        people = self.env["key.account.stakeholder"].sudo()
        return people.with_context(active_test=False).search(
            [("partner_id", "=", self.res_id)]
        )

    def _key_account_contacts(self):
        lines = self.wizard_id.line_ids
        return lines.filtered(lambda line: line.res_model == "res.partner").mapped(
            "res_id"
        )

    def _key_account_mark(self, text):
        self.execution_details = text % {
            "model": self.res_model_id.name,
            "number": self.res_id,
        }
        self.is_unlinked = True

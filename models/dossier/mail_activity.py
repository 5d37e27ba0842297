from odoo import api, models
from odoo.fields import Domain


class MailActivity(models.Model):
    _inherit = "mail.activity"

    # --- CRUD ---

    def write(self, vals):
        """An activity is not carried into a file that is closed."""
        result = super().write(vals)
        if not self.env.su and {"res_id", "res_model", "res_model_id"} & vals.keys():
            self._check_files()
        return result

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """Whom an activity is assigned to loses sight of it with the file."""
        domain = Domain(domain)
        if not (self.env.su or bypass_access):
            Confidential = self.env["key.account.confidential"]
            domain &= Confidential._hanging_domain("res_model", "res_id")
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if operation == "create":
            return result
        return self.env["key.account.confidential"]._without_closed(
            result, self, lambda closed: closed._make_access_error(operation)
        )

    # --- Actions ---

    def action_create_calendar_event(self):
        """Opens the calendar. Of a file it carries the time over, not the note."""
        action = super().action_create_calendar_event()
        if self._is_time_only():
            action["context"] = {**action["context"], "default_description": ""}
            action["context"]["default_privacy"] = "private"
        return action

    # --- Business ---

    def _check_files(self):
        """:raises UserError: where an activity lies in a file that is closed to the
        current user, or to whom it is assigned to.
        """
        confidential = self.env["key.account.confidential"]._confidential_models()
        for activity in self.filtered(lambda act: act.res_model in confidential):
            account = self.env[activity.res_model].browse(activity.res_id)
            account._check_may_open()
            account._check_no_strangers(activity.user_id.partner_id)

    def _action_done(self, feedback=False, attachment_ids=False):
        """What came of a meeting is kept in the file, not in the calendar."""
        events = self.filtered(lambda act: act._is_time_only()).calendar_event_id
        notes = [(event, event.notes) for event in events.sudo()]
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        for event, note in notes:
            if event.notes != note:
                event.notes = note
        return result

    def _is_time_only(self):
        """Whether the calendar may know no more of this activity than its time."""
        model = self.res_model or ""
        return model == "key.account" or model.startswith("key.account.")

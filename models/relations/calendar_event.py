from odoo import api, models

TIME = {"start", "stop", "start_date", "stop_date", "duration", "allday"}


class CalendarEvent(models.Model):
    """The events of visits: who moves one in his calendar moves the visit."""

    _inherit = "calendar.event"

    # --- CRUD ---

    def write(self, vals):
        moved = bool(TIME & vals.keys())
        result = super().write(vals)
        if moved:
            self._move_visits()
        return result

    # --- Business ---

    def _move_visits(self):
        """:raises UserError: where somebody who only helps moves a visit."""
        visits = self.env["key.account.visit"].sudo()
        events = self.sudo().filtered(lambda event: event.res_model == visits._name)
        if not events:
            return
        for visit in visits.search(
            [("event_id", "in", events.ids), ("state", "=", "planned")]
        ):
            event = visit.event_id
            if (visit.planned_at, visit.planned_until) != (event.start, event.stop):
                visit.with_env(self.env)._follow_event(event)

    @api.model
    def _get_activity_excluded_models(self):
        """What is to be done about a visit is on its checklist."""
        return [*super()._get_activity_excluded_models(), "key.account.visit"]

from odoo import api, models
from odoo.fields import Domain

# What an event says besides its time.
TEXTS = {"display_name", "name", "description", "notes", "location", "res_id"}
LINK = {"privacy", "res_model", "res_model_id"}


class CalendarEvent(models.Model):
    """Calendars are open to all colleagues, files are not: of an event that belongs to
    a record of ours, others see that the time is taken."""

    _inherit = "calendar.event"

    # --- CRUD ---

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        events._keep_private()
        return events

    def write(self, vals):
        linked = bool(LINK & vals.keys())
        result = super().write(vals)
        if linked:
            self._keep_private()
        return result

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """Odoo hides the words of a private event, but searches in them."""
        domain = Domain(domain)
        asked = {
            condition.field_expr.split(".")[0] for condition in domain.iter_conditions()
        }
        if asked & TEXTS and not (self.env.su or bypass_access):
            mine = Domain("user_id", "=", self.env.uid)
            mine |= Domain("partner_ids", "in", self.env.user.partner_id.ids)
            domain &= mine | ~self._time_only_domain()
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    # --- Business ---

    def _keep_private(self):
        ours = self.sudo().filtered_domain(self._time_only_domain())
        exposed = ours.filtered(lambda event: event.privacy != "private")
        if exposed:
            exposed.write({"privacy": "private"})

    @api.model
    def _time_only_domain(self):
        """Domain of the events that belong to a record of this addon."""
        return Domain("res_model", "=like", "key.account%")

    def _sync_activities(self, fields):
        """An event without words does not wipe out what an activity says."""
        ours = self.filtered_domain(self._time_only_domain())
        super(CalendarEvent, ours)._sync_activities(set(fields) - {"description"})
        return super(CalendarEvent, self - ours)._sync_activities(fields)

from odoo import api, models
from odoo.tools import format_date, format_datetime

DAY = 24 * 60


class KeyAccountSlaWords(models.AbstractModel):
    """Promises as people say them: what they hold for, within which time, and how much
    of it is left."""

    _name = "key.account.sla.words"
    _description = "Promises in Words"

    # --- Time ---

    @api.model
    def _within(self, minutes, around_the_clock=False):
        """A promised time: "2 working hours", "30 minutes, day and night"."""
        if minutes < 60:
            if around_the_clock:
                return self.env._("%(count)s minutes, day and night", count=minutes)
            return self.env._("%(count)s working minutes", count=minutes)
        hours = f"{minutes / 60:.4g}"
        if hours == "1":
            if around_the_clock:
                return self.env._("1 hour, day and night")
            return self.env._("1 working hour")
        if around_the_clock:
            return self.env._("%(count)s hours, day and night", count=hours)
        return self.env._("%(count)s working hours", count=hours)

    @api.model
    def _span(self, minutes):
        """A stretch of time in short: "40 min", "3 h", "2 days"."""
        if minutes < 60:
            return self.env._("%(count)s min", count=max(minutes, 1))
        if minutes < 10 * 60:
            return self.env._("%(count)s h", count=f"{round(minutes / 30) / 2:g}")
        if minutes < 2 * DAY:
            return self.env._("%(count)s h", count=round(minutes / 60))
        return self.env._("%(count)s days", count=round(minutes / DAY))

    @api.model
    def _late_span(self, minutes):
        """Working time is counted in hours: eight of them are a day's work, not a third
        of a day."""
        if minutes < 10 * 60:
            return self._span(minutes)
        return self.env._("%(count)s h", count=round(minutes / 60))

    # --- Conditions ---

    @api.model
    def _condition_words(self, record, field_names):
        """What fields of a record hold, as one reads it; what is empty, or not for the
        reader, is left out."""
        words = []
        for name in field_names:
            field = record._fields[name]
            value = record._has_field_access(field, "read") and record[name]
            if not value:
                continue
            if field.type == "selection":
                words.append(dict(field._description_selection(self.env))[value])
            elif field.type == "datetime":
                words.append(format_datetime(self.env, value, dt_format="short"))
            elif field.type == "date":
                words.append(self._date_words(name, value))
            else:
                words.append(self._link_words(name, value))
        return words

    @api.model
    def _link_words(self, name, records):
        names = ", ".join(dict.fromkeys(records.sudo().mapped("display_name")))
        if name in ("tier_ids", "tier_id"):
            return self.env._("Tier %(names)s", names=names)
        if name == "team_id":
            return self.env._("Team %(name)s", name=names)
        return names

    @api.model
    def _date_words(self, name, value):
        day = format_date(self.env, value)
        if name == "date_to":
            return self.env._("until %(day)s", day=day)
        return self.env._("from %(day)s", day=day)

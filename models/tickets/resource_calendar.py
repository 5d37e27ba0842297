from datetime import timedelta
from odoo import models
from ...tools.working_time import WorkingTime
import pytz


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def _key_account_working_time(self, since, until, company):
        if not self:
            return WorkingTime.round_the_clock()
        u = pytz.utc
        rows = self._work_intervals_batch(u.localize(since), u.localize(until))[False]
        return WorkingTime(
            [
                (
                    a.astimezone(u).replace(tzinfo=None),
                    b.astimezone(u).replace(tzinfo=None),
                )
                for a, b, _r in rows
            ],
            since,
            until,
        )

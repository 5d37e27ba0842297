from datetime import timedelta

from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _key_account_works_at(self, moment):
        """Whether this person is at work: in his own working hours, or else those of
        his company, extra days included."""
        self.ensure_one()
        employee = self.sudo().with_company(self.company_id).employee_id
        calendar = employee.resource_calendar_id or self.company_id.resource_calendar_id
        later = moment + timedelta(minutes=1)
        work = calendar._key_account_working_time(moment, later, self.company_id)
        return work.between(moment, later) > 0

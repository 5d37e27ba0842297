from odoo import fields, models

TO_DO = "mail.mail_activity_data_todo"


class KeyAccountTicketAsked(models.AbstractModel):
    """A part of a ticket that somebody has to do something about: it stands among his
    activities until it is done, or another one is asked."""

    _name = "key.account.ticket.asked"
    _description = "Asked of Somebody"
    _inherit = ["mail.thread", "mail.activity.mixin", "key.account.ticket.part"]
    _mail_post_access = "read"

    def _ask_for(self, user, summary, day=None):
        """Puts this among the activities of ``user``, once."""
        self.ensure_one()
        if not user or not user.active or user in self.sudo().activity_ids.user_id:
            return
        self.sudo().activity_schedule(
            TO_DO,
            user_id=user.id,
            summary=summary,
            date_deadline=day or self.company_id._key_account_today(),
        )

    def _no_longer_asked(self, words=None):
        """It is done, or not wanted any more."""
        self.sudo().activity_feedback([TO_DO], feedback=words)

    def _head_of(self, department):
        """Who answers for a department."""
        return department.sudo().manager_id.user_id

    def _day_of(self, moment):
        return self.company_id._key_account_day(moment or fields.Datetime.now())

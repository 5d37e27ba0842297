from datetime import timedelta

from odoo import fields, models
from odoo.fields import Command
from odoo.tools.misc import clean_context

# So often a ticket is looked for that took the place of another.
LINKS = 20


class KeyAccountTicketAgain(models.AbstractModel):
    """The customer writes to a ticket that there is, by mail or on the portal: he waits
    for an answer; an answered enquiry, or a ticket that ended a few days ago, is taken
    up again; later it is a new ticket (R087, R093, R095).

    What programs and people beside the customer write does none of this.
    """

    _name = "key.account.ticket.again"
    _description = "Ticket the Customer Writes to"

    # --- Business ---

    def _customer_wrote(self, message):
        """Does what a message of the customer means for this ticket."""
        ticket = self.sudo().with_context(clean_context(self.env.context))
        goal = ticket._where_it_goes_on()
        if goal != ticket or not goal._takes_more():
            ticket._hand_on(message, goal)
            return
        ticket._wait_for_row()
        if ticket.state == "answered":
            ticket._has_more()
        elif not ticket.is_open:
            ticket._reopen(self.env._("the customer wrote again."))
            ticket._tell_people(self.env._("Reopened: the customer wrote again"))
        ticket._customer_wrote_at(fields.Datetime.now())

    def _where_it_goes_on(self):
        """The ticket on which goes on what the customer writes to this one: the one it
        was merged into, or the last that came out of it after its days of grace."""
        ticket = self
        for _link in range(LINKS):
            following = ticket.merged_into_id
            if not following and not ticket._takes_more():
                following = ticket._newest_offspring()
            if not following:
                break
            ticket = following
        return ticket

    def _takes_more(self):
        """Whether it is open, or ended so lately that it is taken up again; else the
        customer needs a new one."""
        days = timedelta(days=self.company_id.key_account_grace_days)
        now = fields.Datetime.now()
        is_fresh = days and self.closed_at and now <= self.closed_at + days
        return self.is_open or bool(is_fresh)

    def _newest_offspring(self):
        return self.search([("origin_id", "=", self.id)], limit=1, order="id desc")

    def _has_more(self):
        """An answered enquiry goes back to its handler: the customer has more."""
        vals = {**self._forget_on_reopening(), "outcome": False}
        self._move("assigned", **vals)

    def _wait_for_row(self):
        """Takes the row, and waits for whoever has it: nobody turns a customer away."""
        self.flush_recordset()
        self.env.cr.execute(
            "SELECT 1 FROM key_account_ticket WHERE id = %s FOR NO KEY UPDATE",
            [self.id],
        )

    def _tell_people(self, summary):
        """An activity for the handler and one for the team leader, or for a manager
        where there is neither any more."""
        people = self.user_id | self.team_id.leader_id
        people = people.filtered("active") or self._any_manager(self.company_id)
        activity_type = self.env.ref(
            "key_account.activity_customer_wrote", raise_if_not_found=False
        )
        activities = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        activities.create(
            [
                {
                    "res_model_id": self.env["ir.model"]._get_id(self._name),
                    "res_id": self.id,
                    "activity_type_id": activity_type.id if activity_type else False,
                    "summary": summary,
                    "user_id": user.id,
                    "date_deadline": self.company_id._key_account_today(),
                }
                for user in people
            ]
        )

    # --- Later ---

    def _hand_on(self, message, goal):
        """Puts a message where it goes on, with its files, and says so here."""
        if goal._takes_more():
            self._note_that_it_goes_on(goal)
            goal._customer_wrote(message)
        else:
            last, goal = goal, goal.create(goal._prepare_follow_up_vals(message))
            goal._acknowledge()
            (self | last)._note_that_it_goes_on(goal)
        files = [
            file.copy({"res_model": self._name, "res_id": goal.id}).id
            for file in message.sudo().attachment_ids
        ]
        message.sudo().copy({"res_id": goal.id, "attachment_ids": [Command.set(files)]})

    def _prepare_follow_up_vals(self, message=None):
        """A new ticket for what a customer writes to one that has ended.

        :param message: what he wrote, where that is no mail that is still to come in.
        """
        kept = ("partner_id", "account_id", "company_id", "team_id", "mailbox_id")
        about = ("order_id", "project_id", "supplier_id")
        words = ("kind", "contact_name", "email_from", "phone", "show_name", "stand_no")
        vals = {name: self[name].id for name in kept + about}
        vals |= {name: self[name] for name in words}
        if message:
            channel = "email" if message.message_type == "email" else "portal"
            vals |= {"channel": channel, "description": message.body, "name": self.name}
        return {**vals, "origin_id": self.id}

    def _note_that_it_goes_on(self, goal):
        """Says on a ticket where what the customer wrote to it is answered."""
        for ticket in self.sudo():
            ticket._message_log(
                body=self.env._(
                    "The customer wrote to this ticket again: it goes on as %(number)s",
                    number=goal._get_html_link(),
                )
            )

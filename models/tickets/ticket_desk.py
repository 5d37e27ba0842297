from odoo import models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from ...tools import ticket_rules


class KeyAccountTicketDesk(models.AbstractModel):
    """What an agent does at his desk or on his phone between two steps of a ticket: he
    replies, passes it to a colleague, decides about a hold, looks something up."""

    _name = "key.account.ticket.desk"
    _description = "Ticket on the Desk"
    _inherit = ["key.account.ticket.flow"]

    # --- Actions ---

    def action_reply(self, words=None, settled=False):
        """Writes to the customer, who follows what is said on the ticket. Whoever
        replies to a new ticket has taken it on.

        :param settled: whether the reply answers an enquiry as a whole.
        """
        if not words:
            return self._ask("reply")
        self._begin_step()
        for ticket in self:
            if ticket.state == "new":
                ticket.action_accept()
            if not ticket.is_open:
                raise UserError(ticket._resting_message())
            ticket.message_post(
                body=plaintext2html(words),
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=ticket.partner_id.ids,
            )
            if settled and ticket.kind == "enquiry":
                ticket.action_done()
        return True

    def action_hand_over(self, user_id=None, team_id=None, words=None):
        """Passes the ticket to a colleague, or to another team for one of its people to
        take (R087, R095). He is told why; what was promised to the customer runs on.

        :param user_id: id of the new handler.
        :param team_id: id of the new team.
        :param words: what he has to know.
        """
        if not (user_id or team_id):
            return self._ask("hand_over")
        self._begin_step()
        user = self.env["res.users"].browse(user_id)
        team = self.env["key.account.ticket.team"].browse(team_id)
        for ticket in self:
            if not ticket.is_open:
                raise UserError(ticket._resting_message())
            ticket._check_may_handle(user)
            ticket._hand_over(user, team, words)
        return True

    def action_approve_hold(self):
        """Approves the hold that runs now."""
        return self._current_holds().action_approve()

    def action_refuse_hold(self):
        """Refuses the hold that runs now: the promises ran all the time."""
        return self._current_holds().action_refuse()

    def action_add_investigation(self):
        """Asks a department, or one person, to find out what happened."""
        return self._add_part(
            "key.account.ticket.investigation", self.env._("Ask Who Knows")
        )

    def action_add_measure(self):
        """Adds to the plan what somebody does until when."""
        return self._add_part("key.account.ticket.measure", self.env._("Add a Measure"))

    def action_open_promise_log(self):
        """Shows everything that happened to the promises of this ticket."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account.sla_event_action"
        )
        return {
            **action,
            "display_name": self.env._("Promises of %(name)s", name=self.number),
            "domain": [("ticket_id", "=", self.id)],
        }

    def action_open_duplicates(self):
        """Lists this ticket and those that may say the same."""
        return self._open_tickets(
            self | self.duplicate_ids, self.env._("Possible Duplicates")
        )

    def action_open_repeats(self):
        """Lists the earlier complaints of the same cause."""
        return self._open_tickets(self.repeat_of_ids, self.env._("Happened Before"))

    # --- Business ---

    def _move(self, new_state, **vals):
        """Once the plan is agreed, those who carry it out hear of it; once nobody waits
        for it any more, it leaves their lists."""
        result = super()._move(new_state, **vals)
        measures = self.sudo().measure_ids
        if new_state == "executing":
            measures._tell_owners()
        elif new_state in ticket_rules.SIDE_EXITS:
            measures.activity_unlink(["mail.mail_activity_data_todo"])
        return result

    def _check_may_handle(self, user):
        """:raises UserError: for who could not work on the ticket."""
        if not user:
            return
        works_here = user.active and self.company_id in user.sudo().company_ids
        if not works_here or not user.has_group("key_account.group_member"):
            raise UserError(
                self.env._(
                    "%(user)s does not handle tickets in %(company)s. Choose somebody"
                    " of the key account team.",
                    user=user.name,
                    company=self.company_id.name,
                )
            )
        if user == self.sudo().responsible_user_id:
            raise UserError(
                self.env._(
                    "%(name)s is about the work of %(user)s: somebody else deals with"
                    " it.",
                    name=self.display_name,
                    user=user.name,
                )
            )

    def _hand_over(self, user, team, words):
        old, told = self.user_id, user or team.sudo().leader_id
        self._tell_handed_over(user or team, told, words)
        values = {"user_id": user.id}
        if team and team != self.team_id:
            values["team_id"] = team.id
        # one message is enough
        self.with_context(mail_auto_subscribe_no_notify=True).write(values)
        if told and old:
            open_tasks = self.sudo().activity_ids.filtered(
                lambda activity: activity.user_id == old
            )
            open_tasks.with_context(mail_activity_quick_update=True).write(
                {"user_id": told.id}
            )

    def _tell_handed_over(self, receiver, told, words):
        body = self.env._("Handed over to %(name)s.", name=receiver.name)
        if words:
            body = f"{body} {words}"
        self.message_post(
            body=body,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
            partner_ids=told.partner_id.ids,
        )

    def _current_holds(self):
        holds = self.current_hold_id
        if not holds:
            raise UserError(self.env._("There is no hold to decide about."))
        return holds

    def _ask(self, step):
        """Of possible duplicates the oldest open one is offered to go on."""
        action = super()._ask(step)
        open_ones = self.duplicate_ids.filtered("is_open") if step == "merge" else None
        if open_ones:
            action["context"]["default_into_id"] = min(open_ones.ids)
        return action

    def _add_part(self, model, title):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"default_ticket_id": self.id, "in_ticket": True},
        }

    def _open_tickets(self, tickets, title):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account.ticket_action"
        )
        return {
            **action,
            "display_name": title,
            "domain": [("id", "in", tickets.ids)],
            "context": {},
            "view_mode": "list,kanban,form",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
        }

from odoo import api, models

from ...tools.intake import CONTEXT_KEY, intake_of
from .ticket_gateway import TRY_AGAIN


class MailThread(models.AbstractModel):
    """The gateway of Odoo, where mails for a mailbox come by. What is done with them is
    in ``ticket_gateway.py`` and ``ticket_routing.py``; all others pass untouched."""

    _inherit = "mail.thread"

    @api.model
    def message_process(self, model, message, *args, **kwargs):
        gateway = self.env["key.account.ticket.gateway"]
        intake = gateway._open(model, message)
        if not intake:
            return super().message_process(model, message, *args, **kwargs)
        thread = self.with_context(**{CONTEXT_KEY: intake})
        try:
            return gateway._take_in(
                intake,
                lambda source: super(MailThread, thread).message_process(
                    model, source, *args, **kwargs
                ),
            )
        except TRY_AGAIN:
            return gateway._take_in_anew(model, message, *args, **kwargs)

    @api.model
    def message_parse(self, message, save_original=False):
        intake = intake_of(self)
        if not intake:
            return super().message_parse(message, save_original=save_original)
        return self.env["key.account.ticket.gateway"]._parse(
            intake,
            message,
            lambda source: super(MailThread, self).message_parse(
                source, save_original=save_original
            ),
        )

    @api.model
    def message_route(self, message, message_dict, *args, **kwargs):
        gateway, intake = self.env["key.account.ticket.gateway"], intake_of(self)
        routes = intake and gateway._straight_routes(intake, message_dict)
        if not routes:
            routes = super().message_route(message, message_dict, *args, **kwargs)
        return gateway._guard(intake, message, message_dict, routes)

    @api.model
    def _detect_is_bounce(self, message, message_dict):
        intake = intake_of(self)
        if not intake:
            return super()._detect_is_bounce(message, message_dict)
        return intake.is_bounce

    @api.model
    def _detect_loop_sender(self, message, message_dict, routes):
        gateway, intake = self.env["key.account.ticket.gateway"], intake_of(self)
        if intake and gateway._writes_seldom(intake, routes):
            return False
        is_loop = super()._detect_loop_sender(message, message_dict, routes)
        if is_loop and intake and gateway._makes_ticket(routes):
            gateway._refuse(intake, "too_many")
        return is_loop

    @api.model
    def _message_parse_post_process(self, message, message_dict, routes):
        intake = intake_of(self)
        if intake and intake.people is not None:
            return self.env["key.account.ticket.gateway"]._people_values(intake)
        return super()._message_parse_post_process(message, message_dict, routes)

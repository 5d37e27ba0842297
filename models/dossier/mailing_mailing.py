from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.authority import AUTHORITY, CONTEXT_KEY, holds_authority

QUEUE_KEY = "key_account_mailing_queue"
SENDER = "key_account_sender_id"


class MailingMailing(models.Model):
    """A mailing to customers needs a data request of whoever sends it (R038): when it
    is put in the queue, and again at the moment it leaves."""

    _inherit = "mailing.mailing"

    key_account_request_id = fields.Many2one(
        "key.account.data.request",
        "Data Request",
        domain="[('is_open', '=', True), ('channel', 'in', ['email', 'sms'])]",
        ondelete="restrict",
        copy=False,
        index="btree_not_null",
        help="What allows this mailing to customers. Empty: whichever request of yours"
        " covers its recipients.",
    )
    key_account_sender_id = fields.Many2one(
        "res.users",
        "Sent in the Name of",
        readonly=True,
        copy=False,
        help="Who put the mailing in the queue; his data request counts.",
    )

    # --- CRUD ---

    @api.model_create_multi
    def create(self, vals_list):
        mailings = super().create(
            [
                {name: value for name, value in vals.items() if name != SENDER}
                for vals in vals_list
            ]
        )
        mailings.filtered(lambda mailing: mailing.state == "in_queue")._queue_up()
        return mailings

    def write(self, vals):
        if SENDER in vals and not holds_authority(self.env.context):
            raise UserError(
                self.env._("Who sends a mailing is whoever puts it in the queue.")
            )
        result = super().write(vals)
        if vals.get("state") == "in_queue":
            self._queue_up()
        return result

    # --- Business ---

    def _queue_up(self):
        """Remembers who sends, and finds the request that allows him to.

        :raises AccessError: if there is none.
        """
        for mailing in self:
            sender = mailing._key_account_sender()
            requests = mailing._key_account_allowed_by(sender, note=False)
            mailing.with_context(**{CONTEXT_KEY: AUTHORITY}).write(
                {
                    SENDER: sender.id,
                    "key_account_request_id": requests[:1].id,
                }
            )

    def _action_send_mail(self, res_ids=None):
        """What may not leave goes back to its author and stops no other mailing."""
        allowed = self.browse()
        for mailing in self:
            try:
                mailing._key_account_allowed_by(
                    mailing._key_account_sender(), res_ids=res_ids
                )
            except AccessError as error:
                if not self.env.context.get(QUEUE_KEY):
                    raise
                mailing._give_back(str(error))
            else:
                allowed |= mailing
        if self and not allowed:
            return True
        passed = allowed.with_context(**self.env["key.account.gate"]._passed())
        return super(MailingMailing, passed)._action_send_mail(res_ids)

    @api.model
    def _process_mass_mailing_queue(self):
        queue = self.with_context(**{QUEUE_KEY: True})
        return super(MailingMailing, queue)._process_mass_mailing_queue()

    def _key_account_sender(self):
        """The user who sends; for the scheduler, who put it in the queue."""
        if not self.env.su:
            return self.env.user
        sender = self.key_account_sender_id
        if not sender and self.ab_testing_enabled:
            sender = self._get_ab_testing_siblings_mailings()[SENDER][:1]
        return sender or self.user_id or self.create_uid

    def _key_account_allowed_by(self, sender, res_ids=None, note=True):
        """The requests of ``sender`` under which the mailing may leave; none where it
        reaches no customer.

        :raises AccessError: if it reaches one that is not covered.
        """
        self.ensure_one()
        records = self.env[self.mailing_model_real]
        records = records.browse(res_ids or self._get_remaining_recipients())
        gate = self.env["key.account.gate"].with_user(sender)
        channel = "sms" if self.mailing_type == "sms" else "email"
        accounts = gate._accounts_of_recipients(records, channel)
        named = self.sudo().key_account_request_id
        if not note:
            return gate._requests_for(accounts, channel, named)
        details = (records._name, len(records), [self.mailing_type], named)
        return gate._pass(accounts, channel, *details)

    def _give_back(self, reason):
        """Makes a mailing that may not leave a draft again, and says why."""
        self.write({"state": "draft", "schedule_date": False, "schedule_type": "now"})
        self.message_post(
            body=self.env._("Not sent: %(reason)s", reason=reason),
            partner_ids=self._key_account_sender().partner_id.ids,
        )

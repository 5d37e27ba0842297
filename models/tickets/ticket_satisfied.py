from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

OUTCOMES = [
    ("satisfied", "Satisfied"),
    ("neutral", "So-so"),
    ("dissatisfied", "Dissatisfied"),
    ("unreachable", "Could Not Be Reached"),
]
MARKS = [(str(mark), str(mark)) for mark in range(1, 6)]
# Odoo's ratings know three faces.
OF_RATING = {5: "satisfied", 3: "neutral", 1: "dissatisfied"}
BY_CUSTOMER = ("rating", "portal")


class KeyAccountTicketSatisfied(models.AbstractModel):
    """Whether the customer is satisfied, and who says so (R093, R101, R113).

    He says it himself, by the link in a mail or on the portal. What a handler notes
    after a call is marked apart, and somebody else checks samples of it: nobody rates
    his own work (I8).
    """

    _name = "key.account.ticket.satisfied"
    _description = "Satisfaction"
    _inherit = ["key.account.ticket.flow"]

    satisfaction = fields.Selection(OUTCOMES, readonly=True, copy=False, tracking=True)
    satisfaction_source = fields.Selection(
        [
            ("rating", "Link in a Mail"),
            ("portal", "Portal"),
            ("phone", "By Phone, Noted by Us"),
            ("interview", "In Person, by Somebody Else"),
            ("external", "Third Party"),
        ],
        "Said by",
        readonly=True,
        copy=False,
    )
    satisfaction_asked_at = fields.Datetime("Asked", readonly=True, copy=False)
    satisfaction_at = fields.Datetime("Answered", readonly=True, copy=False)
    satisfaction_by_id = fields.Many2one(
        "res.users", "Noted by", readonly=True, copy=False
    )
    satisfaction_comment = fields.Text("In His Words", readonly=True, copy=False)
    attitude = fields.Selection(MARKS, "Attitude (1 to 5)", readonly=True, copy=False)
    speed = fields.Selection(MARKS, "Speed (1 to 5)", readonly=True, copy=False)
    dissatisfied_count = fields.Integer(
        "Times Not Satisfied",
        readonly=True,
        copy=False,
        help="How often he said so. It stays when the ticket is taken up again and he"
        " is satisfied in the end.",
    )

    # samples of what we noted ourselves
    sampled_by_id = fields.Many2one(
        "res.users", "Checked by", readonly=True, copy=False
    )
    sampled_at = fields.Datetime("Checked", readonly=True, copy=False)
    sample_result = fields.Selection(
        [("same", "The Customer Says the Same"), ("differs", "He Says Otherwise")],
        "Result of the Check",
        readonly=True,
        copy=False,
    )

    # --- CRUD ---

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "satisfaction",
            "satisfaction_source",
            "satisfaction_asked_at",
            "satisfaction_at",
            "satisfaction_by_id",
            "satisfaction_comment",
            "attitude",
            "speed",
            "dissatisfied_count",
            "sampled_by_id",
            "sampled_at",
            "sample_result",
        }

    # --- Actions ---

    def action_record_satisfaction(
        self, outcome=None, source="phone", attitude=None, speed=None, comment=None
    ):
        """Notes whether the customer is satisfied. Who is not goes back to planning
        (a complaint) or to his handler (an enquiry).

        :param outcome: a key of ``satisfaction``.
        :param source: ``phone`` for the handler; others may say ``interview`` or
            ``external`` as well.
        :param attitude: marks from 1 to 5, as is ``speed``.
        """
        if not outcome:
            return self._ask("satisfaction")
        self._begin_step()
        for ticket in self:
            ticket._check_may_note(source)
            ticket._keep_satisfaction(outcome, source, attitude, speed, comment)
            ticket._after_satisfaction(outcome, comment)
        return True

    def action_sample(self, result=None):
        """Somebody else asks the customer again whether what was noted is true."""
        if not result:
            return self._ask("sample")
        for ticket in self:
            if ticket.satisfaction_source != "phone":
                raise UserError(
                    self.env._("Only what we noted ourselves after a call is checked.")
                )
            if self.env.user in (ticket.satisfaction_by_id, ticket.user_id):
                raise UserError(
                    self.env._("Somebody else checks what you noted. Ask a colleague.")
                )
        self._lock()
        self._authorized().write(
            {
                "sampled_by_id": self.env.uid,
                "sampled_at": fields.Datetime.now(),
                "sample_result": result,
            }
        )
        return True

    # --- Business ---

    def _check_may_note(self, source):
        """:raises UserError: for who may not say so, or not by this way."""
        if self.state not in ("follow_up", "answered", "closed"):
            raise UserError(
                self.env._(
                    "%(name)s is not solved yet: there is nothing to be satisfied"
                    " with.",
                    name=self.display_name,
                )
            )
        if source in BY_CUSTOMER:
            raise UserError(self.env._("That is for the customer himself to say."))
        if self.satisfaction_source in BY_CUSTOMER:
            raise UserError(self.env._("The customer has said it himself. It stays."))
        handler = self.env.user in (self.user_id, self.satisfaction_by_id)
        if handler and source != "phone":
            raise UserError(
                self.env._(
                    "Who handles a ticket notes what the customer said on the"
                    " telephone, no more. Somebody else asks him in person."
                )
            )
        if handler and self.state == "closed" and self.satisfaction:
            raise UserError(
                self.env._("What you noted stays. A colleague may correct it.")
            )

    def _keep_satisfaction(
        self, outcome, source, attitude=None, speed=None, comment=None
    ):
        if outcome == "unreachable":
            self._note_attempt(comment)
        self._authorized().write(
            {
                "satisfaction": outcome,
                "satisfaction_source": source,
                "satisfaction_at": fields.Datetime.now(),
                "satisfaction_by_id": self.env.uid
                if source not in BY_CUSTOMER
                else False,
                "attitude": str(attitude) if attitude else False,
                "speed": str(speed) if speed else False,
                "satisfaction_comment": comment or False,
                "sampled_by_id": False,
                "sampled_at": False,
                "sample_result": False,
            }
        )

    def _after_satisfaction(self, outcome, comment=None):
        """Who is not satisfied is not done with (R093)."""
        if outcome != "dissatisfied":
            return
        count = self.dissatisfied_count + 1
        self._authorized().write({"dissatisfied_count": count})
        words = comment or self.env._("The customer is not satisfied.")
        if self.kind == "complaint" and self.state == "follow_up":
            self._move("planning", **self._withdraw_approval())
            self.message_post(body=words)
        elif self.state in ("answered", "closed"):
            self._reopen(words)

    def _note_attempt(self, words):
        self.env["key.account.ticket.round"].create(
            {
                "ticket_id": self.id,
                "kind": "satisfaction",
                "answer": "unreachable",
                "words": words or self.env._("Nobody answered."),
                "channel": "phone",
            }
        )

    def _ask_satisfaction(self):
        """Sends the customer the link by which he says how satisfied he is. What he
        said of an earlier attempt to solve it counts no more."""
        template = self.env.ref(
            "key_account.mail_template_satisfaction", raise_if_not_found=False
        )
        self._authorized().write(
            {
                **self._forget_satisfaction(),
                "satisfaction_asked_at": fields.Datetime.now(),
            }
        )
        for ticket in self.filtered("partner_id.email"):
            if template:
                ticket.sudo()._send_rating_request(template)

    def _send_rating_request(self, template):
        """Sends the mail, and keeps its links out of the conversation: whoever handles
        the ticket reads that the customer was asked, and cannot answer for him (I8)."""
        lang = self.partner_id.lang
        messages = self.with_context(
            mail_notify_force_send=False
        ).message_post_with_source(
            template.with_context(lang=lang) if lang else template,
            email_layout_xmlid="mail.mail_notification_light",
            force_send=False,
            subtype_xmlid="mail.mt_note",
        )
        messages.body = self.env._("The customer was asked how satisfied he is.")

    # --- Customer ---

    def _check_customer_rates(self, person):
        """:raises UserError: where it is not for ``person`` to say now."""
        self.ensure_one()
        ticket = self.sudo()
        if person.commercial_partner_id != ticket.commercial_partner_id:
            raise UserError(self.env._("That is for the customer himself to say."))
        if obstacle := self._rating_obstacle():
            raise UserError(obstacle)

    def _rating_obstacle(self):
        """Why the customer may not rate now, or None. Before it is closed, a later
        answer of his takes the place of an earlier one; afterwards it stays."""
        if self.state not in ("follow_up", "answered", "closed"):
            return self.env._(
                "We are still working on it. You will be asked when it is done."
            )
        if self.state == "closed":
            if self.satisfaction_source in BY_CUSTOMER:
                return self.env._("You have told us already. Thank you: it stays so.")
            if not self._is_in_grace():
                return self.env._(
                    "This was closed some time ago. Please write to us if something is"
                    " not right."
                )
        return None

    def _is_in_grace(self):
        end = self._grace_end()
        return bool(end) and fields.Datetime.now() < end

    def _grace_end(self):
        """Until when a ticket that has ended may be taken up again."""
        days = self.sudo().company_id.key_account_grace_days
        return self.closed_at and self.closed_at + timedelta(days=days)

    # --- Rating ---

    def rating_apply(self, rate, token=None, rating=None, feedback=None, **kwargs):
        """The customer rated by his link; nobody else may do it for him."""
        if not self.env.su:
            raise UserError(self.env._("That is for the customer himself to say."))
        if token and not rating:
            rating = self.env["rating.rating"].search([("access_token", "=", token)])
        self._lock()
        if rating:
            self._check_customer_rates(rating.partner_id)
        result = super().rating_apply(rate, rating=rating, feedback=feedback, **kwargs)
        outcome = OF_RATING.get(round(rate))
        if outcome:
            self._keep_satisfaction(outcome, "rating", comment=feedback)
            self._after_satisfaction(outcome, feedback)
        return result

    @api.model
    def _rating_get_parent_field_name(self):
        return None

    def _forget_on_reopening(self):
        return {**super()._forget_on_reopening(), **self._forget_satisfaction()}

    @api.model
    def _forget_satisfaction(self):
        return dict.fromkeys(
            (
                "satisfaction",
                "satisfaction_source",
                "satisfaction_at",
                "satisfaction_by_id",
                "satisfaction_comment",
                "attitude",
                "speed",
                "sampled_by_id",
                "sampled_at",
                "sample_result",
            ),
            False,
        )

from odoo import fields, models
from odoo.exceptions import UserError

from .ticket_satisfied import MARKS, OF_RATING

FACES = {outcome: rate for rate, outcome in OF_RATING.items()}
# What one may do who has a link that was mailed to him, and no log-in.
BY_LINK = frozenset(("confirm", "rate"))
LONGEST = 5_000


class KeyAccountTicketPortalSteps(models.AbstractModel):
    """What a customer does about his ticket by himself: agrees to a plan or not, says
    that it is solved or is not, rates, takes it back, reopens it (R092, R093, R101).

    The methods expect that it was checked who he is (``_portal_visitor``), and take the
    same steps that agents take, through the same methods and rules.
    """

    _name = "key.account.ticket.portal.steps"
    _description = "Steps of a Customer"
    _inherit = ["key.account.ticket.flow"]

    # --- Which ---

    def _portal_steps(self):
        """The steps that the customer may take now."""
        self.ensure_one()
        steps = set()
        if self.state == "negotiating" and self.plan_approved_at:
            steps |= {"agree", "disagree"}
        if self.state in ("answered", "follow_up"):
            steps |= {"confirm", "still_open"}
        if self.state in ("follow_up", "closed") and not self._rating_obstacle():
            steps.add("rate")
        if self.is_open and "withdrawn" in self._next_states():
            steps.add("withdraw")
        if self._is_reopenable():
            steps.add("reopen")
        return steps

    def _is_reopenable(self):
        """Whether the customer may open it again: within the days of grace, unless it
        goes on elsewhere or the general manager has decided for good."""
        return (
            not self.is_open
            and self.state != "merged"
            and not self.final_reason
            and self._is_in_grace()
        )

    # --- Take ---

    def _portal_take(self, step, person, words=None, **said):
        """Takes a step for ``person``, in his words.

        :raises UserError: where it is not offered any more, or words are missing.
        """
        self._begin_step()
        if step not in self._portal_steps():
            raise UserError(
                self.env._(
                    "This has gone on meanwhile. Please look how it stands now, and"
                    " write to us if something is not right."
                )
            )
        words = (words or "").strip()
        if len(words) > LONGEST:
            raise UserError(
                self.env._(
                    "That is more than %(count)s characters. Please write a shorter"
                    " text, and attach the rest as a file.",
                    count=LONGEST,
                )
            )
        getattr(self, f"_portal_{step}")(person, words, **said)

    def _portal_agree(self, person, words):
        said = words or self.env._("Agreed on the portal.")
        self.action_customer_accept(said, channel="portal")
        self._portal_say(person, words)

    def _portal_disagree(self, person, words):
        self._require_words(words)
        self.action_customer_refuse(words, channel="portal")
        self._portal_ask_on(person, words)

    def _portal_confirm(self, person, words):
        """An enquiry ends with it (R095); of a complaint he says he is satisfied."""
        if self.kind == "complaint":
            self._portal_rate(person, words, outcome="satisfied")
            return
        self._portal_say(person, words)
        self._move(
            "closed",
            closed_at=fields.Datetime.now(),
            nothing_else="confirmed",
            outcome=self.outcome or "solved",
        )

    def _portal_still_open(self, person, words):
        self._require_words(words)
        self._keep_satisfaction("dissatisfied", "portal", comment=words)
        self._after_satisfaction("dissatisfied", words)
        self._portal_ask_on(person, words)

    def _portal_reopen(self, person, words):
        self._require_words(words)
        self.action_reopen(words)
        self._portal_ask_on(person, words)

    def _portal_withdraw(self, person, words):
        self._require_words(words)
        self._portal_say(person, words)
        self.action_withdraw(words)

    def _portal_rate(self, person, words, outcome=None, attitude=None, speed=None):
        """How satisfied he is, how he was treated and how fast it went (R101)."""
        marks = {None, "", *dict(MARKS)}
        if outcome not in FACES or not {attitude, speed} <= marks:
            raise UserError(
                self.env._("Please choose how satisfied you are, then send it again.")
            )
        self._check_customer_rates(person)
        self._portal_rating(person).write(
            {"rating": FACES[outcome], "feedback": words, "consumed": True}
        )
        self._portal_say(person, words)
        self._keep_satisfaction(outcome, "portal", attitude, speed, words)
        self._after_satisfaction(outcome, words)
        if outcome == "dissatisfied":
            self._customer_wrote_at(fields.Datetime.now())

    # --- Tools ---

    def _portal_rating(self, person):
        """The rating of ``person``: the one he was asked for, or gave before."""
        ratings = self.env["rating.rating"].sudo()
        given = ratings.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("partner_id", "=", person.id),
            ],
            order="id desc",
            limit=1,
        )
        if given:
            return given
        token = self.sudo()._rating_get_access_token(person)
        return ratings.search([("access_token", "=", token)])

    def _portal_say(self, person, words):
        """Puts his words into the conversation. They belong to the step he took, and
        are no message that waits for an answer by itself."""
        if words:
            self.message_post(
                body=words,
                author_id=person.id,
                message_type="auto_comment",
                subtype_xmlid="mail.mt_comment",
            )

    def _portal_ask_on(self, person, words):
        """He says more, and waits for our answer to it from now on."""
        self._portal_say(person, words)
        self._customer_wrote_at(fields.Datetime.now())

    def _require_words(self, words):
        if not words:
            raise UserError(
                self.env._("Please tell us in a few words, so that we can act on it.")
            )

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html


class KeyAccountVisitOutcome(models.AbstractModel):
    """What came of a visit: what was said, what happens next, and the opportunity that
    sales is given (R044, R045, R047, R051)."""

    _name = "key.account.visit.outcome"
    _description = "Outcome of a Visit"

    minutes = fields.Html(copy=False, help="What was said. Stays in the file.")
    feedback = fields.Text(
        copy=False, help="What the customer thinks and wants, as sales is to read it."
    )
    value_note = fields.Text(
        "Value Analysis",
        copy=False,
        help="What the customer is worth to us after what was seen and heard.",
    )
    next_step = fields.Char(copy=False, help="What happens next; becomes an activity.")
    next_step_on = fields.Date(
        "Next Step until", copy=False, help="Empty: within a week."
    )
    solved = fields.Boolean(
        copy=False, help="Nothing is left open of what was talked about."
    )
    summary = fields.Char(
        "About", compute="_compute_summary", help="What was said, or what it is for."
    )
    lead_id = fields.Many2one(
        "crm.lead",
        "Opportunity",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        copy=False,
    )

    # --- Compute ---

    @api.depends("feedback", "purpose")
    def _compute_summary(self):
        for visit in self:
            said = " ".join((visit.feedback or visit.purpose or "").split())
            visit.summary = said if len(said) <= 120 else f"{said[:119]}…"

    # --- Actions ---

    def action_pass_to_sales(self):
        """Makes an opportunity of what the customer wants, for the owner of the
        account (R051); where there is one already, opens it."""
        self.ensure_one()
        self._check_may_open()
        if not self.lead_id:
            self._lock()
            self._check_may_pass()
            lead = self._create_lead()
            self._authorized().lead_id = lead.id
        return self._open_lead()

    # --- Business ---

    def _check_may_pass(self):
        """:raises UserError: while there is nothing that sales could work with."""
        if self.state != "done":
            raise UserError(
                self.env._(
                    "%(name)s has not taken place yet: press Done first.",
                    name=self.display_name,
                )
            )
        if not (self.feedback or self.next_step):
            raise UserError(
                self.env._(
                    "Sales reads the feedback and the next step. Write down what the"
                    " customer wants before you pass it on."
                )
            )

    def _create_lead(self):
        """Whoever looks after visitors need not be in sales himself."""
        lead = self.env["crm.lead"].sudo().create(self._prepare_lead_vals())
        self.message_post(
            body=self.env._(
                "Passed to sales: %(lead)s (%(seller)s)",
                lead=lead.name,
                seller=lead.user_id.name or self.env._("nobody yet"),
            )
        )
        return lead

    def _prepare_lead_vals(self):
        account = self.account_id
        said = "\n\n".join(filter(None, (self.feedback, self.next_step)))
        return {
            "type": "opportunity",
            "name": self.display_name,
            "partner_id": (self.visitor_ids[:1] or account.partner_id).id,
            "company_id": self.company_id.id,
            "user_id": account.holder_id.id,
            "description": plaintext2html(said),
        }

    def _open_lead(self):
        """The page of the opportunity, or for who may not see it where it went."""
        lead = self.lead_id.with_env(self.env)
        if lead.has_access("read"):
            return {
                "type": "ir.actions.act_window",
                "res_model": "crm.lead",
                "res_id": lead.id,
                "view_mode": "form",
            }
        seller = lead.sudo().user_id.name
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%(seller)s has it now.", seller=seller)
                if seller
                else self.env._("Sales has it now; the customer has no owner yet."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _plan_next_steps(self, before=None):
        """An activity for the next step of each visit that is done; the one that was
        made of another next step ``before`` changes with it.

        :param before: ``{visit: its next step until now}``
        """
        for visit in self.filtered(lambda v: v.state == "done" and v.next_step):
            old = (before or {}).get(visit)
            known = visit.activity_ids.filtered(lambda act, old=old: act.summary == old)
            vals = {"summary": visit.next_step, "date_deadline": visit._next_step_day()}
            if known and old:
                known[:1].write(vals)
            elif old != visit.next_step:
                visit.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=visit._next_step_user().id,
                    **vals,
                )

    def _next_step_day(self):
        today = self.company_id._key_account_today()
        return self.next_step_on or today + timedelta(days=7)

    def _next_step_user(self):
        """The host, where the file is still open to him."""
        return self.user_id if self._is_open_to(self.user_id) else self.env.user

    def _outcome_hint(self):
        """What is to be done about a visit that has been, or False."""
        if not (self.minutes or self.feedback or self.is_locked):
            return self.env._(
                "Write down what was said; it can be mended until %(day)s.",
                day=self._day_text(self._closes_at()),
            )
        if self.kind == "reception" and not self.lead_id and not self.solved:
            return self.env._(
                "If the customer wants something from us, pass it to sales."
            )
        return False

from odoo import api, fields, models
from odoo.exceptions import UserError

COMMITTEE = "key_account.group_committee"


class KeyAccountCommittee(models.AbstractModel):
    """What the tier committee decides: somebody asks, somebody else of the committee
    decides (separation of duties, R015).

    ``_decided_fields`` and the requester are guarded, so that nobody can decide in
    another name.
    """

    _name = "key.account.committee"
    _description = "Decision of the Committee"
    _inherit = ["key.account.guarded"]

    requester_id = fields.Many2one(
        "res.users",
        "Requested by",
        default=lambda self: self.env.user,
        readonly=True,
        copy=False,
    )
    approver_id = fields.Many2one("res.users", "Decided by", readonly=True, copy=False)
    decided_on = fields.Datetime(readonly=True, copy=False)
    can_decide = fields.Boolean(compute="_compute_can_decide")

    # --- Compute ---

    @api.depends("requester_id")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        member = self.env.user.has_group(COMMITTEE)
        for record in self:
            record.can_decide = member and record.requester_id != self.env.user

    # --- Business ---

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "requester_id",
            "approver_id",
            "decided_on",
        }

    def _check_can_decide(self):
        """:raises UserError: for who is not of the committee, or asked himself."""
        self._check_group(
            COMMITTEE,
            self.env._(
                "Only the tier committee decides this. Ask one of its members:"
                " %(members)s.",
                members=", ".join(self._committee().mapped("name")) or "–",
            ),
        )
        for record in self:
            if record.requester_id == self.env.user:
                raise UserError(
                    self.env._(
                        "You requested %(name)s yourself. Another member of the"
                        " committee has to decide it.",
                        name=record.display_name,
                    )
                )

    def _not_yours_message(self):
        """What somebody hears who submits what another one drafted: the requester may
        not decide, so nobody can hide behind a colleague."""
        return self.env._(
            "%(name)s was drafted by %(requester)s, who alone submits it.",
            name=self.display_name,
            requester=self.requester_id.name,
        )

    def _decide(self, new_state, **vals):
        """Moves to ``new_state`` in the name of the current user."""
        self._check_can_decide()
        self._lock()
        self._move(
            new_state,
            approver_id=self.env.uid,
            decided_on=fields.Datetime.now(),
            **vals,
        )

    @api.model
    def _committee(self, company=None):
        """The members of the committee who work in ``company``."""
        company = company or self.env.company
        members = self.env.ref(COMMITTEE).sudo().all_user_ids
        return members.filtered(lambda user: company in user.company_ids)

    def _tell_committee(self):
        """Puts the decision on the list of every member but the one who asked, each
        in his own language."""
        for record in self:
            for user in self._committee(record.company_id) - record.requester_id:
                record.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=user.id,
                    summary=record.with_context(lang=user.lang)._committee_task(),
                )

    def _committee_task(self):
        """What a member of the committee is asked to do, in a few words."""
        return self.env._("Decide on a request")

from odoo import api, fields, models
from odoo.exceptions import UserError


class KeyAccountVotable(models.AbstractModel):
    """Something the committee votes on: one vote a member, a quorum of the company,
    more yes than no."""

    _name = "key.account.votable"
    _description = "Voted on by the Committee"
    _inherit = ["key.account.committee"]

    _vote_states = ("review",)

    company_id = fields.Many2one("res.company")

    my_vote = fields.Selection(
        [("yes", "Yes"), ("no", "No"), ("abstain", "Abstain")],
        compute="_compute_votes",
        compute_sudo=True,
    )
    yes_count = fields.Integer("Yes", compute="_compute_votes", compute_sudo=True)
    no_count = fields.Integer("No", compute="_compute_votes", compute_sudo=True)
    quorum = fields.Integer(
        related="company_id.key_account_quorum", string="Votes Needed"
    )

    @api.depends("vote_ids.choice")
    @api.depends_context("uid")
    def _compute_votes(self):
        for record in self:
            choices = record.vote_ids.grouped("choice")
            record.yes_count = len(choices.get("yes", ()))
            record.no_count = len(choices.get("no", ()))
            mine = record.vote_ids.filtered(lambda vote: vote.user_id == self.env.user)
            record.my_vote = mine.choice

    # --- Actions ---

    def action_vote_yes(self):
        """Votes for it."""
        return self._vote("yes")

    def action_vote_no(self):
        """Votes against it."""
        return self._vote("no")

    def action_vote_abstain(self):
        """Abstains, which counts for nobody."""
        return self._vote("abstain")

    # --- Business ---

    def _vote(self, choice, comment=""):
        """Records the vote of the current user, or changes it while it is open."""
        self._check_group(
            "key_account.group_committee",
            self.env._("Only members of the tier committee vote."),
        )
        self._lock()
        for record in self:
            if record.state not in self._vote_states:
                raise UserError(
                    self.env._(
                        "%(name)s is not open for votes now.", name=record.display_name
                    )
                )
            vals = {"choice": choice, "comment": comment}
            mine = record.vote_ids.filtered(lambda vote: vote.user_id == self.env.user)
            votes = self.env["key.account.vote"].sudo()._authorized()
            if mine:
                votes.browse(mine.ids).write(vals)
            else:
                votes.create({**vals, **record._prepare_vote_vals()})
        return True

    def _prepare_vote_vals(self):
        subject = self.env["key.account.vote"]._subject_field(self._name)
        return {
            subject: self.id,
            "user_id": self.env.uid,
            "company_id": self.company_id.id,
        }

    def _check_carried(self):
        """:raises UserError: unless enough members said yes, and more than said no."""
        for record in self:
            if record.yes_count < record.quorum or record.yes_count <= record.no_count:
                raise UserError(
                    self.env._(
                        "%(name)s is not carried: %(yes)s yes, %(no)s no,"
                        " %(quorum)s yes needed. Ask the committee to vote.",
                        name=record.display_name,
                        yes=record.yes_count,
                        no=record.no_count,
                        quorum=record.quorum,
                    )
                )

from odoo import api, fields, models
from odoo.exceptions import UserError


class KeyAccountVote(models.Model):
    """The vote of one member of the committee on an evaluation or a motion (R015)."""

    _name = "key.account.vote"
    _description = "Vote of the Committee"
    _inherit = ["key.account.guarded"]
    _order = "create_date, id"

    evaluation_id = fields.Many2one(
        "key.account.evaluation", index="btree_not_null", ondelete="cascade"
    )
    motion_id = fields.Many2one(
        "key.account.motion", index="btree_not_null", ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    user_id = fields.Many2one("res.users", "Member", required=True)
    choice = fields.Selection(
        [("yes", "Yes"), ("no", "No"), ("abstain", "Abstain")], required=True
    )
    comment = fields.Char()

    _one_subject = models.Constraint(
        "CHECK(num_nonnulls(evaluation_id, motion_id) = 1)",
        "A vote is on one evaluation or one motion.",
    )
    _one_per_evaluation = models.UniqueIndex(
        "(evaluation_id, user_id) WHERE evaluation_id IS NOT NULL",
        "Each member votes once on an evaluation.",
    )
    _one_per_motion = models.UniqueIndex(
        "(motion_id, user_id) WHERE motion_id IS NOT NULL",
        "Each member votes once on a motion.",
    )

    @api.depends("user_id", "choice")
    def _compute_display_name(self):
        labels = dict(self._fields["choice"]._description_selection(self.env))
        for vote in self:
            vote.display_name = f"{vote.user_id.name}: {labels.get(vote.choice)}"

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "evaluation_id",
            "motion_id",
            "user_id",
            "choice",
            "comment",
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A vote stays on record. Vote again to change it."))

    @api.model
    def _subject_field(self, model):
        """Name of the field that points to the subject of a vote."""
        return {
            "key.account.evaluation": "evaluation_id",
            "key.account.motion": "motion_id",
        }[model]

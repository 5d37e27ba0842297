from odoo import api, fields, models
from odoo.tools import format_date


class KeyAccountVisitPreparation(models.AbstractModel):
    """The checklist of a visit: it begins with what is always prepared for such a
    visit, and says what is next (R043, R050)."""

    _name = "key.account.visit.preparation"
    _description = "Visit to Prepare"

    item_ids = fields.One2many("key.account.visit.item", "visit_id", "Preparation")
    item_count = fields.Integer("Things to Prepare", compute="_compute_item_count")
    done_item_count = fields.Integer("Things Prepared", compute="_compute_item_count")

    # --- Compute ---

    @api.depends("item_ids.done")
    def _compute_item_count(self):
        groups = self.env["key.account.visit.item"]._read_group(
            [("visit_id", "in", self._origin.ids)], ["visit_id", "done"], ["__count"]
        )
        counts = {(visit.id, done): count for visit, done, count in groups}
        for visit in self:
            done = counts.get((visit._origin.id, True), 0)
            visit.done_item_count = done
            visit.item_count = done + counts.get((visit._origin.id, False), 0)

    # --- Business ---

    def _preparation_hint(self):
        """What is to be done about a visit that is to come, or False."""
        if self.is_late:
            return self.env._(
                "The time is over. Write down what was said and press Done, or"
                " Did Not Take Place."
            )
        todo = self.item_ids.filtered(lambda item: not item.done)
        if not todo:
            return self.item_ids and self.env._("Everything is prepared.")
        first = min(todo, key=lambda item: item.due_on or fields.Date.today())
        return self.env._(
            "Next to prepare: %(item)s (%(who)s, until %(day)s)",
            item=first.name,
            who=first.user_id.name or self.user_id.name,
            day=format_date(self.env, first.due_on),
        )

    def _add_usual_items(self):
        """What is always prepared for such a visit, while there is time for it and
        nothing else was written down."""
        now = fields.Datetime.now()
        bare = self.filtered(
            lambda visit: (
                visit.state == "planned"
                and visit.planned_at > now
                and not visit.item_ids
            )
        )
        if not bare:
            return
        usual = self.env["key.account.visit.template"]._items_of(bare.mapped("kind"))
        self.env["key.account.visit.item"].create(
            [
                {**vals, "visit_id": visit.id}
                for visit in bare
                for vals in usual.get(visit.kind, ())
            ]
        )

    def _hand_items_over(self, hosts):
        """The new host does what the one before him has not done yet.

        :param hosts: ``{visit: its host until now}``
        """
        for visit in self:
            old = hosts[visit]
            visit.item_ids.filtered(
                lambda item, old=old: not item.done and item.user_id == old
            ).user_id = visit.user_id

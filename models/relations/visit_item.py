from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date


class KeyAccountVisitItem(models.Model):
    """One thing to prepare for a visit: who does it, until when, and whether it is
    done (R043, R050).

    Whoever does it sees his own items, with when the visitors come and to which room,
    and ticks them off. The visit itself he sees only if he serves the customer.
    """

    _name = "key.account.visit.item"
    _description = "Preparation of a Visit"
    _inherit = ["key.account.filed"]
    _order = "due_on, sequence, id"

    visit_id = fields.Many2one(
        "key.account.visit", required=True, index=True, ondelete="cascade"
    )
    account_id = fields.Many2one(related="visit_id.account_id", store=True, index=True)
    company_id = fields.Many2one(related="visit_id.company_id", store=True)
    name = fields.Char("What to Prepare", required=True)
    sequence = fields.Integer(default=10)
    user_id = fields.Many2one(
        "res.users",
        "Who",
        index=True,
        ondelete="restrict",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="The host, as long as nobody else is asked.",
    )
    days_before = fields.Integer(
        default=1, help="So many days before the visit it is to be ready."
    )
    due_on = fields.Date("Until", compute="_compute_due_on", store=True)
    done = fields.Boolean()
    is_late = fields.Boolean(
        "Late", compute="_compute_is_late", search="_search_is_late"
    )
    note = fields.Char("Details", help="What whoever does it has to know.")

    # what a helper may know of the visit
    customer_name = fields.Char("Visitors from", related="visit_id.account_id.name")
    kind = fields.Selection(related="visit_id.kind")
    visit_state = fields.Selection(related="visit_id.state", string="State of Visit")
    planned_at = fields.Datetime("Visit at", related="visit_id.planned_at")
    place = fields.Char(related="visit_id.place")
    headcount = fields.Integer(related="visit_id.headcount")
    host_id = fields.Many2one(related="visit_id.user_id", string="Host")

    _mine_idx = models.Index("(user_id, due_on) WHERE NOT done")

    # --- Compute ---

    @api.depends("visit_id.planned_at", "days_before")
    def _compute_due_on(self):
        for item in self:
            visit = item.visit_id
            if not visit.planned_at:
                item.due_on = False
                continue
            company = visit.company_id or self.env.company
            day = company._key_account_day(visit.planned_at)
            item.due_on = fields.Date.subtract(day, days=item.days_before)

    @api.depends("due_on", "done", "visit_id.state")
    def _compute_is_late(self):
        for item in self:
            today = (item.company_id or self.env.company)._key_account_today()
            is_open = not item.done and item.visit_state == "planned"
            item.is_late = bool(is_open and item.due_on and item.due_on < today)

    def _search_is_late(self, operator, value):
        if operator != "in" or len(value) > 1:
            return NotImplemented
        late = Domain("done", "=", False) & Domain("due_on", "<", "today")
        late &= Domain("visit_id", "any!", [("state", "=", "planned")])
        return late if True in value else ~late

    # --- Constraints ---

    @api.constrains("user_id", "visit_id")
    def _check_user(self):
        for item in self.filtered("user_id"):
            item.visit_id._check_staff(item.sudo().account_id, item.user_id)

    # --- CRUD ---

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            visit = self.env["key.account.visit"].browse(vals.get("visit_id"))
            if not vals.get("user_id") and visit:
                vals["user_id"] = visit.user_id.id
        items = super().create(vals_list)
        items._tell_people()
        return items

    def write(self, vals):
        self._check_what_changes(vals)
        before = {item: item.user_id for item in self}
        result = super().write(vals)
        if "user_id" in vals:
            self.filtered(lambda item: item.user_id != before[item])._tell_people()
        return result

    # --- Actions ---

    def action_done(self):
        """Ticks it off."""
        self.write({"done": True})
        return True

    # --- Business ---

    def _check_what_changes(self, vals):
        """:raises UserError: where somebody who may not open the visit changes more
        than his tick, and where an item is to go to another visit.
        """
        if vals.get("visit_id") and self.visit_id.ids != [vals["visit_id"]]:
            raise UserError(
                self.env._(
                    "What is prepared for a visit stays with it. Make a new line for"
                    " the other one."
                )
            )
        if self.env.su or vals.keys() <= {"done"}:
            return
        visits = self.visit_id
        if visits._filtered_access("write") != visits:
            raise UserError(
                self.env._(
                    "You tick off what you have prepared; everything else is changed by"
                    " the host, %(host)s.",
                    host=", ".join(visits.sudo().user_id.mapped("name")),
                )
            )

    def _tell_people(self):
        """Tells everybody but the current user what he is asked to prepare, once for
        all of it; the customer's name stays in the list that the message leads to."""
        if self.env.context.get("tracking_disable"):
            return
        asked = self.filtered(
            lambda item: (
                item.user_id
                and item.user_id != self.env.user
                and not item.done
                and item.sudo().visit_state == "planned"
            )
        )
        for user, items in asked.grouped("user_id").items():
            items._tell(user)

    def _tell(self, user):
        mine = self.with_context(lang=user.lang)
        body = Markup('<p>%s</p><ul>%s</ul><p><a href="/odoo/%s">%s</a></p>') % (
            mine.env._("%(name)s asks you to prepare:", name=self.env.user.name),
            Markup().join(
                Markup("<li>%s, %s</li>")
                % (item.name, format_date(mine.env, item.due_on))
                for item in mine
            ),
            "key-account-preparation",
            mine.env._("Open the list"),
        )
        self.env["mail.thread"].sudo().message_notify(
            partner_ids=user.partner_id.ids,
            subject=mine.env._("To prepare"),
            body=body,
        )

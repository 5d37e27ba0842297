from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.authority import holds_authority
from .stakeholder_relation import LEVELS


class KeyAccountStakeholder(models.Model):
    """A person who has a say when the customer buys: his part, his weight, how he
    stands to us, whom he reports to, and who of us knows him (R024, R025).

    Mostly a contact of the customer; an agent, or the organiser's contact, is an
    outsider (R131). Only those who serve the customer see him.
    """

    _name = "key.account.stakeholder"
    _description = "Person of the Customer"
    _inherit = [
        "key.account.private.mirror",
        "key.account.guarded",
        "key.account.filed",
    ]
    _rec_name = "partner_id"
    _rec_names_search = ["partner_id.name", "partner_id.function"]
    _order = "account_id, id"
    _check_company_auto = True

    # who
    account_id = fields.Many2one(
        "key.account", "Customer", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    customer_id = fields.Many2one(related="account_id.partner_id", string="His Company")
    partner_id = fields.Many2one(
        "res.partner",
        "Person",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    is_external = fields.Boolean(
        "Outsider",
        help="Has a say without working for the customer: an agent, a designer, the"
        " organiser's contact.",
    )
    has_left = fields.Boolean(
        "No Longer There", compute="_compute_has_left", search="_search_has_left"
    )
    active = fields.Boolean(default=True)
    name = fields.Char(related="partner_id.name")
    function = fields.Char(related="partner_id.function")
    phone = fields.Char(related="partner_id.phone")
    email = fields.Char(related="partner_id.email")
    avatar_128 = fields.Image(related="partner_id.avatar_128")

    # his part in a decision
    reports_to_id = fields.Many2one(
        "key.account.stakeholder",
        index=True,
        ondelete="set null",
        domain="[('account_id', '=', account_id), ('id', '!=', id)]",
    )
    child_ids = fields.One2many(
        "key.account.stakeholder", "reports_to_id", "Reports of His"
    )
    buying_role = fields.Selection("_selection_buying_role", index=True)
    influence = fields.Selection(
        [("low", "Low"), ("medium", "Medium"), ("high", "High")], default="medium"
    )
    stance = fields.Selection(
        [
            ("champion", "Champion"),
            ("supporter", "Supporter"),
            ("neutral", "Neutral"),
            ("critic", "Critic"),
            ("opponent", "Opponent"),
        ],
        default="neutral",
        help="How he stands to us.",
    )
    note = fields.Text()

    # who of us knows him
    relation_ids = fields.One2many(
        "key.account.stakeholder.relation", "stakeholder_id", "Known by"
    )
    relation_level = fields.Selection(
        LEVELS,
        "Best Relation",
        compute="_compute_relation_level",
        store=True,
        help="How well the one of us who knows him best knows him.",
    )
    is_covered = fields.Boolean(
        "Known to Us", compute="_compute_relation_level", store=True
    )
    known_by_ids = fields.Many2many(
        "res.users", string="Who Knows Him", compute="_compute_known_by_ids"
    )

    _partner_uniq = models.Constraint(
        "UNIQUE(account_id, partner_id)",
        "This person is in the file of the customer already, perhaps archived.",
    )

    # --- Compute ---

    @api.depends("partner_id.name")
    def _compute_display_name(self):
        for person in self:
            person.display_name = person.partner_id.sudo().name

    @api.depends(
        "is_external",
        "partner_id.active",
        "partner_id.commercial_partner_id",
        "account_id.partner_id",
    )
    def _compute_has_left(self):
        # whoever shows people shows their customer, too: one query for all of them
        family = self.partner_id | self.account_id.partner_id
        family.sudo().mapped("active")
        for person in self:
            contact = person.partner_id.sudo()
            elsewhere = contact.commercial_partner_id != person.account_id.partner_id
            person.has_left = contact and (
                not contact.active or (elsewhere and not person.is_external)
            )

    def _search_has_left(self, operator, value):
        if operator != "in" or len(value) != 1 or True not in value:
            return NotImplemented
        self.env["res.partner"].flush_model(["active", "commercial_partner_id"])
        self.env["key.account"].flush_model(["partner_id"])
        self.flush_model(["partner_id", "account_id", "is_external"])
        return Domain(
            "id",
            "in",
            SQL(
                """(SELECT person.id
                      FROM key_account_stakeholder person
                      JOIN key_account account ON account.id = person.account_id
                      JOIN res_partner contact ON contact.id = person.partner_id
                     WHERE NOT contact.active
                        OR (person.is_external IS NOT TRUE
                            AND contact.commercial_partner_id
                                IS DISTINCT FROM account.partner_id))"""
            ),
        )

    @api.depends("relation_ids.level", "relation_ids.user_id.active")
    def _compute_relation_level(self):
        for person in self:
            levels = filter(None, person._living_relations().mapped("level"))
            person.relation_level = max(levels, default="0")
            person.is_covered = person.relation_level > "0"

    @api.depends("relation_ids.level", "relation_ids.user_id.active")
    def _compute_known_by_ids(self):
        for person in self:
            knowing = person._living_relations().filtered(
                lambda relation: (relation.level or "0") > "0"
            )
            person.known_by_ids = knowing.user_id

    @api.model
    def _selection_buying_role(self):
        return list(self.env["key.account.buying.role"]._options(self.env.lang))

    # --- Constraints ---

    @api.constrains("reports_to_id", "account_id")
    def _check_reports_to(self):
        if holds_authority(self.env.context):
            return  # files become one: half-way nothing is in order
        for person in self | self.child_ids:
            boss = person.reports_to_id
            if boss and boss.account_id != person.account_id:
                raise ValidationError(
                    self.env._(
                        "%(name)s and %(boss)s belong to different customers. Choose a"
                        " person of the same one.",
                        name=person.display_name,
                        boss=boss.display_name,
                    )
                )
        if self._has_cycle("reports_to_id"):
            raise ValidationError(
                self.env._(
                    "Nobody reports to himself, nor to those who report to him."
                    " Choose another superior."
                )
            )

    @api.constrains("partner_id", "is_external", "account_id")
    def _check_family(self):
        if holds_authority(self.env.context):
            return
        for person in self.filtered(lambda person: not person.is_external):
            family = person.account_id.partner_id
            if person.partner_id.sudo().commercial_partner_id != family:
                raise ValidationError(
                    self.env._(
                        "%(name)s is no contact of %(customer)s. Choose one of his"
                        " contacts, or mark the person as an outsider.",
                        name=person.display_name,
                        customer=family.name,
                    )
                )

    @api.constrains("buying_role")
    def _check_buying_role(self):
        """Odoo does not check options that a method gives."""
        known = dict(self._selection_buying_role())
        for person in self.filtered("buying_role"):
            if person.buying_role not in known:
                raise ValidationError(
                    self.env._(
                        "There is no buying role %(code)s. Choose one of: %(codes)s.",
                        code=person.buying_role,
                        codes=", ".join(known),
                    )
                )

    # --- CRUD ---

    def write(self, vals):
        if "active" in vals and not vals["active"]:
            self._hand_up_reports()
        return super().write(vals)

    def unlink(self):
        self._hand_up_reports()
        return super().unlink()

    # --- Actions ---

    def action_open_chart(self):
        """Shows the decision chain this person stands in."""
        self.ensure_one()
        return self.account_id.action_open_chart()

    def action_open_partner(self):
        """Opens the page of the contact."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "view_mode": "form",
        }

    # --- Business ---

    def _living_relations(self):
        """The relations of colleagues who are still with us."""
        return self.relation_ids.filtered("user_id.active")

    @api.model
    def _covered_domain(self):
        """Domain of the people who are there and whom somebody of us knows."""
        return Domain("is_covered", "=", True) & Domain("has_left", "!=", True)

    def _hand_up_reports(self):
        """Who reported to somebody who leaves the chart reports to the next above."""
        for person in self.with_context(active_test=False):
            boss = person.reports_to_id
            while boss and boss in self:
                boss = boss.reports_to_id
            (person.child_ids - self).write({"reports_to_id": boss.id})

    @api.model
    def _follow_account(self, keeper, other):
        """Takes the people of account ``other`` over to ``keeper`` before the two
        become one; who is in both files is one person afterwards."""
        everyone = self.sudo().with_context(active_test=False)._authorized()
        theirs = everyone.search([("account_id", "=", keeper.id)])
        by_partner = {person.partner_id: person for person in theirs}
        for person in everyone.search([("account_id", "=", other.id)]):
            known = by_partner.get(person.partner_id)
            if known:
                known._absorb(person)
            else:
                person.account_id = keeper

    @api.model
    def _follow_contacts(self, partners, target):
        """Makes one person of those whose contacts are about to be merged."""
        everyone = self.sudo().with_context(active_test=False)._authorized()
        people = everyone.search([("partner_id", "in", (partners | target).ids)])
        for same in people.grouped("account_id").values():
            same = same.sorted(lambda person: (person.partner_id != target, person.id))
            for person in same[1:]:
                same[0]._absorb(person)
            same[0].partner_id = target

    def _absorb(self, other):
        """Takes over what is known of ``other``, who is the same person, and removes
        him: facts fill the gaps, relations and private facts come along."""
        chain, boss = self.browse(), self.reports_to_id
        while boss and boss not in chain:
            chain, boss = chain | boss, boss.reports_to_id
        names = ("buying_role", "influence", "note")
        vals = {name: other[name] for name in names if other[name] and not self[name]}
        if self.stance == "neutral":
            vals["stance"] = other.stance
        if other in chain or not self.reports_to_id:
            vals["reports_to_id"] = other._superior_besides(self).id
        vals["active"] = self.active or other.active
        vals["is_external"] = self.is_external and other.is_external
        children = other.child_ids - self
        children.write({"reports_to_id": self.id})
        self.write(vals)
        for relation in other.relation_ids:
            mine = self.relation_ids.filtered(
                lambda mine, user=relation.user_id: mine.user_id == user
            )
            if mine:
                mine._absorb(relation)
            else:
                relation.stakeholder_id = self
        mine, his = self.private_ids, other.private_ids
        if mine and his:
            mine._absorb(his)
        else:
            his.stakeholder_id = self
        other.unlink()

    def _superior_besides(self, person):
        """The next above this one who is neither ``person`` nor below him."""
        boss = self.reports_to_id
        above = boss
        while above:
            if above == person:
                return self.browse()
            above = above.reports_to_id
        return boss

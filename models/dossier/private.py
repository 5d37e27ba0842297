from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class KeyAccountPrivate(models.Model):
    """What a person told us of his private life, kept with his consent only (R028).

    It is a record of its own so that rules can close it: who serves the customer
    *and* belongs to the group of private facts reads it. When the consent is
    withdrawn nobody does any more, at once and whoever asks; the row then only shows
    that there was a consent, until it is erased. The person shows the facts as his
    own fields (``key.account.private.mirror``).
    """

    _name = "key.account.private"
    _description = "Private Facts"
    _inherit = ["key.account.guarded", "key.account.filed"]
    _rec_name = "stakeholder_id"

    stakeholder_id = fields.Many2one(
        "key.account.stakeholder",
        "Person",
        required=True,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        string="Contact", related="stakeholder_id.partner_id", store=True, index=True
    )
    account_id = fields.Many2one(
        related="stakeholder_id.account_id", store=True, index=True
    )
    company_id = fields.Many2one(related="stakeholder_id.company_id", store=True)

    # that we may
    consent_on = fields.Date("Consent Given on", required=True)
    consent_how = fields.Selection(
        [
            ("paper", "On Paper"),
            ("mail", "By Mail"),
            ("message", "By Message"),
            ("spoken", "By Word of Mouth"),
        ],
        "Consent Given",
        required=True,
    )
    consent_by_id = fields.Many2one(
        "res.users",
        "Recorded by",
        required=True,
        readonly=True,
        default=lambda self: self.env.uid,
    )
    withdrawn_on = fields.Date(readonly=True, copy=False)

    # what we know
    birthday = fields.Date()
    family = fields.Text()
    interests = fields.Text()
    service_opinion = fields.Text("His Opinion of Our Service")

    _stakeholder_uniq = models.Constraint(
        "UNIQUE(stakeholder_id)", "The private facts of this person are on record."
    )

    @api.constrains("consent_on")
    def _check_consent_given(self):
        for private in self:
            if private.consent_on > private.company_id._key_account_today():
                raise ValidationError(
                    self.env._(
                        "A consent that is still to come allows nothing yet."
                        " Record the facts when it is given."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not (vals.get("consent_on") and vals.get("consent_how")):
                raise UserError(
                    self.env._(
                        "Private facts are kept with the person's consent only."
                        " Record first when and how it was given."
                    )
                )
        people = self.env["key.account.stakeholder"].browse(
            [vals["stakeholder_id"] for vals in vals_list if "stakeholder_id" in vals]
        )
        people.check_access("write")
        # a new consent does not bring back what the old one had allowed
        self.sudo().search(
            [("stakeholder_id", "in", people.ids), ("withdrawn_on", "!=", False)]
        ).unlink()
        return super().create(vals_list)

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"withdrawn_on"}

    def _absorb(self, other):
        """Of two records of one person one remains. A withdrawal that came after the
        other consent holds for both."""
        rows = self | other
        withdrawals = [row.withdrawn_on for row in rows if row.withdrawn_on]
        consents = [row.consent_on for row in rows if not row.withdrawn_on]
        if withdrawals and (not consents or max(withdrawals) >= max(consents)):
            vals = {"withdrawn_on": max(withdrawals)}
        elif withdrawals:
            source = self if other.withdrawn_on else other
            vals = source._facts() | {"withdrawn_on": False}
        else:
            vals = other._facts() | {n: v for n, v in self._facts().items() if v}
        other.unlink()
        self._authorized().write(vals)

    def _facts(self):
        names = (
            "consent_on",
            "consent_how",
            "birthday",
            "family",
            "interests",
            "service_opinion",
        )
        return {name: self[name] for name in names}

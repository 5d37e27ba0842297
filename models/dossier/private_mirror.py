from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

CONFIDANTS = "key_account.group_private_facts"


def mirrored(kind, name, string, **attributes):
    """A field that shows what a person's private facts say to whoever asks: empty
    for whom they are closed, by whatever way he asks."""

    def search(people, operator, value):
        return people._search_private(name, operator, value)

    return kind(
        string=string,
        compute="_compute_private",
        search=search,
        compute_sudo=False,
        readonly=False,
        groups=CONFIDANTS,
        **attributes,
    )


class KeyAccountPrivateMirror(models.AbstractModel):
    """Shows the private facts of a person, which are a record of their own with
    rules of their own (``key.account.private``), as fields of the person, and lets
    the person withdraw his consent to them."""

    _name = "key.account.private.mirror"
    _description = "Person with Private Facts"

    private_ids = fields.One2many(
        "key.account.private", "stakeholder_id", groups=CONFIDANTS
    )
    consent = fields.Selection(
        [("none", "None"), ("given", "Given"), ("withdrawn", "Withdrawn")],
        "Consent to Private Facts",
        compute="_compute_consent",
        compute_sudo=True,
        help="Whether he agreed that we keep facts of his private life.",
    )
    consent_on = mirrored(fields.Date, "consent_on", "Consent Given on")
    consent_how = mirrored(
        fields.Selection,
        "consent_how",
        "Consent Given",
        selection="_selection_consent_how",
    )
    birthday = mirrored(fields.Date, "birthday", "Birthday")
    family = mirrored(fields.Text, "family", "Family")
    interests = mirrored(fields.Text, "interests", "Interests")
    service_opinion = mirrored(
        fields.Text, "service_opinion", "His Opinion of Our Service"
    )

    # --- Compute ---

    @api.depends(
        lambda self: [
            f"private_ids.{name}" for name in (*self._mirrored(), "withdrawn_on")
        ]
    )
    @api.depends_context("uid")
    def _compute_private(self):
        # not even a related field, which Odoo computes with all rights, tells more
        # than the person at the screen may know
        Private = self.env["key.account.private"].sudo(False)
        rows = Private
        if Private.has_access("read"):
            rows = Private.search(self._live_domain())
        by_person = {row.stakeholder_id.id: row for row in rows}
        for person in self:
            row = by_person.get(person._origin.id, Private)
            for name in self._mirrored():
                person[name] = row[name]

    @api.depends("private_ids.withdrawn_on")
    def _compute_consent(self):
        rows = self.env["key.account.private"].search(
            [("stakeholder_id", "in", self._origin.ids)]
        )
        withdrawn = {row.stakeholder_id.id: bool(row.withdrawn_on) for row in rows}
        words = {None: "none", False: "given", True: "withdrawn"}
        for person in self:
            person.consent = words[withdrawn.get(person._origin.id)]

    @api.model
    def _selection_consent_how(self):
        field = self.env["key.account.private"]._fields["consent_how"]
        return field._description_selection(self.env)

    # --- CRUD ---

    @api.model_create_multi
    def create(self, vals_list):
        facts = [self._split_private(vals) for vals in vals_list]
        people = super().create([public for public, _private in facts])
        for person, (_public, private) in zip(people, facts, strict=True):
            person._write_private(private)
        return people

    def write(self, vals):
        public, private = self._split_private(vals)
        result = super().write(public)
        self._write_private(private)
        return result

    # --- Actions ---

    def action_withdraw_consent(self):
        """Records that he withdrew his consent: from now on nobody sees the facts."""
        for company, rows in self._consenting().grouped("company_id").items():
            rows._authorized().write({"withdrawn_on": company._key_account_today()})
        self._tell_withdrawal()
        return True

    def action_withdraw_and_erase(self):
        """Records that he withdrew his consent and erases the facts for good."""
        self._consenting(withdrawn=True).unlink()
        self._tell_withdrawal()
        return True

    # --- Business ---

    def _consenting(self, withdrawn=False):
        """The private facts of these people, for any of the team: who may not read
        them may still record that they are no longer to be kept."""
        self.check_access("write")
        rows = self.env["key.account.private"].sudo()
        domain = Domain("stakeholder_id", "in", self.ids) if withdrawn else None
        rows = rows.search(domain or self._live_domain())
        for person in self - rows.stakeholder_id:
            raise UserError(
                self.env._(
                    "No consent of %(name)s is on record, so there is nothing to"
                    " withdraw.",
                    name=person.display_name,
                )
            )
        return rows

    def _tell_withdrawal(self):
        """Written down without the name, which is to be forgotten."""
        for account in self.account_id:
            account.message_post(
                body=self.env._(
                    "A person of this customer withdrew the consent to private facts."
                )
            )

    def _live_domain(self):
        people = Domain("stakeholder_id", "in", self._origin.ids)
        return people & Domain("withdrawn_on", "=", False)

    def _write_private(self, facts):
        """Writes facts with the rights of whoever asks, opening the records that are
        not there yet."""
        if not facts:
            return
        Private = self.env["key.account.private"]
        rows = Private.search(self._live_domain())
        rows.write(facts)
        if any(facts.values()):
            Private.create(
                [
                    {**facts, "stakeholder_id": person.id}
                    for person in self - rows.stakeholder_id
                ]
            )

    @api.model
    def _search_private(self, name, operator, value):
        """Searches with the rights of whoever asks."""
        if operator in ("not in", "not like", "not ilike", "not any"):
            return NotImplemented
        self._check_field_access(self._fields[name], "read")
        rows = self.env["key.account.private"].sudo(False)
        live = Domain("withdrawn_on", "=", False)
        wanted = live & Domain(name, operator, value)
        found = Domain("id", "in", rows.search(wanted).stakeholder_id.ids)
        if operator == "in" and False in value:
            known = rows.search(live & Domain(name, "!=", False))
            found |= Domain("id", "not in", known.stakeholder_id.ids)
        return found

    @api.model
    def _split_private(self, vals):
        """What a person's own record takes of ``vals``, and what is private."""
        names = set(self._mirrored())
        public = {name: value for name, value in vals.items() if name not in names}
        private = {name: value for name, value in vals.items() if name in names}
        return public, private

    @api.model
    def _mirrored(self):
        return [
            name
            for name in self.env["key.account.private"]._fields
            if name in self._fields and self._fields[name].compute == "_compute_private"
        ]

from lxml import etree

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import file_path
from odoo.tools.convert import xml_import

FILES = ("data/tickets_sla_policy.xml", "data/tickets_sla_ladder.xml")


class KeyAccountSlaReady(models.AbstractModel):
    """The promises and warnings that come with the addon. The first company has them
    from the beginning, another one when somebody asks for them: they are read from the
    same files, and what is there already, or was changed, is left alone."""

    _name = "key.account.sla.ready"
    _description = "Ready Promises"

    # --- Actions ---

    def action_load_ready(self):
        """Makes the ready promises and warnings that the company does not have yet."""
        self.env["key.account.sla.policy"].check_access("create")
        company = self.env.company
        made = self._load_ready_promises(company)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if made else "info",
                "message": self._ready_message(made, company),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # --- Business ---

    @api.model
    def _load_ready_promises(self, company):
        """Makes what ``company`` lacks of the ready promises and warnings.

        :return: the new policies.
        """
        Policy = self.env["key.account.sla.policy"].sudo()
        Policy = Policy.with_context(active_test=False)
        mine = Domain("company_id", "=", company.id)
        before = Policy.search(mine)
        for name in FILES:
            self._load_ready_file(name, company)
        made = Policy.search(mine) - before
        made._take_over_translations(company)
        return made.with_env(self.env)

    @api.model
    def _load_ready_file(self, name, company):
        """Reads a file as if it had been written for ``company``."""
        root = etree.parse(file_path(f"key_account/{name}")).getroot()
        for record in root.iter("record"):
            # an update does not bring back what was deleted; who asks for it does
            record.attrib.pop("forcecreate", None)
        if company != self.env.ref("base.main_company"):
            for record in root.iter("record"):
                record.set("id", self._ready_name(record.get("id"), company))
        known = {"base.main_company": company.id}
        env = self.env(su=True, context={})
        xml_import(env, "key_account", known, "update", True, name).parse(root)

    @api.model
    def _ready_name(self, name, company):
        return f"{name}_company_{company.id}"

    def _take_over_translations(self, company):
        """The names of the first company's promises are translated with the addon;
        those of another company take them over as long as they are the same."""
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        names = self._get_external_ids()
        for policy in self.with_context(lang=None):
            xmlid = (names[policy.id] or [""])[0]
            origin = self.env.ref(
                xmlid.removesuffix(self._ready_name("", company)),
                raise_if_not_found=False,
            )
            if origin and origin != policy:
                origin = origin.sudo().with_context(lang=None)
                if origin.name == policy.name:
                    policy.update_field_translations(
                        "name",
                        {
                            code: origin.with_context(lang=code).name
                            for code in languages
                        },
                    )

    def _ready_message(self, made, company):
        if not made:
            return self.env._(
                "%(company)s has all ready promises already.", company=company.name
            )
        waiting = made.filtered(lambda policy: not policy.active)
        if not waiting:
            return self.env._("%(count)s service promises made.", count=len(made))
        return self.env._(
            "%(count)s service promises made. %(names)s are archived until there are"
            " tiers of these names.",
            count=len(made),
            names=", ".join(waiting.mapped("name")),
        )

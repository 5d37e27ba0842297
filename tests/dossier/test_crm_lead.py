from odoo.tests import tagged

from ..common import KeyAccountCase


@tagged("post_install", "-at_install")
class TestCrmLead(KeyAccountCase):
    def lead(self, **vals):
        return self.env["crm.lead"].create(
            {
                "name": "Stand at the motor show",
                "type": "lead",
                "company_id": self.company.id,
                **vals,
            }
        )

    def convert(self, lead, **vals):
        wizard = (
            self.env["crm.lead2opportunity.partner"]
            .with_context(active_model="crm.lead", active_ids=lead.ids)
            .create({"name": "convert", "lead_id": lead.id, **vals})
        )
        wizard.action_apply()
        self.assertEqual(lead.type, "opportunity")

    def test_lead_of_a_customer(self):
        """A lead that becomes an opportunity opens its customer's file (R013)."""
        customer = self._create_customer("Orient Motors")
        self.convert(self.lead(partner_id=customer.id), action="exist")
        account = self.env["key.account"]._of(customer)
        self.assertRecordValues(account, [{"state": "prospect"}])

    def test_lead_of_a_new_customer(self):
        """A customer made from the lead has a file under his company (R014)."""
        lead = self.lead(partner_name="Nova Optics", contact_name="Ms Lin")
        self.convert(lead, action="create")
        account = self.env["key.account"]._of(lead.partner_id)
        self.assertEqual(account.name, "Nova Optics")

    def test_lead_without_customer(self):
        """An opportunity of nobody opens nothing."""
        before = self.env["key.account"].search_count([])
        self.convert(self.lead(partner_name=False), action="exist")
        self.assertEqual(self.env["key.account"].search_count([]), before)

    def test_lead_of_any_company(self):
        """A lead without a company opens the file in the current one."""
        customer = self._create_customer("Orient Motors")
        lead = self.lead(partner_id=customer.id, company_id=False)
        lead.convert_opportunity(customer)
        account = self.env["key.account"]._of(customer)
        self.assertEqual(account.company_id, self.company)

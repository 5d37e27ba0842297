from odoo import api, fields, models
from odoo.exceptions import ValidationError


class KeyAccountInsight(models.Model):
    """A note on the market: what happens at a customer, in his industry, with a
    competitor, or what the media write (R034).

    A note on a customer belongs to his file. A note without one is for everybody who
    reads accounts; its author and the stewards change it.
    """

    _name = "key.account.insight"
    _description = "Market Note"
    _inherit = ["key.account.filed"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char("Title", required=True)
    kind = fields.Selection(
        [
            ("customer", "Customer"),
            ("industry", "Industry"),
            ("competitor", "Competitor"),
            ("media", "Media"),
        ],
        required=True,
        default="industry",
    )
    date = fields.Date(
        required=True,
        default=lambda self: self.env.company._key_account_today(),
        index=True,
    )
    body = fields.Html("Note")
    source = fields.Char(help="Who said or wrote it.")
    source_url = fields.Char("Link")
    author_id = fields.Many2one(
        "res.users", required=True, index=True, default=lambda self: self.env.uid
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    account_id = fields.Many2one(
        "key.account",
        "Customer",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        help="With a customer, the note is for those who serve him only.",
    )
    industry_id = fields.Many2one("res.partner.industry")
    competitor_id = fields.Many2one(
        "res.partner", index="btree_not_null", domain="[('is_company', '=', True)]"
    )

    _customer_named = models.Constraint(
        "CHECK(kind != 'customer' OR account_id IS NOT NULL)",
        "A note on a customer names the customer.",
    )

    @api.constrains("source_url")
    def _check_source_url(self):
        for insight in self:
            link = insight.source_url or "https://"
            if not link.lower().startswith(("http://", "https://")):
                raise ValidationError(
                    self.env._(
                        "The link %(link)s does not begin with https:// or http://."
                        " Copy the whole address of the page.",
                        link=insight.source_url,
                    )
                )

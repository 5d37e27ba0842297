from odoo import models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "key.account.ticket.subject"]
    _ticket_field = "order_id"

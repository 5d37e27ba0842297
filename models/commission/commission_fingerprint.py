from odoo import models
from odoo.tools import SQL

FINGERPRINT = """
    SELECT md5(concat_ws('|',
        (SELECT concat_ws(' ', COUNT(*), MAX(write_date), COUNT(profit_confirmed_on),
                       SUM(analytic_account_id), COUNT(*) FILTER (WHERE state = 'void'))
           FROM key_account_commission_deal
          WHERE company_id = %(company)s),
        (SELECT concat(COUNT(*), MAX(write_date), SUM(share), COUNT(accepted_on))
           FROM key_account_commission_split WHERE company_id = %(company)s),
        (SELECT concat(COUNT(*), MAX(id)) FROM key_account_commission_entry
          WHERE company_id = %(company)s AND run_id != %(run)s),
        (SELECT string_agg(concat_ws(' ', id, user_id, plan_id, team_id, role,
                       date_from, date_to, service_start, left_on), '|' ORDER BY id)
           FROM key_account_commission_assignment WHERE company_id = %(company)s),
        (SELECT concat(COUNT(*), MAX(write_date))
           FROM key_account_commission_plan_version WHERE company_id = %(company)s),
        (SELECT concat_ws(' ', COUNT(*), MAX(write_date), SUM(amount),
                       COUNT(*) FILTER (WHERE state = 'open'))
           FROM key_account_commission_dispute WHERE company_id = %(company)s),
        (SELECT concat_ws(' ', COUNT(*), MAX(write_date), SUM(amount_untaxed_signed),
                       COUNT(*) FILTER (WHERE state = 'posted'),
                       COUNT(*) FILTER (WHERE payment_state IN (
                           'paid', 'in_payment', 'reversed', 'invoicing_legacy')))
           FROM account_move WHERE company_id = %(company)s),
        (SELECT concat_ws(' ', COUNT(*), MAX(id)) FROM account_partial_reconcile
          WHERE company_id = %(company)s),
        (SELECT concat_ws(' ', COUNT(*), MAX(write_date)) FROM account_payment
          WHERE company_id = %(company)s),
        (SELECT concat_ws(' ', COUNT(*), MAX(write_date), MAX(id), SUM(amount))
           FROM account_analytic_line WHERE company_id = %(company)s),
        (SELECT concat_ws(' ', COUNT(*), MAX(write_date), SUM(amount_untaxed),
                       COUNT(*) FILTER (WHERE state = 'sale'))
           FROM sale_order WHERE company_id = %(company)s),
        (SELECT concat_ws(' ', MAX(write_date), SUM(id) FILTER (
                       WHERE key_account_cost_kind = 'pass_through'),
                       SUM(id) FILTER (WHERE key_account_cost_kind = 'transport'))
           FROM sale_order_line WHERE company_id = %(company)s),
        (SELECT string_agg(concat_ws(' ', id, key_account_cost_kind), ' ' ORDER BY id)
           FROM product_template WHERE key_account_cost_kind != 'none'),
        (SELECT key_account_confirm_profit FROM res_company
          WHERE id = %(company)s)))
"""


class KeyAccountCommissionFingerprint(models.AbstractModel):
    """Tells in one query whether anything was written since a run was computed: a run
    without news is left as it is."""

    _name = "key.account.commission.fingerprint"
    _description = "Fingerprint of the Books"

    def _fingerprint(self):
        """What tells whether anything was written that the run depends on."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(FINGERPRINT, company=self.company_id.id, run=self.id)
        )
        return str(rows[0][0])

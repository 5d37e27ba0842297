from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class KeyAccountDuplicateCheck(models.TransientModel):
    """Asks, before somebody works on a customer, whether another one does already
    (R134).

    It looks through all files of all companies and tells of those that the asker may
    not open only where the customer is, never who he is.
    """

    _name = "key.account.duplicate.check"
    _description = "Check a Customer"

    name = fields.Char("Name of the Customer")
    vat = fields.Char("Tax Number")
    phone = fields.Char()
    email = fields.Char("E-mail")
    is_checked = fields.Boolean(export_string_translation=False)
    line_ids = fields.One2many("key.account.duplicate.check.line", "check_id", "Answer")

    def action_check(self):
        """Says whether the customer is free, or where he is."""
        self.ensure_one()
        vals = {name: self[name] for name in ("name", "vat", "phone", "email")}
        Account = self.env["key.account"]
        if not Account._duplicate_keys(vals):
            raise UserError(
                self.env._(
                    "Write the name of the customer, his tax number, a phone number or"
                    " an e-mail address of his own company (not one like qq.com)."
                )
            )
        hits = Account._find_duplicates([vals])[0]
        self.line_ids.unlink()
        self.write({"is_checked": True, "line_ids": self._prepare_lines(hits)})
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account.duplicate_check_action"
        )
        return {**action, "res_id": self.id}

    def _prepare_lines(self, hits):
        accounts = self.env["key.account"].union(*hits)
        mine = accounts.with_env(self.env)._filtered_access("write")
        lines, said = [], set()
        for account, hows in hits.items():
            vals = {
                "answer": account.with_env(self.env)._holding_answer(),
                "matched_by": accounts._duplicate_how(hows),
                "is_sure": accounts._are_sure(hows),
                "account_id": account.id if account.id in mine.ids else False,
            }
            # how many files lie behind one answer is nobody's business
            if (key := tuple(vals.values())) not in said:
                said.add(key)
                lines.append(vals)
        lines.sort(key=lambda vals: not vals["is_sure"])
        return [Command.create(vals) for vals in lines]

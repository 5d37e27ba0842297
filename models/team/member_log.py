from odoo import models
from odoo.tools import format_date


class KeyAccountMemberLog(models.AbstractModel):
    """What the history of an account says of the changes in its team."""

    _name = "key.account.member.log"
    _description = "History of a Team"

    def _log(self, message):
        """One note for each account, whoever of its team it is about."""
        for account, members in self.grouped("account_id").items():
            lines = [message(member) for member in members]
            account.sudo()._message_log_batch({account.id: "\n".join(lines)})

    def _joins_message(self):
        values = self._message_values()
        if self.date_to:
            return self.env._(
                "%(person)s joins the team as %(role)s from %(first)s until %(last)s.",
                **values,
            )
        return self.env._(
            "%(person)s joins the team as %(role)s from %(first)s.", **values
        )

    def _dates_message(self):
        values = self._message_values()
        if not self.date_to:
            return self.env._(
                "%(person)s serves as %(role)s from %(first)s without an end.",
                **values,
            )
        if self.date_to < self.date_from:
            return self.env._("%(person)s does not serve as %(role)s.", **values)
        return self.env._(
            "%(person)s serves as %(role)s from %(first)s until %(last)s.", **values
        )

    def _cancelled_message(self):
        return self.env._(
            "%(person)s does not become %(role)s on %(first)s.",
            **self._message_values(),
        )

    def _period_text(self):
        last = self.date_to and format_date(self.env, self.date_to)
        return f"{format_date(self.env, self.date_from)} – {last or ''}"

    def _message_values(self):
        return {
            "person": self.user_id.name,
            "role": self.role_id.name,
            "first": format_date(self.env, self.date_from),
            "last": format_date(self.env, self.date_to) if self.date_to else "",
        }

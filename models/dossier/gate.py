from psycopg2.errors import ReadOnlySqlTransaction

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.authority import AUTHORITY

PASSED_KEY = "key_account_gate_passed"


class KeyAccountGate(models.AbstractModel):
    """The one place that compares what is to leave with what was approved."""

    _name = "key.account.gate"
    _description = "Data Request Gate"

    @api.model
    def _pass(self, accounts, channel, model, count, names=(), data_request=None):
        """Notes the use of the data of ``accounts`` under the requests that allow it.

        :param count: of the records of ``model`` that leave.
        :param data_request: the one to use; otherwise any of the user's own.
        :raises AccessError: if one of the accounts is not covered.
        :return: the requests used, one for each company.
        """
        used = self._requests_for(accounts, channel, data_request)
        if used:
            self._note(used, accounts.sudo(), channel, model, count, names)
        return used

    @api.model
    def _requests_for(self, accounts, channel, data_request=None):
        """The requests that allow it, without using them.

        :raises AccessError: if one of the accounts is not covered.
        """
        accounts = accounts.sudo()
        used = self.env["key.account.data.request"].sudo()
        if not accounts:
            return used
        usable = self._usable_domain(channel, data_request)
        covered = self._coverage(accounts, usable)
        missing = 0
        for company, mine in accounts.grouped("company_id").items():
            best, size = max(
                covered.get(company.id, ()), key=lambda row: row[1], default=(0, 0)
            )
            missing += len(mine) - size
            used |= used.browse(best or ())
        if missing:
            raise AccessError(self._refusal(missing, len(accounts), channel))
        return used

    @api.model
    def _usable_domain(self, channel, data_request=None):
        """Domain of the open requests that the user may use."""
        requests = self.env["key.account.data.request"]
        usable = requests._open_domain() & Domain("channel", "=", channel)
        if data_request:
            usable &= Domain("id", "in", data_request.ids)
        uid = self.env.uid
        own = Domain("requester_id", "=", uid) | Domain("user_ids", "in", uid)
        return usable & own

    @api.model
    def _coverage(self, accounts, usable):
        """``{company id: [(request id, number of these accounts it covers)]}``"""
        requests = self.env["key.account.data.request"].sudo()._search(usable)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account.company_id, covered.request_id, count(*)
                  FROM key_account_data_request_account_rel covered
                  JOIN key_account account ON account.id = covered.account_id
                 WHERE covered.account_id = ANY(%s) AND covered.request_id IN %s
              GROUP BY account.company_id, covered.request_id
              ORDER BY covered.request_id
                """,
                accounts.ids,
                requests.subselect(),
            )
        )
        coverage = {}
        for company_id, request_id, count in rows:
            coverage.setdefault(company_id, []).append((request_id, count))
        return coverage

    @api.model
    def _note(self, requests, accounts, channel, model, count, names):
        """Writes the use down, which needs a connection that writes."""
        if self.env.cr.readonly:
            # Odoo takes this as the sign to run the call again on such a one
            raise ReadOnlySqlTransaction("the use of a data request is written down")
        groups = accounts.grouped("company_id")
        self.env["key.account.data.use"].sudo()._authorized().create(
            [
                {
                    "request_id": used.id,
                    "user_id": self.env.uid,
                    "used_at": fields.Datetime.now(),
                    "channel": channel,
                    "res_model": model,
                    "row_count": count,
                    "account_count": len(groups[used.company_id]),
                    "field_names": ", ".join(names),
                }
                for used in requests
            ]
        )

    @api.model
    def _refusal(self, missing, total, channel):
        requests = self.env["key.account.data.request"]
        channels = dict(requests._fields["channel"]._description_selection(self.env))
        return self.env._(
            "The data of %(missing)s of %(total)s customers may not leave this way:"
            " no open, approved data request of yours for “%(channel)s” covers them."
            " Make one under Key Accounts › Accounts › Data Requests.",
            missing=missing,
            total=total,
            channel=channels[channel],
        )

    # --- Mailings ---

    @api.model
    def _accounts_of_recipients(self, records, channel):
        """The accounts of whom a mailing to ``records`` reaches: customers and their
        people, orders and leads of theirs, and addresses that are theirs as well."""
        records = self.env[records._name].sudo().browse(records.ids)
        accounts = self.env["key.account"].sudo()
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        if isinstance(records, self.pool["key.account.gated"]):
            accounts |= records._gated_accounts()
        if isinstance(records, self.pool["mail.thread"]):
            found = records._mail_get_partners().values()
            partners = partners.union(*found)
        elif records._fields.get("partner_id"):
            partners |= records.partner_id
        address = "phone_sanitized" if channel == "sms" else "email_normalized"
        if records._name != "res.partner" and address in records._fields:
            known = [value for value in records.mapped(address) if value]
            partners |= partners.search([(address, "in", known)])
        return accounts | partners._gated_accounts()

    @api.model
    def _passed(self):
        """Context for what is sent in the name of a mailing that has passed."""
        return {PASSED_KEY: AUTHORITY}

    @api.model
    def _has_passed(self):
        return self.env.context.get(PASSED_KEY) is AUTHORITY

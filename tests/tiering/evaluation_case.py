from odoo import fields
from odoo.exceptions import UserError

from ..common import DAY, KeyAccountCase

NEXT = fields.Date.add(DAY, months=1)


class EvaluationCase(KeyAccountCase):
    """Three customers of 90, 65 and 10 points, by what their file says of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scheme = cls._create_scheme([("potential", 100, 0, 100)])
        cls.tiers = dict(zip("ABCD", cls.scheme.tier_ids, strict=True))
        cls.best = cls._create_account("Sino Light Fair", potential=90)
        cls.good = cls._create_account("Canton Stands", potential=65)
        cls.small = cls._create_account("Suzhou Print", potential=10)
        cls.accounts = cls.best | cls.good | cls.small

    def state_outside(self):
        """Everything an evaluation may change on being applied, and nothing before."""
        self.env.flush_all()
        self.cr.execute("SELECT to_jsonb(a) FROM key_account a ORDER BY id")
        accounts = self.cr.fetchall()
        self.cr.execute("SELECT to_jsonb(c) FROM key_account_tier_change c ORDER BY id")
        return accounts, self.cr.fetchall()

    def lines(self, evaluation):
        return [self._line_of(evaluation, account) for account in self.accounts]

    def new_evaluation(self, day=DAY, user=None, **vals):
        return (
            self.env["key.account.evaluation"]
            .with_user(user or self.manager)
            .create({"scheme_id": self.scheme.id, "date": day, **vals})
        )

    def refused(self, method, message, records):
        """A step is refused with a message, and leaves everything as it was."""
        before = records.read(["state", "job_state"])
        with self.assertRaisesRegex(UserError, message), self.cr.savepoint():
            getattr(records, method)()
        records.invalidate_recordset()
        self.assertEqual(records.read(["state", "job_state"]), before)
